"""The list of what can be asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tailrace.model.sql import SQL_VIEWS
from tailrace.ui.views.sql.schema import SchemaList


@pytest.fixture
def schema(qtbot: QtBot) -> SchemaList:
    made = SchemaList()
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    return made


def test_every_column_of_every_view_is_there_with_its_meaning(schema: SchemaList) -> None:
    assert schema.rows.names == [column.name for view in SQL_VIEWS for column in view.columns]
    assert schema.meaning == "A double click or Enter puts a name into the statement."
    schema.choose("self_ms")
    assert schema.meaning == "the part of its duration during which no child ran"


def test_columns_are_found_by_name_and_by_meaning(schema: SchemaList) -> None:
    schema.line.setText("first token")
    assert set(schema.rows.names) == {"ttft_ms"}
    schema.line.setText("nothing at all")
    assert schema.rows.names == []
    schema.line.clear()
    assert len(schema.rows.names) == sum(len(view.columns) for view in SQL_VIEWS)


def test_what_is_chosen_stays_so_while_it_is_found(schema: SchemaList) -> None:
    schema.choose("ttft_ms")
    schema.line.setText("ttft")
    assert schema.tree.currentIndex().data() == "ttft_ms"
    schema.line.setText("cost")
    assert not schema.tree.currentIndex().isValid()


def test_enter_and_a_double_click_choose(qtbot: QtBot, schema: SchemaList) -> None:
    chosen: list[object] = []
    schema.chosen.connect(chosen.append)
    schema.show_attributes(["customer.tier", "http.status-code"], 2)
    schema.line.setText("status-code")
    schema.choose("attr.http.status-code")
    qtbot.keyClick(schema.tree, Qt.Key.Key_Return)
    schema.line.setText("ttft")
    index = schema.rows.find("ttft_ms")
    assert index is not None
    place = schema.tree.visualRect(index).center()
    qtbot.mouseClick(schema.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(schema.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ['"attr.http.status-code"', "ttft_ms"]


def test_a_heading_opens_and_closes_with_a_click(qtbot: QtBot, schema: SchemaList) -> None:
    traces = schema.rows.find("traces")
    assert traces is not None
    assert not schema.tree.isExpanded(traces)
    place = schema.tree.visualRect(traces).center()
    qtbot.mouseClick(schema.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert schema.tree.isExpanded(traces)


def test_attributes_that_are_not_shown_are_counted(schema: SchemaList) -> None:
    schema.show_attributes([f"key.{number}" for number in range(1000)], 7_000)
    heading = schema.rows.find("attributes")
    assert heading is not None
    assert schema.rows.rowCount(heading) == 300
    assert str(heading.data(Qt.ItemDataRole.AccessibleDescriptionRole)).startswith("300 of 7,000")
    schema.line.setText("key.99")
    assert schema.rows.names[:2] == ["attr.key.99", "attr.key.990"]
    schema.line.setText("attr.key.99")
    assert schema.rows.names[:2] == ["attr.key.99", "attr.key.990"]


def test_hostile_names_are_one_line_of_plain_text(schema: SchemaList) -> None:
    schema.show_attributes(["<b>x</b>\n\x00" + "y" * 100_000], 1)
    schema.line.setText("<b>x")
    index = schema.rows.index(0, 0, schema.rows.index(0, 0))
    assert str(index.data()).startswith("attr.<b>x</b>")
    assert "\n" not in str(index.data())
    assert len(str(index.data(Qt.ItemDataRole.ToolTipRole))) < 3_000
    schema.grab()
