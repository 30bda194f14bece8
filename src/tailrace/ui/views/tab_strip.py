"""The inspector's tabs: words with counts, the chosen one underlined."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import tokens, ui_font

# with counts or without, gap, size of the font: the first that fits is taken
_LOOKS = ((True, 16, 13), (True, 12, 13), (True, 9, 13), (False, 10, 13), (False, 7, 12), (False, 5, 11))


class TabStrip(QTabBar):
    """A tab bar drawn from the theme. Where the panel is narrow the gaps shrink first, then the counts go."""

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._counts: dict[int, int] = {}
        self._gap = 16
        self._counted = True
        self.setFont(ui_font(13))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("What of the span to show")
        for number, name in enumerate(names):
            self.addTab(name)
            self.setTabToolTip(number, f"{name} (Alt+{number + 1})")
            self.setAccessibleTabName(number, name)

    def set_count(self, index: int, count: int) -> None:
        """How many there are under a tab; none is not written."""
        self._counts[index] = count
        self.setAccessibleTabName(index, self._text(index, True))
        self.setTabToolTip(index, f"{self._text(index, True)} (Alt+{index + 1})")
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 34)

    def tabSizeHint(self, index: int) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text(index, self._counted)) + self._gap, 34)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            for index in range(self.count()):
                if not self.isTabVisible(index):
                    continue
                box = self.tabRect(index)
                chosen = index == self.currentIndex()
                hover = box.contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
                painter.setPen(QColor(theme.text if chosen or hover else theme.dim))
                text = self._text(index, self._counted)
                painter.drawText(box.adjusted(0, 2, 0, 0), int(Qt.AlignmentFlag.AlignCenter), text)
                if chosen:
                    line = QRect(box.left() + self._gap // 2, box.bottom() - 1, box.width() - self._gap, 2)
                    painter.fillRect(line, QColor(theme.accent))
                    if self.hasFocus():
                        painter.setPen(QColor(theme.accent))
                        painter.drawRoundedRect(box.adjusted(2, 5, -3, -6), 4, 4)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def _text(self, index: int, counted: bool) -> str:
        count = self._counts.get(index, 0)
        return f"{self._names[index]} {format_count(count)}" if count and counted else self._names[index]

    def _fit(self) -> None:
        shown = [index for index in range(self.count()) if self.isTabVisible(index)]
        for counted, gap, pixels in _LOOKS:
            metrics = QFontMetrics(ui_font(pixels))
            needed = sum(metrics.horizontalAdvance(self._text(index, counted)) + gap for index in shown)
            if needed <= self.width():
                break
        if (counted, gap) != (self._counted, self._gap):
            self._counted, self._gap = counted, gap
            self.setFont(ui_font(pixels))
        for index in range(self.count()):  # a changed text is what makes the bar lay out anew
            self.setTabText(index, self._text(index, counted) + " " * (self._gap % 2))
