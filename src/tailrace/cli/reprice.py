"""`tailrace reprice FILE`: price again what was estimated, by the prices in force."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.terminal import file_argument, json_option, one_line, opened, print_json, progress_ticket
from tailrace.model.priced import Repricing
from tailrace.model.words import count_of, format_cost, format_count


@click.command()
@file_argument
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@json_option
def reprice(file: Path, dry_run: bool, as_json: bool) -> None:
    """Price again, by the prices in force, every call whose cost is an estimate or missing.

    Costs that the file gives itself are never touched. Stopped on the way, the next one goes on there.
    """
    with opened([file]) as workspace, progress_ticket() as ticket:
        if dry_run:
            news = workspace.price_news(ticket)
            found = Repricing() if news is None else news.repricing
        else:
            found = workspace.reprice(ticket)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "calls_looked_at": found.looked_at,
                "calls_changed": found.changed,
                "models": list(found.models),
                "cost_before_usd": found.before,
                "cost_after_usd": found.after,
            }
        )
        return
    if not found.changed:
        click.echo("No call costs anything else by the prices in force.")
        return
    verb = "would cost" if dry_run else "cost"
    of = f"{count_of(found.looked_at, 'call')}, of {count_of(len(found.models), 'model')},"
    before, after = ("unknown" if cost is None else format_cost(cost, True) for cost in (found.before, found.after))
    amounts = f"{before} before, {after} after"
    click.echo(f"{format_count(found.changed)} of {of} {verb} something else: {amounts}.")
    for model in found.models:
        click.echo(f"  {one_line(model)}")
