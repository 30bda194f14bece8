"""The licence texts of everything that the program carries, one beside the list of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from tailrace.jobs import JobRunner, Ticket
from tailrace.model.words import count_of
from tailrace.ui.dialogs.fitted import fit_dialog
from tailrace.ui.theme import mono_font

if TYPE_CHECKING:
    from tailrace.workspace.licences import Licence

_COLUMNS = 80  # most texts are broken into lines of so many letters at most; broken again they are hard to read


class LicenceSheet(QDialog):
    """Names at the left, the text of the chosen one at the right."""

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Licences of what is bundled")
        self._licences: tuple[Licence, ...] = ()
        self._count = QLabel("Reading…")
        self._count.setObjectName("dim")
        self.names = QListWidget()
        self.names.setAccessibleName("Components")
        self.names.currentRowChanged.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(mono_font())
        self.text.setAccessibleName("Licence text")
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setTabChangesFocus(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.ensurePolished()
        around = 2 * self.text.document().documentMargin() + self.text.verticalScrollBar().sizeHint().width() + 4
        self.text.setMinimumWidth(self.text.fontMetrics().horizontalAdvance("0" * (_COLUMNS + 1)) + round(around))
        close = QPushButton("Close")
        close.clicked.connect(self.close)
        split = QSplitter()
        split.addWidget(self.names)
        split.addWidget(self.text)
        split.setChildrenCollapsible(False)
        split.setSizes([250, 700])
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self._count)
        column.addWidget(split, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        fit_dialog(self, 980, 620)
        jobs.submit(_read, self._take, slot="licences")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter on a name is no button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    def _take(self, licences: tuple[Licence, ...]) -> None:
        if not isValid(self):  # it may have been closed meanwhile
            return
        self._licences = licences
        self._count.setText(f"{count_of(len(licences), 'component')}; each is under its own licence.")
        for licence in licences:
            item = QListWidgetItem(" ".join(filter(None, (licence.component, licence.version))))
            item.setToolTip(licence.short)
            self.names.addItem(item)
        self.names.setCurrentRow(0)
        self.names.setFocus()

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._licences):
            return
        licence = self._licences[row]
        head = " · ".join(filter(None, (licence.component, licence.version, licence.short)))
        self.text.setPlainText(f"{head}\n\n{licence.text}")


def _read(ticket: Ticket) -> tuple[Licence, ...]:
    from tailrace.workspace.licences import carried_licences

    return carried_licences()
