"""Parts of the dialogs of a queue: a labelled field, a line that proposes, a toggle, a slider, a picture of strata."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCompleter, QLabel, QLineEdit, QSizePolicy, QSlider, QVBoxLayout, QWidget

from tailrace.model import SpanKind
from tailrace.model.words import format_count
from tailrace.ui.theme import give_tip, icon, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed, name_buttons
from tailrace.ui.views.spoken import Role


class Labelled(QWidget):
    """A field with its name above it. `&` in the name gives the field a key."""

    SPOKEN_AS = Role.Grouping

    def __init__(self, name: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(name)
        label.setObjectName("dim")
        label.setFont(ui_font(12))
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(name.replace("&", ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(field, 1)


class ProposingLine(QLineEdit):
    """A line of text for which values are proposed: by typing a part of one, with Down, or with the chevron. With
    `several` it holds values between commas, and the last one is proposed for."""

    def __init__(self, hint: str, *, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._several = several
        self.setPlaceholderText(hint)
        self._values = QStringListModel(self)
        completer = _LastValue(self._values, self) if several else QCompleter(self._values, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        self.setCompleter(completer)
        self._open = QAction(self)
        self._open.setToolTip("Show what there is")
        self._open.triggered.connect(self._propose)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        name_buttons(self, self._open.toolTip())
        self._dress()

    def propose(self, values: Sequence[str]) -> None:
        """What is proposed."""
        self._values.setStringList(list(values))
        self._open.setVisible(bool(values))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Down opens the proposals."""
        if event.key() == Qt.Key.Key_Down and self._values.rowCount():
            self._propose()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _propose(self) -> None:
        self.setFocus()
        if self._several and self.text().rpartition(",")[2].strip() in self._values.stringList():
            self.setText(f"{self.text().rstrip()}, ")
        self.completer().setCompletionPrefix("")
        self.completer().complete()

    def _dress(self) -> None:
        self._open.setIcon(icon("chevron-down", tokens(self).dim))


class _LastValue(QCompleter):
    """Completes what stands behind the last comma."""

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        line = self.widget()
        before, comma, _ = (line.text() if isinstance(line, QLineEdit) else "").rpartition(",")
        return f"{before.rstrip()}{comma} {index.data()}".strip()


class Toggle(QAbstractButton):
    """On or off, with what it does beside it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(ui_font(13))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(50 + QFontMetrics(self.font()).horizontalAdvance(self.text()), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        on = self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            track = QRectF(4.5, (self.height() - 17) / 2, 30, 17)
            painter.setPen(QPen(QColor(theme.accent if on else theme.faint)))
            painter.setBrush(QColor(theme.accent if on else theme.raised))
            painter.drawRoundedRect(track, 8.5, 8.5)
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.on_accent if on else theme.dim))
            middle = QPointF(track.right() - 8.5 if on else track.left() + 8.5, track.center().y())
            painter.drawEllipse(middle, 5.5, 5.5)
            painter.setFont(self.font())
            room = QRect(44, 0, self.width() - 47, self.height())
            draw_elided(painter, room, self.text(), theme.text, Qt.AlignmentFlag.AlignLeft)


class ShareSlider(QSlider):
    """A share of 0 to 100 per cent in steps of five."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, 20)
        self.setPageStep(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def share(self) -> float:
        """0.0 to 1.0."""
        return self.value() / 20

    def set_share(self, share: float) -> None:
        """Show a share, to the next step."""
        self.setValue(round(share * 20))

    def sizeHint(self) -> QSize:
        return QSize(160, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        colour = theme.accent if self.isEnabled() else theme.line2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, radius = self.height() / 2, 7.0
            left, right = radius + 1, self.width() - radius - 1
            at = left + (right - left) * self.share
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(QRectF(left, middle - 2, right - left, 4), 2, 2)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(left, middle - 2, at - left, 4), 2, 2)
            painter.setPen(QPen(QColor(theme.text if self.hasFocus() else theme.panel), 1.5))
            painter.drawEllipse(QPointF(at, middle), radius, radius)


class StrataPicture(QWidget):
    """How many traces each value has: one line in as many shares, the largest of them named."""

    SPOKEN_AS = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strata: list[tuple[str, int]] = []
        self.setFont(ui_font(12))
        self.setFixedHeight(30)
        self.hide()

    def show_strata(self, strata: Sequence[tuple[str, int]]) -> None:
        """(value, how many) in any order; none hides it."""
        self._strata = sorted(strata, key=_size, reverse=True)
        said = ", ".join(f"{value or '(none)'} {format_count(count)}" for value, count in self._strata[:50])
        self.setAccessibleName(said)
        give_tip(self, "\n".join(said.split(", ")))
        self.setVisible(bool(strata))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        whole = max(1, sum(count for _, count in self._strata))
        metrics = QFontMetrics(self.font())
        with QPainter(self) as painter:
            painter.setFont(self.font())
            left, named = 0.0, 0
            x = 0
            for place, (value, count) in enumerate(self._strata):
                width = self.width() * count / whole
                colour = _shade(place, theme.accent, theme.kind(SpanKind.RETRIEVER), theme.panel)
                painter.fillRect(QRectF(left, 2, max(1.0, width - 1), 7), colour)
                left += width
                words = f"{value or '(none)'} {format_count(count)}"
                room = min(metrics.horizontalAdvance(words), 190) + 14
                if named == place and x + room <= self.width() - 70:
                    painter.fillRect(QRectF(x, 19, 7, 7), colour)
                    draw_elided(painter, QRect(x + 11, 13, room - 9, 17), words, theme.dim, Qt.AlignmentFlag.AlignLeft)
                    x += room + 10
                    named += 1
            if named < len(self._strata):
                words = f"{format_count(len(self._strata) - named)} more"
                draw_elided(painter, QRect(x, 13, self.width() - x, 17), words, theme.faint, Qt.AlignmentFlag.AlignLeft)


def _size(stratum: tuple[str, int]) -> int:
    return stratum[1]


def _shade(place: int, one: str, other: str, under: str) -> QColor:
    """Neighbours differ, later ones are paler."""
    return mixed(other if place % 2 else one, under, max(0.35, 1 - 0.12 * (place // 2)))
