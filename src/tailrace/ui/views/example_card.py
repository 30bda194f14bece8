"""One example of a dataset: input, output, and what the output should have been."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from tailrace.model.review import DatasetItem
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton

MOST_SHOWN = 100_000  # letters; the rest is said to be there


class ExampleCard(QFrame):
    """Signals: `expected_changed(object)` (item, the text to expect); `removed()` to take the example out."""

    expected_changed = Signal(object)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: DatasetItem | None = None
        self.setObjectName("inspector")  # text fields look as they do there
        self.input, self.output, self.expected = (QPlainTextEdit() for _ in range(3))
        self._titles = {name: QLabel(name) for name in ("Input", "Output", "Expected output")}
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        self.remove = PaintedButton("Remove example", "x", flat=True, small=True)
        self.remove.setToolTip("Take it out of the dataset; the trace stays (Delete in the list)")
        self.remove.clicked.connect(self.removed)
        for (name, title), field in zip(self._titles.items(), (self.input, self.output, self.expected), strict=True):
            title.setObjectName("dim")
            title.setFont(ui_font(12))
            field.setFont(ui_font(13))
            field.setObjectName("note")
            field.setReadOnly(field is not self.expected)
            field.setTabChangesFocus(True)
            field.setAccessibleName(name)
            field.setMinimumHeight(54)
            row = QHBoxLayout()
            row.addWidget(title, 1)
            if field is self.input:
                row.addWidget(self.remove)
            column.addLayout(row)
            column.addWidget(field, 2 if field is self.expected else 1)
        self.expected.setPlaceholderText("What the output should have been")
        self.save = PaintedButton("Save", small=True)
        self.save.setToolTip("Save what is expected (Ctrl+Enter)")
        self.take_output = PaintedButton("Take the output", "copy", flat=True, small=True)
        self.take_output.setToolTip("Begin with the output as it was")
        foot = QHBoxLayout()
        foot.addWidget(self.take_output)
        foot.addStretch(1)
        foot.addWidget(self.save)
        column.addLayout(foot)
        self.expected.textChanged.connect(self._tell_dirty)
        self.save.clicked.connect(self.keep)
        self.take_output.clicked.connect(self._take_output)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.keep)
        self.show_item(None)

    def keep(self) -> None:
        """Save a text that was written but not saved."""
        if self.item is not None and self.save.isEnabled():
            self.expected_changed.emit((self.item, self.expected.toPlainText()))

    def show_item(self, item: DatasetItem | None, keep: bool = True) -> None:
        """Show an example. A text that is being written goes on while it is the same one, and is saved else."""
        again = self.item is not None and item is not None and self.item.item_id == item.item_id
        if keep and not again:
            self.keep()
        former, self.item = self.item, item
        self.setEnabled(item is not None)
        self._fill(self.input, "Input", item.input if item is not None else None)
        self._fill(self.output, "Output", item.output if item is not None else None)
        if not again or former is None or self.expected.toPlainText() == (former.expected or ""):
            self.expected.setPlainText((item.expected or "") if item is not None else "")
        self.take_output.setEnabled(item is not None and bool(item.output))
        self._tell_dirty()

    def _fill(self, field: QPlainTextEdit, name: str, text: str | None) -> None:
        shown = text or ""
        cut = len(shown) > MOST_SHOWN
        self._titles[name].setText(f"{name} · the first {MOST_SHOWN:,} of {len(shown):,} letters" if cut else name)
        if field.toPlainText() != shown[:MOST_SHOWN]:
            field.setPlainText(shown[:MOST_SHOWN])
        field.setPlaceholderText("none" if text is None else "empty")

    def _tell_dirty(self) -> None:
        dirty = self.item is not None and self.expected.toPlainText() != (self.item.expected or "")
        self.save.setEnabled(dirty)
        self._titles["Expected output"].setText("Expected output · not saved yet" if dirty else "Expected output")

    def _take_output(self) -> None:
        if self.item is not None:
            self.expected.setPlainText(self.item.output or "")
            self.expected.setFocus()
