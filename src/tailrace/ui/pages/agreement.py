"""The Agreement page: how far reviewers agree, where they differ, and settling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from tailrace.jobs import Ticket
from tailrace.model import Score
from tailrace.model.review import Change, Put, QueueSource, Recipe, Removal
from tailrace.model.words import format_count
from tailrace.query import with_term
from tailrace.review.judgement import adjudicated_id, adjudicated_score
from tailrace.ui.commands import with_key_words
from tailrace.ui.models.agreement_found import Compared, Found, compare, read_agreement
from tailrace.ui.models.conflicts import PairTable, RatedScore
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.pages.panes import Pane
from tailrace.ui.theme import tip, ui_font
from tailrace.ui.views.agreement_list import AgreementList, AgreementRow
from tailrace.ui.views.conflicts import ConflictList, ConflictRow, Said
from tailrace.ui.views.confusion import Cell, ConfusionTable
from tailrace.ui.views.controls import PaintedButton, Switch, Words
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.review.progress import ProgressLine
from tailrace.ui.views.review.scope_bar import ScopeBar, scope_words
from tailrace.ui.views.settle_card import SettleCard

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_PAUSE_MS = 300  # a person who settles quickly is read after, not between
_WIDE = 1250


class AgreementPage(QWidget):
    """Reads when it is shown and after judging.

    Signals: `trace_wanted(object)` the key of a trace to open; `queue_wanted(object)` the Recipe of a queue of the
    disagreements; `status(object)` a sentence for the status bar.
    """

    trace_wanted = Signal(object)
    queue_wanted = Signal(object)
    status = Signal(object)

    def __init__(self, session: Session, judging: Judging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._hidden: frozenset[str] = frozenset()
        self._found: Found | None = None
        self._score: RatedScore | None = None
        self._pair: PairTable | None = None
        self._rows: list[ConflictRow] = []
        self._settled: dict[tuple[str, str], Said | None] = {}  # done here, and not read back yet
        self._stale = True
        self._arrange()
        self.setFocusProxy(self.conflicts)  # its keys settle
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._refresh_if_seen)
        self.list.chosen.connect(self._show_chosen)
        self.list.pointed.connect(self._show_meaning)
        self.table.chosen.connect(self._filter_cell)
        self.conflicts.moved.connect(self.card.show_conflict)
        self.conflicts.settled.connect(self._settle)
        self.conflicts.opened.connect(self._open)
        self.card.settled.connect(self._settle)
        self.card.opened.connect(self._open)
        self.which.chosen.connect(self._list_conflicts)
        self.queue.clicked.connect(self._ask_queue)
        self.all_cells.clicked.connect(self._unfilter)
        judging.changed.connect(self._note_change)
        judging.saved.connect(self._note_change)
        judging.failed.connect(self._note_change)
        session.opened.connect(self._start_again)
        session.data_changed.connect(self._note_change)

    def _arrange(self) -> None:
        self.list = AgreementList()
        self._meaning = QLabel()
        self._meaning.setTextFormat(Qt.TextFormat.PlainText)
        self._meaning.setWordWrap(True)
        self._meaning_title = _heading("What this means")
        meaning = QFrame()
        meaning.setObjectName("status")
        inside = QVBoxLayout(meaning)
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(4)
        inside.addWidget(self._meaning_title)
        inside.addWidget(self._meaning)
        left = _column(_strip(_heading("Agreement")), self.list, meaning)
        left.setMinimumWidth(270)

        self.table = ConfusionTable()
        self._table_title = _heading("")
        self._table_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._table_hint = QLabel("a cell lists its traces")
        self._table_hint.setObjectName("dim")
        self._table_hint.setFont(ui_font(12))
        middle = _column(_strip(self._table_title, self._table_hint), self.table)
        middle.setMinimumWidth(300)

        self.settled = QLabel()
        self.progress = ProgressLine()
        self.progress.setMaximumWidth(260)
        self.which = Switch({"all": "All", "open": "Open"}, "Which conflicts")
        self.which.button("all").setToolTip("Also the settled ones")
        self.which.button("open").setToolTip("Only those that are not settled yet")
        self.queue = PaintedButton("Make a queue", "list", small=True)
        self.queue.setToolTip("A queue of these disagreements, to look at again one by one")
        self.all_cells = PaintedButton("", "x", flat=True, small=True)
        self.all_cells.setToolTip("All conflicts of this pair again (Escape in the table)")
        self.conflicts = ConflictList()
        self._nothing = Placeholder(self.conflicts.viewport())
        self.conflicts.viewport().installEventFilter(self)
        self.card = SettleCard()
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 10, 6)
        head.setSpacing(8)
        head.addWidget(self.settled)
        head.addWidget(self.progress, 1)
        head.addStretch(0)
        head.addWidget(self.all_cells)
        head.addWidget(self.which)
        head.addWidget(self.queue)
        strip = QFrame()
        strip.setObjectName("header")
        strip.setLayout(head)
        self._keys = Words("", "faint", ui_font(11))
        self.show_keys({"review.pass": "P", "review.fail": "F"})
        foot = QFrame()
        foot.setObjectName("status")
        QHBoxLayout(foot).addWidget(self._keys)
        foot.layout().setContentsMargins(14, 5, 14, 5)  # type: ignore[union-attr]
        right = _column(strip, self.conflicts, self.card, foot)
        right.layout().setStretchFactor(self.conflicts, 3)  # type: ignore[union-attr]
        right.setMinimumWidth(380)

        self._inner = QSplitter(Qt.Orientation.Vertical)
        self._whole = KeptSplitter("agreement-splitter", Qt.Orientation.Horizontal)
        for splitter, parts in ((self._inner, (middle, right)), (self._whole, (left, self._inner))):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            for part in parts:
                splitter.addWidget(part)
            splitter.setStretchFactor(1, 1)
        self._whole.setSizes([330, 1000])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.scope = ScopeBar()
        self.scope.chosen.connect(self.refresh)
        box.addWidget(self.scope)
        box.addWidget(self._whole, 1)
        box.addStretch(0)
        self.empty = Placeholder(self)
        self.empty.hide()

    # Reading

    @property
    def is_waiting(self) -> bool:
        """True while it is about to be read again, in sight."""
        return self.isVisible() and self._later.isActive()

    def refresh(self) -> None:
        """Read all ratings again; what is selected stays selected."""
        self._later.stop()
        self._stale = False
        hidden, within = self._hidden, self.scope.within
        if self._found is None:
            self._say_instead("Comparing what reviewers said…", "", "hourglass")

        def work(workspace: Workspace, ticket: Ticket) -> Found:
            return read_agreement(workspace, hidden, ticket, within)

        self._session.read("agreement", work, self._show)

    def set_queue(self, name: str | None, trace_ids: frozenset[str]) -> None:
        """Another queue is open, or none: its traces are compared unless a person chose all."""
        if self.scope.set_queue(name, trace_ids):
            self._note_change()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys of the commands as people read them: those of pass and fail settle here too."""
        of_verdicts = {word: keys.get(f"review.{word}", "") for word in ("pass", "fail")}
        self.conflicts.show_keys(of_verdicts)
        self.card.show_keys(of_verdicts)
        letters = " ".join(filter(None, of_verdicts.values()))
        settle = f"{letters} or 1–9 settle" if letters else "1–9 settle"
        self._keys.set_text(f"J K move · {settle} · Delete takes back · Enter opens the trace")

    def set_hidden(self, trace_ids: frozenset[str]) -> None:
        """Traces of blind queues that wait for my own verdict: what others said of them stays hidden."""
        if trace_ids != self._hidden:
            self._hidden = trace_ids
            self._note_change()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """What F6 goes round."""
        return (
            (self.list, self.list),
            (self.table, self.table),
            (self.conflicts, self.conflicts),
            (self.card, self.card.open),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: come into sight."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the table stands beside the conflicts where there is room, else above them."""
        super().resizeEvent(event)
        self.empty.setGeometry(self._below)
        wanted = Qt.Orientation.Horizontal if self.width() >= _WIDE else Qt.Orientation.Vertical
        if self._inner.orientation() is not wanted or event.oldSize().width() <= 0:
            self._inner.setOrientation(wanted)
            self._inner.setSizes([540, 760] if wanted is Qt.Orientation.Horizontal else [232, 420])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the words in an empty list fill it."""
        if watched is self.conflicts.viewport() and event.type() is QEvent.Type.Resize:
            self._nothing.setGeometry(self.conflicts.viewport().rect())
        return False

    def _start_again(self, _: object) -> None:
        self._found = None
        self._note_change()

    def _note_change(self, _: object = None) -> None:
        self._stale = True
        self._later.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self, found: Found) -> None:
        if self._stale and self._settled:
            self._later.start()
            return
        self._found = found
        self._settled.clear()
        self.scope.say(f"Agreement and conflicts {scope_words(found.judged, self.scope.name)}")
        if not found.agreement:
            self._teach(found)
            return
        self.empty.hide()
        self._whole.show()
        self.list.show_rows(found.agreement)

    def _teach(self, found: Found) -> None:
        if found.everything:
            count = len(found.hidden & {rating.trace_id for rating in found.ratings})
            self._say_instead(
                "Hidden until your own verdicts are in",
                f"{format_count(count)} shared traces are in a blind queue. Judge them first, then this shows.",
                "eye-off",
            )
        elif self.scope.name is not None:
            self._say_instead(
                "No trace of this queue was judged by two yet",
                "“All judged” compares what was said of the other traces of this database too.",
                "user",
            )
        elif found.ratings:
            raters = sorted({rating.rater for rating in found.ratings})
            self._say_instead(
                "Nobody else has judged these traces yet",
                f"So far only {_and(raters[:4])} gave scores, and no trace has two. To compare, let a second person "
                "review the same queue in a copy of this database and export their review as a file; merge that file "
                "into this database, and how far you agree shows here.",
                "user",
            )
        else:
            self._say_instead(
                "No scores yet",
                "Judge some traces on the Review page. When a second reviewer's work is merged in, or an automatic "
                "score has the same name as yours, their agreement shows here.",
                "clipboard-check",
            )

    def _say_instead(self, title: str, hint: str, icon: str) -> None:
        self._whole.hide()
        self.empty.setGeometry(self._below)
        self.empty.show_words(title, hint, icon)

    @property
    def _below(self) -> QRect:
        return self.rect().adjusted(0, self.scope.height(), 0, 0)

    # What is chosen

    def _show_meaning(self, row: AgreementRow) -> None:
        self._meaning.setText(row.meaning)

    def _show_chosen(self, row: AgreementRow) -> None:
        found = self._found
        if found is not None:
            self._session.read("agreement-conflicts", lambda workspace, ticket: compare(found, row), self._show_pair)

    def _show_pair(self, compared: Compared) -> None:
        self._score, self._pair = compared.score, compared.pair
        table = compared.pair.table
        title = f"{compared.score.title}: {table.first} and {table.second}"
        self._table_title.setText(title)
        self._table_title.setToolTip(tip(title))
        self.table.show_table(table)
        self._rows = [self._as_settled(row) for row in compared.rows] if self._settled else compared.rows
        self._list_conflicts()

    def _as_settled(self, row: ConflictRow) -> ConflictRow:
        """A conflict with what was just done to it."""
        key = (row.trace_id, row.name)
        if key not in self._settled:
            return row
        said = self._settled[key]
        return replace(row, settled=said, settled_by=self._judging.author if said else "", outdated=None)

    def _filter_cell(self, cell: Cell | None) -> None:
        self._list_conflicts()

    def _unfilter(self) -> None:
        self.table.pick(None)

    def _list_conflicts(self, _: object = None) -> None:
        pair, cell = self._pair, self.table.picked
        rows = self._rows
        if cell is not None and pair is not None:
            rows = [row for row in rows if not row.hidden and pair.cells.get(row.trace_id) == cell]
        done = sum(row.settled is not None for row in rows)
        words = f"{format_count(done)} of {format_count(len(rows))} settled" if rows else "no conflicts"
        self.settled.setText(words)
        self.progress.show_progress(len(rows), done, 0, 0, words)
        self.all_cells.setVisible(cell is not None)
        self.all_cells.setText(pair.table.say(cell).partition(":")[0] if cell is not None and pair is not None else "")
        self.all_cells.updateGeometry()
        self.queue.setEnabled(bool(self._rows))
        shown = rows if self.which.value == "all" else [row for row in rows if row.settled is None]
        self.conflicts.show_rows(shown)
        self._nothing.setVisible(not shown)
        if not shown:
            self._explain_none(cell, bool(rows))

    def _explain_none(self, cell: Cell | None, settled: bool) -> None:
        if settled:
            title, hint = "All of them are settled", "“All” shows them with what each rater had given."
        elif cell is not None and cell[0] == cell[1]:
            title, hint = "Here they agree", "Conflicts are off the diagonal. Press the cell again to see all of them."
        elif cell is not None:
            title, hint = "No conflict in this cell", "Press the cell again to see all of them."
        else:
            title, hint = "No conflicts", "They gave the same value on every trace that they share."
        self._nothing.setGeometry(self.conflicts.viewport().rect())
        self._nothing.show_words(title, hint, "circle-check")

    # What a person does

    def _settle(self, wanted: tuple[ConflictRow, Said | None]) -> None:
        row, said = wanted
        score = self._score
        if score is None or row.hidden:
            return
        change: Change
        if said is None:
            change = Removal(Score, adjudicated_id(row.trace_id, row.name))
            self.status.emit("Open again")
        else:
            like = (r for r in score.by_trace[row.trace_id].values() if score.said(r) == said)
            value = next((rating.value for rating in like if rating.value is not None), said.value)
            kind = score.kind_of(said)
            change = Put(adjudicated_score(self._judging.author, row.trace_id, row.name, kind, value, said.label))
            back = with_key_words("{edit.undo} takes it back.")
            self.status.emit(f"Settled as {said.words}; what each rater gave stays. {back}")
        self._judging.change((change,), "adjudication")
        self._stale = True  # what is being read does not know of it yet
        self._settled[row.trace_id, row.name] = said
        self._rows = [self._as_settled(one) for one in self._rows]
        if said is not None:
            self.conflicts.step_to_open()
        self._list_conflicts()

    def _open(self, row: ConflictRow) -> None:
        if row.hidden:
            self.status.emit("Give your own verdict in the blind queue first: the trace shows what others said")
        elif row.key >= 0:
            self.trace_wanted.emit(row.key)
        else:
            self.status.emit("This trace is not in this database")

    def _ask_queue(self) -> None:
        if self._score is not None:
            text = "" if self.scope.name is None else with_term("", "queue", self.scope.name)
            recipe = Recipe(source=QueueSource.DISAGREEMENTS, filter_text=text, score=self._score.name)
            self.queue_wanted.emit(recipe)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("title")
    return label


def _strip(*parts: QWidget) -> QFrame:
    strip = QFrame()
    strip.setObjectName("header")
    row = QHBoxLayout(strip)
    row.setContentsMargins(14, 8, 12, 8)
    for part in parts:
        row.addWidget(part, 1 if part is parts[0] else 0)
    return strip


def _column(*parts: QWidget) -> QFrame:
    frame = QFrame()
    box = QVBoxLayout(frame)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for part in parts:
        box.addWidget(part)
    box.setStretchFactor(parts[1], 1)
    return frame
