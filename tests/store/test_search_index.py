"""What the full-text index promises: it follows the spans, can be stopped, and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.written import make, rows

from tailrace.jobs.runner import Cancelled, Ticket
from tailrace.store import Writer, search_index


def found(path: Path, words: str) -> set[str]:
    """The ids of spans that hold some words."""
    sql = "SELECT span_id FROM span WHERE id IN (SELECT rowid FROM span_fts WHERE span_fts MATCH ?)"
    return {span_id for (span_id,) in rows(path, sql, words)}


def test_names_inputs_and_outputs_are_found(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", name="plan", input="Where is Zürich?"), make("b", "a", output="in Switzerland")])
        assert found(path, "zurich") == set()
        assert rows(path, "SELECT count(*) FROM search_pending") == [(2,)]
        assert writer.index() == 2
        assert writer.index() == 0
    assert found(path, "zurich") == {"a"}
    assert found(path, "name:plan") == {"a"}
    assert found(path, '"in switzerland"') == {"b"}
    assert rows(path, "SELECT count(*) FROM search_pending") == [(0,)]


def test_a_changed_span_loses_its_old_words(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="apples", output="kept"), make("b", input="apples")])
        writer.index()
        writer.write([make("a", input="pears")])
        assert found(path, "apples") == {"b"}
        assert found(path, "kept") == set()
        writer.write([make("a", input="plums")])  # twice before it is indexed again
        writer.index()
    assert (found(path, "apples"), found(path, "pears"), found(path, "plums kept")) == ({"b"}, set(), {"a"})
    assert rows(path, "SELECT count(*) FROM span_fts WHERE span_fts MATCH 'kept'") == [(1,)]


def test_a_change_outside_the_texts_does_not_touch_the_index(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="apples")])
        writer.index()
        writer.write([make("a", input="apples", model="m")])
    assert rows(path, "SELECT count(*) FROM search_pending") == [(0,)]
    assert found(path, "apples") == {"a"}


def test_indexing_stops_between_chunks_and_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_SPANS", 10)
    ticket = Ticket()
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 20:
            ticket.cancel()

    with Writer(path) as writer:
        writer.write([make(f"s{i}", input="word") for i in range(35)])
        with pytest.raises(Cancelled):
            writer.index(ticket, progress)
        assert len(found(path, "word")) == 20
    with Writer(path) as writer:
        assert writer.index(Ticket(), progress) == 15
    assert len(found(path, "word")) == 35
    assert seen == [(10, 35), (20, 35), (10, 15), (15, 15)]


def test_a_chunk_is_bounded_by_its_text(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_CHARACTERS", 1_000)
    seen: list[int] = []
    with Writer(path) as writer:
        writer.write([make(f"s{i}", input="word " * 150) for i in range(6)])
        writer.index(progress=lambda done, total: seen.append(done))
    assert seen == [2, 4, 6]


def test_other_text_rules_fill_the_index_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(path) as writer:
        writer.write([make("a", input="apples")])
        writer.index()
    monkeypatch.setattr(search_index, "TEXT_VERSION", search_index.TEXT_VERSION + 1)
    monkeypatch.setattr(search_index, "searchable", lambda text: text.replace("apples", "fruit"))
    with Writer(path) as writer:
        assert found(path, "apples") == set()
        writer.index()
    assert found(path, "fruit") == {"a"}
