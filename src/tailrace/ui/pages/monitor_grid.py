"""The charts of a dashboard in their grid: scrolled, moved and resized by hand and by key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tailrace.model.dashboard import GAP, ROW_HEIGHT, Panel
from tailrace.ui.models.monitor_layout import Layout, cell_at, in_order, laid_out, moved, resized
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.spoken import Role

MARGIN = 14
_HEADER = 30  # pixels at the top of a card by which it is moved
_EDGE = 8  # at its right and at its bottom, by which it is resized
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MonitorGrid(QScrollArea):
    """Shows a card a panel; the cards of panels that stay are kept.

    Signals: `moved(str, int, int)` and `resized(str, int, int)` a panel's id and its new cell or size; `told(object)`
    a sentence. Those of the cards with the panel's id before: `zoomed`, `reset`, `opened`, `selected`, `menu_wanted`.
    """

    SPOKEN_AS = Role.Pane
    moved = Signal(str, int, int)
    resized = Signal(str, int, int)
    told = Signal(object)
    zoomed = Signal(str, object)
    reset = Signal(str)
    opened = Signal(str, object)
    selected = Signal(str, object)
    menu_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Charts")
        self._panels: tuple[Panel, ...] = ()
        self._cards: dict[str, ChartCard] = {}
        self._layout = Layout({}, 0, False)
        self._drag: _Drag | None = None
        self._awaited = ""
        self._ground = QWidget()
        self.setWidget(self._ground)

    # ---- what it shows ----

    def show_panels(self, panels: Sequence[Panel]) -> list[str]:
        """Show these panels; the ids of those whose cards are new and empty."""
        self._drag = None
        kinds = {panel.panel_id: panel.kind for panel in self._panels}
        order, focused = [panel.panel_id for panel in in_order(self._panels)], self.focused
        self._panels = tuple(panels)
        staying = {panel.panel_id for panel in panels if kinds.get(panel.panel_id) is panel.kind}
        for panel_id in set(self._cards) - staying:
            card = self._cards.pop(panel_id)
            card.hide()
            card.deleteLater()
        fresh = [panel for panel in panels if panel.panel_id not in self._cards]
        for panel in fresh:
            self._cards[panel.panel_id] = self._make(panel)
        self._order_tabs()
        self._arrange()
        for panel in fresh:
            self._cards[panel.panel_id].show()
        if self._awaited in self._cards:
            self.reveal(self._awaited)
        elif focused and focused not in staying:
            self._pass_focus(order.index(focused))
        return [panel.panel_id for panel in fresh]

    def card(self, panel_id: str) -> ChartCard | None:
        """The card of a panel."""
        return self._cards.get(panel_id)

    @property
    def cards(self) -> Sequence[ChartCard]:
        """All cards, in the order of reading."""
        return [self._cards[panel.panel_id] for panel in in_order(self._panels)]

    @property
    def focused(self) -> str:
        """The id of the panel whose card has the focus; empty where none has."""
        at = self.window().focusWidget()  # also while a menu or a dialog is over the window
        for panel_id, card in self._cards.items():
            if at is not None and (card is at or card.isAncestorOf(at)):
                return panel_id
        return ""

    def focus_first(self) -> None:
        """Give the focus to the chart that had it last, else to the first one."""
        if not self.focused and self._cards:
            self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _pass_focus(self, place: int) -> None:
        """The chart that had the focus is gone: the one at its place has it, and no field that would take the keys."""
        cards = self.cards
        (cards[min(place, len(cards) - 1)] if cards else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_reflowed(self) -> bool:
        """Whether the charts stand otherwise than in the dashboard, because the window is narrow."""
        return self._layout.reflowed

    def reveal(self, panel_id: str) -> None:
        """Scroll a panel into sight and give it the focus; one that is still to come, when it does."""
        card = self._cards.get(panel_id)
        self._awaited = panel_id if card is None else ""
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(card, MARGIN, MARGIN)

    def show_place(self, panel_id: str) -> None:
        """Scroll a panel into sight; the focus stays where it is."""
        if (card := self._cards.get(panel_id)) is not None:
            self.ensureWidgetVisible(card, MARGIN, MARGIN)

    def _make(self, panel: Panel) -> ChartCard:
        card = ChartCard(panel.kind, self._ground)
        card.movable = True
        card.zoomed.connect(partial(self.zoomed.emit, panel.panel_id))
        card.reset.connect(partial(self.reset.emit, panel.panel_id))
        card.opened.connect(partial(self.opened.emit, panel.panel_id))
        card.selected.connect(partial(self.selected.emit, panel.panel_id))
        card.menu_wanted.connect(partial(self.menu_wanted.emit, panel.panel_id))
        card.hovered.connect(self._show_crosshair)
        card.moved.connect(partial(self._show_range, panel.panel_id))
        card.installEventFilter(self)
        card.setMouseTracking(True)
        return card

    def _order_tabs(self) -> None:
        for one, following in pairwise(self.cards):
            QWidget.setTabOrder(one, following)

    def _show_crosshair(self, time_ns: object) -> None:
        for card in self._cards.values():
            card.show_crosshair(time_ns if isinstance(time_ns, int) else None)

    def _show_range(self, panel_id: str, times: tuple[int, int]) -> None:
        for other, card in self._cards.items():
            if other != panel_id:
                card.show_range(*times)

    # ---- where they stand ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def _room(self) -> int:
        return max(200, self.viewport().width() - 2 * MARGIN)

    def _arrange(self, panels: Sequence[Panel] | None = None, held: str = "") -> None:
        """Put every card in its place, but for one that is held."""
        self._layout = laid_out(self._panels if panels is None else panels, self._room)
        for panel_id, box in self._layout.boxes.items():
            card = self._cards.get(panel_id)
            if card is not None and panel_id != held:
                card.setGeometry(MARGIN + box.x, MARGIN + box.y, box.width, box.height)
        height = max(self._layout.height + 2 * MARGIN, self._ground.height() if held else 0)
        self._ground.resize(self.viewport().width(), height)

    # ---- by hand ----

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the header of a card moves it, its right and lower edge resize it; so do keys."""
        if not isinstance(watched, ChartCard):
            return super().eventFilter(watched, event)
        if isinstance(event, QMouseEvent):
            return self._handle_mouse(watched, event)
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._handle_key(watched, event)
        return super().eventFilter(watched, event)

    def _handle_mouse(self, card: ChartCard, event: QMouseEvent) -> bool:
        point = event.position().toPoint()
        if event.type() is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            grip = _grip(card, point)
            if grip:
                self._drag = _Drag(card, grip, event.globalPosition().toPoint(), card.geometry())
            return False
        drag = self._drag
        if event.type() is QEvent.Type.MouseMove:
            if drag is None or drag.card is not card:
                card.setCursor(_CURSORS.get(_grip(card, point), Qt.CursorShape.ArrowCursor))
                return False
            return self._go_on(drag, event.globalPosition().toPoint())
        if event.type() is QEvent.Type.MouseButtonRelease and drag is not None:
            self._drag = None
            return self._drop(drag)
        return False

    def _go_on(self, drag: _Drag, point: QPoint) -> bool:
        by = point - drag.start
        if not drag.begun:
            if by.manhattanLength() < QApplication.startDragDistance():
                return False
            if self.is_reflowed:
                self._drag = None
                self.told.emit("The window is too narrow for this dashboard as it is: make it wider to move charts")
                return False
            drag.begun = True
            drag.card.raise_()
        panel = self._panel(drag.card)
        if panel is None:
            return False
        box = drag.box
        if drag.grip == "move":
            drag.card.move(box.topLeft() + by)
            x, y = cell_at(box.x() + by.x() - MARGIN, box.y() + by.y() - MARGIN, self._room)
            drag.cells = (x, y)
            preview = moved(self._panels, panel.panel_id, x, y)
        else:
            wide = box.width() + (by.x() if "right" in drag.grip else 0)
            high = box.height() + (by.y() if "bottom" in drag.grip else 0)
            drag.card.resize(max(60, wide), max(40, high))
            w, h = cell_at(wide + GAP, high + GAP, self._room)
            drag.cells = (w, h)
            preview = resized(self._panels, panel.panel_id, w, h)
        self._arrange(preview, panel.panel_id)
        self.ensureVisible(*_point(self._ground.mapFromGlobal(point)), 0, ROW_HEIGHT // 2)
        return True

    def _drop(self, drag: _Drag) -> bool:
        panel = self._panel(drag.card)
        if not drag.begun or panel is None:
            return False
        self._arrange()
        if drag.cells is not None:
            (self.moved if drag.grip == "move" else self.resized).emit(panel.panel_id, *drag.cells)
        return True

    def _panel(self, card: ChartCard) -> Panel | None:
        found = next((panel_id for panel_id, one in self._cards.items() if one is card), "")
        return next((panel for panel in self._panels if panel.panel_id == found), None)

    # ---- by key ----

    def _handle_key(self, card: ChartCard, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None and self._drag.begun:
            self._drag = None
            self._arrange()
            event.accept()
            return True
        step, panel = _STEPS.get(Qt.Key(event.key())), self._panel(card)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step is None or panel is None or modifiers not in (_CTRL, _CTRL | _SHIFT):
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if modifiers == _CTRL:
            self.moved.emit(panel.panel_id, panel.x + step[0], panel.y + step[1])
        else:
            self.resized.emit(panel.panel_id, panel.w + step[0], panel.h + step[1])
        return True


class _Drag:
    """A card that is being moved or resized."""

    def __init__(self, card: ChartCard, grip: str, start: QPoint, box: QRect) -> None:
        self.card = card
        self.grip = grip
        self.start = start
        self.box = box
        self.begun = False
        self.cells: tuple[int, int] | None = None


_CURSORS = {
    "move": Qt.CursorShape.OpenHandCursor,
    "right": Qt.CursorShape.SizeHorCursor,
    "bottom": Qt.CursorShape.SizeVerCursor,
    "right bottom": Qt.CursorShape.SizeFDiagCursor,
}


def _grip(card: ChartCard, point: QPoint) -> str:
    """What a press at a place of a card takes hold of."""
    right, bottom = point.x() >= card.width() - _EDGE, point.y() >= card.height() - _EDGE
    if right or bottom:
        return " ".join(word for word, holds in (("right", right), ("bottom", bottom)) if holds)
    return "move" if point.y() < _HEADER else ""


def _point(point: QPoint) -> tuple[int, int]:
    return point.x(), point.y()
