"""The clock on the wall, in places where it is set forward and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tailrace.metrics.buckets import buckets_for
from tailrace.model.local_time import LOCAL

HOUR = 3_600 * 10**9

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be set for a test")


@pytest.fixture(params=["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


def test_it_shows_what_the_place_shows_at_every_half_hour_of_a_year(zone: ZoneInfo) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(2 * 24 * 365):
        here, there = moment.astimezone(LOCAL), moment.astimezone(zone)
        assert here.replace(tzinfo=None) == there.replace(tzinfo=None)
        assert (here.utcoffset(), here.fold) == (there.utcoffset(), there.fold)
        moment += timedelta(minutes=30)


def test_days_of_a_chart_are_those_of_the_place(zone: ZoneInfo) -> None:
    since = int(datetime(2026, 3, 1, tzinfo=zone).timestamp()) * 10**9
    found = buckets_for(since, since + 250 * 24 * HOUR, 300, LOCAL)
    assert found == buckets_for(since, since + 250 * 24 * HOUR, 300, zone)
    assert all(datetime.fromtimestamp(edge / 1e9, zone).hour == 0 for edge in found.edges)
