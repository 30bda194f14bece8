"""`tailrace prices`: what models cost, one's own prices, and prices that others publish."""

from __future__ import annotations

from pathlib import Path

import click

from tailrace.cli.price_words import (
    own_as_json,
    own_in_words,
    row_as_json,
    row_in_words,
    unpriced_as_json,
    unpriced_in_words,
    unpriced_name,
    use_as_json,
    use_in_words,
    use_name,
)
from tailrace.cli.terminal import counted, file_argument, json_option, opened, print_json
from tailrace.metrics.own_prices import OwnPrice, make_own, since_of, with_row
from tailrace.metrics.pricing import Found, Prices, PriceTable
from tailrace.metrics.rates import PriceRow
from tailrace.model import Json
from tailrace.model.priced import ModelUse
from tailrace.model.words import count_of, format_count
from tailrace.workspace import repricing
from tailrace.workspace.prices import (
    PriceBook,
    forget_imported,
    import_prices,
    own_path,
    read_book,
    save_own,
    with_rows,
)

_MOST_FOUND = 50
_NARROWEST = 30  # characters of a name


@click.group()
def prices() -> None:
    """Say what models cost.

    A person's own prices go before imported ones, and these before those that come with Tailrace. They are in force for
    what is imported from now on; `tailrace reprice FILE` prices what is there already.
    """


@prices.command("list")
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@click.option("--unknown", is_flag=True, help="Only the models of FILE that have no price.")
@click.option("--find", metavar="TEXT", help="Rows of all tables with this text in their name.")
@json_option
def list_(file: Path | None, unknown: bool, find: str | None, as_json: bool) -> None:
    """List the prices in force; with FILE what each of its models costs, and which have no price.

    Models whose cost the file says itself are not listed.
    """
    book = read_book()
    for problem in book.problems:
        click.echo(f"tailrace: {problem}", err=True)
    if file is None:
        if unknown:
            raise click.UsageError("--unknown is about the models of a FILE: name one.")
        _list_tables(book, find, as_json)
        return
    with opened([file]) as workspace:
        uses = workspace.model_uses()
    missing = repricing.unpriced(uses, book.prices)
    if find is not None:
        uses = [use for use in uses if find.casefold() in (use.model or "").casefold()]
        missing = [one for one in missing if find.casefold() in (one.model or "").casefold()]
    if as_json:
        listed = [] if unknown else [use_as_json(use, _found(book.prices, use)) for use in uses]
        print_json({"models": listed, "unknown": [unpriced_as_json(one) for one in missing]})
        return
    priced = [] if unknown else [use for use in uses if use.spans > use.unpriced]
    width = max([_NARROWEST, *map(len, map(use_name, priced)), *map(len, map(unpriced_name, missing))])
    for use in priced:
        click.echo(use_in_words(use, _found(book.prices, use), width))
    for one in missing:
        click.echo(unpriced_in_words(one, width))
    if unknown and not missing:
        click.echo("Every call has a price.", err=True)
    elif not (priced or missing):
        click.echo("No call of it has a price from these tables, or needs one.", err=True)


def _found(prices: Prices, use: ModelUse) -> Found | None:
    return None if use.model is None else prices.find(use.model, use.provider, use.last_ns)


def _list_tables(book: PriceBook, find: str | None, as_json: bool) -> None:
    tables = [table for table in (book.imported, book.shipped) if table is not None]
    if as_json:
        print_json(
            {
                "file": str(own_path()),
                "own": [own_as_json(row) for row in book.own.rows],
                "tables": [
                    {"name": table.name, "date": table.date, "models": len(table)}
                    | ({} if find is None else {"rows": [row_as_json(row) for row in _finding(table, find)]})
                    for table in tables
                ],
                "problems": list(book.problems),
            }
        )
        return
    click.echo(f"Own prices ({own_path()}): {count_of(len(book.own.rows), 'row')}")
    for own in book.own.rows:
        if find is None or find.casefold() in own.model.casefold():
            click.echo(f"  {own_in_words(own)}")
    for table in tables:
        click.echo(f"{table.name} ({table.date}): {count_of(len(table), 'model')}")
        rows = [] if find is None else _finding(table, find)
        width = max([_NARROWEST, *(len(row.name) for row in rows[:_MOST_FOUND])])
        for row in rows[:_MOST_FOUND]:
            click.echo(f"  {row.name:{width}}  {row_in_words(row)}")
        if len(rows) > _MOST_FOUND:
            click.echo(f"  showing {_MOST_FOUND} of {format_count(len(rows))}; --json lists all")


def _finding(table: PriceTable, text: str) -> list[PriceRow]:
    rows = (*table.rows, *(row for _, row in table.matching))
    return [row for row in rows if text.casefold() in row.name.casefold()]


