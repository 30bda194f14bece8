"""Figures as people read them, the same in the window, the terminal and the reports."""

from __future__ import annotations

import math

UNKNOWN = "–"


def format_duration(ns: int | None) -> str:
    """Three significant digits with a unit: 310 ms, 8.42 s, 2 min 5 s, 1 h 02 min. None is an en dash."""
    if ns is None:
        return UNKNOWN
    if ns < 0:
        return f"-{format_duration(-ns)}"
    if ns < 1_000:
        return f"{ns} ns"
    if ns < 999_500:
        return f"{_three(ns / 1e3)} µs"
    if ns < 999_500_000:
        return f"{_three(ns / 1e6)} ms"
    if ns < 99_950_000_000:
        return f"{_three(ns / 1e9)} s"
    seconds = round(ns / 1e9)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    minutes = seconds // 60
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def format_count(count: int | None) -> str:
    """With thousands separators: 128,402."""
    return UNKNOWN if count is None else f"{count:,}"


def count_of(count: int, one: str) -> str:
    """1 label, 12 labels: a count with its word."""
    return f"{format_count(count)} {one}{'' if count == 1 else 's'}"


def format_tokens(tokens: int | None) -> str:
    """Short: 418, 12.5k, 1.94M."""
    if tokens is None:
        return UNKNOWN
    if tokens < 1_000:
        return str(tokens)
    if tokens < 999_950:
        return f"{tokens / 1e3:.1f}k"
    return f"{tokens / 1e6:.2f}M" if tokens < 1e15 else f"{tokens:.3g}"


def format_cost(dollars: float | None, estimated: bool = False) -> str:
    """$0.042, $1,204; small amounts keep three significant digits; `~` marks an estimate. None is an en dash."""
    if dollars is None:
        return UNKNOWN
    mark = "~" if estimated else ""
    if dollars == 0:
        return f"{mark}$0"
    size = abs(dollars)
    if size >= 1e15:
        return f"{mark}${dollars:.3g}" if math.isfinite(dollars) else f"{mark}{'-' if dollars < 0 else ''}∞"
    if size >= 1000:
        return f"{mark}${dollars:,.0f}"
    if size >= 1:
        return f"{mark}${dollars:,.2f}"
    if size >= 0.01:
        return f"{mark}${dollars:.3f}"
    if size >= 0.000001:
        return f"{mark}${dollars:.{2 - math.floor(math.log10(size))}f}".rstrip("0")
    return f"{mark}<$0.000001" if dollars > 0 else f"{mark}-<$0.000001"


def format_age(ns: int) -> str:
    """How long ago: now, 2 min, 3 h, 5 d."""
    seconds = ns // 1_000_000_000
    if seconds < 60:
        return "now" if seconds >= -60 else f"in {format_age(-ns)}"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} d"


def format_bytes(size: int) -> str:
    """812 B, 4.1 kB, 20.0 MB (powers of ten)."""
    if size < 1_000:
        return f"{size} B"
    if size < 999_950:
        return f"{size / 1e3:.1f} kB"
    return f"{size / 1e6:.1f} MB"


def _three(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    if value >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}"
