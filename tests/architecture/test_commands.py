"""Commands are data; these are the laws of that data."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

import tailrace.ui
from tailrace.assets import asset
from tailrace.ui.commands import COMMANDS, MONITOR, REVIEW, SQL, TRACES


def test_ids_and_titles_are_unique() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    assert max(Counter(command.title for command in COMMANDS).values()) == 1


@pytest.mark.parametrize("page", [TRACES, REVIEW, MONITOR, SQL])
def test_no_key_does_two_things_on_a_page(page: str) -> None:
    keys = Counter(
        QKeySequence(key).toString() for command in COMMANDS if command.page in ("", page) for key in command.keys
    )
    assert "" not in keys, "a key that Qt does not understand"
    assert max(keys.values()) == 1, [key for key, count in keys.items() if count > 1]


def test_every_command_belongs_to_a_page_there_is_or_to_all() -> None:
    assert {command.page for command in COMMANDS} == {"", TRACES, REVIEW, MONITOR, SQL}


def test_no_key_needs_ctrl_and_alt_which_is_altgr_on_many_keyboards() -> None:
    assert not [key for command in COMMANDS for key in command.keys if "Ctrl" in key and "Alt" in key]


def test_every_icon_is_there() -> None:
    assert not [c.icon for c in COMMANDS if c.icon and not asset("icons", f"{c.icon}.svg").exists()]


def test_commands_of_a_menu_stand_together_in_groups() -> None:
    for menu in {command.menu for command in COMMANDS}:
        groups = [command.group for command in COMMANDS if command.menu is menu]
        assert groups == sorted(groups)


# Keys of views and dialogs, which are fixed: their own shortcuts and the words for them
FIXED = {
    "commands", "dialogs/datasets.py", "dialogs/price_lists.py", "dialogs/prices.py", "dialogs/score_definitions.py",
    "pages/failure_modes.py", "views/example_card.py", "views/inspector.py", "views/tab_strip.py",
    "views/review/mode_asking.py", "views/review/mode_columns.py", "pages/sql_result.py",
}  # fmt: skip
_NAMED_KEY = re.compile(r"\b(?:Ctrl|Alt)\+\S|\bF\d{1,2}\b")


def test_no_sentence_names_a_key_that_a_person_may_have_changed() -> None:
    room = Path(tailrace.ui.__file__).parent
    found: list[str] = []
    for path in room.rglob("*.py"):
        place = path.relative_to(room).as_posix()
        if place in FIXED or place.partition("/")[0] in FIXED:
            continue
        text = path.read_text(encoding="utf-8")
        if not _NAMED_KEY.search(text):
            continue
        tree = ast.parse(text)
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if id(node) in docstrings or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if _NAMED_KEY.search(node.value):
                found.append(f"{place}: {node.value}")
    assert not found, f"with_key_words puts in the key that is set: {found}"
