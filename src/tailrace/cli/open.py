"""`tailrace open FILE…`: files in a window."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from pathlib import Path

import click

from tailrace.cli.window import Window, qt_needed
from tailrace.errors import TailraceError


@click.command("open")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.pass_context
def open_(context: click.Context, files: tuple[Path, ...]) -> None:
    """Open files in a window (the default: `tailrace FILE…`).

    Where Tailrace runs already they open there, and this command is done. Without files its latest window comes to the
    front.
    """
    if files and not any(map(os.path.exists, files)):
        raise _nothing_there(files, context)
    window: Window = context.obj
    with qt_needed(on_screen=True):
        sys.exit(window.run(list(files)))


def _nothing_there(files: tuple[Path, ...], context: click.Context) -> Exception:
    """What to say of files of which none is there: the first may have been meant as a command."""
    word = str(files[0])
    if len(files) == 1 and not files[0].suffix and files[0].name == word:
        group = context.find_root().command
        names = group.list_commands(context) if isinstance(group, click.Group) else []
        near = get_close_matches(word, names, n=1)
        meant = f" Did you mean `tailrace {near[0]}`?" if near else " `tailrace --help` lists the commands."
        return click.UsageError(f"There is no file and no command {word!r}.{meant}")
    return TailraceError(f"{', '.join(map(str, files))}: no such file.")
