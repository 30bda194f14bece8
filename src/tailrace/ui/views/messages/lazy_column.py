"""A column of cards of which only those in sight exist."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from tailrace.ui.theme import tokens
from tailrace.ui.views.controls import QuietScrollBar
from tailrace.ui.views.tab_order import tab_after

T = TypeVar("T")
_MARGIN = 14
_GAP = 8


class LazyColumn(QAbstractScrollArea, Generic[T]):
    """Items of any number; `make(item)` builds the widget of one when it comes into sight (it must have a height for
    its width), `estimate(item, width)` guesses its height until then. What is in sight stays where it is while heights
    above it become known. A widget whose height changes calls its own `updateGeometry`."""

    SHOWS_FOCUS = True  # where a key brought it

    laid_out = Signal()  # heights are known that were not

    def __init__(
        self, make: Callable[[T], QWidget], estimate: Callable[[T, int], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._estimate = estimate
        self._items: Sequence[T] = ()
        self._heights: list[int] = []
        self._tops: list[int] = [0]
        self._widgets: dict[int, QWidget] = {}
        self._measured: set[int] = set()
        self._placing = False
        self._width = 0
        self._by_key = False
        self._unordered = False  # there are widgets that Tab comes to last
        self._widest: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBar(QuietScrollBar(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(40)

    def set_reading_width(self, pixels: int) -> None:
        """Keep the items no wider than a person reads well, in the middle of the view."""
        self._widest = pixels
        self._place()

    @property
    def items(self) -> Sequence[T]:
        """What the column shows."""
        return self._items

    @property
    def made(self) -> dict[int, QWidget]:
        """The widgets that exist now, by item number."""
        return dict(self._widgets)

    def set_items(self, items: Sequence[T]) -> None:
        """Show other items from the top."""
        self._drop(list(self._widgets))
        self._items = items
        self._width = 0
        self.verticalScrollBar().setValue(0)
        self._place()

    def set_tail(self, items: Sequence[T], kept: int) -> None:
        """Show other items after the first `kept`, which stay as they are."""
        if list(items) == list(self._items):
            return
        self._drop([index for index in self._widgets if index >= kept])
        self._items = items
        self._heights = self._heights[:kept] + [self._estimate(item, self._width) for item in items[kept:]]
        self._sum()
        self._place()

    def rebuild(self) -> None:
        """Make what is in sight anew (another theme, another rendering), at the same place."""
        self._drop(list(self._widgets))
        self._measured.clear()
        self._place()

    def remeasure(self) -> None:
        """Take over heights that have changed, now and not with the next event."""
        self._measured.clear()
        self._place()

    def reveal(self, index: int) -> QWidget | None:
        """Scroll so that an item is in sight; its widget."""
        if not 0 <= index < len(self._items):
            return None
        self._reckon()
        self.verticalScrollBar().setValue(max(0, self._tops[index] - _GAP))
        self._place()
        return self._widgets.get(index)

    def scroll_to(self, index: int, offset: int) -> None:
        """Scroll so that the place `offset` pixels below an item's top is in the upper third of the view."""
        bar = self.verticalScrollBar()
        top = self._tops[index] + offset
        if not bar.value() + 20 <= top <= bar.value() + self.viewport().height() - 40:
            bar.setValue(max(0, top - self.viewport().height() // 3))

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: only a key that brought the focus here has it marked."""
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._by_key = False
        self.viewport().update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._by_key:
            with QPainter(self.viewport()) as painter:
                painter.setPen(QColor(tokens(self).accent))
                painter.drawRoundedRect(self.viewport().rect().adjusted(3, 2, -1, -3), 5, 5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._place()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.remeasure()
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        page = max(40, self.viewport().height() - 40)
        steps = {
            Qt.Key.Key_Down: 40,
            Qt.Key.Key_Up: -40,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            bar.setValue(bar.value() + step)
        else:
            super().keyPressEvent(event)

    def _reckon(self) -> None:
        """Guess the heights anew when the width has changed."""
        width = self._column_width()
        if width != self._width or len(self._heights) != len(self._items):
            self._width = width
            self._heights = [self._estimate(item, width) for item in self._items]
            self._measured.clear()
            self._sum()

    def _sum(self) -> None:
        self._tops = list(accumulate((height + _GAP for height in self._heights), initial=_GAP))

    def _column_width(self) -> int:
        room = max(60, self.viewport().width() - _MARGIN - (_MARGIN - 11 if self.viewport().width() > 40 else 0))
        return room if self._widest is None else min(room, self._widest)

    @property
    def left(self) -> int:
        """Where the items begin, in pixels from the left of the view."""
        if self._widest is None:
            return _MARGIN
        # with the scroll bar's room counted as margin, so that the items are in the middle of all there is
        return max(_MARGIN, (self.width() - self._column_width()) // 2)

    @property
    def contents_height(self) -> int:
        """How tall all items are together, in part a guess while some were never in sight."""
        return self._tops[-1]

    @property
    def column_width(self) -> int:
        """How wide the items are."""
        return self._column_width()

    def _place(self) -> None:
        if self._placing:
            return
        self._placing = True
        former = self._tops[-1]
        try:
            self._settle()
        finally:
            self._placing = False
        if self._tops[-1] != former:
            self.laid_out.emit()

    def _settle(self) -> None:
        bar = self.verticalScrollBar()
        former = (self._width, len(self._heights))
        anchor = self._row_at(bar.value()) if self._heights else 0
        inside = bar.value() - self._tops[anchor] if self._heights else 0
        self._reckon()
        if former[1] == len(self._heights) and former[0] != self._width:
            bar.setValue(self._tops[anchor] + inside)
        view = self.viewport().height()
        at_end = 0 < bar.maximum() <= bar.value()
        for _ in range(8):
            top = bar.value()
            wanted = range(self._row_at(top), self._row_at(top + view) + 1) if self._items else range(0)
            unknown = [index for index in wanted if index not in self._measured]
            self._range()
            if not unknown and bar.value() == top:
                break
            # What a person already sees stays; only what comes into sight may push.
            anchor = next((index for index in wanted if index in self._measured), wanted.start if wanted else 0)
            inside = bar.value() - self._tops[anchor]
            for index in unknown:
                self._measure(index)
            self._sum()
            self._range()
            # At the very top there is nothing above to keep in place.
            bar.setValue(bar.maximum() if at_end else self._tops[anchor] + inside if top > 0 else 0)
        self._show()

    def _measure(self, index: int) -> None:
        widget = self._widgets.get(index)
        if widget is None:
            widget = self._make(self._items[index])
            widget.setParent(self.viewport())
            self._widgets[index] = widget
            widget.ensurePolished()
        self._heights[index] = max(8, widget.heightForWidth(self._width))
        self._measured.add(index)
        self._unordered = True  # what is measured is new, or has something new in it

    def _range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self._tops[len(self._heights)] - self.viewport().height()))

    def _row_at(self, y: int) -> int:
        return max(0, min(bisect_right(self._tops, y) - 1, len(self._heights) - 1))

    def _show(self) -> None:
        top, view = self.verticalScrollBar().value(), self.viewport().height()
        focus = QApplication.focusWidget()
        gone = []
        for index, widget in self._widgets.items():
            y = self._tops[index] - top
            near = -view < y + self._heights[index] and y < 2 * view
            held = focus is not None and widget.isAncestorOf(focus)
            if not near and not held:
                gone.append(index)
                continue
            widget.setGeometry(self.left, y, self._width, self._heights[index])
            if widget.isHidden():
                widget.show()
        self._drop(gone)
        if self._unordered:
            self._unordered = False
            tab_after(self, (self._widgets[index] for index in sorted(self._widgets)))

    def _drop(self, indexes: list[int]) -> None:
        for index in indexes:
            widget = self._widgets.pop(index)
            self._measured.discard(index)
            widget.hide()
            widget.deleteLater()
