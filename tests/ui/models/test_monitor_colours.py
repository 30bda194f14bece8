"""Which colour stands for which group."""

from __future__ import annotations

from tailrace.ui.models.monitor_colours import GroupColours


def test_a_group_has_its_colour_whatever_its_rank_is_elsewhere() -> None:
    colours = GroupColours()
    assert colours.tones("model", ["a", "b", "c"]) == ["series:0", "series:1", "series:2"]
    assert colours.tones("model", ["c", "a"]) == ["series:2", "series:0"]
    assert colours.tones("model", ["c", "d"]) == ["series:2", "series:0"], "who is new takes the first that is free"
    assert colours.tones("tool", ["c"]) == ["series:0"], "of another field"


def test_no_two_groups_of_one_chart_have_one_colour() -> None:
    colours = GroupColours()
    colours.tones("model", ["a"])
    colours.tones("model", ["b"])
    assert colours.tones("model", ["b", "a", None]) == ["series:0", "series:1", "series:2"]


def test_of_thousands_of_values_the_colours_stay_few() -> None:
    colours = GroupColours()
    for number in range(5_000):
        assert colours.tones("user", [f"u{number}", f"v{number}"]) == ["series:0", "series:1"]
