"""Times as the person's own clock shows them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tailrace.ui.views.charts.clock import DAY, HOUR, MINUTE, SECOND, say_bucket, time_ticks


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def ns(*wall: int) -> int:
    return round(datetime(*wall).timestamp()) * SECOND  # type: ignore[arg-type]


def labels(since: int, until: int, most: int) -> list[str]:
    return [tick.label for tick in time_ticks(since, until, most)]


def test_days_begin_at_local_midnight() -> None:
    ticks = time_ticks(ns(2026, 11, 18, 13), ns(2026, 11, 21, 13), 6)
    assert [tick.label for tick in ticks] == ["19 Nov", "12:00", "20 Nov", "12:00", "21 Nov", "12:00"]
    assert ticks[0].time_ns == ns(2026, 11, 19)
    assert [tick.day for tick in ticks] == [True, False] * 3


def test_hours_are_those_of_the_clock_when_it_is_set_forward_and_back() -> None:
    spring = ns(2026, 3, 29)
    assert labels(spring, spring + 23 * HOUR, 12) == ["29 Mar", *(f"{hour:02d}:00" for hour in range(4, 24, 2))]
    autumn = ns(2026, 10, 25)
    shown = labels(autumn, autumn + 25 * HOUR, 12)
    assert shown == ["25 Oct", *(f"{hour:02d}:00" for hour in range(2, 24, 2))]
    assert time_ticks(autumn, autumn + 25 * HOUR, 12)[-1].time_ns == autumn + 23 * HOUR  # 22:00 on that day


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (500_000_000, ["1 Jul, 10:00:00.0", "10:00:00.1", "10:00:00.2", "10:00:00.3", "10:00:00.4"]),
        (90 * SECOND, ["1 Jul, 10:00:00", "10:00:15", "10:00:30", "10:00:45", "10:01:00", "10:01:15"]),
        (HOUR, ["1 Jul, 10:00", "10:10", "10:20", "10:30", "10:40", "10:50"]),
        (30 * DAY, ["6 Jul", "13 Jul", "20 Jul", "27 Jul"]),
        (370 * DAY, ["Sep 2026", "Nov", "Jan 2027", "Mar", "May", "Jul"]),
        (4_000 * DAY, ["2028", "2030", "2032", "2034", "2036"]),
    ],
)
def test_ticks_are_what_clocks_and_calendars_count_in(length: int, shown: list[str]) -> None:
    begin = ns(2026, 7, 1, 10)
    assert labels(begin, begin + length, 6) == shown


def test_there_are_never_too_many_ticks_and_all_are_within() -> None:
    begin = ns(2026, 2, 27, 23, 59)
    for length in (1_000, SECOND, 7 * MINUTE, 5 * HOUR, 29 * HOUR, 3 * DAY, 50 * DAY, 900 * DAY, 30_000 * DAY):
        for most in (1, 2, 5, 9):
            ticks = time_ticks(begin, begin + length, most)
            assert len(ticks) <= most
            assert all(begin <= tick.time_ns < begin + length for tick in ticks)


def test_absurd_times_have_no_ticks_and_do_no_harm() -> None:
    assert time_ticks(2**68, 2**69, 5) == []
    assert time_ticks(5, 5, 5) == []
    assert time_ticks(-(2**62), 2**62, 5)
    assert "–" in say_bucket(2**68, 2**69)


def test_a_bucket_is_said_as_people_say_it() -> None:
    year = datetime.now().year
    begin = ns(year, 6, 19, 13)
    assert say_bucket(begin, begin + HOUR)[3:] == " 19 Jun, 13:00 – 14:00"
    assert say_bucket(ns(year, 6, 19), ns(year, 6, 20))[3:] == " 19 Jun"
    assert say_bucket(ns(year, 6, 1), ns(year, 7, 1)) == "1 Jun – 30 Jun"
    assert say_bucket(ns(year, 6, 19, 23), ns(year, 6, 20))[3:] == " 19 Jun, 23:00 – 00:00"
    assert say_bucket(ns(2020, 6, 19, 13), ns(2020, 6, 19, 14)) == "Fri 19 Jun 2020, 13:00 – 14:00"
    assert say_bucket(ns(2020, 10, 25), ns(2020, 10, 26)) == "Sun 25 Oct 2020"  # of 25 hours
    twice = ns(2020, 10, 25) + 2 * HOUR
    assert say_bucket(twice, twice + HOUR) == "Sun 25 Oct 2020, 02:00 CEST – 02:00 CET"
