"""The demo's review in progress is believable, fits the traces, and is the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tailrace.model import Score
from tailrace.model.review import OPEN, Anchor, ReviewItem
from tailrace.model.said import answer_of
from tailrace.model.score import CORRECTION, EVIDENCE, NOTE, THUMB
from tailrace.review.agreement import agreements, conflicts
from tailrace.review.judgement import evidence_of, is_adjudicated, judgement_of
from tailrace.review.modes import merged_to
from tailrace.review.similarity import group
from tailrace.store.copies import versions_in
from tailrace.ui.views.messages.quotes import find_anchor
from tailrace.ui.views.review.item_cards import build_item_cards
from tailrace.workspace import Workspace
from tailrace.workspace.demo import REVIEWER, write_demo
from tailrace.workspace.demo.ingredients import load

END_NS = 1_795_219_200_000_000_000
PEOPLE = tuple(load("people")["reviewers"])
RANDOM, ERRORS, ANYBODY = "Random 120", "Unreviewed prod errors", "Late refunds since v14"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = tmp_path_factory.mktemp("review") / "demo.tailrace"
    write_demo(path, END_NS)
    workspace = Workspace(path)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def items(reviewed: Workspace) -> list[ReviewItem]:
    """Every trace that somebody judged in the review."""
    keys = {key for _, key, author in reviewed.reviews.judged() if author in PEOPLE}
    found = [reviewed.reviews.read_item(key) for key in sorted(keys)]
    return [item for item in found if item is not None]


def own(items: list[ReviewItem], name: str) -> list[Score]:
    return [
        score for item in items for score in item.scores
        if score.name == name and score.score_id.startswith("tailrace:")
    ]  # fmt: skip


def test_three_queues_are_done_half_done_and_untouched_by_the_person(reviewed: Workspace) -> None:
    of = {one.queue.name: one.queue for one in reviewed.reviews.queues("somebody")}
    assert list(of) == [RANDOM, ERRORS, ANYBODY]
    assert of[RANDOM].blind
    assert not of[ANYBODY].reviewers
    assert all(queue.instructions for queue in of.values())
    for reviewer in of[RANDOM].reviewers:
        done = {one.queue.name: one for one in reviewed.reviews.queues(reviewer)}[RANDOM]
        assert done.size == done.passed + done.failed + done.deferred == 120
    mine = {one.queue.name: one for one in reviewed.reviews.queues(REVIEWER)}[ERRORS]
    assert 0.2 * mine.size < mine.passed + mine.failed + mine.deferred < 0.8 * mine.size
    for one in reviewed.reviews.queues("somebody"):
        listed = reviewed.reviews.read_queue(one.queue.queue_id, "somebody")
        assert listed is not None
        assert len(listed.trace_ids) == one.size >= 30
        assert (listed.keys >= 0).all()
        assert (listed.states == OPEN).all()


def test_the_random_queue_is_what_its_recipe_gives(reviewed: Workspace) -> None:
    for one in reviewed.reviews.queues(REVIEWER):
        listed = reviewed.reviews.read_queue(one.queue.queue_id, REVIEWER)
        assert listed is not None
        if one.queue.name != ERRORS:  # what is unreviewed has changed since
            assert reviewed.reviews.sample(one.queue.recipe, REVIEWER).trace_ids == listed.trace_ids


def test_two_reviewers_agree_well_but_not_always_and_some_of_it_is_settled(reviewed: Workspace) -> None:
    ratings = reviewed.reviews.ratings()
    pairs = {frozenset(one.raters): one for one in agreements(ratings, THUMB).pairs}
    pair = pairs[frozenset(PEOPLE[:2])]
    assert pair.items >= 100
    assert pair.value is not None
    assert 0.5 < pair.value < 0.92
    found = [one for one in conflicts(ratings) if one.name == THUMB]
    assert 6 <= len(found) <= 25
    assert 2 <= sum(one.settled for one in found) < len(found)


def test_nothing_was_said_after_the_end_or_before_its_trace(reviewed: Workspace, items: list[ReviewItem]) -> None:
    assert all(version.stamp_ns <= END_NS for version in versions_in(reviewed.database) if version is not None)
    for item in items:
        assert all((score.created_ns or 0) > item.row.start_ns for score in item.scores)
    for one in reviewed.reviews.queues(REVIEWER):
        visits = reviewed.reviews.visits(one.queue.queue_id, REVIEWER)
        ends = [visit.began_ns + visit.spent_ms * 1_000_000 for visit in visits]
        assert all(2_000 < visit.spent_ms < 240_000 for visit in visits)
        assert all(ends[place + 1] <= visits[place].began_ns for place in range(len(visits) - 1))


def test_failure_modes_are_described_marked_and_one_was_merged(reviewed: Workspace, items: list[ReviewItem]) -> None:
    every = reviewed.reviews.all_modes()
    live = reviewed.reviews.modes()
    assert 6 <= len(live) <= 8
    assert all(mode.description for mode in every)
    assert sum(count > 0 for _, count in live) >= 6
    assert max(count for _, count in live) > 10
    merged = [mode for mode in every if mode.merged_into is not None]
    assert len(merged) == 1
    target = merged_to(every)[merged[0].mode_id]
    assert target in {mode.mode_id for mode, _ in live}
    marked = {mode for item in items for who in PEOPLE for mode in judgement_of(item.scores, who).modes}
    assert merged[0].mode_id in marked
    labels = {score.label for item in items for score in item.scores if score.metadata.get("mode") == merged[0].mode_id}
    assert labels == {mode.name for mode, _ in live if mode.mode_id == target}


def test_notes_are_many_varied_and_group_where_no_mode_is_known(reviewed: Workspace, items: list[ReviewItem]) -> None:
    notes = [score.comment or "" for score in own(items, NOTE)]
    assert 110 <= len(notes) <= 220
    assert max(Counter(notes).values()) <= 9
    assert len(set(notes)) > 0.6 * len(notes)
    assert not any("{" in note for note in notes)
    bare = [(remark.score_id, remark.text) for remark in reviewed.reviews.remarks() if not remark.modes]
    assert len(bare) >= 30
    assert sum(len(one.notes) >= 4 for one in group(bare).groups) >= 3


def test_evidence_is_found_in_what_the_page_shows(items: list[ReviewItem]) -> None:
    marks = 0
    for item in items:
        shown = {
            (block.span_id, block.place): block.text for card in build_item_cards(item) for block in card.blocks
        }  # fmt: skip
        for score in item.scores:
            if score.name == EVIDENCE:
                anchor: Anchor = evidence_of(score).anchor
                text = shown[anchor.span_id, anchor.place]
                place = find_anchor(text, anchor)
                assert place is not None
                assert text[slice(*place)] == anchor.quote
                marks += 1
    assert marks >= 20


def test_verdicts_fit_what_the_answers_say(items: list[ReviewItem]) -> None:
    said = [
        score.value for item in items for score in item.scores
        if score.name == THUMB and score.score_id.startswith("tailrace:") and not is_adjudicated(score)
        and item.answer is not None and "60 days" in (answer_of(item.answer) or "")
    ]  # fmt: skip
    assert said
    assert said.count(0.0) > 0.7 * len(said)


def test_the_dataset_has_failures_with_what_should_have_been_said_and_passes(reviewed: Workspace) -> None:
    ((dataset, count),) = reviewed.reviews.datasets()
    examples = reviewed.reviews.dataset_items(dataset.dataset_id)
    assert dataset.name == "refund-regressions"
    assert 8 <= count == len(examples) <= 14
    assert all(example.input and example.output for example in examples)
    assert any(example.expected and example.expected != example.output for example in examples)
    assert any(example.expected == example.output for example in examples)


def test_scores_and_corrections_are_given(reviewed: Workspace, items: list[ReviewItem]) -> None:
    names = [one.name for one in reviewed.reviews.definitions()]
    assert names == ["helpfulness", "tone", "grounded"]
    assert all(len(own(items, name)) > 100 for name in names)
    assert own(items, CORRECTION)


def test_the_same_seed_gives_the_same_review(reviewed: Workspace, tmp_path: Path) -> None:
    def of(path: Path) -> set[object]:
        return set(versions_in(path))

    again, other = tmp_path / "again.tailrace", tmp_path / "other.tailrace"
    for path, seed in ((again, 7), (other, 8)):
        write_demo(path, END_NS, seed=seed, traces=300)
    once_more = tmp_path / "once-more.tailrace"
    write_demo(once_more, END_NS, traces=300)
    assert of(again) == of(once_more)
    assert of(again) != of(other)
