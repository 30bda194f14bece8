"""Buckets of time against what clocks and calendars show, in zones that do what zones can do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.errors import QueryError
from tailrace.metrics.buckets import buckets_for, parse_bucket
from tailrace.model.charted import Buckets

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of summer time
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
HAVANA = ZoneInfo("America/Havana")  # its midnights are skipped and repeated
ZONES: list[tzinfo] = [
    UTC, BERLIN, NEW_YORK, LORD_HOWE, APIA, HAVANA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Africa/Casablanca"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/St_Johns"),
    timezone(timedelta(hours=-9, minutes=-30)),
]  # fmt: skip
HOUR = 3600 * 10**9


def ns(text: str, zone: tzinfo = UTC, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * 10**9


def shown(buckets: Buckets, zone: tzinfo) -> list[str]:
    """What the clock shows at each edge."""
    return [datetime.fromtimestamp(edge // 10**9, zone).strftime("%m-%d %H:%M") for edge in buckets.edges]


def hours(buckets: Buckets) -> list[float]:
    return [(after - before) / HOUR for before, after in pairwise(buckets.edges)]


def test_days_have_23_and_25_hours_where_the_clock_is_set() -> None:
    spring = parse_bucket("1d", ns("2025-03-29", BERLIN), ns("2025-04-01", BERLIN), BERLIN)
    autumn = parse_bucket("1d", ns("2025-10-25", BERLIN), ns("2025-10-28", BERLIN), BERLIN)
    assert hours(spring) == [24, 23, 24]
    assert hours(autumn) == [24, 25, 24]


def test_a_day_of_25_hours_has_25_buckets_of_an_hour_and_8_of_three() -> None:
    since, until = ns("2025-10-26", BERLIN), ns("2025-10-27", BERLIN)
    hourly = parse_bucket("1h", since, until, BERLIN)
    assert hours(hourly) == [1] * 25
    assert shown(hourly, BERLIN)[1:5] == ["10-26 01:00", "10-26 02:00", "10-26 02:00", "10-26 03:00"]
    three = parse_bucket("3h", since, until, BERLIN)
    assert hours(three) == [4, 3, 3, 3, 3, 3, 3, 3]


def test_a_day_of_23_hours_has_23_buckets_of_an_hour() -> None:
    hourly = parse_bucket("1h", ns("2025-03-30", BERLIN), ns("2025-03-31", BERLIN), BERLIN)
    assert hours(hourly) == [1] * 23
    assert shown(hourly, BERLIN)[1:4] == ["03-30 01:00", "03-30 03:00", "03-30 04:00"]


def test_a_range_within_the_repeated_hour_is_covered_both_times() -> None:
    since, until = ns("2025-10-26T02:45", BERLIN, fold=0), ns("2025-10-26T02:20", BERLIN, fold=1)
    found = parse_bucket("15m", since, until, BERLIN)
    assert hours(found) == [0.25] * 3
    assert shown(found, BERLIN) == ["10-26 02:45", "10-26 02:00", "10-26 02:15", "10-26 02:30"]


def test_half_an_hour_of_summer_time_makes_one_hour_half_as_long_and_one_half_longer() -> None:
    spring = parse_bucket("1h", ns("2025-10-05", LORD_HOWE), ns("2025-10-06", LORD_HOWE), LORD_HOWE)
    assert hours(spring) == [1, 1, 0.5] + [1] * 21
    assert shown(spring, LORD_HOWE)[1:4] == ["10-05 01:00", "10-05 02:30", "10-05 03:00"]
    autumn = parse_bucket("1h", ns("2025-04-06", LORD_HOWE), ns("2025-04-07", LORD_HOWE), LORD_HOWE)
    assert hours(autumn) == [1, 1.5] + [1] * 22
    halves = parse_bucket("30m", ns("2025-04-06", LORD_HOWE), ns("2025-04-07", LORD_HOWE), LORD_HOWE)
    assert hours(halves) == [0.5] * 49


def test_a_day_that_never_was_has_no_bucket() -> None:
    found = parse_bucket("1d", ns("2011-12-28", APIA), ns("2012-01-02", APIA), APIA)
    assert hours(found) == [24] * 4
    assert shown(found, APIA) == ["12-28 00:00", "12-29 00:00", "12-31 00:00", "01-01 00:00", "01-02 00:00"]
    assert hours(parse_bucket("6h", ns("2011-12-29", APIA), ns("2012-01-01", APIA), APIA)) == [6] * 8


def test_a_midnight_that_is_skipped_or_repeated_begins_one_day() -> None:
    spring = parse_bucket("1d", ns("2024-03-09", HAVANA), ns("2024-03-12", HAVANA), HAVANA)
    assert hours(spring) == [24, 23, 24]
    assert shown(spring, HAVANA)[1] == "03-10 01:00"
    autumn = parse_bucket("1d", ns("2024-11-02", HAVANA), ns("2024-11-05", HAVANA), HAVANA)
    assert hours(autumn) == [24, 25, 24]


def test_february_has_its_leap_day() -> None:
    found = parse_bucket("1mo", ns("2024-01-01"), ns("2024-04-01"), UTC)
    assert [days / 24 for days in hours(found)] == [31, 29, 31]
    assert len(parse_bucket("1d", ns("2024-02-01"), ns("2024-03-01"), UTC)) == 29
    assert hours(parse_bucket("1y", ns("1900-06-01"), ns("1900-07-01"), UTC)) == [365 * 24]


def test_weeks_begin_on_monday_quarters_in_january_and_years_on_their_first_day() -> None:
    week = parse_bucket("1w", ns("2025-09-18T12:00"), ns("2025-09-25"), UTC)
    assert shown(week, UTC) == ["09-15 00:00", "09-22 00:00", "09-29 00:00"]
    quarter = parse_bucket("1q", ns("2025-02-03"), ns("2025-07-01"), UTC)
    assert shown(quarter, UTC) == ["01-01 00:00", "04-01 00:00", "07-01 00:00"]
    year = parse_bucket("1y", ns("2024-02-29"), ns("2025-01-01"), UTC)
    assert year.edges == (ns("2024-01-01"), ns("2025-01-01"))


def test_minutes_of_a_zone_with_45_of_them_are_those_of_its_clock() -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    found = buckets_for(ns("2025-09-01T03:07", zone), ns("2025-09-01T06:00", zone), 3, zone)
    assert shown(found, zone) == ["09-01 03:00", "09-01 04:00", "09-01 05:00", "09-01 06:00"]


@pytest.mark.parametrize(
    ("since", "until", "most", "first", "count"),
    [
        ("2025-09-01T10:00:00", "2025-09-01T10:00:20", 60, "09-01 10:00", 20),
        ("2025-09-01T10:00", "2025-09-01T11:00", 60, "09-01 10:00", 60),
        ("2025-09-01T10:00", "2025-09-01T11:00", 59, "09-01 10:00", 12),
        ("2025-09-01T10:00:01", "2025-09-02T10:00:01", 100, "09-01 10:00", 97),
        ("2025-09-01", "2025-09-29", 60, "09-01 00:00", 56),
        ("2025-09-01", "2025-09-29", 30, "09-01 00:00", 28),
        ("2025-09-01", "2025-09-29", 27, "09-01 00:00", 4),
        ("2020-05-05", "2025-05-05", 12, "01-01 00:00", 6),
    ],
)
def test_the_shortest_usual_step_is_taken_that_needs_no_more_than_asked(
    since: str, until: str, most: int, first: str, count: int
) -> None:
    found = buckets_for(ns(since), ns(until), most, UTC)
    assert (shown(found, UTC)[0], len(found)) == (first, count)


@pytest.mark.parametrize(
    ("text", "hour_count"),
    [("15m", 0.25), ("15 min", 0.25), ("90s", 0.025), ("1h", 1), ("h", 1), ("2 hours", 2), ("1D", 24), ("1w", 168)],
)
def test_a_step_is_read_as_people_write_it(text: str, hour_count: float) -> None:
    found = parse_bucket(text, ns("2025-09-01"), ns("2025-09-08"), UTC)
    assert set(hours(found)) == {hour_count}


@pytest.mark.parametrize(
    "text", ["", "5", "0h", "1x", "-1h", "1.5h", "h1", "1h 1h", "9" * 30 + "h", "999999999y", "\0"]
)
def test_what_is_no_step_is_refused_in_words(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_bucket(text, 0, HOUR, UTC)
    assert str(caught.value).endswith(".")


def test_too_many_buckets_are_refused_with_their_number() -> None:
    with pytest.raises(QueryError, match=r"some 31,536,000, and 10,000 is the most"):
        parse_bucket("1s", ns("2025-01-01"), ns("2026-01-01"), UTC)


def test_a_range_without_length_is_the_bucket_around_it() -> None:
    moment = ns("2025-09-01T10:00:30")
    assert buckets_for(moment, moment, 10, UTC).edges == (moment, moment + 10**9)
    assert buckets_for(moment, moment - HOUR, 10, UTC).edges == (moment, moment + 10**9)


MOMENTS = st.one_of(
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.integers(ns("2011-12-25"), ns("2012-01-05")),
    st.integers(ns("2025-03-01"), ns("2025-11-15")),
)
LENGTHS = st.one_of(st.integers(0, 1 << 63), st.integers(0, 50 * HOUR), st.integers(0, 10**9))


@settings(deadline=None)
@given(MOMENTS, LENGTHS, st.integers(1, 400), st.sampled_from(ZONES))
def test_buckets_cover_their_range_in_order_and_no_more_than_asked(
    since: int, length: int, most: int, zone: tzinfo
) -> None:
    edges = buckets_for(since, since + length, most, zone).edges
    assert 2 <= len(edges) <= most + 1
    assert all(before < after for before, after in pairwise(edges))
    assert edges[0] <= since
    assert edges[-1] >= min(since + length, (1 << 63) - 1)
    assert len(edges) == 2 or (edges[1] > since and edges[-2] < since + length), "no bucket is wholly outside"


@settings(deadline=None)
@given(
    st.integers(ns("2010-01-01"), ns("2030-01-01")),
    st.integers(1, 400 * 24 * HOUR),
    st.sampled_from(["5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "1w", "1mo", "1q", "1y"]),
    st.sampled_from(ZONES),
)
def test_every_edge_is_a_multiple_on_the_clock_or_a_jump_over_one(
    since: int, length: int, step: str, zone: tzinfo
) -> None:
    if step.endswith("m"):
        length = length % (20 * 24 * HOUR) + 1
    edges = parse_bucket(step, since, since + length, zone, 100_000).edges
    for edge in edges:
        at = datetime.fromtimestamp(edge // 10**9, zone)
        before = datetime.fromtimestamp(edge // 10**9 - 1, zone)
        jumped = at.replace(tzinfo=None) - before.replace(tzinfo=None) != timedelta(seconds=1)
        assert jumped or floors(step, at), (step, at)


def floors(step: str, at: datetime) -> bool:
    """Whether a time is a multiple of a step."""
    minutes = at.hour * 60 + at.minute + at.second / 60
    if step[-1] in "mh":
        return minutes % (int(step[:-1]) * (60 if step[-1] == "h" else 1)) == 0
    begins = minutes == 0
    if step == "1w":
        return begins and at.weekday() == 0
    if step == "1mo":
        return begins and at.day == 1
    if step == "1q":
        return begins and at.day == 1 and at.month in (1, 4, 7, 10)
    return begins and (step != "1y" or (at.day, at.month) == (1, 1))


@settings(deadline=None)
@given(st.integers(ns("2010-01-01"), ns("2030-01-01")), st.sampled_from(ZONES))
def test_neighbouring_ranges_share_their_edges(since: int, zone: tzinfo) -> None:
    whole = parse_bucket("1h", since, since + 100 * HOUR, zone).edges
    part = parse_bucket("1h", since + 30 * HOUR, since + 60 * HOUR, zone).edges
    assert set(part) <= set(whole)
    assert part == whole[whole.index(part[0]) : whole.index(part[-1]) + 1]
