"""The manual page tailrace(1): what the commands say of themselves, and around it the text that they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import click

from tailrace.cli import commands

# Shown as they would be typed. A test reads them against the commands.
EXAMPLES: tuple[tuple[str, ...], ...] = (
    ("Open the demo, to look around:", "tailrace demo"),
    (
        "Open the traces of an OpenTelemetry Collector, with the logs that hold what was said:",
        "tailrace traces.jsonl logs.jsonl",
    ),
    ("Make one database of any sources:", "tailrace import traces.jsonl logs.jsonl -o support.tailrace"),
    ("List the slow failures:", "tailrace traces support.tailrace -q 'status:error latency:>5s' --limit 20"),
    (
        "Give a colleague what one reviewer said, and take in what others said:",
        "tailrace export support.tailrace --format review --reviewer ada -o ada.jsonl",
        "tailrace merge support.tailrace ada.jsonl -o both.tailrace",
    ),
    ("Ask by SQL:", "tailrace sql support.tailrace 'SELECT model, sum(cost) FROM spans GROUP BY model'"),
    ("Write the dashboards as a page:", "tailrace report support.tailrace -o dashboards.html"),
)
FILES = (
    ("~/.local/share/tailrace", "Databases that Tailrace keeps beside other tools' files, settings and prices."),
    ("~/.cache/tailrace", "What can be made again, such as the columns of charts. It may be deleted at any time."),
)
ENVIRONMENT = (
    ("TAILRACE_DATA", "A folder for all of Tailrace's own files, instead of those under FILES."),
    ("XDG_DATA_HOME, XDG_CACHE_HOME", "Where the folders under FILES are, instead of ~/.local/share and ~/.cache."),
    (
        "QT_QPA_PLATFORM",
        "How Qt shows windows: xcb (X11), wayland, or offscreen, which shows none. Usually Qt finds out by itself.",
    ),
    ("QT_SCALE_FACTOR", "How many times larger everything is drawn; it goes before the setting."),
    ("DISPLAY, WAYLAND_DISPLAY", "Where windows are shown. Commands without a window need neither."),
)
EXIT_STATUS = (
    ("0", "All is well."),
    ("1", "The file's or the machine's fault; a sentence on standard error says which."),
    ("2", "Wrong usage."),
)


def manual(version: str, when: datetime) -> str:
    """The page as roff. Says the same for the same commands, version and day."""
    return "\n".join([*_lines(version, when), ""])


def every_command() -> Iterator[tuple[click.Context, click.Command]]:
    """All commands by their names, groups before what is in them, each in the context that its usage needs."""
    yield from _below(click.Context(commands, info_name="tailrace"), commands)


def _below(context: click.Context, group: click.Group) -> Iterator[tuple[click.Context, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield inner, command
        if isinstance(command, click.Group):
            yield from _below(inner, command)


def _lines(version: str, when: datetime) -> Iterator[str]:
    yield f'.TH TAILRACE 1 "{when:%Y-%m-%d}" "Tailrace {escaped(version)}" "User Commands"'
    yield from (".SH NAME", r"tailrace \- read, review and chart traces of applications built on language models")
    yield ".SH SYNOPSIS"
    yield from (".B tailrace", r"[\fIFILE\fR \&...]", ".br", ".B tailrace", r"\fICOMMAND\fR [\fIOPTIONS\fR] \&...")
    yield ".SH DESCRIPTION"
    yield from _prose(commands.help or "")
    yield ".PP"
    yield from _prose("A first word that is a command is taken as one: say `tailrace open demo` for a file named demo.")
    yield ".SH OPTIONS"
    yield from _options(click.Context(commands, info_name="tailrace", **commands.context_settings), commands)
    yield ".SH COMMANDS"
    for context, command in every_command():
        yield f".SS {_dashed(context.command_path.removeprefix('tailrace '))}"
        yield rf"\fB{_dashed(context.command_path)}\fR {_usage(context, command)}"
        yield ".PP"
        yield from _prose(command.help or "")
        yield from _options(context, command)
    yield ".SH EXIT STATUS"
    yield from _terms(EXIT_STATUS)
    yield ".SH ENVIRONMENT"
    yield from _terms(ENVIRONMENT)
    yield ".SH FILES"
    yield from _terms(FILES)
    yield ".SH EXAMPLES"
    for words, *lines in EXAMPLES:
        yield from (".PP", escaped(words), ".PP", ".RS 4", ".nf")
        yield from (_dashed(line) for line in lines)
        yield from (".fi", ".RE")
    yield ".SH SEE ALSO"
    yield from (r".BR sqlite3 (1),", r"which reads a Tailrace database as any other:")
    yield r"the views \fBtraces\fR, \fBspans\fR and \fBscores\fR are made for that."


def _usage(context: click.Context, command: click.Command) -> str:
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    if any(isinstance(parameter, click.Option) for parameter in command.get_params(context)):
        pieces.insert(0, "[OPTIONS]")
    return " ".join(rf"\fI{escaped(piece)}\fR" for piece in pieces)


def _options(context: click.Context, command: click.Command) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None or not record[1] or (context.parent is not None and "--help" in record[0]):
            continue  # the usage has the arguments' names; every command has --help, and the first list says so
        yield from (".TP", _option_names(record[0]))
        yield from _prose(record[1])


def _option_names(text: str) -> str:
    """`-o, --output PATH` with its names bold and the rest as it is."""
    return re.sub(r"--?[\w-]+", lambda found: rf"\fB{_dashed(found[0])}\fR", text).replace("...", r"\&...")


def _terms(terms: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, words in terms:
        yield from (".TP", rf"\fB{_dashed(name)}\fR")
        yield from _prose(words)


def _prose(text: str) -> Iterator[str]:
    """Paragraphs of a docstring, as click sees them; what stands in backticks is bold."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.replace("\b", "").strip())):
        if number:
            yield ".PP"
        plain = " ".join(paragraph.split())
        parts = plain.split("`")
        line = "".join(rf"\fB{_dashed(part)}\fR" if number % 2 else escaped(part) for number, part in enumerate(parts))
        yield line if not line.startswith((".", "'")) else rf"\&{line}"


def _dashed(text: str) -> str:
    """Text to be typed: its hyphens are minus signs, so that they can be searched and copied."""
    return escaped(text).replace("-", r"\-")


def escaped(text: str) -> str:
    """Text that roff takes as it stands."""
    text = text.replace("\\", r"\e").replace("~", r"\(ti").replace("^", r"\(ha").replace("'", r"\(aq")
    text = text.replace("`", r"\(ga").replace("…", r"\&...").replace("–", r"\(en").replace("×", r"\(mu")
    return text.replace('"', r"\(dq")
