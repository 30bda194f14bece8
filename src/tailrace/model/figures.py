"""Figures of measures as people read them, the same in the window, the terminal and the reports."""

from __future__ import annotations

import math

from tailrace.model.measures import Unit
from tailrace.model.words import UNKNOWN, format_cost, format_count, format_duration, format_tokens


def format_figure(value: float | None, unit: Unit, estimated: bool = False) -> str:
    """A figure with its unit: 214,806; 97.4%; 2.84 s; 12.5k; $1,204; 41.2 tok/s. Unknown (None, NaN) is an en dash;
    `estimated` marks money with a ~."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    match unit:
        case Unit.COUNT:
            return format_count(round(value)) if value == round(value) else format_number(value)
        case Unit.RATE:
            return f"{format_number(value)}/min"
        case Unit.SHARE:
            return format_share(value)
        case Unit.DURATION:
            return format_duration(round(value))
        case Unit.TOKENS:
            return format_tokens(round(value)) if value >= 0 else f"-{format_tokens(round(-value))}"
        case Unit.SPEED:
            return f"{format_number(value)} tok/s"
        case Unit.MONEY:
            return format_cost(value, estimated)
    return format_number(value)


def format_share(share: float) -> str:
    """0 to 1 as a percentage. What is not all is never shown as all, nor what is more than nothing as nothing."""
    percent = share * 100
    if abs(percent) >= 1e15:
        return f"{percent:.3g}%"
    if 0 < percent < 0.1:
        return "<0.1%"
    if 99.9 < percent < 100:
        return ">99.9%"
    return f"{percent:.0f}%" if percent == round(percent) else f"{percent:.1f}%"


def format_chance(p: float) -> str:
    """A p-value as it stands behind its p: <0.001, =0.004, =0.31."""
    if p < 0.001:
        return "<0.001"
    return f"={p:.3f}" if p < 0.01 else f"={p:.2f}"


def format_number(value: float) -> str:
    """Three significant digits, all digits of what is before the point: 0.0123, 4.57, 41.2, 214,806."""
    size = abs(value)
    if size >= 1e15:
        return f"{value:.3g}"
    if size >= 99.95:
        return f"{value:,.0f}"
    if size == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(size)))
    if places > 9:
        return f"{value:.2e}"
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
