"""Times between text and nanoseconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.time import format_time, parse_time


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01 00:00:00", 0),
        ("2026-11-20T23:23:35.123456789Z", 1795217015123456789),
        ("2026-11-20 23:23:35.123456", 1795217015123456000),
        ("2026-11-21T00:23:35.5+01:00", 1795217015500000000),
        ("2026-11-20T18:53:35-0430", 1795217015000000000),
        ("2016-12-31T23:59:60Z", 1483228800000000000),
        ("2026-11-20", 1795132800000000000),
    ],
)
def test_texts_of_many_tools_mean_the_same_moment(text: str, ns: int) -> None:
    assert parse_time(text) == ns


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "12:30", "2026-11-20T25:00:00Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_time(text)


@given(st.integers(-(10**18), 4 * 10**18))
def test_a_time_survives_being_written(ns: int) -> None:
    assert parse_time(format_time(ns)) == ns


def test_an_absurd_time_is_shown_rather_than_refused() -> None:
    assert format_time(2**63 - 1 + 10**30).endswith(" s")
