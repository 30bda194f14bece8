"""Filter history and selection."""

from __future__ import annotations

from tailrace.model import TraceFilter
from tailrace.ui.models.state import FilterHistory, Selection


def test_back_and_forward_walk_the_steps_and_a_new_step_forgets_what_was_ahead() -> None:
    history, seen = FilterHistory(), []
    history.changed.connect(lambda step: seen.append(step.text))
    for text in ("a", "b", "c"):
        history.push(TraceFilter(text))
    history.back()
    history.back()
    assert history.current.text == "a"
    history.forward()
    assert history.current.text == "b"
    history.push(TraceFilter("d"))
    assert not history.can_go_forward
    assert seen == ["a", "b", "c", "b", "a", "b", "d"]


def test_the_same_filter_again_is_no_step() -> None:
    history = FilterHistory()
    history.push(TraceFilter("a"))
    history.push(TraceFilter("a"))
    history.back()
    assert not history.can_go_back
    history.back()
    assert history.current == TraceFilter()


def test_a_step_that_is_still_being_typed_is_one_step() -> None:
    history, seen = FilterHistory(), []
    history.changed.connect(lambda step: seen.append(step.text))
    history.push(TraceFilter("r"))
    history.amend(TraceFilter("re"))
    history.amend(TraceFilter("ref"))
    history.back()
    assert history.current.text == ""
    history.forward()
    assert history.current.text == "ref"
    assert seen == ["r", "re", "ref", "", "ref"]


def test_another_trace_clears_the_span_before_it_is_announced() -> None:
    selection, seen = Selection(), []
    selection.trace_changed.connect(lambda key: seen.append((key, selection.span_id)))
    selection.select_trace(2**40)
    selection.select_span("s")
    selection.select_trace(2**40)
    selection.select_trace(3)
    assert seen == [(2**40, None), (3, None)]


def test_time_that_passes_is_no_step_and_what_is_ahead_stays() -> None:
    history = FilterHistory()
    history.push(TraceFilter("a"))
    history.push(TraceFilter("b"))
    history.back()
    history.renew(TraceFilter("a", since_ns=7))
    assert history.current == TraceFilter("a", since_ns=7)
    assert history.former == TraceFilter()
    history.forward()
    assert history.current == TraceFilter("b")
    history.back()
    assert history.current == TraceFilter("a", since_ns=7)
