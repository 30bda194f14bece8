"""One chart of a dashboard as a card: title, legend, drawing, and what there is to say without a drawing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.model.dashboard import ChartKind
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.charts.bodies import make_body
from tailrace.ui.views.charts.head import Head, draw_grip, draw_head
from tailrace.ui.views.charts.menu_button import MenuButton
from tailrace.ui.views.charts.pictures import png_of, svg_of
from tailrace.ui.views.charts.sheets import as_lines
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.values import Content, Pick, Sheet
from tailrace.ui.views.charts.veil import Veil
from tailrace.ui.views.spoken import Role, announce, tell_row

_PAD, _TOP, _BOTTOM = 12, 34, 9  # pixels around the drawing
_PATIENCE_MS = 300  # what is there sooner is not announced
_TURN_MS = 80
_SENTENCE = 400  # characters
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_ENTERS = _OPENS[:2]
_ARROWS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MenuAt:
    """A menu is wanted at a place of the screen, of what is there (None: of the card)."""

    position: QPoint
    pick: Pick | None


class ChartCard(QWidget):
    """A chart of one kind, which knows only the values that it is shown.

    Signals: `zoomed(object)` (since_ns, until_ns) was chosen with a drag or, at its end, the wheel; `moved(object)` the
    same while the wheel turns, for the other cards' `show_range`; `reset()` on a double click or Escape;
    `opened(object)` a Pick on a click or Enter; `selected(object)` a Pick on a shift-drag, or on Enter after Shift and
    arrows; `menu_wanted(object)` a MenuAt; `hovered(object)` a time or None, for the crosshair of all cards.
    """

    SPOKEN_AS, ROWS_SPOKEN_AS = Role.Chart, Role.ListItem
    zoomed = Signal(object)
    moved = Signal(object)
    reset = Signal()
    opened = Signal(object)
    selected = Signal(object)
    menu_wanted = Signal(object)
    hovered = Signal(object)

    def __init__(self, kind: ChartKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._content: Content | None = None
        self._failure = ""
        self._absence = ""  # what is not in the data
        self._late = False
        self._angle = 0
        self._by_key = False  # the ring shows where a key brought the focus
        self.body = make_body(kind, self)
        self.body.zoomed.connect(self.zoomed)
        self.body.moved.connect(self.moved)
        self.body.reset.connect(self.reset)
        self.body.opened.connect(self.opened)
        self.body.selected.connect(self.selected)
        self.body.hovered.connect(self.hovered)
        self.body.cursor_moved.connect(self._say_figure)
        self.body.head_changed.connect(self.update)
        self._veil = Veil(self)
        self.menu_button = MenuButton(self)
        self.menu_button.clicked.connect(self._menu_by_button)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._announce)
        self._turning = QTimer(self)
        self._turning.setInterval(_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.body.hide()
        self._say()

    # ---- what it is told ----

    def show_content(self, content: Content) -> None:
        """Draw values of this kind (TimeChart, Figure, …); ends what was shown of loading or failure."""
        self.body.show_content(content)
        self._content, self._failure, self._absence = content, "", ""
        self._stop_waiting()
        self.body.setVisible(self.body.empty_words() is None)
        self._say()
        self.update()

    def show_loading(self) -> None:
        """Values are on their way: said after 300 ms, over what is drawn so far."""
        if not self._late:
            self._patience.start()

    def show_nothing(self, sentence: str) -> None:
        """Say what is not in the data; nothing went wrong."""
        self._show_words("", one_line(sentence, _SENTENCE))

    def show_failed(self, sentence: str) -> None:
        """Say why there is nothing to draw."""
        self._show_words(one_line(sentence, _SENTENCE), "")

    def _show_words(self, failure: str, absence: str) -> None:
        self._failure, self._absence = failure, absence
        self._stop_waiting()
        self.body.hide()
        self._say()
        self.update()

    def set_title(self, title: str) -> None:
        """What the card is called before there are values."""
        self._title = title
        self._say()
        self.update()

    def show_crosshair(self, time_ns: int | None) -> None:
        """Mark a moment; None ends it."""
        self.body.show_crosshair(time_ns)

    def show_range(self, since_ns: int, until_ns: int) -> None:
        """Move to these times at once, with the values there are."""
        self.body.show_range(since_ns, until_ns)

    def show_selection(self, pick: Pick | None) -> None:
        """Draw an area as selected."""
        self.body.show_selection(pick)

    # ---- what it gives ----

    @property
    def content(self) -> Content | None:
        """What is drawn."""
        return self._content

    @property
    def title(self) -> str:
        """What it is called."""
        return one_line(self._content.title) if self._content is not None else self._title

    def copy_values(self) -> str:
        """What is drawn, as lines with tabs between: a header, ISO times, exact figures."""
        return as_lines(self.sheet())

    def sheet(self) -> Sheet:
        """What is drawn, as a table for a file."""
        return self.body.sheet()

    def png(self, scale: float = 2.0) -> bytes:
        """The card as a picture of `scale` pixels a pixel."""
        return png_of(self.size(), scale, self.paint_on)

    def svg(self) -> bytes:
        """The card as a vector drawing."""
        return svg_of(self.size(), self.title, self.paint_on)

    def paint_on(self, painter: QPainter) -> None:
        """Paint it without what the pointer and the keys add, its corner at the painter's origin."""
        self._paint_ground(painter)
        self._paint_head(painter)
        if not self.body.isHidden():
            self.body.paint_on(painter, QRectF(self.body.geometry()))
        else:
            self._paint_words(painter)

    # ---- states ----

    _title = ""
    movable = False  # whether its header moves it

    @property
    def waiting(self) -> bool:
        """Whether it says that values are on their way."""
        return self._late

    def _announce(self) -> None:
        self._late = True
        self._veil.setVisible(not self.body.isHidden())
        self._turning.start()
        self._say()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + 40) % 360
        self.update(self._head_box())

    def _stop_waiting(self) -> None:
        self._patience.stop()
        self._turning.stop()
        self._veil.hide()
        self._late = False

    def state_words(self) -> tuple[str, str]:
        """What stands in the place of a drawing, and what to do; both empty where there is a drawing."""
        if self._failure:
            return "Could not be drawn", self._failure
        if self._absence:
            # a small figure has room for one line
            return (self._absence, "") if self.kind is ChartKind.NUMBER else ("Nothing to show", self._absence)
        title, hint = self.body.empty_words() or ("", "") if self._content is not None else ("", "")
        if self._late and (title or self._content is None):
            return "Working…", ""
        return title, one_line(hint, _SENTENCE)

    def _say(self) -> None:
        title, hint = self.state_words()
        self.setAccessibleName(self.title or self.kind.value)
        words = self.body.cursor_words() if not title else ""
        said = words or (f"{title}. {hint}" if title else self.body.describe() if self._content is not None else "")
        self.setAccessibleDescription(f"Working… {said}" if self._late and not title else said)

    def _say_figure(self) -> None:
        """The keys point at something else."""
        self._say()
        tell_row(self)
        if self.hasFocus() and self.spoken_row() < 0:
            announce(self, self.body.cursor_words())

    def spoken_range(self) -> tuple[int, int]:
        """The rows in sight, in a table or a list."""
        return (0, 0) if self.body.isHidden() else self.body.spoken_range()

    def spoken_row(self) -> int:
        """The row that the keys point at."""
        return -1 if self.body.isHidden() else self.body.spoken_row()

    def spoken_words(self, row: int) -> str:
        """A row and its place."""
        return self.body.spoken_words(row)

    def spoken_box(self, row: int) -> QRect:
        """Where a row is."""
        return self.body.spoken_box(row).translated(self.body.pos())

    def spoken_open(self, row: int) -> bool | None:
        """No row opens."""
        return None

    # ---- painting ----

    def sizeHint(self) -> QSize:
        """Qt: as small as a card of a dashboard gets."""
        return QSize(240, 76 if self.kind is ChartKind.NUMBER else 240)

    def _head_box(self) -> QRect:
        return QRect(_PAD, 9, self.width() - 2 * _PAD - 20, 18)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the drawing has the room below the title."""
        super().resizeEvent(event)
        top, bottom = (28, 6) if self.kind is ChartKind.NUMBER else (_TOP, _BOTTOM)
        self.body.setGeometry(QRect(_PAD, top, self.width() - 2 * _PAD, max(1, self.height() - top - bottom)))
        self._veil.setGeometry(self.body.geometry())
        self.menu_button.move(self.width() - self.menu_button.width() - 8, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: ground, head and words; the drawing is a child."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_head(painter)
            if self.body.isHidden():
                self._paint_words(painter)
            keyed = self._by_key and self.hasFocus()
            if self.movable and (keyed or self.underMouse()):
                draw_grip(painter, tokens(self))
            if keyed:
                painter.setPen(QPen(QColor(tokens(self).accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7.5, 7.5)
            if self._late:
                self._paint_wheel(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        theme = tokens(self)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_head(self, painter: QPainter) -> None:
        content = self._content
        shown = content is not None and not self._failure and not self.body.isHidden()
        caption = one_line(getattr(content, "caption", ""))
        keys = self.body.legend() if shown else ()
        box = self._head_box()
        if self._late:
            box.setRight(box.right() - 20)
        head = Head(self.title)
        if shown:
            head = Head(self.title, caption, keys, self.body.remark(), self.body.remark_tone())
        draw_head(painter, tokens(self), box, head)

    def _paint_wheel(self, painter: QPainter) -> None:
        """Where the legend ends, a third of a circle that turns."""
        box = self._head_box()
        painter.setPen(QPen(QColor(tokens(self).accent), 1.6))
        painter.drawArc(QRectF(box.right() - 13, box.center().y() - 5.5, 12, 12), -self._angle * 16, 110 * 16)

    def _paint_words(self, painter: QPainter) -> None:
        title, hint = self.state_words()
        theme, box = tokens(self), self.rect().adjusted(_PAD, 26, -_PAD, -8)
        if not title:
            return
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
        if self.kind is ChartKind.NUMBER:
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.dim))
            one = painter.fontMetrics().elidedText(one_line(title), Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), one)
            return
        middle = box.center().y()
        if self._failure and box.height() > 90:
            picture = pixmap("circle-alert", theme.err, 20, self.devicePixelRatioF())
            painter.drawPixmap(box.center().x() - 10, middle - 42, picture)
        painter.setFont(ui_font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.text))
        painter.drawText(QRect(box.left(), middle - 16, box.width(), 20), flags, title)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(theme.dim))
        painter.drawText(QRect(box.left(), middle + 6, box.width(), box.bottom() - middle - 6), flags, hint)

    # ---- the mouse on the card itself ----

    def event(self, event: QEvent) -> bool:
        """Qt: keys that would else be the window's; the definition as a tooltip of the title."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            content = self._content
            said = tip(content.definition) if content is not None and event.pos().y() < _TOP else ""
            QToolTip.showText(event.globalPos(), said or (tip(self._failure or self._absence)), self)
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Qt: the dots of the menu and of the grip show."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: they hide."""
        super().leaveEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: a menu of what is under the pointer."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._menu_by_key()
        else:
            point = QPointF(self.body.mapFrom(self, event.pos()))
            pick = self.body.pick_at(point) if not self.body.isHidden() else None
            self.menu_wanted.emit(MenuAt(event.globalPos(), pick))
        event.accept()

    def _menu_by_button(self) -> None:
        button = self.menu_button
        self.menu_wanted.emit(MenuAt(button.mapToGlobal(QPoint(0, button.height())), None))

    def _menu_by_key(self) -> None:
        pick = self.body.cursor_pick() if not self.body.isHidden() else None
        at = self.body.mapToGlobal(self.body.cursor_point())
        self.menu_wanted.emit(MenuAt(at, pick))

    # ---- keys ----

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether a key means something here."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if key is Qt.Key.Key_Menu or (key is Qt.Key.Key_F10 and shifted):
            return True
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and key in _ENTERS:
            return self.body.extended_pick() is not None
        return (shifted and key in _ARROWS) or (plain and (key in _OPENS or key in _ARROWS or key is Qt.Key.Key_Escape))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows point, Enter opens, Escape resets, the menu key asks for a menu."""
        key = Qt.Key(event.key())
        if not self._by_key:
            self._by_key = True
            self.update()
        if not self._takes(event):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Menu, Qt.Key.Key_F10):
            self._menu_by_key()
        elif key is Qt.Key.Key_Escape:
            if not self.body.give_up():
                self.body.clear_cursor()
                self.reset.emit()
        elif self.body.isHidden():
            super().keyPressEvent(event)
        elif key in _OPENS:
            self._open(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if not self.body.extend_cursor(key):
                super().keyPressEvent(event)
        elif not self.body.move_cursor(key):
            super().keyPressEvent(event)

    def _open(self, zooms: bool) -> None:
        """Zoom into the times that the keys have chosen, or select them; without any open what the keys point at."""
        chosen, pointed = self.body.extended_pick(), self.body.cursor_pick()
        if chosen is not None:
            self.body.give_up()
            if zooms:
                self.zoomed.emit((chosen.since_ns, chosen.until_ns))
            else:
                self.selected.emit(chosen)
        elif pointed is not None:
            self.opened.emit(pointed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: the ring shows."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._by_key = True
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: the ring and what the keys point at hide."""
        super().focusOutEvent(event)
        self._by_key = False
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.body.clear_cursor()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()
