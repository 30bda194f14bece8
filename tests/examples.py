"""How many examples hypothesis tries: few enough for every run, and as many more as one asks for."""

from __future__ import annotations

import os

_TIMES = float(os.environ.get("TAILRACE_EXAMPLES", "1"))  # `make thorough` sets it


def examples(number: int) -> int:
    """`number` examples in an ordinary run, times what the environment asks for."""
    return max(1, round(number * _TIMES))
