"""What a reviewer does to the item on show, from panel and keys to the records."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QObject, Signal

from tailrace.model.review import (
    DEFERRED,
    DefinitionKind,
    FailureMode,
    Judgement,
    Removal,
    ReviewItem,
    Verdict,
)
from tailrace.model.score import Score
from tailrace.review.acts import (
    give_score,
    give_verdict,
    make_mode,
    mark_evidence,
    take_verdict_back,
    toggle_mode,
    write_correction,
    write_note,
)
from tailrace.ui.commands import with_key_words
from tailrace.ui.models.review_setup import ReviewSetup
from tailrace.ui.models.reviewing import Desk, Reviewing
from tailrace.ui.views.review.item_view import ItemView
from tailrace.ui.views.review.verdict_panel import VerdictPanel


class ReviewDeeds(QObject):
    """`stays` says whether a verdict stays on the item.

    Signals: `status(object)` a sentence.
    """

    status = Signal(object)

    def __init__(
        self,
        reviewing: Reviewing,
        setup: ReviewSetup,
        panel: VerdictPanel,
        item_view: ItemView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reviewing = reviewing
        self._setup = setup
        self._panel = panel
        self._item_view = item_view
        self.stays = False
        panel.verdict_given.connect(self._press_verdict)
        panel.note_changed.connect(self._write_note)
        panel.correction_changed.connect(self._write_correction)
        panel.mode_toggled.connect(self.toggle_mode)
        panel.mode_made.connect(self._make_mode)
        panel.score_given.connect(self._give_score)
        panel.evidence_removed.connect(self._remove_evidence)

    def give(self, verdict: Verdict) -> None:
        """Give a verdict and move on. The one that is given already is confirmed: nobody loses it by a second press."""
        item, said = self._shown()
        if item is None:
            return
        changes = give_verdict(self._reviewing.reviewer, item.row.trace_id, said, verdict)
        self._reviewing.change(changes, f"verdict {verdict}")
        missing = [] if verdict is Verdict.DEFER else self._panel.missing()
        if missing:
            self.status.emit(f"Saved. Still asked for: {', '.join(missing)}")
        elif not self.stays:
            self._move_on(said.verdict)

    def _move_on(self, former: Verdict | None) -> None:
        """To the next one of its kind: open ones, those that were put off, or, the queue once more, simply the next."""
        if former in (Verdict.PASS, Verdict.FAIL):
            self._reviewing.step(1)
        elif former is None or not self._reviewing.next_open((DEFERRED,)):
            self._reviewing.move_on()

    def take_back(self) -> None:
        """Take the verdict back and stay."""
        item, said = self._shown()
        if item is not None:
            changes = take_verdict_back(self._reviewing.reviewer, item.row.trace_id, said)
            self._reviewing.change(changes, "taking a verdict back")

    def _press_verdict(self, verdict: object) -> None:
        """A button of the panel: the one that is down takes the verdict back."""
        if isinstance(verdict, Verdict) and verdict is not self._reviewing.said.verdict:
            self.give(verdict)
        else:
            self.take_back()

    def press_mode(self, number: int) -> None:
        """Toggle the failure mode of a number key."""
        modes = self._setup.current.modes
        if number <= len(modes):
            self.toggle_mode(modes[number - 1][0].mode_id)
        else:
            self.status.emit(with_key_words(f"There is no failure mode {number} yet: {{review.new-mode}} names one"))

    def toggle_mode(self, mode_id: object) -> None:
        """Mark a failure mode, or take the mark off."""
        item, said = self._shown()
        mode = self._setup.mode(str(mode_id))
        if item is not None and mode is not None:
            changes = toggle_mode(self._reviewing.reviewer, item.row.trace_id, said, mode, self._setup.current.merged)
            self._reviewing.change(changes, f"failure mode {mode.name}")

    def highlight(self) -> None:
        """Keep the selected text as evidence."""
        item, _ = self._shown()
        anchor = self._item_view.selected_anchor()
        if item is None:
            return
        if anchor is None or not anchor.quote.strip():
            self.status.emit("Select some text in the conversation first, then highlight it")
            return
        self._reviewing.change(mark_evidence(self._reviewing.reviewer, item.row.trace_id, anchor), "highlight")
        self._item_view.clear_selection()

    def _shown(self) -> tuple[ReviewItem | None, Judgement]:
        if self._reviewing.item is None and self._reviewing.place >= 0:
            self.status.emit("The item is still being read")
        return self._reviewing.item, self._reviewing.said

    def _write_note(self, desk: object, text: str) -> None:
        if isinstance(desk, Desk):
            said = self._reviewing.said_at(desk)
            changes = write_note(desk.reviewer, desk.target.trace_id, said, text)
            self._reviewing.change_elsewhere(desk.target, changes, "note")

    def _write_correction(self, desk: object, text: str) -> None:
        if isinstance(desk, Desk):
            said = self._reviewing.said_at(desk)
            changes = write_correction(desk.reviewer, desk.target.trace_id, said, text)
            self._reviewing.change_elsewhere(desk.target, changes, "correction")

    def _make_mode(self, name: object) -> None:
        item, said = self._shown()
        words = " ".join(str(name).split())
        if item is None or not words:
            return
        known = next((mode for mode, _ in self._setup.current.modes if mode.name.casefold() == words.casefold()), None)
        if known is not None:
            if known.mode_id not in self._setup.counted(said.modes):
                self.toggle_mode(known.mode_id)
            return
        last = max((mode.position for mode, _ in self._setup.current.modes), default=-1)
        mode = FailureMode(uuid.uuid4().hex, words, position=last + 1, author=self._reviewing.reviewer)
        changes = make_mode(self._reviewing.reviewer, item.row.trace_id, said, mode)
        self._reviewing.change(changes, f"failure mode {words}")

    def _give_score(self, definition_id: object, value: object, desk: object) -> None:
        definitions = self._setup.current.definitions
        definition = next((one for one in definitions if one.definition_id == definition_id), None)
        if not isinstance(desk, Desk) or definition is None or not isinstance(value, float | int | str | bool | None):
            return
        if definition.kind in (DefinitionKind.THUMB, DefinitionKind.YES_NO) and value is not None:
            value = value in (1.0, "yes", True)
        try:
            changes = give_score(desk.reviewer, desk.target.trace_id, definition, value)
        except ValueError as error:
            self.status.emit(str(error))
            return
        self._reviewing.change_elsewhere(desk.target, changes, definition.name)

    def _remove_evidence(self, score_id: object) -> None:
        self._reviewing.change([Removal(Score, str(score_id))], "highlight")
