"""The command line: one thin module a command, over workspace.

Exit codes: 0 fine, 1 the file's or the machine's fault with a sentence on stderr, 2 wrong usage. Commands that show a
window reach it through the `Window` that `__main__` hands over, so that this room needs no Qt.
"""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

import tailrace
from tailrace.errors import QueryError, TailraceError

__all__ = ["commands"]


class _Failure(click.ClickException):
    """A sentence on stderr, without a traceback."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Say it."""
        click.echo(f"tailrace: {self.message}", file=file, err=True)


class _WrongUse(_Failure):
    """The same for what was asked, not for the file."""

    exit_code = 2


_NAMES = (
    "compare",
    "demo",
    "differs",
    "doctor",
    "export",
    "import",
    "info",
    "merge",
    "metrics",
    "open",
    "prices",
    "reprice",
    "report",
    "review-report",
    "screenshot",
    "sql",
    "trace",
    "traces",
)


def _load(name: str) -> click.Command | None:
    """A command by its name. Its module is imported for it alone: a window must not wait for what reads databases."""
    match name:
        case "compare":
            from tailrace.cli.compare import compare as command
        case "demo":
            from tailrace.cli.demo import demo as command
        case "differs":
            from tailrace.cli.differs import differs as command
        case "doctor":
            from tailrace.cli.doctor import doctor as command
        case "export":
            from tailrace.cli.export import export as command
        case "import":
            from tailrace.cli.import_ import import_ as command
        case "info":
            from tailrace.cli.info import info as command
        case "merge":
            from tailrace.cli.merge import merge as command
        case "metrics":
            from tailrace.cli.metrics import metrics as command
        case "open":
            from tailrace.cli.open import open_ as command
        case "prices":
            from tailrace.cli.prices import prices as command
        case "reprice":
            from tailrace.cli.reprice import reprice as command
        case "report":
            from tailrace.cli.report import report as command
        case "review-report":
            from tailrace.cli.review_report import review_report as command
        case "screenshot":
            from tailrace.cli.screenshot import screenshot as command
        case "sql":
            from tailrace.cli.sql import sql as command
        case "trace":
            from tailrace.cli.trace import trace as command
        case "traces":
            from tailrace.cli.traces import traces as command
        case _:
            return None
    return command


class _Commands(click.Group):
    """A first word that is no command is a file to open; no word at all opens an empty window."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # a shell that completes the first word has none yet: it may become a command
        nothing = not args and not ctx.resilient_parsing
        if nothing or (args and args[0] not in _NAMES and not args[0].startswith("-")):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        # files first: at them click's script for bash forgets what came before
        return [CompletionItem(incomplete, type="file"), *super().shell_complete(ctx, incomplete)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except QueryError as error:
            raise _WrongUse(str(error)) from error
        except TailraceError as error:
            raise _Failure(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tailrace.__version__, "-V", "--version", message="Tailrace %(version)s")
def commands() -> None:
    """Tailrace: the desktop trace viewer for applications built on language models.

    `tailrace FILE…` opens files in a window: Tailrace databases, OTLP (JSON, JSON lines, protobuf, also compressed),
    Arize Phoenix databases and llm's logs.db. Other tools' files are only read.
    """
