"""Figures as people read them."""

from __future__ import annotations

import pytest

from tailrace.model.words import format_age, format_bytes, format_cost, format_duration, format_tokens


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (None, "–"), (0, "0 ns"), (999, "999 ns"), (1_500, "1.50 µs"), (310_000_000, "310 ms"), (999_600_000, "1.00 s"),
        (8_420_000_000, "8.42 s"), (31_000_000_000, "31.0 s"), (125_000_000_000, "2 min 5 s"),
        (3_720_000_000_000, "1 h 02 min"), (200_000_000_000_000, "2 d 7 h"), (-1_000_000, "-1.00 ms"),
    ],
)  # fmt: skip
def test_durations(ns: int | None, text: str) -> None:
    assert format_duration(ns) == text


@pytest.mark.parametrize(
    ("dollars", "estimated", "text"),
    [
        (None, False, "–"), (0.0, False, "$0"), (0.0421, False, "$0.042"), (0.0421, True, "~$0.042"),
        (0.000158, False, "$0.000158"), (12.5, False, "$12.50"), (1204.4, False, "$1,204"), (3e-9, False, "<$0.000001"),
        (1e308, False, "$1e+308"), (float("inf"), True, "~∞"), (-float("inf"), False, "-∞"),
    ],
)  # fmt: skip
def test_money(dollars: float | None, estimated: bool, text: str) -> None:
    assert format_cost(dollars, estimated) == text


def test_tokens_ages_and_sizes() -> None:
    assert [format_tokens(n) for n in (None, 418, 12_500, 999_960, 2**62)] == ["–", "418", "12.5k", "1.00M", "4.61e+18"]
    assert [format_age(n * 10**9) for n in (5, 120, 7_200, 864_000, -7_200)] == [
        "now",
        "2 min",
        "2 h",
        "10 d",
        "in 2 h",
    ]
    assert [format_bytes(n) for n in (812, 4_100, 20_000_000)] == ["812 B", "4.1 kB", "20.0 MB"]
