"""A ring around what has the focus, where it shows nothing of that itself: areas that scroll, lists without rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from tailrace.ui.theme import tokens
from tailrace.ui.views.spoken import Role, SpokenRows, let_widgets_speak


class _Ring(QWidget):
    """Lies over an area and lets everything through."""

    outdated = Signal()  # the area has painted itself anew: perhaps it shows the focus now

    def __init__(self, around: QAbstractScrollArea) -> None:
        super().__init__(around)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.installEventFilter(self)
        around.viewport().installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: as large as what it lies over."""
        if event.type() is QEvent.Type.Resize:
            self._fit()
        elif event.type() is QEvent.Type.Paint and watched is not self._around:
            self.outdated.emit()
        return False

    def _fit(self) -> None:
        self.setGeometry(self._around.rect())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: two pixels inside the edge."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens(self).accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)


class FocusRing(QObject):
    """The one ring of the program, wherever the focus is."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(FocusRing.__name__)
        self._ring: _Ring | None = None
        self._area: QAbstractScrollArea | None = None
        self._rows: QItemSelectionModel | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._rows is not None and isValid(self._rows):
            self._rows.selectionChanged.disconnect(self._look)
        self._area = now if isinstance(now, QAbstractScrollArea) else None
        self._rows = self._area.selectionModel() if isinstance(self._area, QAbstractItemView) else None
        if self._rows is not None:
            self._rows.selectionChanged.connect(self._look)  # the row that it shows may come later
        self._look()

    def _look(self) -> None:
        area = self._area if self._area is not None and isValid(self._area) else None
        wanted = None if area is None or _shows_itself(area) else area
        former = self._ring if self._ring is not None and isValid(self._ring) else None
        if former is not None and former.parentWidget() is wanted:
            return
        self._ring = None
        if former is not None:
            former.hide()
            former.deleteLater()
        if wanted is not None:
            self._ring = _Ring(wanted)
            self._ring.outdated.connect(self._look, Qt.ConnectionType.QueuedConnection)
            self._ring.show()


def let_focus_show() -> None:
    """Show, and tell to screen readers, where the focus is, from now on; again is nothing."""
    let_widgets_speak()
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.findChild(FocusRing, FocusRing.__name__) is None:
        FocusRing(app)


def _shows_itself(area: QAbstractScrollArea) -> bool:
    """Whether something in it shows the focus: a caret, or the row that the keys are at."""
    if isinstance(area, QTextEdit | QPlainTextEdit):
        return True
    if isinstance(area, QAbstractItemView):
        chosen, at = area.selectionModel(), area.currentIndex()
        return hasattr(area, "SHOWS_FOCUS") and chosen is not None and at.isValid() and chosen.isSelected(at)
    if getattr(area, "SPOKEN_AS", None) == Role.Document:  # arrows scroll it; no line stands out
        return False
    return hasattr(area, "SHOWS_FOCUS") or (isinstance(area, SpokenRows) and area.spoken_row() >= 0)
