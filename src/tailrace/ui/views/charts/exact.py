"""Figures with all the digits that mean something, where a person asks for them: under the pointer."""

from __future__ import annotations

import math

from tailrace.model.figures import format_figure
from tailrace.model.measures import Unit

_DIGITS = 6
_TIMES = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns"))


def exact_figure(value: float, unit: Unit) -> str:
    """1,234,567 tokens of which `format_figure` says 1.23M; 2.84317 s, 97.43%, $1,204.37. Unknown is an en dash."""
    if not math.isfinite(value) or value == 0:
        return format_figure(value, unit)
    if unit is Unit.SHARE:
        return f"{_digits(value * 100)}%"
    if unit is Unit.MONEY:
        size = abs(value)
        text = f"{size:,.2f}" if size >= 100 else _digits(size)
        return f"{'-' if value < 0 else ''}${text}"
    if unit is Unit.DURATION:
        if abs(value) >= 60e9:
            return format_figure(value, unit)
        size, word = next(((size, word) for size, word in _TIMES if abs(value) >= size), _TIMES[-1])
        return f"{_digits(value / size)} {word}"
    text = _digits(value)
    return f"{text}/min" if unit is Unit.RATE else f"{text} tok/s" if unit is Unit.SPEED else text


def _digits(value: float) -> str:
    """All digits before the point, six in all, without zeros at the end."""
    size = abs(value)
    if size >= 1e15 or size < 1e-6:
        return f"{value:.{_DIGITS}g}"
    places = max(0, min(12, _DIGITS - 1 - math.floor(math.log10(size))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
