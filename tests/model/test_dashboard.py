"""Panels between values and JSON objects: what comes from elsewhere is drawn as it says or refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.model.dashboard import COLUMNS, MOST_ROWS, ChartKind, Panel, fields_of, panel_of

SOUND = Panel("1", "Cost", ChartKind.BARS, ("cost.total",), 6, 2, 6, 3, "model", 5, "env:prod")


def test_what_is_as_usual_is_left_out() -> None:
    assert fields_of(Panel("1", "", ChartKind.LINE, (), 0, 0, 4, 3)) == {
        "panel_id": "1", "title": "", "kind": "line", "measures": [], "x": 0, "y": 0, "w": 4, "h": 3,
    }  # fmt: skip
    assert fields_of(SOUND)["top"] == 5


_NAMES = st.text(max_size=30)


_PANELS = st.builds(
    Panel,
    panel_id=st.text(min_size=1, max_size=30),
    title=_NAMES,
    kind=st.sampled_from(ChartKind),
    measures=st.lists(_NAMES, max_size=5).map(tuple),
    x=st.just(0),
    y=st.integers(0, 10_000),
    w=st.integers(1, COLUMNS),
    h=st.integers(1, MOST_ROWS),
    by=_NAMES,
    top=st.integers(0, 1000),
    filter=_NAMES,
)


@settings(deadline=None)
@given(_PANELS)
def test_a_panel_comes_back_from_json(panel: Panel) -> None:
    assert panel_of(json.loads(json.dumps(fields_of(panel)))) == panel


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ({"kind": "hologram"}, "its kind is not one of number, line,"),
        ({"kind": ["line"]}, "its kind is not one of"),
        ({"panel_id": ""}, "its panel_id is no text"),
        ({"panel_id": 5}, "its panel_id is no text"),
        ({"title": None}, "its title is no text"),
        ({"title": "x" * 121}, "its title has 121 characters, and 120 is the most"),
        ({"measures": "cost.total"}, "its measures are not a list of texts"),
        ({"measures": [1]}, "its measures are not a list of texts"),
        ({"measures": ["cost.total"] * 21}, "it has 21 measures, and 20 is the most"),
        ({"x": -1}, "its x is no whole number from 0 to 11"),
        ({"x": True}, "its x is no whole number"),
        ({"x": 7}, "it reaches beyond the 12 columns of the grid"),
        ({"y": 1e300}, "its y is no whole number"),
        ({"w": 13}, "its w is no whole number from 1 to 12"),
        ({"h": 0}, "its h is no whole number from 1 to 24"),
        ({"top": -1}, "its top is no whole number"),
        ({"filter": {}}, "its filter is no text"),
    ],
)
def test_a_panel_that_cannot_be_drawn_is_refused_in_words(spoilt: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        panel_of(fields_of(SOUND) | spoilt)


@pytest.mark.parametrize("name", ["panel_id", "kind", "x", "y", "w", "h"])
def test_a_panel_without_its_place_or_kind_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"its {name} is"):
        panel_of({key: value for key, value in fields_of(SOUND).items() if key != name})


_KEYS = st.sampled_from(["panel_id", "kind", "measures", "x", "y", "w", "h"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(_KEYS, below),
)


@settings(deadline=None)
@given(_JSON)
def test_anything_else_is_refused_with_a_sentence(found: object) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        panel_of(found)
