"""Under which terms a queue is reviewed: its name, instructions, who reviews what, and whether blind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model.review import Queue
from tailrace.ui.theme import ui_font
from tailrace.ui.views.review.form_parts import Labelled, ProposingLine, ShareSlider, Toggle

_FIELD = """QPlainTextEdit { background: palette(base); color: palette(text);
border: 1px solid palette(placeholder-text); border-radius: 6px; padding: 2px 4px; }
QPlainTextEdit:focus { border: 2px solid palette(accent); padding: 1px 3px; }"""


class QueueTerms(QWidget):
    """Two columns: what it is called and asks for, and who reviews it.

    Signals: `changed()` whenever a person changes something.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.textChanged.connect(self.changed)
        self.instructions = QPlainTextEdit()
        self.instructions.setFont(ui_font(13))
        self.instructions.setPlaceholderText("What to look for. Shown above every item.")
        self.instructions.setTabChangesFocus(True)
        self.instructions.setMinimumHeight(66)
        self.instructions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.instructions.setStyleSheet(_FIELD)
        self.instructions.textChanged.connect(self.changed)
        self.reviewers = ProposingLine("anybody; or names, with commas between", several=True)
        self.reviewers.textChanged.connect(self._deal)
        self.share = ShareSlider()
        self.share.setAccessibleName("How much everybody reviews")
        self.share.set_share(1.0)
        self.share.valueChanged.connect(self._deal)
        self._dealt = QLabel()
        self._dealt.setObjectName("dim")
        self._dealt.setFont(ui_font(12))
        self._dealt.setWordWrap(True)
        self._dealt.setTextFormat(Qt.TextFormat.PlainText)
        self.blind = Toggle("Blind: hide others’ judgements until mine is in")
        self.blind.toggled.connect(self.changed)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(Labelled("&Name", self.name))
        left.addWidget(Labelled("&Instructions", self.instructions), 1)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(Labelled("&Reviewers", self.reviewers))
        right.addSpacing(4)
        right.addWidget(self.share)
        right.addWidget(self._dealt)
        right.addStretch(1)
        right.addWidget(self.blind)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self._deal()

    def show_queue(self, queue: Queue) -> None:
        """Begin with the terms of a queue."""
        self.name.setText(queue.name)
        self.instructions.setPlainText(queue.instructions)
        self.reviewers.setText(", ".join(queue.reviewers))
        self.share.set_share(queue.overlap)
        self.blind.setChecked(queue.blind)

    def propose_reviewers(self, names: Sequence[str]) -> None:
        """Who is known here."""
        self.reviewers.propose(names)

    def applied_to(self, queue: Queue) -> Queue:
        """The queue under these terms. A share between two steps of the slider stays unless it was moved."""
        names = self.names
        moved = round(queue.overlap * 20) != self.share.value()
        return replace(
            queue,
            name=self.name.text().strip(),
            instructions=self.instructions.toPlainText().strip(),
            blind=self.blind.isChecked(),
            reviewers=names,
            overlap=self.share.share if moved and len(names) > 1 else queue.overlap,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The reviewers, each once, in the order they were typed."""
        typed = (" ".join(name.split()) for name in self.reviewers.text().split(","))
        return tuple(dict.fromkeys(name for name in typed if name))

    def _deal(self) -> None:
        self.share.setEnabled(len(self.names) > 1)
        self._dealt.setText(dealing(len(self.names), self.share.share))
        self.changed.emit()


def dealing(reviewers: int, share: float) -> str:
    """Who reviews what, in words."""
    if reviewers == 0:
        return "Whoever opens the queue reviews all of it."
    if reviewers == 1:
        return "One person reviews all of it."
    everyone = "both" if reviewers == 2 else f"all {reviewers}"
    if share >= 1:
        return f"{everyone.capitalize()} review everything: the most agreement to measure."
    own = f"about {(1 - share) / reviewers + share:.0%} of the traces each"
    if share <= 0:
        return f"Each trace has one reviewer, {own}: nothing to compare."
    return f"{share:.0%} is reviewed by {everyone}, the rest is dealt out: {own}."
