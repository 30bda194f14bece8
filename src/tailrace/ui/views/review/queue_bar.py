"""The top row of the Review page: which queue, how far it is, what is looked at, who reviews, and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from tailrace.model.review import QueueSummary
from tailrace.ui.theme import give_tip, icon, pixmap, tokens
from tailrace.ui.views.bar_button import HEIGHT, BarButton
from tailrace.ui.views.controls import Switch
from tailrace.ui.views.review.progress import ProgressLine, ProgressWords
from tailrace.ui.views.review.queue_popup import QueuePopup
from tailrace.ui.views.spoken import Role

VIEWS = {"items": "Items", "modes": "Failure modes", "agreement": "Agreement"}
EXPORTS: tuple[tuple[str, str, str], ...] = (
    ("labels", "Labels…", "tags"),
    ("dataset", "Dataset…", "database"),
    ("report", "Review report…", "file-text"),
    ("review", "My review, for a colleague…", "download"),
    ("merge", "Merge others’ reviews…", "git-merge"),
)
_EXPORT_COMMANDS = {
    "labels": "review.export-labels",
    "dataset": "review.export-dataset",
    "report": "review.report",
    "review": "review.export-review",
    "merge": "review.merge",
}
_MEANINGS = {
    "items": "Judge one item after the other",
    "modes": "What the failures have in common, and how often each failure mode occurs",
    "agreement": "How far reviewers agree, and the conflicts to settle",
}
_GAP = 10
_NARROWEST = 560


class QueueBar(QWidget):
    """All of it in one row; where there is little room, the words go first, from the right.

    Signals: `queue_chosen(object)`, `edit_queue_wanted(object)` and `remove_queue_wanted(object)` carry a queue id;
    `new_queue_wanted()`; `reviewer_chosen(object)` a name, `reviewer_wanted()` asks for another one;
    `export_wanted(str)` is labels, dataset, report, review or merge; `view_chosen(str)` items, modes or agreement.
    """

    SPOKEN_AS = Role.ToolBar
    queue_chosen = Signal(object)
    new_queue_wanted = Signal()
    edit_queue_wanted = Signal(object)
    remove_queue_wanted = Signal(object)
    reviewer_chosen = Signal(object)
    reviewer_wanted = Signal()
    export_wanted = Signal(str)
    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Queue")
        self._queue_id: str | None = None
        self.queue = BarButton("Queue:", parent=self)
        self.queue.clicked.connect(self.open_queues)
        self.blind = QLabel(self)
        self.blind.setAccessibleName("Blind: others’ judgements are hidden until yours is in")
        self.blind.setToolTip("Blind: others’ judgements are hidden until yours is in")
        self.blind.hide()
        self.line = ProgressLine(self)
        self.words = ProgressWords(self)
        self.switch = Switch(VIEWS, "What is shown", self)
        self.switch.chosen.connect(self._choose_view)
        self.reviewer = BarButton("Reviewer:", parent=self)
        self.reviewer.clicked.connect(self.open_reviewers)
        self.export = BarButton(primary=True, parent=self)
        self.export.setAccessibleName("Export and merge")
        self.export.setToolTip("Labels, dataset, report; your review for a colleague, and theirs into this database")
        self.export.clicked.connect(self.open_exports)
        self.popup = QueuePopup(self)
        self.popup.chosen.connect(self.queue_chosen)
        self.popup.new_wanted.connect(self.new_queue_wanted)
        self.popup.edit_wanted.connect(self._edit)
        self.popup.remove_wanted.connect(self._remove)
        self.reviewers = QMenu(self)
        self._names = QActionGroup(self)
        self._names.triggered.connect(self._choose_reviewer)
        self.exports = QMenu(self)
        for kind, title, _ in EXPORTS:
            if kind == "review":
                self.exports.addSeparator()
            self.exports.addAction(title).setData(kind)
        self.exports.triggered.connect(self._choose_export)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_queues((), None)
        self.show_reviewers((), "you")
        self._dress()

    def show_queues(self, summaries: Sequence[QueueSummary], current: str | None) -> None:
        """Every queue with its progress, and the id of the one on show."""
        found = next((summary for summary in summaries if summary.queue.queue_id == current), None)
        self._queue_id = None if found is None else found.queue.queue_id
        name = "none yet" if not summaries else "choose one" if found is None else found.queue.name
        self.queue.set_text(" ".join(name[:200].split()))
        self.queue.setAccessibleName(f"Queue: {name}")
        give_tip(self.queue, "" if found is None else f"{name}\n{found.queue.instructions}".strip())
        self.blind.setVisible(found is not None and found.queue.blind)
        for part in (self.line, self.words):
            part.setVisible(found is not None)
        self.popup.show_queues(summaries, current)
        self._fit()

    def show_progress(self, size: int, passed: int, failed: int, deferred: int, words: str) -> None:
        """How far the queue on show is; `words` in parts between middle dots, the most important first."""
        self.line.show_progress(size, passed, failed, deferred)
        self.words.set_words(words)
        self._fit()

    def show_reviewers(self, names: Sequence[str], current: str) -> None:
        """Who has reviewed here, and who reviews now."""
        self.reviewer.set_text(" ".join(current[:100].split()))
        self.reviewer.setAccessibleName(f"Reviewer: {current}")
        give_tip(self.reviewer, f"Verdicts are given as {current}")
        self.reviewers.clear()
        for action in self._names.actions():
            self._names.removeAction(action)
        for name in dict.fromkeys((current, *names)):
            action = self.reviewers.addAction(" ".join(name[:100].split()).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == current)
            action.setData(name)
            self._names.addAction(action)
        self.reviewers.addSeparator()
        self.reviewers.addAction("Another name…").triggered.connect(self.reviewer_wanted)
        self._fit()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys as they are set now, by command: tooltips and menus name them."""
        for view in VIEWS:
            key = keys.get(f"review.{view}", "")
            self.switch.button(view).setToolTip(f"{_MEANINGS[view]} ({key})" if key else _MEANINGS[view])
        self.popup.show_key(keys.get("review.new-queue", ""))
        for action in self.exports.actions():
            title = next((title for kind, title, _ in EXPORTS if kind == action.data()), "")
            key = keys.get(_EXPORT_COMMANDS.get(str(action.data()), ""), "")
            if title:
                action.setText(f"{title}\t{key}" if key else title)

    def set_view(self, view: str) -> None:
        """Show items, modes or agreement as what is looked at. Emits nothing."""
        self.switch.set_value(view)

    def open_queues(self) -> None:
        """Open the list of queues."""
        self.popup.open_under(self.queue)

    def open_reviewers(self) -> None:
        """Open the list of reviewers."""
        self.reviewers.popup(self.reviewer.mapToGlobal(QPoint(0, self.reviewer.height() + 4)))

    def open_exports(self) -> None:
        """Open what can be exported and merged."""
        right = self.exports.sizeHint().width()
        self.exports.popup(self.export.mapToGlobal(QPoint(self.export.width() - right, self.export.height() + 4)))

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(1000, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """What still works."""
        return QSize(_NARROWEST, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _sizes(self) -> Iterator[tuple[int, int, int, int]]:
        """Widths of the queue, the parts of words, the reviewer and the export, the roomiest first."""
        queue, parts = min(320, self.queue.width_for()), self.words.parts if self.words.isVisibleTo(self) else 0
        reviewer, short = min(220, self.reviewer.width_for()), min(130, self.reviewer.width_for(lead=False))
        self.export.setText("Export labels")
        export = self.export.width_for()
        self.export.setText("Export")
        least = min(parts, 3)
        for count in range(parts, least, -1):
            yield queue, count, reviewer, export
        yield min(queue, 220), least, reviewer, export
        yield min(queue, 220), least, short, export
        yield min(queue, 220), least, short, self.export.width_for()
        for wide in (160, 120):
            for count in range(least, 0, -1):
                yield min(queue, wide), count, short, self.export.width_for()
        yield min(queue, 110), 0, short, self.export.width_for()

    def _fit(self) -> None:
        blind = 16 if self.blind.isVisibleTo(self) else 0
        switch = self.switch.sizeHint().width()
        line = 40 if self.line.isVisibleTo(self) else 0
        room = self.width()
        widths = (0, 0, 0, 0)
        for widths in self._sizes():
            queue, parts, reviewer, export = widths
            words = self.words.width_for(parts)
            needed = [width for width in (queue, blind, line, words, switch, reviewer, export) if width]
            spare = room - sum(needed) - _GAP * (len(needed) - 1)
            if spare >= 0:
                break
        queue, parts, reviewer, export = widths
        self.words.show_parts(parts)
        self.queue.show_lead(queue > 160 or queue >= self.queue.width_for())
        self.reviewer.show_lead(reviewer >= min(220, self.reviewer.width_for()))
        self.export.setText("Export labels" if export > self.export.width_for() else "Export")
        line = max(0, line + spare) if line else 0
        left = 0
        for part, width, height in (
            (self.queue, queue, HEIGHT),
            (self.blind, blind, HEIGHT),
            (self.line, line, HEIGHT),
            (self.words, self.words.width_for(parts), HEIGHT),
        ):
            part.setGeometry(left, (self.height() - height) // 2, width, height)
            left += width + _GAP if width else 0
        right = self.width()
        for button, width, height in (
            (self.export, export, HEIGHT),
            (self.reviewer, reviewer, HEIGHT),
            (self.switch, switch, self.switch.sizeHint().height()),
        ):
            button.setGeometry(right - width, (self.height() - height) // 2, width, height)
            right -= width + _GAP

    def _edit(self) -> None:
        self.edit_queue_wanted.emit(self._queue_id)

    def _remove(self) -> None:
        self.remove_queue_wanted.emit(self._queue_id)

    def _choose_view(self, view: object) -> None:
        self.view_chosen.emit(str(view))

    def _choose_reviewer(self, action: QAction) -> None:
        self.reviewer_chosen.emit(action.data())

    def _choose_export(self, action: QAction) -> None:
        self.export_wanted.emit(action.data())

    def _dress(self) -> None:
        theme = tokens(self)
        self.blind.setPixmap(pixmap("eye-off", theme.dim, 16, self.devicePixelRatioF()))
        self.blind.setAlignment(Qt.AlignmentFlag.AlignCenter)
        pictures = {kind: picture for kind, _, picture in EXPORTS}
        for action in self.exports.actions():
            if action.data() in pictures:
                action.setIcon(icon(pictures[action.data()], theme.dim))
