"""The form of one own price: model, day, prices by kind of token, batch, tiers; faults beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from tailrace.metrics.own_prices import MOST_TIERS
from tailrace.ui.models.price_drafts import Draft, TierDraft
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton, Words

# the lines of the form: fields with their titles and what an empty one means
_LINES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("input", "Input", ""), ("output", "Output", "no price")),
    (("cached_input", "Cached input", "as input"), ("cache_write", "Cache write", "as input")),
    (("reasoning", "Reasoning", "as output"),),
    (("audio_input", "Audio in", "as input"), ("audio_output", "Audio out", "as output")),
)
_BATCH = (("batch_input", "Input", "as usual"), ("batch_output", "Output", "as usual"))
_TIER_TITLES = {"over": "Over", "input": "Input", "output": "Output", "cached_input": "Cached"}
_PRICE_WIDTH, _LIMIT_WIDTH = 92, 110


class PriceForm(QScrollArea):
    """Shows one draft.

    Signals: `edited(object, str)` the draft as it is typed now, and the name of the field that was typed in.
    """

    edited = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields: dict[str, QLineEdit] = {}
        self.faults: dict[str, Words] = {}
        self.tiers: list[dict[str, QLineEdit]] = []
        self._draft = Draft()
        self._filling = False
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(22, 16, 22, 16)
        self._column.setSpacing(6)
        self._arrange()
        self.setWidget(inner)

    def _arrange(self) -> None:
        self._add_line(("model", "Model", "gpt-4o or gpt-4o*"), ("provider", "Provider", "any"))
        self.fields["model"].setToolTip(
            "A name, or a pattern: * is any text, ? any one character. Case does not matter."
        )
        self.fields["provider"].setToolTip("Only for calls of this provider: openai, azure, aws.bedrock …")
        self._add_fault("model")
        self._add_line(("since", "In force from", "always"), note="a day such as 2026-01-31, UTC; until a later row")
        self._add_fault("since")
        self._add_title("US dollars per million tokens")
        for line in _LINES:
            self._add_line(*line)
            self._add_fault(line[0][0])
        self._add_title("In a batch")
        self._add_line(*_BATCH, ("batch_discount", "or all less", "–"), note="%")
        self._add_fault("batch_input")
        self.add_tier = PaintedButton("Add a tier", "plus", small=True)
        self.add_tier.setToolTip("Other prices for requests with more input tokens than a limit")
        self.add_tier.clicked.connect(self._add_tier)
        self._add_title("Over a limit of input tokens, for the whole request", self.add_tier)
        self._tier_box = QVBoxLayout()
        self._tier_box.setSpacing(6)
        self._column.addLayout(self._tier_box)
        self._add_fault("tiers")
        self.reach = Words("", "dim", ui_font(12))
        self.example = Words("", "dim", ui_font(12))
        self._column.addSpacing(8)
        self._column.addWidget(self.reach)
        self._column.addWidget(self.example)
        self._column.addStretch(1)

    def _add_title(self, text: str, *beside: QWidget) -> None:
        title = QLabel(text)
        title.setObjectName("title")
        title.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.addWidget(title)
        row.addStretch(1)
        for part in beside:
            row.addWidget(part)
        self._column.addSpacing(8)
        self._column.addLayout(row)

    def _add_line(self, *parts: tuple[str, str, str], note: str = "") -> None:
        line = QGridLayout()
        line.setHorizontalSpacing(10)
        line.setColumnMinimumWidth(0, 92)
        for place, (name, title, empty) in enumerate(parts):
            label = QLabel(title)
            label.setObjectName("dim")
            field = QLineEdit()
            field.setPlaceholderText(empty)
            field.setAccessibleName(f"{title}, in a batch" if name.startswith("batch") else title)
            field.textEdited.connect(partial(self._take, name))
            if name != "model":
                field.setFixedWidth(_LIMIT_WIDTH if name in ("provider", "since") else _PRICE_WIDTH)
            label.setBuddy(field)
            self.fields[name] = field
            line.addWidget(label, 0, 2 * place)
            line.addWidget(field, 0, 2 * place + 1)
            if place:
                line.setColumnMinimumWidth(2 * place, 78)
        last = 2 * len(parts)
        if note:
            after = QLabel(note)
            after.setObjectName("dim")
            line.addWidget(after, 0, last)
        if parts[0][0] == "model":
            line.setColumnStretch(1, 1)
        else:
            line.setColumnStretch(last + 1, 1)
        self._column.addLayout(line)

    def _add_fault(self, name: str) -> None:
        words = Words("", "err", ui_font(12))
        words.hide()
        self.faults[name] = words
        self._column.addWidget(words)

    # What is shown

    def show_draft(self, draft: Draft) -> None:
        """Show another draft. Fields that have the same text keep their cursor."""
        self._draft = draft
        self._filling = True
        for name, field in self.fields.items():
            if field.text() != getattr(draft, name):
                field.setText(getattr(draft, name))
                field.setCursorPosition(0)
        if len(self.tiers) != len(draft.tiers):
            self._make_tiers(len(draft.tiers))
        for fields, tier in zip(self.tiers, draft.tiers, strict=True):
            for name, field in fields.items():
                if field.text() != getattr(tier, name):
                    field.setText(getattr(tier, name))
        self.add_tier.setEnabled(len(draft.tiers) < MOST_TIERS)
        self._filling = False

    def show_problems(self, found: Mapping[str, str]) -> None:
        """Say what is wrong with it, below the line of each field."""
        of_line = {name: line[0][0] for line in (*_LINES, _BATCH) for name, _, _ in line}
        of_line["batch_discount"] = "batch_input"
        said: dict[str, str] = {}
        for name, fault in found.items():
            said.setdefault(of_line.get(name, name), fault)
        for name, words in self.faults.items():
            words.set_text(said.get(name, ""))
            words.setVisible(name in said)

    def focus(self, name: str) -> None:
        """Put the cursor into a field; of tiers into the first."""
        field = self.tiers[0]["over"] if name == "tiers" and self.tiers else self.fields.get(name)
        if field is not None:
            field.setFocus()
            field.selectAll()
            self.ensureWidgetVisible(field)

    def _make_tiers(self, count: int) -> None:
        while (item := self._tier_box.takeAt(0)) is not None:
            if (former := item.widget()) is not None:
                former.hide()
                former.deleteLater()
        self.tiers.clear()
        for place in range(count):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            fields: dict[str, QLineEdit] = {}
            for name, title in _TIER_TITLES.items():
                label = QLabel(title)
                label.setObjectName("dim")
                field = QLineEdit()
                field.setFixedWidth(_LIMIT_WIDTH if name == "over" else _PRICE_WIDTH - 16)
                field.setPlaceholderText("200000" if name == "over" else "as below")
                field.setAccessibleName(f"{title}, tier {place + 1}")
                field.textEdited.connect(partial(self._take_tier, place, name))
                row.addWidget(label)
                row.addWidget(field)
                fields[name] = field
            remove = PaintedButton("", "x", flat=True, small=True)
            remove.setAccessibleName(f"Remove tier {place + 1}")
            remove.setToolTip("Remove this tier")
            remove.clicked.connect(partial(self._remove_tier, place))
            row.addWidget(remove)
            row.addStretch(1)
            self._tier_box.addWidget(line)
            self.tiers.append(fields)

    # What a person does

    def _take(self, name: str, text: str) -> None:
        if not self._filling:
            self._say(replace(self._draft, **{name: text}), name)  # type: ignore[arg-type]

    def _take_tier(self, place: int, name: str, text: str) -> None:
        if not self._filling:
            tiers = list(self._draft.tiers)
            tiers[place] = replace(tiers[place], **{name: text})  # type: ignore[arg-type]
            self._say(replace(self._draft, tiers=tuple(tiers)), f"tier {place} {name}")

    def _add_tier(self) -> None:
        self._say(replace(self._draft, tiers=(*self._draft.tiers, TierDraft())), "")
        if self.tiers:
            self.tiers[-1]["over"].setFocus()

    def _remove_tier(self, place: int) -> None:
        tiers = self._draft.tiers
        self._say(replace(self._draft, tiers=(*tiers[:place], *tiers[place + 1 :])), "")

    def _say(self, draft: Draft, name: str) -> None:
        self._draft = draft
        self.edited.emit(draft, name)
