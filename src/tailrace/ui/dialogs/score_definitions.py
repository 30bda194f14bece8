"""Which scores reviewers are asked for: a list, and the form of the one that is current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.review import DefinitionKind, ScoreDefinition
from tailrace.ui.models.definition_drafts import (
    KIND_WORDS,
    Draft,
    changes_of,
    definition_of,
    draft_of,
    given_words,
    new_draft,
    problems,
)
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton, Switch, Words
from tailrace.ui.views.field_preview import FieldPreview
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.two_lines import TwoLines


class ScoreDefinitionsDialog(QDialog):
    """Nothing is changed before Save. `given` is how many scores each name was given.

    Signals: `changed(object)` the tuple of Changes that Save comes to, to be made all or none.
    """

    changed = Signal(object)

    def __init__(
        self,
        definitions: Sequence[ScoreDefinition],
        given: Mapping[str, int],
        author: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Scores to give")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 860, 600)
        self._before = tuple(sorted(definitions, key=lambda one: (one.position, one.name)))
        self._given = dict(given)
        self._author = author
        self.drafts = [draft_of(one) for one in self._before]
        self._filling = False
        self._arrange()
        self._connect()
        for draft in self.drafts:
            self._add_row(draft)
        self._show_state()
        if self.drafts:
            self.list.setCurrentRow(0)
            self.list.setFocus()

    def _arrange(self) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setAccessibleName("Scores that reviewers are asked for")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.add = PaintedButton("Add", "plus", small=True)
        self.add.setToolTip("One more score (Ctrl+N)")
        self.remove = PaintedButton("Remove", "x", flat=True, small=True)
        self.remove.setToolTip("Do not ask for this score any more (Delete). Given scores stay.")
        self.up = PaintedButton("", "chevron-up", flat=True, small=True)
        self.down = PaintedButton("", "chevron-down", flat=True, small=True)
        for button, name in ((self.up, "Up"), (self.down, "Down")):
            button.setAccessibleName(f"Move {name.lower()}")
            button.setToolTip(f"Ask for it {'earlier' if name == 'Up' else 'later'} (Alt+{name})")
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 7, 10, 7)
        for part in (self.add, self.remove):
            tools.addWidget(part)
        tools.addStretch(1)
        for part in (self.up, self.down):
            tools.addWidget(part)
        foot = QFrame()
        foot.setObjectName("status")
        foot.setLayout(tools)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.list, 1)
        left.addWidget(foot)
        side = QFrame()
        side.setObjectName("rail")
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(270)

        self.form = self._make_form()
        self._empty = Placeholder(self)
        self.say = Words("", "dim", ui_font(12))
        self.save = QPushButton("Save")
        self.save.setObjectName("primary")
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.setContentsMargins(16, 9, 16, 9)
        last.addWidget(self.say, 1, Qt.AlignmentFlag.AlignVCenter)
        last.addWidget(cancel)
        last.addWidget(self.save)
        bottom = QFrame()
        bottom.setObjectName("status")
        bottom.setLayout(last)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(side)
        upper.addWidget(self.form, 1)
        upper.addWidget(self._empty, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(bottom)

    def _make_form(self) -> QWidget:
        self.name = QLineEdit()
        self.name.setPlaceholderText("helpfulness")
        self.kind = Switch({kind.value: words for kind, words in KIND_WORDS.items()}, "Kind")
        self.low, self.high, self.step = QLineEdit(), QLineEdit(), QLineEdit()
        self.options = QLineEdit()
        self.options.setPlaceholderText("good, neutral, bad")
        self.required = Switch({"no": "optional", "yes": "required"}, "Required")
        self.description = QLineEdit()
        self.description.setPlaceholderText("What a reviewer should go by")
        self.preview = FieldPreview()
        self.given = Words("", "warn", ui_font(12))
        self.faults = {name: Words("", "err", ui_font(12)) for name in ("name", "range", "step", "options")}
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(22, 18, 22, 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 92)
        grid.setColumnStretch(1, 1)
        numbers = QHBoxLayout()
        numbers.setSpacing(8)
        for words, number in (("from", self.low), ("to", self.high), ("in steps of", self.step)):
            number.setAccessibleName({"from": "Lowest", "to": "Highest"}.get(words, "Step"))
            number.setFixedWidth(76)
            before = QLabel(words)
            before.setObjectName("dim")
            numbers.addWidget(before)
            numbers.addWidget(number)
        numbers.addStretch(1)
        self._numbers = QWidget()
        self._numbers.setLayout(numbers)
        numbers.setContentsMargins(0, 0, 0, 0)
        self._labels: dict[str, QLabel] = {}
        lines: tuple[tuple[str, QWidget, tuple[str, ...]], ...] = (
            ("Name", self.name, ("name",)),
            ("Kind", self.kind, ()),
            ("Range", self._numbers, ("range", "step")),
            ("Options", self.options, ("options",)),
            ("Description", self.description, ()),
            ("Asked as", self.required, ()),
        )
        row = 0
        for title, field, faults in lines:
            label = QLabel(title)
            label.setObjectName("dim")
            self._labels[title] = label
            if not field.accessibleName():
                field.setAccessibleName(title)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            for fault in faults:
                row += 1
                grid.addWidget(self.faults[fault], row, 1)
            grid.setRowMinimumHeight(row + 1, 6)
            row += 2
        options_hint = "best first, with commas between"
        self.options.setToolTip(options_hint)
        self._options_hint = Words(options_hint, "faint", ui_font(12))
        grid.addWidget(self._options_hint, row, 1)
        grid.addWidget(self.given, row + 1, 1)
        grid.setRowMinimumHeight(row + 2, 18)
        grid.setRowStretch(row + 4, 1)
        seen = QLabel("Seen as")
        seen.setObjectName("dim")
        grid.addWidget(seen, row + 3, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.preview, row + 3, 1)
        return form

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show_current)
        self.add.clicked.connect(self.add_score)
        self.remove.clicked.connect(self.remove_score)
        self.up.clicked.connect(self.move_up)
        self.down.clicked.connect(self.move_down)
        for field in (self.name, self.low, self.high, self.step, self.options, self.description):
            field.textEdited.connect(self._take)
        self.kind.chosen.connect(self._take)
        self.required.chosen.connect(self._take)
        self.save.clicked.connect(self.accept)
        for keys, act in (
            ("Ctrl+N", self.add_score),
            ("Alt+Up", self.move_up),
            ("Alt+Down", self.move_down),
            ("Ctrl+Return", self.accept),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # What a person does

    def add_score(self) -> None:
        """One more score, empty, at the end."""
        draft = new_draft()
        self.drafts.append(draft)
        self._add_row(draft)
        self.list.setCurrentRow(len(self.drafts) - 1)
        self._show_state()
        self.name.setFocus()

    def remove_score(self) -> None:
        """Ask no more for the current score."""
        place = self.list.currentRow()
        if place >= 0:
            del self.drafts[place]
            self.list.takeItem(place)
            self._show_current(self.list.currentRow())

    def move_up(self) -> None:
        """Ask for it earlier."""
        self._move(-1)

    def move_down(self) -> None:
        """Ask for it later."""
        self._move(1)

    def accept(self) -> None:
        """Qt: Save. Where something is wrong, the first of it is shown instead."""
        for place in range(len(self.drafts)):
            if faults := problems(self.drafts, place):
                self.list.setCurrentRow(place)
                first = next(iter(faults))
                field = {"name": self.name, "range": self.low, "step": self.step, "options": self.options}[first]
                field.setFocus()
                self.say.set_text(f"Not saved: {faults[first]}")
                return
        changes = changes_of(self._before, self.drafts, self._author)
        if changes:
            self.changed.emit(changes)
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Delete removes while the list has the focus; Enter alone does not close a form half filled."""
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self.remove_score()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.save.hasFocus():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        place = self.list.currentRow()
        if place < 0 or not 0 <= place + by < len(self.drafts):
            return
        self.drafts.insert(place + by, self.drafts.pop(place))
        self.list.insertItem(place + by, self.list.takeItem(place))
        self.list.setCurrentRow(place + by)
        self._show_state()

    def _take(self, _: object = None) -> None:
        place = self.list.currentRow()
        if self._filling or place < 0:
            return
        self.drafts[place] = replace(
            self.drafts[place],
            name=self.name.text(),
            kind=DefinitionKind(self.kind.value),
            description=self.description.text(),
            required=self.required.value == "yes",
            low=self.low.text(),
            high=self.high.text(),
            step=self.step.text(),
            options=self.options.text(),
        )
        self._show_state()

    # What is shown

    def _add_row(self, draft: Draft) -> None:
        item = QListWidgetItem()
        self.list.addItem(item)
        self._name_row(item, draft, sound=True)

    def _name_row(self, item: QListWidgetItem | None, draft: Draft, sound: bool) -> None:
        if item is None:
            return
        words = KIND_WORDS[draft.kind] + (" · required" if draft.required else "")
        title = draft.name.strip() or "(no name yet)"
        TwoLines.fill(item, title, words if sound else f"{words} · not complete", "" if sound else "circle-alert")

    def _show_current(self, place: int) -> None:
        if 0 <= place < len(self.drafts):
            draft = self.drafts[place]
            self._filling = True
            self.name.setText(draft.name)
            self.kind.set_value(draft.kind.value)
            self.description.setText(draft.description)
            self.required.set_value("yes" if draft.required else "no")
            for field, text in ((self.low, draft.low), (self.high, draft.high), (self.step, draft.step)):
                field.setText(text)
            self.options.setText(draft.options)
            self._filling = False
        self._show_state()

    def _show_state(self) -> None:
        """Everything that follows from the drafts and the current row."""
        place, count = self.list.currentRow(), len(self.drafts)
        self.remove.setEnabled(place >= 0)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < count - 1)
        self.form.setVisible(place >= 0)
        self._empty.setVisible(place < 0)
        if not count:
            self._empty.show_words(
                "Only the verdict is asked for",
                "Add a score to have reviewers also rate something of your own: how helpful, which tone, is it safe.",
                "sliders-horizontal",
            )
        faulty = [i for i in range(count) if problems(self.drafts, i)]
        for i, draft in enumerate(self.drafts):
            self._name_row(self.list.item(i), draft, i not in faulty)
        self.say.set_text(
            f"{len(faulty)} not complete yet" if faulty else "Ctrl+Enter saves · Alt+Up, Alt+Down reorder"
        )
        if place < 0:
            return
        draft = self.drafts[place]
        found = problems(self.drafts, place)
        for name, words in self.faults.items():
            words.set_text(found.get(name, ""))
            words.setVisible(name in found)
        for title, part, kind in (
            ("Range", self._numbers, DefinitionKind.NUMBER),
            ("Options", self.options, DefinitionKind.CATEGORY),
        ):
            part.setVisible(draft.kind is kind)
            self._labels[title].setVisible(draft.kind is kind)
        self._options_hint.setVisible(draft.kind is DefinitionKind.CATEGORY and "options" not in found)
        former = draft.former
        given = given_words(draft, self._given.get(former.name, 0) if former is not None else 0)
        self.given.set_text(given)
        self.given.setVisible(bool(given))
        self.preview.show_definition(None if found else definition_of(draft, place, self._author))