@prices.command("set")
@click.argument("model")
@click.option("--input", "input_", type=float, required=True, help="US dollars per million input tokens.")
@click.option("--output", type=float, help="… output tokens. Without it calls with output have no price.")
@click.option("--cached", type=float, help="… input tokens read from a cache (else as input).")
@click.option("--cache-write", type=float, help="… input tokens written to a cache (else as input).")
@click.option("--reasoning", type=float, help="… reasoning tokens (else as output).")
@click.option("--audio-input", type=float, help="… audio tokens in (else as input).")
@click.option("--audio-output", type=float, help="… audio tokens out (else as output).")
@click.option("--batch-input", type=float, help="… input tokens of a batch.")
@click.option("--batch-output", type=float, help="… output tokens of a batch.")
@click.option("--batch-discount", type=float, help="What a batch costs less, 0 to 1: 0.5 is half.")
@click.option("--tier", "tiers", multiple=True, metavar="OVER:INPUT[:OUTPUT[:CACHED]]",
              help="Prices of requests with more input tokens than OVER; may be given several times.")  # fmt: skip
@click.option("--provider", help="Only for calls of this provider.")
@click.option("--since", metavar="DAY", help="In force from this day on (2026-01-31, UTC; else always).")
def set_(model: str, tiers: tuple[str, ...], **said: float | str | None) -> None:
    """Set what MODEL costs, a name or a pattern (* is any text, ? any character).

    Several days make a price history: set each with its own --since.
    """
    raw: dict[str, Json] = {"model": model}
    for option, value in said.items():
        name = {"input_": "input", "cached": "cached_input"}.get(option, option)
        if value is not None:
            raw[name] = value
    if tiers:
        raw["tiers"] = [_read_tier(text) for text in tiers]
    book = read_book()
    try:
        row = make_own(raw)
        former = next((one for one in book.own.rows if one.key == row.key), None)
        row = make_own(raw, former)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    save_own(with_rows(book, with_row(book.own.rows, row)), book)
    click.echo(f"{'Set' if former is None else 'Changed'}: {own_in_words(row)}")


def _read_tier(text: str) -> dict[str, Json]:
    try:
        over, *amounts = text.split(":")
        tier: dict[str, Json] = {"over": int(over.replace(",", "").replace("_", ""))}
        for name, amount in zip(("input", "output", "cached_input"), amounts, strict=False):
            tier[name] = float(amount)
        if not 1 <= len(amounts) <= 3:
            raise ValueError
    except ValueError:
        raise click.BadParameter(f"“{text}” is not OVER:INPUT[:OUTPUT[:CACHED]].", param_hint="--tier") from None
    return tier


@prices.command()
@click.argument("model")
@click.option("--provider", help="Only the row for this provider.")
@click.option("--since", metavar="DAY", help="Only the row in force from this day on.")
def remove(model: str, provider: str | None, since: str | None) -> None:
    """Remove one's own prices of MODEL, as it was set: all its days and providers unless one is named."""
    book = read_book()
    try:
        day = None if since is None else since_of(since)
    except ValueError:
        raise click.BadParameter(f"“{since}” is no day; write 2026-01-31.", param_hint="--since") from None

    def meant(row: OwnPrice) -> bool:
        return (
            row.key[0] == model.strip().lower()
            and (provider is None or row.key[1] == provider.strip().lower())
            and (day is None or row.since == day)
        )

    gone = [row for row in book.own.rows if meant(row)]
    if not gone:
        named = ", ".join(dict.fromkeys(row.model for row in book.own.rows[:12])) or "there are none"
        raise click.UsageError(f"There is no such price of your own for “{model}”. Yours are: {named}.")
    save_own(with_rows(book, [row for row in book.own.rows if not meant(row)]), book)
    for row in gone:
        click.echo(f"Removed: {own_in_words(row)}")


@prices.command("import")
@file_argument
@json_option
def import_(file: Path, as_json: bool) -> None:
    """Import a public price file: LiteLLM's model_prices_and_context_window.json or Langfuse's
    default-model-prices.json, as it is.

    It takes the place of the one imported before, and goes before the prices that come with Tailrace.
    """
    found = import_prices(file)
    if as_json:
        print_json(
            {"name": found.name, "date": found.date, "models": found.models, "left_out": counted(found.left_out)}
        )
        return
    click.echo(f"{found.name} ({found.date}): prices of {count_of(found.models, 'model')}.")
    for reason, count in found.left_out.items():
        click.echo(f"  left out: {format_count(count)} × {reason} (first: {found.examples.get(reason, '')})")
    click.echo(
        "They are in force for what is imported from now on; `tailrace reprice FILE` prices what is there already."
    )


@prices.command()
def forget() -> None:
    """Forget the imported prices: those that come with Tailrace are in force again."""
    click.echo("Forgotten." if forget_imported() else "Nothing was imported.")
