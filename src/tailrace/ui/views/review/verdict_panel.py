"""The right side of the Review page: the verdict, and all else that a reviewer says of a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tailrace.model import Score
from tailrace.model.review import Evidence, FailureMode, Judgement, ScoreDefinition, Verdict
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import QuietScrollBar, Switch, Words
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.pressable import LinkButton
from tailrace.ui.views.review.dataset_button import DatasetButton
from tailrace.ui.views.review.draft_field import DraftField
from tailrace.ui.views.review.evidence_list import EvidenceList
from tailrace.ui.views.review.heading import Heading
from tailrace.ui.views.review.mode_section import ModeSection
from tailrace.ui.views.review.others_view import OthersView
from tailrace.ui.views.review.saved_mark import SAVED, SAVING, SavedMark
from tailrace.ui.views.review.score_fields import ScoreFields
from tailrace.ui.views.review.verdict_buttons import VerdictButtons
from tailrace.ui.views.spoken import Role

_ADVANCE = {"move": "move on", "stay": "stay"}


class VerdictPanel(QWidget):
    """Shows what one reviewer says of one trace and asks for changes of it; it changes nothing itself.

    Texts and scores carry the token that `show_item` got, so that what is told late still lands where it was meant.

    Signals: `verdict_given(Verdict | None)`; `note_changed(token, text)`; `correction_changed(token, text)`;
    `mode_toggled(mode_id)`; `mode_made(name)`; `score_given(definition_id, float | str | None, token)`;
    `dataset_toggled()`; `dataset_menu_wanted(QPoint)`; `evidence_removed(score_id)`; `evidence_chosen(score_id)`;
    `agreement_wanted()`; `modes_wanted()`; `definitions_wanted()`; `advance_changed("move" | "stay")`; `left()` when a
    key was done with a field.
    """

    SPOKEN_AS = Role.Pane
    verdict_given = Signal(object)
    note_changed = Signal(object, object)
    correction_changed = Signal(object, object)
    mode_toggled = Signal(object)
    mode_made = Signal(object)
    score_given = Signal(object, object, object)
    dataset_toggled = Signal()
    dataset_menu_wanted = Signal(object)
    evidence_removed = Signal(object)
    evidence_chosen = Signal(object)
    agreement_wanted = Signal()
    modes_wanted = Signal()
    definitions_wanted = Signal()
    advance_changed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Your judgement")
        self._keys: Mapping[str, str] = {}
        self._token: object = None
        self._build_top()
        self._build_body()
        self._build_foot()
        self.nothing = Placeholder(self)
        self.nothing.show_words("Nothing to judge", "Choose a trace of the queue.", "clipboard-check")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.area, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.foot)
        self._order_tabs()
        self._show_missing()
        self.show_agreement("", 0)
        self.show_nothing()

    # ---- what is shown ----

    def show_item(
        self,
        judgement: Judgement,
        *,
        others: Sequence[Score] = (),
        hidden: bool = False,
        lost: Sequence[Evidence] = (),
        token: object = None,
    ) -> None:
        """Show what was said of a trace. `token` (hashable) is the trace; the same one again is an update, which leaves
        alone what is being written. `hidden`: others' judgements are not for this reviewer's eyes yet."""
        if token != self._token:
            self._token = token
            self.modes.field.line.clear()
            self.area.verticalScrollBar().setValue(0)
        self.note.editor.show_text(token, judgement.note)
        self.correction.editor.show_text(token, judgement.correction)
        self.scores.show_scores(token, judgement.scores)
        self.verdicts.show_verdict(judgement.verdict)
        self.modes.show_marked(judgement.modes)
        missing = {evidence.score_id for evidence in lost}
        self.evidence.show_evidence(judgement.evidence, missing)
        self.no_evidence.setVisible(not judgement.evidence)
        self.others.show_scores(others, hidden)
        self.others_heading.setVisible(not self.others.isHidden())
        self._show_missing()
        self._turn_on(True)
        self._settle()

    def show_nothing(self) -> None:
        """There is no trace; what was written on the last one is told first."""
        self.flush()
        self.verdicts.show_verdict(None)
        self._turn_on(False)

    def show_definitions(self, definitions: Sequence[ScoreDefinition]) -> None:
        """The scores to ask for, in this order."""
        if self.scores.show_definitions(definitions):
            self._order_tabs()
        self.no_scores.setVisible(not definitions)
        self._show_missing()

    def show_modes(
        self, modes: Sequence[tuple[FailureMode, int]], suggestions: Sequence[tuple[str, float]] = ()
    ) -> None:
        """The failure modes in the order of their number keys with the number of traces that have them, and what the
        note suggests: (mode id, how well it fits)."""
        self.modes.show_modes(modes, suggestions)

    def show_agreement(self, words: str, conflicts: int) -> None:
        """How far reviewers agree, in words; with conflicts it leads to them."""
        settle = f"{conflicts} conflict{'' if conflicts == 1 else 's'} to settle"
        self.agreement.set_words(" · ".join(filter(None, (words, settle if conflicts else ""))) + " →" if words else "")
        for widget in (self.agreement, self.agreement_heading):
            widget.setVisible(bool(words))

    def show_dataset(self, name: str | None, contained: bool) -> None:
        """The dataset in use, None for none, and whether the trace is in it."""
        self.dataset.show_dataset(name, contained)

    def show_saved(self, text: str) -> None:
        """`saved`, `saving…`, nothing, or a sentence that says why saving failed."""
        quiet = text in (SAVED, SAVING, "")
        self.saved.say(text if quiet else "")
        self.failure.set_text("" if quiet else text)
        self.failure.setVisible(not quiet)
        if text == SAVED:
            for field in (self.note, self.correction):
                field.editor.confirm()
            self.scores.confirm()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The words on the key caps by command id; a command without a key has no cap."""
        self._keys = dict(keys)
        for verdict, button in self.verdicts.buttons.items():
            button.set_key(keys.get(f"review.{verdict.value}", ""))
        self.note_heading.set_key(keys.get("review.note", ""))
        self.correction_heading.set_key(keys.get("review.correct", ""))
        self.evidence_heading.set_key(keys.get("review.highlight", ""))
        self.scores_heading.set_key(keys.get("review.scores", ""))
        self.dataset.set_key(keys.get("review.dataset", ""))
        self.modes.show_keys(keys)
        key = keys.get("review.highlight", "")
        press = f" and press {key}" if key else ""
        self.no_evidence.set_text(
            f"Select words in the conversation (Enter goes into it){press} to keep them as evidence."
        )

    def set_advance(self, value: str) -> None:
        """What follows a verdict: "move" or "stay"."""
        self.advance.set_value(value)

    def missing(self) -> list[str]:
        """The names of the required scores that have no value."""
        return self.scores.missing()

    def flush(self) -> None:
        """Tell everything that was written or given and has not been told."""
        self.note.editor.flush()
        self.correction.editor.flush()
        self.scores.flush()

    # ---- what keys do ----

    def press_verdict(self, verdict: Verdict) -> None:
        """As a click on its button."""
        self.verdicts.press(verdict)

    def press_mode(self, n: int) -> None:
        """As a click on the failure mode at place `n`, from 1."""
        if self.area.isEnabled():
            self.modes.press(n)

    def press_dataset(self) -> None:
        """As a click on the button at the bottom."""
        if self.foot.isEnabled():
            self.dataset.press()

    def focus_note(self) -> None:
        """Write on in the note."""
        self._focus(self.note.editor, self.note)

    def focus_correction(self) -> None:
        """Write on in what it should have said."""
        self._focus(self.correction.editor, self.correction)

    def focus_new_mode(self) -> None:
        """Type a failure mode's name."""
        self._focus(self.modes.field.line, self.modes.field)

    def focus_scores(self) -> None:
        """Go to the first score that has no value, else to the first."""
        rows = self.scores.rows
        if rows:
            row = next((row for row in rows if not row.is_filled), rows[0])
            self._focus(row.field, row)

    # ---- Qt ----

    def event(self, event: QEvent) -> bool:
        """Qt: keys of a focused part that would else be the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not event.modifiers():
            space = event.key() == Qt.Key.Key_Space and isinstance(QApplication.focusWidget(), QAbstractButton)
            if space or event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.setPen(QColor(theme.line))
            if not self.nothing.isVisible():
                painter.drawLine(14, self.foot.y(), self.width() - 15, self.foot.y())
                if self.area.verticalScrollBar().value() > 0:
                    painter.drawLine(0, self.area.y() - 1, self.width(), self.area.y() - 1)

    # ---- how it is built ----

    def _build_top(self) -> None:
        self.top = QWidget(self)
        column = QVBoxLayout(self.top)
        column.setContentsMargins(14, 9, 14, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Heading("Verdict", self.top), 1)
        self.saved = SavedMark(self.top)
        head.addWidget(self.saved)
        column.addLayout(head)
        self.verdicts = VerdictButtons(self.top)
        self.verdicts.given.connect(self.verdict_given)
        column.addWidget(self.verdicts)
        self.failure = Words("", "err", ui_font(12), self.top)
        self.failure.hide()
        column.addWidget(self.failure)
        after = QHBoxLayout()
        words = Words("After a verdict", "dim", ui_font(12), self.top)
        after.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.advance = Switch(_ADVANCE, "After a verdict", self.top)
        self.advance.chosen.connect(self.advance_changed)
        after.addWidget(self.advance)
        column.addLayout(after)

    def _build_body(self) -> None:
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBar(QuietScrollBar(self.area))
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.body = QWidget(self.area)
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(14, 2, 3, 12)
        self._column.setSpacing(6)

        self.note_heading = self._head("Note")
        self.note = DraftField("Note", "What went wrong, in your own words", self.body)
        self.note.editor.changed.connect(self.note_changed)
        self._column.addWidget(self.note)

        self._column.addSpacing(4)
        self.modes = ModeSection(self.body)
        self.modes.toggled.connect(self.mode_toggled)
        self.modes.made.connect(self.mode_made)
        self.modes.wanted.connect(self.modes_wanted)
        self.modes.list.row_wanted.connect(self._show_mode_row)
        self.modes.field.grown.connect(self._follow_field)
        self._column.addWidget(self.modes)

        self.scores_heading = self._head("Scores", "sliders-horizontal", "Score fields: which scores are asked for")
        assert self.scores_heading.button is not None
        self.scores_heading.button.clicked.connect(self.definitions_wanted)
        self.no_scores = LinkButton(self.body)
        self.no_scores.set_words("No scores are asked for. Add score fields →")
        self.no_scores.clicked.connect(self.definitions_wanted)
        self._column.addWidget(self.no_scores)
        self.scores = ScoreFields(self.body)
        self.scores.given.connect(self.score_given)
        self.scores.filled_changed.connect(self._show_missing)
        self._column.addWidget(self.scores)

        self.correction_heading = self._head("What it should have said")
        self.correction = DraftField("What it should have said", "The right answer", self.body, (2, 9))
        self.correction.editor.changed.connect(self.correction_changed)
        self._column.addWidget(self.correction)

        self.evidence_heading = self._head("Evidence")
        self.no_evidence = Words("Select words in the conversation to keep them as evidence.", parent=self.body)
        self._column.addWidget(self.no_evidence)
        self.evidence = EvidenceList(self.body)
        self.evidence.chosen.connect(self.evidence_chosen)
        self.evidence.removed.connect(self.evidence_removed)
        self.evidence.row_wanted.connect(self._show_evidence_row)
        self._column.addWidget(self.evidence)

        self.others_heading = self._head("Others and automatic")
        self.others = OthersView(self.body)
        self._column.addWidget(self.others)
        self.agreement_heading = self._head("Agreement")
        self.agreement = LinkButton(self.body, "dim")
        self.agreement.clicked.connect(self.agreement_wanted)
        self._column.addWidget(self.agreement)
        self._column.addStretch(1)
        for part in (self.note.editor, self.correction.editor, self.modes, self.scores):
            part.left.connect(self.left)
        self.area.setWidget(self.body)
        self.body.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)

    def _build_foot(self) -> None:
        self.foot = QWidget(self)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(14, 9, 14, 11)
        self.dataset = DatasetButton(self.foot)
        self.dataset.toggled.connect(self.dataset_toggled)
        self.dataset.menu_wanted.connect(self.dataset_menu_wanted)
        row.addWidget(self.dataset)

    def _head(self, title: str, icon: str = "", does: str = "") -> Heading:
        heading = Heading(title, self.body, icon=icon, does=does)
        self._column.addSpacing(4)
        self._column.addWidget(heading)
        return heading

    def _order_tabs(self) -> None:
        """Tab goes down the panel, also through fields that were made later than those below them."""
        assert self.modes.heading.button is not None
        assert self.scores_heading.button is not None
        stops = [
            self.note.editor, self.modes.heading.button, self.modes.list, self.modes.more, self.modes.field.line,
            self.scores_heading.button, self.no_scores, *(row.field for row in self.scores.rows),
            self.correction.editor, self.evidence, self.others.more, self.agreement, self.dataset.main,
            self.dataset.menu,
        ]  # fmt: skip
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    # ---- small things ----

    def _turn_on(self, on: bool) -> None:
        for part in (self.verdicts, self.area, self.foot):
            part.setEnabled(on)
        self.area.setVisible(on)
        self.foot.setVisible(on)
        self.nothing.setVisible(not on)

    def _show_missing(self) -> None:
        missing = self.missing()
        names = f"(* required: {len(missing)} missing)" if missing else ""
        if self.scores_heading.remark != names:
            self.scores_heading.set_remark(names)

    def _focus(self, field: QWidget, around: QWidget) -> None:
        if self.area.isEnabled():
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.area.ensureWidgetVisible(around, 0, 12)

    def _settle(self) -> None:
        # what grew stands in its place before anything is painted
        for _ in range(2):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def _scrolled(self) -> None:
        self.update()

    def _show_mode_row(self, box: QRect) -> None:
        self._show_row(self.modes.list, box)

    def _show_evidence_row(self, box: QRect) -> None:
        self._show_row(self.evidence, box)

    def _show_row(self, rows: QWidget, box: QRect) -> None:
        self._settle()
        place = rows.mapTo(self.body, box.center())
        self.area.ensureVisible(place.x(), place.y(), 0, box.height())

    def _follow_field(self) -> None:
        if self.modes.field.line.hasFocus():
            self._settle()
            self.area.ensureWidgetVisible(self.modes.field, 0, 12)
