"""The waterfall: overview, ruler and rows of one trace, kept in step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.model import Trace
from tailrace.model.words import count_of
from tailrace.ui.theme import tokens
from tailrace.ui.views.spoken import Role, tell_row
from tailrace.ui.views.waterfall import layout
from tailrace.ui.views.waterfall.area import Note, SpanArea
from tailrace.ui.views.waterfall.axis import Tick
from tailrace.ui.views.waterfall.columns import Column
from tailrace.ui.views.waterfall.critical import Analysis, analyse
from tailrace.ui.views.waterfall.hints import spoken, summary
from tailrace.ui.views.waterfall.keys import Step
from tailrace.ui.views.waterfall.layout import Geometry
from tailrace.ui.views.waterfall.overview import Overview
from tailrace.ui.views.waterfall.paint import Style
from tailrace.ui.views.waterfall.ruler import Ruler, ruler_ticks
from tailrace.ui.views.waterfall.scene import Scene
from tailrace.ui.views.waterfall.state import ViewState, apply_state, read_state

# Up to here the analysis takes less than a frame or two and the view makes it itself, after the first frame.
ANALYSED_HERE = 20_000
_NAME_STEP = 24  # pixels
_KEY_LEVELS = 4


_NOTHING = Note("No trace selected", "Choose a trace in the list to see where its time went.", "route")


class WaterfallView(QWidget):
    """Span tree and timing bars of one trace.

    `selected` tells the span id that the person chose, `activated` that they opened it (Enter, double click on the
    name). `analysis_wanted` carries the tree of a trace too large to analyse here: run `analyse(tree)` in a job and
    hand the result to `set_analysis`. `menu_wanted` carries a span id and a global QPoint. `layout_changed` tells that
    the name column or the optional columns changed.
    """

    SPOKEN_AS = Role.Pane
    selected = Signal(object)
    activated = Signal(object)
    analysis_wanted = Signal(object)
    menu_wanted = Signal(object, object)
    layout_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overview = Overview(self)
        self.ruler = Ruler(self)
        self.area = SpanArea(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self.overview, self.ruler, self.area):
            box.addWidget(part)
        self.setFocusProxy(self.area)
        self.setAccessibleName("Waterfall")
        self._scene: Scene | None = None
        self._note: Note | None = _NOTHING
        self._name_width = layout.NAME
        self._columns: frozenset[Column] = frozenset()
        self._compress = False
        self._style: Style | None = None
        self._analyse_soon = QTimer(self)
        self._analyse_soon.setSingleShot(True)
        self._analyse_soon.setInterval(0)
        self._analyse_soon.timeout.connect(self._analyse_here)
        self.area.stepped.connect(self._step)
        self.area.row_pressed.connect(self._choose)
        self.area.row_activated.connect(self._activate)
        self.area.row_fitted.connect(self._fit_row)
        self.area.row_toggled.connect(self._toggle)
        self.area.zoomed.connect(self._zoom)
        self.area.panned.connect(self._pan)
        self.area.name_resized.connect(self.set_name_width)
        self.area.resized.connect(self._refresh)
        self.area.outdated.connect(self._refresh, Qt.ConnectionType.QueuedConnection)
        self.area.pointed.connect(self.ruler.point_at)
        self.area.menu_wanted.connect(self._offer_menu)
        self.overview.reframed.connect(self._reframe)
        self.overview.reset.connect(self.fit_all)
        self._refresh()

    # what is shown

    @property
    def scene(self) -> Scene | None:
        """What is on screen, None without a trace."""
        return self._scene

    def show_trace(self, trace: Trace | None) -> None:
        """Show a trace from its start, everything expanded, nothing selected or found; None shows that none is
        chosen."""
        self._analyse_soon.stop()
        self.area.verticalScrollBar().setValue(0)
        if trace is None or not len(trace.tree):
            self._scene = None
            self._note = _NOTHING if trace is None else Note("This trace has no spans", "", "file-question")
            self._refresh()
            return
        self._note = None
        self._scene = Scene(trace.tree)
        self._refresh()
        if len(trace.tree) <= ANALYSED_HERE:
            self._analyse_soon.start()
        else:
            self.analysis_wanted.emit(trace.tree)

    def show_loading(self, spans: int | None = None) -> None:
        """Say that a trace is being read."""
        what = "Reading the trace…" if spans is None else f"Reading {count_of(spans, 'span')}…"
        self._show_note(Note(what, "", "loader-circle", busy=True))

    def show_message(self, title: str, hint: str) -> None:
        """Say in words why there is nothing to see."""
        self._show_note(Note(title, hint, "circle-alert"))

    def set_analysis(self, analysis: Analysis) -> None:
        """Take over what `analyse` found in the tree on screen; that of another tree is late and dropped."""
        if self._scene is not None and analysis.tree is self._scene.tree:
            self._scene.analysis = analysis
            if self._compress:
                self._scene.compress_gaps(True)
            self._refresh()

    def select(self, span_id: str | None) -> None:
        """Select a span, expanding what hides it, without a signal. None and unknown ids select nothing."""
        if self._scene is None:
            return
        row = -1 if span_id is None else self._scene.tree.row_of(span_id)
        if row == self._scene.selected:
            return
        self._scene.selected = row
        if row >= 0:
            self._scene.reveal(row)
        self._refresh()
        self._show_current(centre=True)

    def selected_id(self) -> str | None:
        """The id of the selected span."""
        scene = self._scene
        return None if scene is None or scene.selected < 0 else scene.tree.span_ids[scene.selected]

    def set_matches(self, span_ids: frozenset[str] | None, hide: bool = False) -> None:
        """Dim (or hide) all but the given spans and their ancestors. None ends it."""
        self._change(lambda scene: scene.find(span_ids, hide), follow=True)

    def set_columns(self, columns: frozenset[Column]) -> None:
        """Show these optional columns, in their own order."""
        self._columns = columns
        self._refresh()
        self.layout_changed.emit()

    def columns(self) -> frozenset[Column]:
        """The optional columns that are wanted."""
        return self._columns

    def set_name_width(self, width: int | None) -> None:
        """Make the name column so wide (it gives way in a narrow widget); None is the usual width."""
        self._name_width = layout.NAME if width is None else max(layout.NAME_MIN, min(int(width), 2_000))
        self._refresh()
        self.layout_changed.emit()

    def widen_names(self) -> None:
        """A wider column of names."""
        self.set_name_width(self._name_width + _NAME_STEP)

    def narrow_names(self) -> None:
        """A narrower one."""
        self.set_name_width(self._name_width - _NAME_STEP)

    def name_width(self) -> int:
        """The wanted width of the name column."""
        return self._name_width

    @property
    def compresses_gaps(self) -> bool:
        """Whether long idle gaps are squeezed."""
        return self._compress

    def set_compress_gaps(self, on: bool) -> None:
        """Squeeze long idle gaps, or show time as it was; stays on for traces shown later."""
        self._compress = on
        self._change(lambda scene: scene.compress_gaps(on))

    def state(self, most: int | None = None) -> ViewState | None:
        """What a person has set up in this trace, to be restored later; None without a trace. Of what is collapsed, the
        first `most`."""
        return None if self._scene is None else read_state(self._scene, self.area.verticalScrollBar().value(), most)

    def restore(self, state: ViewState) -> None:
        """Set the trace on screen up as it was, without a signal. What is no longer there is left out."""
        if self._scene is not None:
            apply_state(self._scene, state)
            self._refresh()
            self.area.verticalScrollBar().setValue(state.scroll)

    # steps, for keys and commands alike

    def zoom_in(self) -> None:
        """Zoom in at the pointer where it is over the bars, else at the selected span where it is visible, else at the
        middle."""
        self._zoom_keyed(_KEY_LEVELS)

    def zoom_out(self) -> None:
        """The opposite of `zoom_in`."""
        self._zoom_keyed(-_KEY_LEVELS)

    def pan_left(self) -> None:
        """An eighth of the window to earlier times."""
        self._pan(-1, 8)

    def pan_right(self) -> None:
        """An eighth of the window to later times."""
        self._pan(1, 8)

    def fit_selected(self) -> None:
        """Fit the selected span; once more, the whole trace."""
        self._change(Scene.fit_selected, follow=True)

    def fit_all(self) -> None:
        """The whole trace."""
        self._change(Scene.fit_all)

    def collapse_all(self) -> None:
        """Collapse every span."""
        self._change(Scene.collapse_all, follow=True)

    def expand_all(self) -> None:
        """Expand every span."""
        self._change(Scene.expand_all, follow=True)

    def next_error(self) -> bool:
        """Select the next span with an error, going round. False when there is none."""
        return self._scene is not None and self._go_to(self._scene.next_error(1))

    def previous_error(self) -> bool:
        """Select the previous span with an error, going round. False when there is none."""
        return self._scene is not None and self._go_to(self._scene.next_error(-1))

    def next_match(self) -> bool:
        """Select the next match of find in trace, going round. False when there is none."""
        return self._scene is not None and self._go_to(self._scene.next_found(1))

    def previous_match(self) -> bool:
        """Select the previous match of find in trace, going round. False when there is none."""
        return self._scene is not None and self._go_to(self._scene.next_found(-1))

    def match_position(self) -> tuple[int, int]:
        """Which match is selected (1 for the first, 0 when none is) and how many there are."""
        scene = self._scene
        if scene is None or scene.found is None:
            return 0, 0
        here = int(scene.found[: scene.selected + 1].sum()) if scene.selected >= 0 else 0
        return here if scene.selected >= 0 and scene.found[scene.selected] else 0, int(scene.found.sum())

    def to_parent(self) -> None:
        """Collapse the selected span, or go to its parent."""
        scene = self._scene
        if scene is None or scene.selected < 0:
            return
        row = scene.selected
        if scene.has_children[row] and not scene.collapsed[row]:
            self._toggle(row)
        else:
            self._go_to(int(scene.tree.parent[row]))

    def to_child(self) -> None:
        """Expand the selected span, or go to its first child."""
        scene = self._scene
        if scene is None or scene.selected < 0:
            return
        if scene.collapsed[scene.selected] and scene.has_children[scene.selected]:
            self._toggle(scene.selected)
        else:
            self._go_to(scene.first_child(scene.selected))

    # inside

    def _show_note(self, note: Note) -> None:
        self._analyse_soon.stop()
        self._scene, self._note = None, note
        self._refresh()

    def _analyse_here(self) -> None:
        if self._scene is not None and self._scene.analysis is None:
            self.set_analysis(analyse(self._scene.tree))

    def _current_style(self) -> Style:
        theme, ratio = tokens(self), self.devicePixelRatioF()
        if self._style is None or self._style.theme is not theme or self._style.ratio != ratio:
            self._style = Style(theme, ratio)
        return self._style

    def _geometry(self) -> Geometry:
        return layout.arrange(self.area.viewport().width(), self._name_width, self._columns)

    def _refresh(self) -> None:
        """Hand the state of things to the three parts."""
        scene, style, geometry = self._scene, self._current_style(), self._geometry()
        made: list[Tick] = []
        grid: tuple[int, ...] = ()
        if scene is not None:
            scene.floor = geometry.span
            made = ruler_ticks(scene, geometry, style)
            places = (round(geometry.x(scene.window, tick.shown)) for tick in made)
            grid = tuple(x for x in places if x >= geometry.bars)
        self.overview.show_scene(scene, geometry, style, () if scene is None else summary(scene))
        self.ruler.show_ticks(scene, geometry, style, made)
        self.area.show_scene(scene, geometry, style, self._note, grid)
        self._tell()

    def _tell(self) -> None:
        """Let screen readers know the current row."""
        scene, note = self._scene, self._note
        if scene is not None and scene.selected >= 0:
            text = spoken(scene, scene.selected)
        elif scene is not None:
            text = f"{count_of(len(scene.tree), 'span')}, none selected"
        else:
            text = f"{note.title}. {note.hint}" if note is not None else ""
        if text != self.area.accessibleDescription():
            self.area.setAccessibleDescription(text)
            tell_row(self.area)

    def _show_current(self, centre: bool = False) -> None:
        if self._scene is not None and (position := self._scene.position(self._scene.selected)) >= 0:
            self.area.scroll_to(position, centre)

    def _change(self, change: Callable[[Scene], object], follow: bool = False) -> None:
        """Do a step to the scene, show it (with `follow` also the current row) and tell where the selection went."""
        scene = self._scene
        if scene is None:
            return
        before = scene.selected
        change(scene)
        self._refresh()
        if follow:
            self._show_current()
        if scene.selected not in (before, -1):
            self.selected.emit(scene.tree.span_ids[scene.selected])

    def _go_to(self, row: int, centre: bool = True) -> bool:
        """Select a row as the person would, and bring it into view."""
        if self._scene is None or row < 0:
            return False
        self._scene.reveal(row)
        self._choose(row)
        self._show_current(centre)
        return True

    def _choose(self, row: int) -> None:
        self._change(lambda scene: scene.select(row))

    def _activate(self, row: int) -> None:
        if self._scene is not None:
            self._choose(row)
            self.activated.emit(self._scene.tree.span_ids[row])

    def _offer_menu(self, row: int, place: QPoint) -> None:
        if self._scene is not None:
            self._choose(row)
            self.menu_wanted.emit(self._scene.tree.span_ids[row], place)

    def _fit_row(self, row: int) -> None:
        self._change(lambda scene: scene.fit_row(row))

    def _toggle(self, row: int) -> None:
        self._change(lambda scene: scene.toggle(row), follow=True)

    def _zoom(self, levels: int, part: int, whole: int) -> None:
        self._change(lambda scene: scene.zoom(levels, part, whole))

    def _zoom_keyed(self, levels: int) -> None:
        scene = self._scene
        if scene is None:
            return
        part, whole = 1, 2
        if (pointer := self.area.pointer()) is not None:
            part, whole = pointer, self._geometry().span
        elif scene.selected >= 0:
            middle = (int(scene.begin[scene.selected]) + int(scene.end[scene.selected])) // 2
            if scene.window.low <= middle <= scene.window.high:
                part, whole = middle - scene.window.low, scene.window.span
        self._zoom(levels, part, whole)

    def _pan(self, part: int, whole: int) -> None:
        self._change(lambda scene: scene.pan(part, whole))

    def _reframe(self, low: int, high: int) -> None:
        self._change(lambda scene: scene.show_window(low, high))

    def _step(self, step: Step) -> None:
        """Do what a key asks for."""
        scene = self._scene
        if scene is None:
            return
        page, everything = self.area.rows_a_page(), len(scene.rows)
        moves = {
            Step.UP: -1,
            Step.DOWN: 1,
            Step.PAGE_UP: -page,
            Step.PAGE_DOWN: page,
            Step.FIRST: -everything,
            Step.LAST: everything,
        }
        if step in moves:
            self._go_to(scene.move(moves[step]), centre=False)
        elif step is Step.ACTIVATE:
            if scene.selected >= 0:
                self._activate(scene.selected)
        else:
            _STEPS[step](self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # over ruler and overview the wheel does the same as over the rows
        self.area.wheelEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._style = None
            self._refresh()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refresh()
        return done


_STEPS: dict[Step, Callable[[WaterfallView], object]] = {
    Step.ZOOM_IN: WaterfallView.zoom_in,
    Step.ZOOM_OUT: WaterfallView.zoom_out,
    Step.PAN_LEFT: WaterfallView.pan_left,
    Step.PAN_RIGHT: WaterfallView.pan_right,
    Step.FIT: WaterfallView.fit_selected,
    Step.LEFT: WaterfallView.to_parent,
    Step.RIGHT: WaterfallView.to_child,
    Step.COLLAPSE_ALL: WaterfallView.collapse_all,
    Step.EXPAND_ALL: WaterfallView.expand_all,
    Step.NEXT_ERROR: WaterfallView.next_error,
    Step.PREVIOUS_ERROR: WaterfallView.previous_error,
    Step.WIDER_NAMES: WaterfallView.widen_names,
    Step.NARROWER_NAMES: WaterfallView.narrow_names,
}
