"""Prices in a window: the dialog, pricing the open database again, and telling when it was priced with others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from tailrace.jobs import Ticket
from tailrace.model.words import count_of, format_cost
from tailrace.ui.models.session import Session
from tailrace.ui.views.message_bar import MessageBar
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    # the window paints before what prices are read with is imported
    from tailrace.model.priced import ModelUse, PriceNews, UnpricedModel
    from tailrace.ui.dialogs.prices import Preview, PricesDialog
    from tailrace.workspace import Workspace
    from tailrace.workspace.prices import PriceBook, PriceImport

_REPRICE = "edit.reprice"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the dialog begins with."""

    book: PriceBook
    uses: list[ModelUse]
    missing: list[UnpricedModel]


class PriceDesk(QObject):
    """Opens the dialog over `parent`. `bar` says when the open database was priced with other prices.

    Signals: `status(object)` a sentence; `failed(object)` an exception that a person must see.
    """

    status = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, settings: SettingsStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._over = parent
        self._due = False
        self._book: PriceBook | None = None
        self.dialog: PricesDialog | None = None
        self.bar = MessageBar()
        self.bar.action.connect(self._do_offered)
        self.handlers: dict[str, Callable[[], object]] = {"edit.prices": self.show, _REPRICE: self.reprice}
        session.opening.connect(self._forget)
        session.opened.connect(self._expect)
        session.importing.connect(self._look)
        session.repriced.connect(self._tell)

    # The dialog

    def show(self) -> None:
        """Read the prices and what the open database makes of them, and open the dialog."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        workspace = self._session.workspace

        def work(ticket: Ticket) -> _Desk:
            from tailrace.workspace.prices import read_book
            from tailrace.workspace.repricing import unpriced

            book = read_book()
            uses = [] if workspace is None else workspace.model_uses(ticket)
            return _Desk(book, uses, unpriced(uses, book.prices))

        self._session.jobs.submit(work, self._open, self.failed.emit, slot="prices")

    def _open(self, desk: _Desk) -> None:
        from tailrace.ui.dialogs.prices import PricesDialog

        workspace = self._session.workspace
        name = "" if workspace is None else ", ".join(path.name for path in self._session.sources)
        if workspace is not None and not name:
            name = workspace.database.name
        self._book = desk.book
        dialog = PricesDialog(
            desk.book, desk.uses, desk.missing, self._settings.current.monthly_budget, name, self._over
        )
        self.dialog = dialog
        dialog.preview_wanted.connect(self._preview)
        dialog.applied.connect(self._apply)
        dialog.import_wanted.connect(self._ask_import)
        dialog.forget_wanted.connect(self._forget_imported)
        dialog.finished.connect(self._close)
        dialog.ask_again()
        dialog.open()

    def _close(self, _: int) -> None:
        self.dialog = None
        self._session.jobs.cancel("price-preview")

    def _preview(self, rows: object) -> None:
        book = self._book
        if book is None or not isinstance(rows, tuple):
            return
        uses = () if self.dialog is None else self.dialog.uses

        def work(workspace: Workspace, ticket: Ticket) -> Preview:
            from tailrace.ui.dialogs.prices import Preview
            from tailrace.workspace.prices import with_rows
            from tailrace.workspace.repricing import unpriced

            prices = book.with_own(with_rows(book, rows)).prices
            return Preview(workspace.survey_prices(prices, ticket), tuple(unpriced(uses, prices)))

        self._session.read("price-preview", work, self._show_preview)

    def _show_preview(self, preview: Preview) -> None:
        if self.dialog is not None:
            self.dialog.show_preview(preview)

    def _apply(self, change: object) -> None:
        from tailrace.ui.dialogs.prices import PriceChange

        assert isinstance(change, PriceChange)
        if change.budget != self._settings.current.monthly_budget:
            self._settings.update(monthly_budget=change.budget)
            self._session.data_changed.emit()  # charts have it as a line
        book = self._book
        assert book is not None

        def work(ticket: Ticket) -> bool:
            from tailrace.workspace.prices import save_own, with_rows

            if change.rows != book.own.rows:
                save_own(with_rows(book, change.rows), book)
            return change.reprice

        self._session.jobs.submit(work, self._take_applied, self.failed.emit, write=True)

    def _take_applied(self, reprice: bool) -> None:
        if reprice:
            self.reprice()
        else:
            self.status.emit("The prices are saved.")
            self._check()

    def _ask_import(self) -> None:
        over = self.dialog or self._over
        name, _ = QFileDialog.getOpenFileName(
            over, "Import a public price file", self._settings.current.last_folder, "Price files (*.json);;All (*)"
        )
        if name:
            self._settings.update(last_folder=str(Path(name).parent))
            self.bring(Path(name))

    def bring(self, path: Path) -> None:
        """Import a public price file."""

        def work(ticket: Ticket) -> tuple[PriceBook, PriceImport]:
            from tailrace.workspace.prices import import_prices, read_book

            found = import_prices(path)
            return read_book(), found

        self._session.jobs.submit(work, self._take_import, self._import_failed, slot="price-file")

    def _take_import(self, found: tuple[PriceBook, PriceImport]) -> None:
        book, what = found
        self._take_tables(book)
        left = sum(what.left_out.values())
        first = next(iter(what.left_out), "")
        words = f"{what.name} ({what.date}): prices of {count_of(what.models, 'model')}."
        if left:
            words += (
                f" {left:,} left out, most often: {max(what.left_out, key=lambda one: what.left_out[one]) or first}."
            )
        if self.dialog is not None:
            self.dialog.tell(words)
        self._check()

    def _import_failed(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.tell(str(error), wrong=True)
        else:
            self.failed.emit(error)

    def _forget_imported(self) -> None:
        def work(ticket: Ticket) -> PriceBook:
            from tailrace.workspace.prices import forget_imported, read_book

            forget_imported()
            return read_book()

        self._session.jobs.submit(work, self._take_tables, self._import_failed, slot="price-file")

    def _take_tables(self, book: PriceBook) -> None:
        # the rows are those that the dialog began with: what another program wrote meanwhile is not overwritten
        former = self._book
        self._book = book if former is None else replace(book, own=former.own, content=former.content)
        if self.dialog is not None:
            self.dialog.show_book(book)

    # The open database

    def reprice(self) -> None:
        """Price the open database again."""
        self.bar.hide()
        self._due = True  # where it is stopped on its way, that is told
        self._session.reprice()

    def _forget(self, _: object) -> None:
        self.bar.hide()

    def _expect(self, _: object) -> None:
        self._due = True

    def _look(self, progress: object) -> None:
        # once what the source has gained is in
        if self._due and progress is None and not self._session.jobs.runs("reprice"):
            self._due = False
            self._check()

    def _check(self) -> None:
        self._session.read("price-news", lambda workspace, ticket: workspace.price_news(ticket), self._take_news)

    def _take_news(self, news: PriceNews | None) -> None:
        if news is None:
            self.bar.hide()
        else:
            self.bar.show_info(news_words(news), "Price again", _REPRICE)

    def _do_offered(self, _: object) -> None:
        self.reprice()

    def _tell(self, found: object) -> None:
        from tailrace.model.priced import Repricing

        assert isinstance(found, Repricing)
        if not found.changed:
            self.status.emit("No cost has changed.")
            return
        before, after = (amount_words(cost) for cost in (found.before, found.after))
        calls, models = count_of(found.changed, "call"), count_of(len(found.models), "model")
        self.status.emit(f"Priced again: {calls} of {models}, {before} before, {after} now")


def amount_words(cost: float | None) -> str:
    """An estimated amount, or that it is not known."""
    return "unknown" if cost is None else format_cost(cost, True)


def news_words(news: PriceNews) -> str:
    """What must be said of a database that was priced with other prices."""
    found = news.repricing
    calls, models = count_of(found.changed, "call"), count_of(len(found.models), "model")
    what = f"{calls} of {models} cost{'s' if found.changed == 1 else ''} something else by the prices in force"
    amounts = f"{amount_words(found.before)} in this database, {amount_words(found.after)} by {news.now.name}"
    if news.begun:
        return f"Pricing again was stopped on its way: {what} ({amounts})."
    former = f" It was priced with {news.former.name}." if news.former is not None else ""
    return f"{what[:1].upper()}{what[1:]} ({amounts}).{former}"
