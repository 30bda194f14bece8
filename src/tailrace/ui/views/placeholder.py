"""An icon, a sentence and what to do, where there is nothing else to show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.spoken import Role

_WIDEST = 520  # pixels: longer lines are hard to read


class Placeholder(QWidget):
    """All of it in the middle."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = ""
        self.title = QLabel(self)
        self.hint = QLabel(self)
        self.hint.setObjectName("dim")
        bold = ui_font(14)
        bold.setWeight(bold.Weight.DemiBold)
        self.title.setFont(bold)
        self.hint.setFont(ui_font(13))
        self.picture = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 60)
        column.addStretch(1)
        for label in (self.picture, self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            row = QHBoxLayout()
            label.setMaximumWidth(_WIDEST)
            row.addStretch(1)
            row.addWidget(label, 1000)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(2)

    def show_words(self, title: str, hint: str, icon: str) -> None:
        """Say something and come into sight."""
        self._icon = icon
        self.title.setText(title)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title}. {hint}")
        self._draw()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        if self._icon:
            self.picture.setPixmap(pixmap(self._icon, tokens(self).faint, 26, self.devicePixelRatioF()))
