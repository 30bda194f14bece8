"""What shells need to complete `tailrace`: click's scripts, which ask the program itself."""

from __future__ import annotations

from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from tailrace.cli import commands

_PLACES: dict[str, type[ShellComplete]] = {
    "bash-completion/completions/tailrace": BashComplete,
    "fish/vendor_completions.d/tailrace.fish": FishComplete,
    "zsh/vendor-completions/_tailrace": ZshComplete,
}


def completions() -> dict[str, str]:
    """The scripts by their places below /usr/share."""
    return {place: _script(kind) for place, kind in _PLACES.items()}


def _script(kind: type[ShellComplete]) -> str:
    shell = kind(commands, {}, "tailrace", "_TAILRACE_COMPLETE")
    return (
        shell.source_template % shell.source_vars()
    ).strip() + "\n"  # source() would start a bash to ask its version
