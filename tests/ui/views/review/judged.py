"""A verdict panel under a person's fingers, in a window whose own keys would fire if the panel let them through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import DefinitionKind, FailureMode, Judgement, ScoreDefinition
from tailrace.ui.views.review.verdict_panel import VerdictPanel

Key = Qt.Key
HOUR = 3_600 * 10**9
KEYS = {"review.pass": "P", "review.fail": "F", "review.defer": "D", "review.note": "N", "review.dataset": "A",
        **{f"review.mode-{i}": str(i) for i in range(1, 10)}}  # fmt: skip
NUMBER = ScoreDefinition("d-help", "helpfulness", DefinitionKind.NUMBER, "Does it help?", low=0.0, high=1.0, step=0.1)
TONE = ScoreDefinition("d-tone", "tone", DefinitionKind.CATEGORY, options=("good", "neutral", "bad"), required=True)
GROUNDED = ScoreDefinition("d-ground", "grounded", DefinitionKind.YES_NO)
STYLE = ScoreDefinition("d-style", "style", DefinitionKind.THUMB)
SUMMARY = ScoreDefinition("d-sum", "summary", DefinitionKind.TEXT)
_SIGNALS = (
    "verdict_given", "note_changed", "correction_changed", "mode_toggled", "mode_made", "score_given",
    "dataset_toggled", "dataset_menu_wanted", "evidence_removed", "evidence_chosen", "agreement_wanted",
    "modes_wanted", "definitions_wanted", "advance_changed", "left",
)  # fmt: skip
_WINDOW_KEYS = (
    "P",
    "F",
    "N",
    "1",
    "2",
    "9",
    "Space",
    "Backspace",
    "Delete",
    "Escape",
    "Up",
    "Right",
    "Return",
    "Ctrl+Z",
    "Ctrl+Space",
)


def given(name: str, kind: ScoreKind, **values: object) -> Score:
    """A score of this trace."""
    score = Score(f"{name}-{values.get('author')}", name, kind, "t1", source=ScoreSource.PERSON, created_ns=HOUR)
    return replace(score, **values)  # type: ignore[arg-type]


def modes(count: int) -> list[tuple[FailureMode, int]]:
    """Failure modes `mode 1` … with as many traces as their number."""
    return [(FailureMode(f"m{i}", f"mode {i}", position=i - 1), i) for i in range(1, count + 1)]


class Said:
    """Keeps what one signal carried."""

    def __init__(self, name: str, log: list[tuple[object, ...]]) -> None:
        self._name, self._log = name, log

    def __call__(self, *values: object) -> None:
        self._log.append((self._name, *values))


class Desk:
    """The panel, all that it said, and the keys that got through to the window."""

    def __init__(self, qtbot: QtBot, width: int = 330, height: int = 600) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.panel = VerdictPanel(self.window)
        self.other = QPushButton("the item", self.window)
        row = QHBoxLayout(self.window)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.other, 1)
        row.addWidget(self.panel)
        self.panel.setFixedWidth(width)
        self.window.resize(width + 120, height)
        qtbot.addWidget(self.window)
        self.said: list[tuple[object, ...]] = []
        self.fired: list[str] = []
        for name in _SIGNALS:
            getattr(self.panel, name).connect(_Slots.of(self, Said(name, self.said)))
        for key in _WINDOW_KEYS:
            shortcut = QShortcut(QKeySequence(key), self.window)
            shortcut.activated.connect(_Slots.of(self, Said(key, self.said), self.fired, key))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.other.setFocus()
        qtbot.waitUntil(self.other.hasFocus)
        self.panel.show_keys(KEYS)

    def show(self, judgement: Judgement | None = None, token: object = "t1", **rest: object) -> None:
        self.panel.show_item(judgement or Judgement(), token=token, **rest)  # type: ignore[arg-type]
        QApplication.processEvents()

    def define(self, *definitions: ScoreDefinition) -> None:
        self.panel.show_definitions(definitions)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def click(self, widget: QWidget, place: object = None) -> None:
        where = {} if place is None else {"pos": place}
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **where)

    def all_of(self, name: str) -> list[tuple[object, ...]]:
        return [values[1:] for values in self.said if values[0] == name]


class _Slots:
    """Ties a slot's life to the desk's, so that no widget is kept alive by it."""

    @staticmethod
    def of(desk: Desk, said: Said, fired: list[str] | None = None, key: str = "") -> Callable[..., None]:
        def slot(*values: object) -> None:
            if fired is not None:
                fired.append(key)
            else:
                said(*values)

        return slot


def words(rows: Sequence[object]) -> list[str]:
    """The names of rows of failure modes."""
    return [row.name for row in rows]  # type: ignore[attr-defined]
