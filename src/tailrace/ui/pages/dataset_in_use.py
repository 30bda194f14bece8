"""The dataset that a reviewer adds items to: which one it is, and adding."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from tailrace.jobs import Ticket
from tailrace.model.review import Dataset, DatasetItem, Put, Removal, ReviewItem
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.review_setup import ReviewSetup, Setup
from tailrace.ui.models.session import Session
from tailrace.ui.views.review.verdict_panel import VerdictPanel

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


class DatasetInUse(QObject):
    """Signals: `dialog_wanted()` to make or choose one."""

    dialog_wanted = Signal()

    def __init__(
        self, session: Session, judging: Judging, setup: ReviewSetup, panel: VerdictPanel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._setup = setup
        self._panel = panel
        self._over = parent
        self._wanted: str | None = None
        self._dataset: Dataset | None = None
        self._item: ReviewItem | None = None
        self._awaited: int | None = None  # the key of the item that waits for a first dataset
        self._members: dict[str, bool] = {}  # item ids that were put in or taken out since their trace was read
        panel.dataset_toggled.connect(self.toggle)
        panel.dataset_menu_wanted.connect(self._offer)
        judging.changed.connect(self._take_changes)

    @property
    def dataset_id(self) -> str | None:
        """The id of the dataset in use."""
        return self._wanted if self._dataset is None else self._dataset.dataset_id

    def in_use(self) -> str | None:
        """The same once it is known to exist."""
        return None if self._dataset is None else self._dataset.dataset_id

    def use(self, dataset_id: str | None) -> None:
        """The one to begin with, when it is there."""
        self._wanted, self._dataset, self._item = dataset_id, None, None
        self._members.clear()

    def choose(self, dataset_id: object) -> None:
        """Another one from now on."""
        self._wanted, self._dataset = str(dataset_id), None
        self._setup.read()

    def show_setup(self, setup: Setup) -> None:
        """The datasets there are."""
        wanted = self.dataset_id
        first = setup.datasets[0][0] if setup.datasets else None
        self._dataset = next((one for one, _ in setup.datasets if one.dataset_id == wanted), first)
        self._show()
        if self._dataset is not None and self._awaited is not None:
            # the first dataset was made for this item
            awaited, self._awaited = self._awaited, None
            if self._item is not None and self._item.row.key == awaited:
                self.toggle()

    def show_item(self, item: ReviewItem | None) -> None:
        """The item on show; None while it is being read, or when it is not there."""
        self._item = item
        self._show()

    def toggle(self) -> None:
        """Add the item to the dataset, or take it out."""
        item, dataset = self._item, self._dataset
        if item is None:
            return
        if dataset is None:
            self._awaited = item.row.key
            self.dialog_wanted.emit()
            return
        target = Target(item.row.key, item.row.trace_id)
        if self._contains(item, dataset):
            removal = Removal(DatasetItem, _item_id(dataset, item))
            self._judging.change([removal], f"taking out of {dataset.name}", target)
            return
        reviewer = self._judging.author

        def work(workspace: Workspace, ticket: Ticket) -> DatasetItem | None:
            return workspace.reviews.example_of(target.trace_key, reviewer, dataset.dataset_id, ticket)

        def put(example: DatasetItem | None) -> None:
            if example is not None:
                self._judging.change([Put(example)], f"adding to {dataset.name}", target)

        self._session.read(f"review-example-{target.trace_key}", work, put)

    def _contains(self, item: ReviewItem, dataset: Dataset) -> bool:
        return self._members.get(_item_id(dataset, item), dataset.dataset_id in item.datasets)

    def _show(self) -> None:
        dataset, item = self._dataset, self._item
        contained = dataset is not None and item is not None and self._contains(item, dataset)
        self._panel.show_dataset(None if dataset is None else dataset.name, contained)

    def _take_changes(self, changes: tuple[Put | Removal, ...], _: object) -> None:
        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, DatasetItem):
                self._members[change.record.item_id] = True
            elif isinstance(change, Removal) and change.kind is DatasetItem:
                self._members[change.record_id] = False
        self._show()

    def _offer(self, point: QPoint) -> None:
        menu = QMenu(self._over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for dataset, count in self._setup.current.datasets:
            action = menu.addAction(f"{dataset.name}  ({count:,})".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(dataset == self._dataset)
            action.triggered.connect(partial(self._choose_offered, dataset.dataset_id))
        menu.addSeparator()
        menu.addAction("Datasets…").triggered.connect(self.dialog_wanted)
        menu.popup(point)

    def _choose_offered(self, dataset_id: str, _: bool = False) -> None:
        self.choose(dataset_id)


def _item_id(dataset: Dataset, item: ReviewItem) -> str:
    return f"{dataset.dataset_id}/{item.row.trace_id}"
