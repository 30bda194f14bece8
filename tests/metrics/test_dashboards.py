"""Dashboards as files: what goes out comes in again, and what makes no sense is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.errors import QueryError, SourceError
from tailrace.metrics.dashboards import MOST_BYTES, column_of, dashboard_as_json, dashboard_of, read_dashboard
from tailrace.model.dashboard import MOST_PANELS, ChartKind, Dashboard, Panel
from tailrace.model.measures import Grain

PANELS = (
    Panel("1", "Money", ChartKind.BARS, ("cost.total", "cost.total / traffic.requests * 1000"), 0, 0, 6, 3, "model", 5,
          "env:prod latency:>2s"),
    Panel("2", "", ChartKind.HEATMAP, ("trace.duration_ns",), 6, 0, 6, 3),
    Panel("3", "", ChartKind.HISTOGRAM, ("score.value:My score: 1",), 0, 3, 4, 3, "page"),
    Panel("4", "", ChartKind.LINE, ('p95(attr."loop.iterations")',), 4, 3, 4, 3, "attr.shop.id"),
    Panel("5", "", ChartKind.DIFFERENCES, (), 8, 3, 4, 3),
)  # fmt: skip
MINE = Dashboard("x", "Mine ✓ <b>", PANELS, "Jo", 5, 7)


def spoilt(**panel: Any) -> bytes:
    """A dashboard of one panel with something wrong."""
    sound = {
        "panel_id": "1",
        "title": "Money",
        "kind": "line",
        "measures": ["cost.total"],
        "x": 0,
        "y": 0,
        "w": 4,
        "h": 3,
    }
    return json.dumps({"tailrace_dashboard": 1, "name": "Mine", "panels": [sound | panel]}).encode()


def test_a_dashboard_comes_back_from_its_file_without_what_was_here_only(tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    out.write_bytes(dashboard_as_json(MINE))
    assert read_dashboard(out) == Dashboard("mine", MINE.name, PANELS)


def test_a_file_is_json_that_people_can_read() -> None:
    text = dashboard_as_json(MINE).decode()
    assert json.loads(text)["panels"][1]["kind"] == "heatmap"
    assert text.count("\n") > len(PANELS)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "“tailrace_dashboard” is missing"),
        (b"{}", "“tailrace_dashboard” is missing"),
        (b'{"tailrace_dashboard": 2}', "a newer version"),
        (b'{"tailrace_dashboard": 1}', "it has no name"),
        (b'{"tailrace_dashboard": 1, "name": " "}', "it has no name"),
        (b'{"tailrace_dashboard": 1, "name": "%s"}' % (b"x" * 121), "its name has 121 characters"),
        (b'{"tailrace_dashboard": 1, "name": "x"}', "no list of panels"),
        (b'{"tailrace_dashboard": 1, "name": "x", "panels": [%s1]}' % (b"1," * MOST_PANELS), "101 panels, and 100 is"),
        (b'{"tailrace_dashboard": 1, "name": "x", "panels": [1]}', "of panel 1: it is no object"),
        (spoilt(kind="hologram"), "of panel 1 (“Money”): its kind is not one of"),
        (spoilt(x=10), "reaches beyond the 12 columns"),
        (spoilt(measures=["cost.totl"]), "did you mean cost.total?"),
        (spoilt(measures=["mean(span.cost"]), "a “)” is missing"),
        (spoilt(by="modle"), "there is no field “modle” to group by"),
        (spoilt(filter="latency:>"), "its filter does not work"),
        (spoilt(kind="heatmap"), "There is no column of numbers “cost.total”"),
        (spoilt(kind="heatmap", measures=["trace.failed"]), "There is no column of numbers “trace.failed”"),
        (spoilt(title="x" * 1_000_000), "its title has 1,000,000 characters"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        dashboard_of(content, "x")
    sentence = str(caught.value)
    assert says in sentence
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 400


def test_two_panels_of_one_id_are_refused() -> None:
    twice = json.loads(spoilt())
    twice["panels"] *= 2
    with pytest.raises(ValueError, match="two panels have the id “1”"):
        dashboard_of(json.dumps(twice).encode(), "x")


def test_a_file_that_is_none_or_too_large_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"missing\.json cannot be read"):
        read_dashboard(tmp_path / "missing.json")
    with pytest.raises(SourceError, match="cannot be read"):
        read_dashboard(tmp_path)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(SourceError, match=r"large\.json is no dashboard: it has more than 4 MB"):
        read_dashboard(large)
    odd = tmp_path / "odd.json"
    odd.write_bytes(spoilt(h=0))
    with pytest.raises(SourceError, match=r"odd\.json .* of panel 1 .* its h is no whole number"):
        read_dashboard(odd)


def test_a_column_is_named_with_its_grain_and_a_score_with_its_name() -> None:
    assert column_of("trace.duration_ns") == (Grain.TRACE, "duration_ns", None)
    assert column_of("score.value:a: b") == (Grain.SCORE, "value", "a: b")
    for wrong in ("duration_ns", "trace.", "trace.name", "trace.cost:x", "attr.x", "nothing.cost"):
        with pytest.raises(QueryError, match=r"trace\.duration_ns or score\.value:NAME"):
            column_of(wrong)


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=8,
)
_FIELDS = ("panel_id", "title", "kind", "measures", "x", "y", "w", "h", "by", "top", "filter")


@settings(deadline=None)
@given(st.sampled_from(_FIELDS), _ODD)
def test_whatever_stands_in_a_field_is_taken_or_refused(name: str, value: Any) -> None:
    try:
        panels = dashboard_of(spoilt(**{name: value}), "x").panels
    except ValueError as error:
        panels = ()
        assert str(error).endswith((".", "?"))  # noqa: PT017
    assert all(panel.x + panel.w <= 12 for panel in panels)
