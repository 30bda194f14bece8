"""Prices: a person's own rows, the models of the open database without one, the public tables, the monthly budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tailrace.metrics.own_prices import OwnPrice
from tailrace.metrics.rates import PriceRow
from tailrace.model.priced import ModelUse, Repricing, UnpricedModel
from tailrace.model.words import count_of, format_cost
from tailrace.ui.dialogs.price_browser import PriceBrowser
from tailrace.ui.dialogs.price_form import PriceForm
from tailrace.ui.dialogs.price_lists import PriceLists
from tailrace.ui.dialogs.unpriced_card import UnpricedCard
from tailrace.ui.models.price_drafts import (
    Draft,
    draft_like,
    draft_of,
    example_of,
    number_of,
    price_of,
    problems,
    reach_words,
    typed,
)
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton, Switch, Words
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.placeholder import Placeholder
from tailrace.workspace.prices import PriceBook
from tailrace.workspace.repricing import NOT_YET

_PAUSE_MS = 250
_MOST_STEPS = 200
_MOST_MODELS = 2_000  # the most used ones; of more, each keystroke would be waited for
_OWN, _TABLES = "own", "tables"


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What Apply comes to."""

    rows: tuple[OwnPrice, ...]
    budget: float | None
    reprice: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the rows as they are typed would change of the open database, and the models that have no price yet."""

    repricing: Repricing
    missing: tuple[UnpricedModel, ...]


class PricesDialog(QDialog):
    """Nothing is changed before Apply. `database` is the name of the open one; empty while none is.

    Signals: `applied(object)` a PriceChange; `preview_wanted(object)` the rows as typed, to be answered by
    `show_preview`; `import_wanted()` and `forget_wanted()`, after which `show_book` shows what is in force.
    """

    applied = Signal(object)
    preview_wanted = Signal(object)
    import_wanted = Signal()
    forget_wanted = Signal()

    def __init__(
        self,
        book: PriceBook,
        uses: Sequence[ModelUse],
        missing: Sequence[UnpricedModel],
        budget: float | None,
        database: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Prices")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 1060, 640)
        self.uses = tuple(uses[:_MOST_MODELS])
        self._left_out = len(uses) - len(self.uses)
        self._database = database
        self._before = book.own.rows
        self.missing = list(missing[:_MOST_MODELS])
        self.drafts = [draft_of(row) for row in book.own.rows]
        self._past: list[tuple[list[Draft], int, str]] = []
        self._preview: Preview | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.ask_again)
        self._arrange(budget)
        self._connect()
        self.show_book(book)
        self.lists.show_missing(self.missing, len(missing))
        self._list_rows(-1 if self.missing else 0)
        if self.missing:
            self.lists.unknown.setCurrentRow(0)

    def _arrange(self, budget: float | None) -> None:
        self.view = Switch({_OWN: "Your prices", _TABLES: "Public tables"}, "Which prices")
        self.budget = QLineEdit(typed(budget))
        self.budget.setFixedWidth(96)
        self.budget.setPlaceholderText("none")
        self.budget.setAccessibleName("Monthly budget in US dollars")
        self.budget.setToolTip("What model calls may cost in a month: a line in the charts of cost")
        label = QLabel("Monthly budget, US dollars")
        label.setObjectName("dim")
        top = QHBoxLayout()
        top.setContentsMargins(16, 10, 16, 10)
        top.addWidget(self.view)
        top.addStretch(1)
        top.addWidget(label)
        top.addWidget(self.budget)
        header = QFrame()
        header.setObjectName("header")
        header.setLayout(top)

        self.lists = PriceLists()
        self.form = PriceForm()
        self.card = UnpricedCard()
        self._empty = Placeholder(self)
        self._right = QStackedWidget()
        for part in (self.form, self.card, self._empty):
            self._right.addWidget(part)
        own = QWidget()
        beside = QHBoxLayout(own)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.lists)
        beside.addWidget(self._right, 1)
        self.browser = PriceBrowser()
        self._pages = QStackedWidget()
        self._pages.addWidget(own)
        self._pages.addWidget(self.browser)

        self.problems = Words("", "warn", ui_font(12))
        self.say = Words("", "dim", ui_font(12))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addStretch(1)
        said.addWidget(self.problems)
        said.addWidget(self.say)
        said.addStretch(1)
        self.undo = PaintedButton("Undo", "undo-2", flat=True, small=True)
        self.undo.setToolTip("Take back what was done here last (Ctrl+Z outside a field)")
        self.apply = QPushButton("Apply")
        self.apply.setToolTip("For what is imported from now on")
        self.apply_all = QPushButton("Apply && re-price")
        self.apply_all.setToolTip("Costs that the file itself says are never changed (Ctrl+Enter)")
        self.apply_all.setObjectName("primary")
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.setContentsMargins(16, 9, 16, 9)
        last.addLayout(said, 1)
        for button in (self.undo, cancel, self.apply, self.apply_all):
            last.addWidget(button)
        bottom = QFrame()
        bottom.setObjectName("status")
        bottom.setLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self._pages, 1)
        column.addWidget(bottom)

    def _connect(self) -> None:
        self.view.chosen.connect(self._turn)
        self.budget.textEdited.connect(self._show_state)
        self.lists.shown.connect(self._show_current)
        self.lists.price_wanted.connect(self.set_price)
        self.lists.add.clicked.connect(self.add_row)
        self.lists.remove.clicked.connect(self.remove_row)
        self.form.edited.connect(self._take)
        self.card.price_wanted.connect(self.set_price)
        self.browser.wanted.connect(self.change_price)
        self.browser.import_wanted.connect(self.import_wanted)
        self.browser.forget_wanted.connect(self.forget_wanted)
        self.undo.clicked.connect(self.take_back)
        self.apply.clicked.connect(self.accept)
        self.apply_all.clicked.connect(self.apply_and_reprice)
        for keys, act in (("Ctrl+N", self.add_row), ("Ctrl+Return", self.apply_and_reprice)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.take_back)

    # What a person does

    def add_row(self) -> None:
        """One more row, empty, at the end."""
        self._add(Draft(), "model")

    def set_price(self, _: object = None) -> None:
        """A row for the model without a price that is on show."""
        place = self.lists.unknown_place
        if 0 <= place < len(self.missing) and (model := self.missing[place].model) is not None:
            self._add(Draft(model), "input")

    def change_price(self, row: object) -> None:
        """A row of one's own that begins with the prices of a table."""
        if isinstance(row, PriceRow):
            self.view.set_value(_OWN)
            self._turn(_OWN)
            self._add(draft_like(row), "input")

    def remove_row(self) -> None:
        """Take the current row away."""
        place = self.lists.place
        if place >= 0:
            self._remember("")
            del self.drafts[place]
            self._list_rows(place)
            self._change()

    def take_back(self) -> None:
        """Undo what was done here last."""
        if self._past:
            self.drafts, place, _ = self._past.pop()
            self._list_rows(place)
            self._change()

    def apply_and_reprice(self) -> None:
        """Apply, and price the open database again."""
        self._apply(self.apply_all.isVisible())

    def accept(self) -> None:
        """Qt: Apply. Where something is wrong, the first of it is shown instead."""
        self._apply(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Delete removes while the list has the focus; Enter alone does not close a form half filled."""
        if event.key() == Qt.Key.Key_Delete and self.lists.own.hasFocus():
            self.remove_row()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(self.focusWidget(), QLineEdit):
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _apply(self, reprice: bool) -> None:
        for place in range(len(self.drafts)):
            if faults := problems(self.drafts, place):
                self.view.set_value(_OWN)
                self._turn(_OWN)
                self.lists.own.setCurrentRow(place)
                first = next(iter(faults))
                self.form.focus(first)
                self.say.set_text(f"Not applied: {faults[first]}")
                return
        if self._budget_fault():
            self.budget.setFocus()
            self.say.set_text(f"Not applied: {self._budget_fault()}")
            return
        self.applied.emit(PriceChange(self._rows(), number_of(self.budget.text()), reprice))
        super().accept()

    def _add(self, draft: Draft, field: str) -> None:
        self._remember("")
        self.drafts.append(draft)
        self._list_rows(len(self.drafts) - 1)
        self._change()
        self.form.focus(field)

    def _take(self, draft: object, field: str) -> None:
        place = self.lists.place
        if isinstance(draft, Draft) and 0 <= place < len(self.drafts):
            self._remember(f"{place} {field}" if field else "")
            self.drafts[place] = draft
            self.form.show_draft(draft)
            self._change()

    def _remember(self, what: str) -> None:
        """Keep how it was; what is typed into one field without a break is one step."""
        if not what or not self._past or self._past[-1][2] != what:
            self._past.append((list(self.drafts), self.lists.place, what))
            del self._past[:-_MOST_STEPS]

    def _change(self) -> None:
        self._show_state()
        self._soon.start()

    def ask_again(self) -> None:
        """Ask what the rows as they are typed would change."""
        if self._database and not any(problems(self.drafts, place) for place in range(len(self.drafts))):
            self.preview_wanted.emit(self._rows())

    def _rows(self) -> tuple[OwnPrice, ...]:
        return tuple(price_of(draft) for draft in self.drafts)

    def _budget_fault(self) -> str:
        text = self.budget.text().strip()
        number = number_of(text)
        return "" if not text or (number is not None and 0 < number <= 1e12) else "The budget is no amount of dollars."

    # What is shown

    def show_book(self, book: PriceBook) -> None:
        """Show the tables that are in force now, and what is not used of the files; the rows stay as typed."""
        self.browser.show_tables(book.imported, book.shipped)
        more = f" (and {len(book.problems) - 1:,} more)" if len(book.problems) > 1 else ""
        self.problems.set_text(f"{book.problems[0]}{more}" if book.problems else "")
        self.problems.setVisible(bool(book.problems))
        self._soon.start()

    def tell(self, words: str, wrong: bool = False) -> None:
        """Say what came of an import, above what Apply comes to."""
        self.problems.set_colour("err" if wrong else "dim")
        self.problems.set_text(words)
        self.problems.show()

    def show_preview(self, preview: Preview) -> None:
        """Say what Apply & re-price would change."""
        self._preview = preview
        left = {one.model for one in preview.missing if one.reason != NOT_YET}
        self.lists.mark_missing(self.missing, [one.model not in left for one in self.missing])
        self._show_state()

    def _turn(self, which: object) -> None:
        self._pages.setCurrentIndex(0 if which == _OWN else 1)
        if which == _TABLES:
            self.browser.search.setFocus()

    def _list_rows(self, place: int) -> None:
        self.lists.show_rows(len(self.drafts), min(place, len(self.drafts) - 1))

    def _show_current(self) -> None:
        if 0 <= self.lists.place < len(self.drafts):
            self.form.show_draft(self.drafts[self.lists.place])
        elif 0 <= self.lists.unknown_place < len(self.missing):
            self.card.show_model(self.missing[self.lists.unknown_place])
        self._show_state()

    def _show_state(self, *_: object) -> None:
        """Everything that follows from the drafts and what is current."""
        place = self.lists.place
        found = {i: problems(self.drafts, i) for i in range(len(self.drafts))}
        self.lists.name_rows(self.drafts, found)
        self.undo.setVisible(bool(self._past))
        if place >= 0:
            self._right.setCurrentWidget(self.form)
            self.form.show_problems(found[place])
            self.form.reach.set_text(reach_words(self.drafts[place], self.uses, self._left_out))
            self.form.example.set_text(example_of(self.drafts[place]))
        elif self.lists.unknown_place >= 0:
            self._right.setCurrentWidget(self.card)
        else:
            self._right.setCurrentWidget(self._empty)
            self._empty.show_words(
                "No prices of your own",
                "Models cost what the public tables say. Add a row for a model that is not in them, for what you agreed"
                " on with a provider, or for a price that changed on a day.",
                "tags",
            )
        faulty = sum(map(bool, found.values()))
        self.say.set_text(f"{faulty} not complete yet" if faulty else self._budget_fault() or self._preview_words())
        changed = self._preview is not None and self._preview.repricing.changed > 0
        self.apply_all.setVisible(bool(self._database) and (changed or bool(faulty)))
        self.apply_all.setEnabled(not faulty)

    def _preview_words(self) -> str:
        if not self._database:
            return "No database is open: prices are for what is imported from now on."
        if self._preview is None:
            return "Looking through the calls…"
        found = self._preview.repricing
        if not found.changed:
            return f"No cost in {self._database} changes."
        before, after = ("unknown" if cost is None else format_cost(cost, True) for cost in (found.before, found.after))
        spans, models = count_of(found.changed, "span"), count_of(len(found.models), "model")
        return f"{spans} of {models} will be re-priced: {before} before, {after} after."
