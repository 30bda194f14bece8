"""The datasets: which one examples go into, their names, and what is in them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.review import Change, Dataset, DatasetItem, Put, Removal
from tailrace.ui.models.dataset_changes import examples, expecting, name_problem, new_dataset, removal, renamed
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton, Words
from tailrace.ui.views.example_card import ExampleCard
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.splitter import PaneSplitter
from tailrace.ui.views.two_lines import TwoLines


class DatasetsDialog(QDialog):
    """Reads again after every change of `judging`; what a person does is emitted, not done here.

    Signals: `changed(object)` a tuple of Changes to make; `chosen(object)` the id of the dataset to add to from now on.
    """

    changed = Signal(object)
    chosen = Signal(object)

    def __init__(
        self, session: Session, judging: Judging, current: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Datasets")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 980, 640)
        self._session = session
        self._judging = judging
        self._current = current
        self._wanted: str | None = current  # which one to show once it is read
        self.datasets: list[tuple[Dataset, int]] = []
        self._read = ""  # the dataset whose examples were asked for
        self._items: list[DatasetItem] | None = None
        self._closed = False
        self._arrange()
        self._connect()
        self.refresh()

    def _arrange(self) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setAccessibleName("Datasets")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText("Name of a new dataset")
        self.new_name.setAccessibleName("Name of a new dataset")
        self.add = PaintedButton("Add", "plus", small=True)
        self.add.setToolTip("Make it (Enter)")
        self._new_fault = Words("", "err", ui_font(12))
        self._new_fault.hide()
        line = QHBoxLayout()
        line.addWidget(self.new_name, 1)
        line.addWidget(self.add)
        below = QVBoxLayout()
        below.setContentsMargins(10, 8, 10, 8)
        below.addLayout(line)
        below.addWidget(self._new_fault)
        foot = QFrame()
        foot.setObjectName("status")
        foot.setLayout(below)
        left = _column(self.list, foot)
        left.setObjectName("rail")
        left.setFixedWidth(270)

        self.name, self.description = QLineEdit(), QLineEdit()
        bold = ui_font(14)
        bold.setWeight(bold.Weight.DemiBold)
        self.name.setFont(bold)
        self.name.setAccessibleName("Name")
        self.name.setToolTip("Rename it here")
        self.description.setPlaceholderText("What its examples are for")
        self.description.setAccessibleName("Description")
        self.remove = PaintedButton("Remove", "x", flat=True, small=True)
        self._fault = Words("", "err", ui_font(12))
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.remove)
        head = QVBoxLayout()
        head.setContentsMargins(14, 12, 14, 10)
        head.setSpacing(7)
        head.addLayout(top)
        head.addWidget(self._fault)
        head.addWidget(self.description)
        header = QFrame()
        header.setObjectName("header")
        header.setLayout(head)
        self.items = QListWidget()
        self.items.setItemDelegate(TwoLines(self.items))
        self.items.setUniformItemSizes(True)
        self.items.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.items.setAccessibleName("Examples")
        self._no_items = Placeholder(self)
        self._no_items.hide()  # else the dialog is made as high as both need
        self.card = ExampleCard()
        self._inner = PaneSplitter(Qt.Orientation.Horizontal)
        self._inner.addWidget(self.items)
        self._inner.addWidget(self.card)
        self._inner.setSizes([280, 430])
        self._inner.setStretchFactor(1, 1)
        self._right = _column(header, self._inner, self._no_items)
        self._nothing = Placeholder(self)

        self.say = Words("", "dim", ui_font(12))
        self.undo = PaintedButton("Undo", "undo-2", flat=True, small=True)
        self.undo.setToolTip("Take the last change back (Ctrl+Z)")
        self.undo.hide()
        self.use = QPushButton("Add examples to this one")
        self.use.setObjectName("primary")
        close = QPushButton("Close")
        close.setAutoDefault(False)
        self.use.setAutoDefault(False)
        close.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.setContentsMargins(16, 9, 16, 9)
        last.addWidget(self.say, 1)
        for part in (self.undo, close, self.use):
            last.addWidget(part)
        bottom = QFrame()
        bottom.setObjectName("status")
        bottom.setLayout(last)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(left)
        upper.addWidget(self._right, 1)
        upper.addWidget(self._nothing, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(bottom)
        self._right.hide()
        self._nothing.show_words("Reading the datasets…", "", "hourglass")

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show_dataset)
        self.items.currentRowChanged.connect(self._show_item)
        self.new_name.returnPressed.connect(self.make)
        self.add.clicked.connect(self.make)
        self.name.editingFinished.connect(self._rename)
        self.description.editingFinished.connect(self._rename)
        self.remove.clicked.connect(self.remove_dataset)
        self.card.expected_changed.connect(self._expect)
        self.card.removed.connect(self.remove_item)
        self.undo.clicked.connect(self.take_back)
        self.use.clicked.connect(self._choose)
        self._judging.changed.connect(self.refresh)
        self._judging.failed.connect(self.refresh)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.take_back)

    # Reading

    def refresh(self, _: object = None) -> None:
        """Read the datasets again; what is shown stays."""
        if self._closed:
            return
        self._session.read("datasets", lambda workspace, ticket: workspace.reviews.datasets(ticket), self._take)

    def _take(self, datasets: list[tuple[Dataset, int]]) -> None:
        self.datasets = datasets
        wanted, self._wanted = self._wanted, None
        shown = self._shown()
        if wanted is None and shown is not None:
            wanted = shown.dataset_id
        place = next((i for i, (one, _) in enumerate(datasets) if one.dataset_id == wanted), 0)
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for dataset, count in datasets:
            item = QListWidgetItem()
            second = " · ".join(filter(None, (examples(count), dataset.description)))
            mark = "circle-check" if dataset.dataset_id == self._current else ""
            TwoLines.fill(item, dataset.name, second, mark)
            item.setData(_DATASET, dataset)
            self.list.addItem(item)
        self.list.setCurrentRow(place if datasets else -1)
        self.list.blockSignals(blocked)
        self._show_dataset(self.list.currentRow())

    def _shown(self) -> Dataset | None:
        item = self.list.currentItem()
        found = None if item is None else item.data(_DATASET)
        return found if isinstance(found, Dataset) else None

    def _show_dataset(self, _: int) -> None:
        dataset = self._shown()
        self._right.setVisible(dataset is not None)
        self._nothing.setVisible(dataset is None)
        self.use.setVisible(dataset is not None and dataset.dataset_id != self._current)
        if dataset is None:
            self._nothing.show_words(
                "No dataset yet",
                "A dataset keeps traces as examples: input, output, and what the output should have been. Give the "
                "first one a name at the left; then A on the Review page adds the trace on show.",
                "database",
            )
            self.new_name.setFocus()
            return
        if not self.name.hasFocus():
            self.name.setText(dataset.name)
        if not self.description.hasFocus():
            self.description.setText(dataset.description)
        self._fault.hide()
        if dataset.dataset_id != self._read:
            self.card.keep()
        self._read = dataset.dataset_id
        self._items = None
        self.remove.setEnabled(False)
        dataset_id = dataset.dataset_id
        self._session.read(
            "dataset-items",
            lambda workspace, ticket: workspace.reviews.dataset_items(dataset_id, ticket),
            partial(self._take_items, dataset),
        )

    def _take_items(self, dataset: Dataset, items: list[DatasetItem]) -> None:
        self._items = items
        self.remove.setEnabled(True)
        self.remove.setToolTip(f"Remove “{dataset.name}” with its {examples(len(items))}. It can be undone.")
        former = self.card.item.item_id if self.card.item is not None else None
        place = next((i for i, item in enumerate(items) if item.item_id == former), self.items.currentRow())
        blocked = self.items.blockSignals(True)
        self.items.clear()
        for item in items:
            row = QListWidgetItem()
            expected = "no expected output" if item.expected is None else f"expects: {_one_line(item.expected)}"
            TwoLines.fill(row, _one_line(item.input) or "(no input)", expected)
            self.items.addItem(row)
        self.items.setCurrentRow(min(max(0, place), len(items) - 1))
        self.items.blockSignals(blocked)
        self._inner.setVisible(bool(items))
        self._no_items.setVisible(not items)
        if not items:
            self._no_items.show_words("No examples yet", "A on the Review page adds the trace on show.", "database")
        self._show_item(self.items.currentRow())

    def _show_item(self, place: int) -> None:
        items = self._items or []
        self.card.show_item(items[place] if 0 <= place < len(items) else None)

    # What a person does

    def make(self) -> None:
        """Make the dataset that is named at the left, and show it."""
        name = self.new_name.text()
        fault = name_problem(name, (one for one, _ in self.datasets))
        self._new_fault.set_text(fault)
        self._new_fault.setVisible(bool(fault))
        if fault:
            self.new_name.setFocus()
            return
        made = new_dataset(name, "", self._judging.author)
        self._wanted = made.dataset_id
        self.new_name.clear()
        self._emit((Put(made),), f"“{made.name}” is there.")

    def remove_dataset(self) -> None:
        """Take the dataset on show away, with its examples."""
        dataset = self._shown()
        if dataset is not None and self._items is not None:
            words = f"Removed “{dataset.name}” with its {examples(len(self._items))}."
            self._emit(removal(dataset, self._items), words)

    def remove_item(self) -> None:
        """Take the example on show away."""
        if (item := self.card.item) is not None:
            self.card.show_item(None, keep=False)
            self._emit((Removal(DatasetItem, item.item_id),), "Removed the example; the trace stays.")

    def take_back(self) -> None:
        """Undo the last change."""
        self._judging.stack.undo()
        self.undo.hide()
        self.say.set_text("Taken back.")

    def done(self, result: int) -> None:
        """Qt: closing keeps what was typed; what is still being read finds nobody."""
        self.card.keep()
        self._closed = True
        for slot in ("datasets", "dataset-items"):
            self._session.jobs.cancel(slot)
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Delete removes what is current in the list that has the focus."""
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self.remove_dataset()
        elif event.key() == Qt.Key.Key_Delete and self.items.hasFocus():
            self.remove_item()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.hasFocus():
                self._choose()
        else:
            super().keyPressEvent(event)

    def _rename(self) -> None:
        dataset = self._shown()
        if dataset is None:
            return
        fault = name_problem(self.name.text(), (one for one, _ in self.datasets), dataset.dataset_id)
        self._fault.set_text(fault)
        self._fault.setVisible(bool(fault))
        if not fault:
            self._emit(renamed(dataset, self.name.text(), self.description.text()), "Saved.")

    def _expect(self, wanted: tuple[DatasetItem, str]) -> None:
        item, text = wanted
        # one that was removed meanwhile does not come back by what was typed
        if any(one.item_id == item.item_id for one in self._items or ()):
            self._emit(expecting(item, text), "Saved what is expected.")

    def _choose(self) -> None:
        if (dataset := self._shown()) is not None:
            self._current = dataset.dataset_id
            self.chosen.emit(dataset.dataset_id)
            self.accept()

    def _emit(self, changes: tuple[Change, ...], words: str) -> None:
        if changes:
            self.say.set_text(words)
            self.undo.show()
            self.changed.emit(changes)


_DATASET = Qt.ItemDataRole.UserRole + 9


def _one_line(text: str | None) -> str:
    return " ".join((text or "")[:300].split())


def _column(*parts: QWidget) -> QFrame:
    frame = QFrame()
    box = QVBoxLayout(frame)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for part in parts:
        box.addWidget(part)
    return frame
