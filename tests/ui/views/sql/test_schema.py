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


def _choose(schema: SchemaList, name: str) -> None:
    (item,) = schema.tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[:1]
    schema.tree.setCurrentItem(item)


def test_every_column_of_every_view_is_there_with_its_meaning(schema: SchemaList) -> None:
    assert schema.names == [column.name for view in SQL_VIEWS for column in view.columns]
    _choose(schema, "self_ms")
    assert schema.meaning == "the part of its duration during which no child ran"


def test_columns_are_found_by_name_and_by_meaning(schema: SchemaList) -> None:
    schema.line.setText("first token")
    assert set(schema.names) == {"ttft_ms"}
    schema.line.setText("nothing at all")
    assert schema.names == []
    schema.line.clear()
    assert len(schema.names) == sum(len(view.columns) for view in SQL_VIEWS)


def test_enter_and_a_double_click_choose(qtbot: QtBot, schema: SchemaList) -> None:
    chosen: list[object] = []
    schema.chosen.connect(chosen.append)
    schema.show_attributes(["customer.tier", "http.status-code"], 2)
    schema.line.setText("status-code")
    _choose(schema, "attr.http.status-code")
    qtbot.keyClick(schema.tree, Qt.Key.Key_Return)
    schema.line.setText("ttft")
    item = schema.tree.topLevelItem(0)
    assert item is not None
    schema.grab()
    place = schema.tree.visualItemRect(item.child(0)).center()
    qtbot.mouseClick(schema.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(schema.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ['"attr.http.status-code"', "ttft_ms"]


def test_attributes_that_are_not_shown_are_counted(schema: SchemaList) -> None:
    schema.show_attributes([f"key.{number}" for number in range(1000)], 7_000)
    heading = schema.tree.topLevelItem(len(SQL_VIEWS))
    assert heading is not None
    assert heading.childCount() == 300
    assert "300 of 7,000" in str(heading.data(0, Qt.ItemDataRole.AccessibleDescriptionRole))
    schema.line.setText("key.99")
    assert [name for name in schema.names if name.startswith("attr.")][:2] == ["attr.key.99", "attr.key.990"]


def test_hostile_names_are_one_line_of_plain_text(schema: SchemaList) -> None:
    schema.show_attributes(["<b>x</b>\n\x00" + "y" * 100_000], 1)
    schema.line.setText("<b>x")
    item = schema.tree.topLevelItem(0)
    assert item is not None
    assert item.child(0).text(0).startswith("attr.<b>x</b>")
    assert "\n" not in item.child(0).text(0)
    assert len(item.child(0).toolTip(0)) < 3_000
    schema.grab()
