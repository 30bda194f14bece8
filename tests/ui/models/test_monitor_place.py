"""How the Monitor page was set up, kept between two starts."""

from __future__ import annotations

import json

import pytest

from tailrace.ui.models.monitor_place import MonitorPlace, monitor_place, with_monitor_place


def test_what_was_kept_for_a_database_is_there_again_and_only_for_it() -> None:
    place = MonitorPlace("cost", "attr.a b", ("x", "y"), True, 340)
    blobs = with_monitor_place({"window": "abc"}, "/a.tailrace", place)
    assert monitor_place(blobs, "/a.tailrace") == place
    assert monitor_place(blobs, "/b.tailrace") == MonitorPlace()
    assert blobs["window"] == "abc"


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"dashboard_id": 1}', '{"dashboard_id":"a","by":"","compare":3}'])
def test_what_makes_no_sense_is_the_beginning(kept: str) -> None:
    assert monitor_place({"monitor:/a": kept}, "/a") == MonitorPlace()


def test_more_values_than_can_be_compared_are_not_taken() -> None:
    kept = json.dumps({"dashboard_id": "a", "by": "model", "compare": list("abcde"), "live": False, "scroll": 0})
    assert monitor_place({"monitor:/a": kept}, "/a").compare == ("a", "b", "c")


def test_the_oldest_places_are_forgotten() -> None:
    blobs: dict[str, str] = {"window": "abc"}
    for n in range(30):
        blobs = with_monitor_place(blobs, f"/{n}", MonitorPlace(str(n)))
    assert monitor_place(blobs, "/29").dashboard_id == "29"
    assert monitor_place(blobs, "/0") == MonitorPlace()
    assert len(blobs) == 21
