"""The column of an attribute holds what every span has under its key, and stays so."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.columns.made import ODD
from tests.store.written import make, rows

from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns

Values = dict[int, tuple[str | None, float | None]]

KEYS = ("k", "a.b", "a", 'quo"te', "back\\slash", "line\nfeed", "ключ", "", "$", "a[0]", "nul\0")
values = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from((*ODD, "7", "0.5", "true", "null", "[1,2]", "é" * 800, "\\" * 700, '"' * 700))
    | st.lists(st.integers(0, 3), max_size=2)
    | st.dictionaries(st.sampled_from(("k", "b")), st.integers(0, 2), max_size=2)
)
attributes = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)


def found(columns: Columns, path: Path, key: str) -> Values:
    """What the column of a key holds, by span."""
    reader = Reader(path)
    columns.refresh(reader)
    reader.close()
    name = columns.attribute(None, key)
    with columns.reading() as cursor:
        told = cursor.execute(f"SELECT span, trace, text, number FROM {name}").fetchall()
    assert all(trace == span >> 24 for span, trace, _, _ in told)
    assert len({row[0] for row in told}) == len(told)
    return {span: (text, number) for span, _, text, number in told}


def wanted(path: Path, key: str) -> Values:
    """The same, from the rows."""
    sql = "SELECT p.id, p.attributes, r.attributes FROM span_payload p LEFT JOIN resource r ON r.id = p.resource"
    told: Values = {}
    for span, own, shared in rows(path, sql):
        for text in (own, shared or "{}"):
            kept = json.loads(text)
            if kept.get(key) is not None:
                told[span] = _value(kept[key])
                break
    return told


def _value(value: Any) -> tuple[str | None, float | None]:
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, int | float):
        return "number", float(value)
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return (f"{text[:500]}…" if len(text) > 500 else text) or None, None


def check(columns: Columns, path: Path, keys: tuple[str, ...] = KEYS) -> None:
    """Fails where a column is not what the rows say."""
    for key in keys:
        held, due = found(columns, path, key), wanted(path, key)
        assert held.keys() == due.keys(), key
        for span, (text, number) in due.items():
            if text == "number":
                assert held[span][1] == pytest.approx(number, rel=1e-15)
                assert held[span][0] is not None
                assert float(held[span][0] or "") == pytest.approx(number, rel=1e-15)
            elif text is not None and len(text) > 500:
                # what is too long to be seen whole may show how JSON writes it
                assert (held[span][0] or "").endswith("…")
                assert len(held[span][0] or "") <= 501
            else:
                assert held[span] == (text, number), key


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(attributes, attributes), min_size=1, max_size=6))
def test_a_column_is_what_the_rows_say(given: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tailrace"
        with Writer(path) as writer:
            writer.write([make(f"s{i}", attributes=own, resource=shared) for i, (own, shared) in enumerate(given)])
        columns = Columns(path, Path(folder))
        check(columns, path)
        columns.close()


def test_a_span_s_own_attribute_goes_before_its_resource_s(path: Path, tmp_path: Path) -> None:
    with Writer(path) as writer:
        shared = {"tier": "gold", "region": "north"}
        writer.write([make("a", attributes={"tier": "free"}, resource=shared), make("b", resource=shared)])
    columns = Columns(path, tmp_path)
    assert [text for text, _ in found(columns, path, "tier").values()] == ["free", "gold"]
    assert [text for text, _ in found(columns, path, "region").values()] == ["north", "north"]
    assert found(columns, path, "nothing") == {}
    columns.close()


def test_a_key_is_not_sought_within_the_values_of_others(path: Path, tmp_path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"outer": {"tier": "gold"}, "said": '{"tier":"gold"}'})])
    columns = Columns(path, tmp_path)
    assert found(columns, path, "tier") == {}
    columns.close()


@pytest.mark.parametrize("again", [False, True], ids=["kept open", "opened again"])
def test_a_column_grows_and_changes_with_the_database(path: Path, tmp_path: Path, again: bool) -> None:
    columns = Columns(path, tmp_path)
    reader = Reader(path)
    with Writer(path) as writer:
        for step in range(6):
            writer.write([make("a", trace_id=f"t{step}", attributes={"k": step})])
            writer.write([make("a", trace_id="t1", attributes={"k": f"again {step}"})])
            writer.write([make(f"b{step}", trace_id="t0", attributes={"k": True, "a": step})])
            if step % 2:
                writer.settle()
            check(columns, path, ("k",))
            if again:
                columns.close()
            check(columns, path, ("a",))
    # whoever has asked for it finds it brought up to date by every refresh
    name = columns.attribute(None, "k")
    with Writer(path) as writer:
        writer.write([make("a", trace_id="t99", attributes={"k": "last"})])
    columns.refresh(reader)
    with columns.reading() as cursor:
        assert cursor.execute(f"SELECT count(*) FROM {name} WHERE text = 'last'").fetchall() == [(1,)]
    reader.close()
    columns.close()


def test_attributes_that_another_program_spoilt_are_nobody_s(path: Path, tmp_path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"k": 1}), make("b", attributes={"k": 2})])
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("""UPDATE span_payload SET attributes = '{"k":' WHERE id & 1 = 0""")
        connection.commit()
    columns = Columns(path, tmp_path)
    assert [number for _, number in found(columns, path, "k").values()] == [2.0]
    columns.close()


def test_of_many_attributes_those_that_nobody_asked_for_lately_go(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tailrace.store.columns.fill._MOST", 3)
    with Writer(path) as writer:
        writer.write([make("a", attributes={f"k{i}": i for i in range(8)})])
    columns = Columns(path, tmp_path)
    for i in range(8):
        if i == 4:
            columns.close()
        assert [number for _, number in found(columns, path, f"k{i}").values()] == [i]
    with columns.reading() as cursor:
        kept = cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'attribute\\__%' ESCAPE '\\'")
        # none that this process has asked for
        assert kept.fetchall() == [(4,)]
    for i in range(8):
        assert [number for _, number in found(columns, path, f"k{i}").values()] == [i]
    columns.close()
