"""The filter bar: a text in the filter language, its state in colour, icon and words, completion, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from tailrace.model import ValueCount
from tailrace.query import Context, ContextKind, State, complete, completion_context, parse
from tailrace.ui.theme import Tokens, icon, pixmap, tokens
from tailrace.ui.views.filter_bar.dropdown import Dropdown, Row
from tailrace.ui.views.filter_bar.editor import FilterEditor, on_one_line

DEBOUNCE_MS = 250
PLACEHOLDER = "Filter traces, for example  status:error latency:>2s refund policy"
_SHORT_PLACEHOLDER = "Filter traces"
_KEYS = Qt.Key


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter that somebody gave a name."""

    name: str
    text: str


_STATES = {
    State.EMPTY: ("search", "No filter"),
    State.VALID: ("circle-check", "The filter is valid"),
    State.INCOMPLETE: ("circle-dot", "Not finished"),
    State.WRONG: ("circle-alert", "Wrong"),
}


class FilterBar(QWidget):
    """A line for the filter text. It knows the language and nothing of the data: values to propose are asked for
    with `values_wanted` and arrive through `offer`.

    Signals:
        submitted(object): the text, once it means something: a moment after the last key, or on Enter.
        edited(object): the Parsed text, on every change by the person.
        values_wanted(object): the Context whose values would be proposed.
        save_requested(object): the text that is to be kept under a name.
        forget_requested(object): the text of a saved filter that is to be kept no longer.
        left(): Escape was pressed and nothing was open.
    """

    submitted = Signal(object)
    edited = Signal(object)
    values_wanted = Signal(object)
    save_requested = Signal(object)
    forget_requested = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parsed = parse("")
        self._quiet = False
        self._recent: tuple[str, ...] = ()
        self._saved: tuple[SavedFilter, ...] = ()
        self._asked: Context | None = None
        self._offered: tuple[str, tuple[ValueCount, ...]] = ("", ())
        self._dropdown: Dropdown | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._submit_later)
        self._submitted = ""

        self.editor = FilterEditor(self)
        self.editor.setPlaceholderText(PLACEHOLDER)
        self.editor.setAccessibleName("Filter")
        self.editor.changed.connect(self._follow)
        self.editor.installEventFilter(self)
        self.editor.viewport().installEventFilter(self)
        self._mark = QLabel(self)
        self._mark.setFixedSize(16, 16)
        self._clear = self._button("x", "Clear the filter")
        self._clear.clicked.connect(self._clear_text)
        self._star = self._button("star", "Save this filter")
        self._star.clicked.connect(self._toggle_saved)
        self._past = self._button("history", "Recent and saved filters (Down)")
        self._past.clicked.connect(self._toggle_history)

        row = QHBoxLayout(self)
        row.setContentsMargins(9, 1, 4, 1)
        row.setSpacing(2)
        row.addWidget(self._mark)
        row.addSpacing(3)
        row.addWidget(self.editor, 1)
        for button in (self._clear, self._star, self._past):
            row.addWidget(button)
        self.setFocusProxy(self.editor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(30)
        self._show_state()

    def _button(self, name: str, title: str) -> QToolButton:
        made = QToolButton(self)
        made.setObjectName(name)
        made.setAutoRaise(True)
        made.setToolTip(title)
        made.setAccessibleName(title)
        made.setFixedSize(22, 22)
        made.setIconSize(QSize(15, 15))
        made.setCursor(Qt.CursorShape.ArrowCursor)
        # a click leaves the focus where it is
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    # ---- for the page ----

    def text(self) -> str:
        """What is in the field."""
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Show a filter that came from elsewhere. Emits nothing; the person's undo goes back over it."""
        self._timer.stop()
        if on_one_line(text) == self.text():
            # an answer to what was just typed: the person may be choosing among the proposals
            self._submitted = self.text()
            return
        self._quiet = True
        try:
            self.editor.replace(0, len(self.text()), text)
        finally:
            self._quiet = False
        self._submitted = self.text()
        self._parsed = parse(self.text())
        self._show_state()
        self._close()

    def proposals(self) -> list[str]:
        """What is proposed now, from the top."""
        open_ = self._dropdown is not None and self._dropdown.isVisible()
        return [row.label for row in self._dropdown.rows] if open_ and self._dropdown is not None else []

    def set_history(self, recent: Sequence[str], saved: Sequence[SavedFilter] = ()) -> None:
        """What is offered while the filter is empty: the newest first."""
        self._recent, self._saved = tuple(recent), tuple(saved)
        self._show_state()

    def offer(self, context: Context, items: Sequence[ValueCount]) -> None:
        """Values for a context that was asked for; those for another one come too late and are dropped."""
        if context != self._asked or self._dropdown is None:
            return
        self._offered = (context.field, tuple(items))
        if context == self._context() and self.editor.hasFocus():
            self._propose()

    # ---- following the text ----

    def _follow(self, text: str) -> None:
        if self._quiet:
            return
        self._parsed = parse(text)
        self._show_state()
        self.edited.emit(self._parsed)
        if self._parsed.usable:
            self._timer.start()
        else:
            self._timer.stop()
        context = self._context()
        if not text:
            self._open_history()
        elif context.kind is ContextKind.FIELD and not context.prefix and not context.field:
            self._close()  # between two terms nobody asked
        else:
            self._open_proposals()

    def _submit_later(self) -> None:
        if self._parsed.usable and self.text() != self._submitted:
            self._submit()

    def _submit(self) -> None:
        self._timer.stop()
        self._submitted = self.text()
        self.submitted.emit(self._submitted)

    def _context(self) -> Context:
        return completion_context(self.text(), self.editor.cursor_index())

    # ---- proposals ----

    def _open_proposals(self) -> None:
        context = self._context()
        if context.wants_values and context != self._asked:
            self._asked = context
            self._show_panel()
            self.values_wanted.emit(context)
        self._propose()

    def _propose(self) -> None:
        found = complete(self.text(), self.editor.cursor_index(), self._known)
        self._panel().propose(
            [
                Row(
                    item.label,
                    item.detail,
                    item.count,
                    insert=item.insert,
                    start=found.start,
                    end=found.end,
                    again=item.kind is not ContextKind.VALUE,
                )
                for item in found.items
            ]
        )
        self._show_panel()

    def _known(self, field: str, prefix: str) -> list[ValueCount]:
        # what was offered for a shorter beginning holds until more is known
        for_field, items = self._offered
        wanted = prefix.lower()
        return [item for item in items if for_field == field and item.value.lower().startswith(wanted)]

    def _open_history(self) -> None:
        rows: list[Row] = []
        if self._saved:
            rows.append(Row("Saved"))
            rows += [Row(one.name, one.text, icon="star", insert=one.text, whole=True) for one in self._saved]
        if self._recent:
            rows.append(Row("Recent"))
            rows += [Row(text, icon="history", insert=text, whole=True) for text in self._recent]
        if not self.text():
            found = complete("", 0)
            rows += [Row("Fields")] if rows else []
            rows += [Row(item.label, item.detail, insert=item.insert, again=True) for item in found.items]
        self._panel().propose(rows)
        self._show_panel()

    def _toggle_history(self) -> None:
        if self._dropdown is not None and self._dropdown.rows:
            self._close()
            return
        self.editor.setFocus()
        self._open_history()

    def _panel(self) -> Dropdown:
        """The panel over the window, made when first needed and moved along with the bar."""
        if self._dropdown is None:
            self._dropdown = Dropdown(self.window())
            self._dropdown.chosen.connect(self._take)
        elif self._dropdown.parentWidget() is not self.window():
            self._dropdown.setParent(self.window())
        return self._dropdown

    def _show_panel(self) -> None:
        panel = self._panel()
        wrong = self._parsed.state is State.WRONG
        told = self._parsed.message if wrong or panel.rows or panel.reason else ""
        panel.explain(_sentence(told), _STATES[self._parsed.state][0], wrong)
        x = 0
        if panel.rows and not panel.rows[0].whole and panel.rows[0].insert is not None:
            x = max(self.editor.x() + self.editor.index_x(panel.rows[0].start) - 14, 0)
        panel.place(self, x)

    def _close(self) -> None:
        """Close the proposals; a wrong filter keeps its reason on screen while it is being edited."""
        self._asked = None
        if self._dropdown is not None:
            self._dropdown.propose(())
        if self._parsed.state is State.WRONG and self.editor.hasFocus():
            self._show_panel()
        elif self._dropdown is not None:
            self._dropdown.explain("", "", False)
            self._dropdown.hide()

    def _take(self, row: Row) -> None:
        assert row.insert is not None
        if row.whole:
            self.editor.replace(0, len(self.text()), row.insert)
            self._close()
            if self._parsed.usable:
                self._submit()
            return
        self.editor.replace(row.start, row.end, row.insert)
        if not row.again:
            self._close()

    # ---- keys ----

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the editor that mean something to the bar, and the focus."""
        kind = event.type()
        if watched is self.editor.viewport():
            if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent) and not self.text():
                self._open_history()
            return False
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (_KEYS.Key_Escape, _KEYS.Key_Up, _KEYS.Key_Down, _KEYS.Key_Return, _KEYS.Key_Enter):
                event.accept()  # else a window's shortcut gets them first
                return True
        elif kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            if kind == QEvent.Type.FocusOut or self._parsed.state is State.WRONG:
                self._close()
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key = event.key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        panel = self._dropdown
        opened = panel is not None and panel.isVisible() and bool(panel.rows)
        if key in (_KEYS.Key_Return, _KEYS.Key_Enter):
            self._enter()
            return True
        if key == _KEYS.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._open_proposals()
            return True
        if not plain:
            return False
        if key == _KEYS.Key_Escape:
            self._escape()
        elif opened and panel is not None and key in (_KEYS.Key_Down, _KEYS.Key_Up):
            panel.step(1 if key == _KEYS.Key_Down else -1)
            self._announce()
        elif opened and panel is not None and key == _KEYS.Key_Tab:
            if panel.current() is None:
                panel.step(1)
            self._enter()
        elif key == _KEYS.Key_Down:
            self._ask()
        else:
            return False
        return True

    def _ask(self) -> None:
        """Down without anything open: proposals for the place of the cursor, else what was asked before."""
        if self.text():
            self._open_proposals()
        if not self.text() or not self._panel().rows:
            self._open_history()

    def _enter(self) -> None:
        row = self._dropdown.current() if self._dropdown is not None and self._dropdown.isVisible() else None
        if row is not None:
            self._take(row)
        elif self._parsed.usable:
            self._close()
            self._submit()
        else:
            panel = self._panel()
            panel.propose(())
            panel.explain(self._parsed.message, "", False)
            self._show_panel()

    def _escape(self) -> None:
        if self._dropdown is not None and self._dropdown.isVisible():
            self._asked = None
            self._dropdown.propose(())
            self._dropdown.explain("", "", False)
            self._dropdown.hide()
            return
        self.editor.clearFocus()
        self.left.emit()

    def _announce(self) -> None:
        row = self._dropdown.current() if self._dropdown is not None else None
        if row is not None:
            self.editor.setAccessibleDescription(f"{row.label} {row.detail}".strip())

    # ---- buttons ----

    def _clear_text(self) -> None:
        self.editor.replace(0, len(self.text()), "")
        self._close()
        self._submit()

    def _toggle_saved(self) -> None:
        if any(one.text == self.text() for one in self._saved):
            self.forget_requested.emit(self.text())
        elif self._parsed.state is State.VALID:
            self.save_requested.emit(self.text())

    # ---- looks ----

    def _show_state(self) -> None:
        theme = tokens(self)
        name, title = _STATES[self._parsed.state]
        told = f"{title}: {self._parsed.message}" if self._parsed.message else title
        self._mark.setPixmap(pixmap(name, _state_colour(self._parsed.state, theme), 16, self.devicePixelRatioF()))
        self._mark.setToolTip(told)
        self._mark.setAccessibleName(told)
        self.editor.setToolTip(told if self._parsed.message else "")
        self.editor.setAccessibleDescription(told)
        self._clear.setVisible(bool(self.text()))
        self._clear.setIcon(icon("x", theme.dim))
        kept = any(one.text == self.text() for one in self._saved)
        title = "Do not keep this filter any longer" if kept else "Save this filter"
        self._star.setVisible(kept or self._parsed.state is State.VALID)
        self._star.setIcon(icon("star", theme.warn if kept else theme.dim, fill=kept))
        self._star.setToolTip(title)
        self._star.setAccessibleName(title)
        self._past.setIcon(icon("history", theme.dim))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame, in the colour of the state."""
        theme = tokens(self)
        focused = self.editor.hasFocus()
        edge = theme.accent if focused else theme.edge
        if self._parsed.state is State.WRONG:
            edge = theme.err
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(theme.bg))
            wide = 2 if focused else 1
            painter.setPen(QPen(QColor(edge), wide))
            inset = wide / 2
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 6, 6)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_past"):
            self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel stays under the bar."""
        super().resizeEvent(event)
        fits = self.editor.fontMetrics().horizontalAdvance(PLACEHOLDER) < self.editor.width()
        self.editor.setPlaceholderText(PLACEHOLDER if fits else _SHORT_PLACEHOLDER)
        if self._dropdown is not None and self._dropdown.isVisible():
            self._show_panel()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing stays behind on another page."""
        super().hideEvent(event)
        if self._dropdown is not None:
            self._dropdown.hide()


def _state_colour(state: State, theme: Tokens) -> str:
    return {State.EMPTY: theme.dim, State.VALID: theme.ok, State.INCOMPLETE: theme.warn}.get(state, theme.err)


def _sentence(message: str) -> str:
    if not message:
        return ""
    ended = message if message.endswith((".", "?", '"')) else f"{message}."
    return ended[:1].upper() + ended[1:]
