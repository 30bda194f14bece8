"""The filter language on one sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QTreeWidgetItem, QVBoxLayout, QWidget

from tailrace.query import FIELDS
from tailrace.ui.dialogs.sheet_tree import SheetTree
from tailrace.ui.theme import mono_font
from tailrace.ui.views.fitting import fit

_GRAMMAR: tuple[tuple[str, str], ...] = (
    ("status:error", "a field has a value; case does not matter"),
    ("latency:>2s  cost:>=0.05", "compare durations, numbers and money"),
    ("model:gpt-4o*", "values that begin so"),
    ("status:error,ok", "any of several values"),
    ("name:\"two words\"", "quotes where a value has blanks"),
    ("-env:test   NOT env:test", "what does not match"),
    ("refund policy", "both words in the inputs or outputs of the trace"),
    ("\"refund policy\"", "the words side by side"),
    ("a OR b,  (a OR b) c", "alternatives and groups"),
    ("score.faithfulness:<0.5", "any score by its name"),
    ("attr.http.status_code:500", "any attribute of any span"),
)  # fmt: skip


class QueryHelp(QDialog):
    """How to write a filter, and every field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("The filter language")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 780, 680)
        intro = QLabel("Terms stand side by side and all must hold for the trace; each may be about another span.")
        intro.setWordWrap(True)
        intro.setObjectName("dim")
        tree = SheetTree(("Write", "To find traces with"), 250, "Filter language")
        for title, lines in (
            ("Language", _GRAMMAR),
            ("Fields", tuple((field.name, field.help) for field in FIELDS)),
        ):
            section = tree.add_section(title)
            for written, meaning in lines:
                item = QTreeWidgetItem([written, meaning])
                item.setFont(0, mono_font())
                section.addChild(item)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.addWidget(intro)
        column.addWidget(tree, 1)
