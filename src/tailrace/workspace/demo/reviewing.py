"""A review in progress over the demo's traces: queues, verdicts, notes, failure modes, a dataset.

Who reviewed what and when is decided from the seed; the records go in as work that was merged from others does, so that
each keeps the time at which it was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from tailrace.jobs import Ticket
from tailrace.model import Json, Score, ScoreKind
from tailrace.model.review import (
    Dataset,
    DefinitionKind,
    FailureMode,
    Queue,
    QueueItem,
    QueueSource,
    Recipe,
    Record,
    ReviewItem,
    ScoreDefinition,
    Verdict,
    Visit,
    id_of,
)
from tailrace.model.score import THUMB
from tailrace.model.versions import Version
from tailrace.review.judgement import (
    adjudicated_score,
    correction_score,
    defined_score,
    evidence_score,
    mode_mark,
    note_score,
    verdict_score,
)
from tailrace.store import Reader
from tailrace.store.merging import merge_versions
from tailrace.store.records import TABLES
from tailrace.store.scores import SCORE_COLUMNS, ScoreBook, score_row
from tailrace.store.versions import SCORE, version_of
from tailrace.workspace.demo.findings import Findings, Truth, look
from tailrace.workspace.demo.ingredients import load
from tailrace.workspace.demo.opinions import Character, Opinion, Phrases, judge_as
from tailrace.workspace.demo.traffic import DAY_NS, HOUR_NS, LATEST_RELEASE
from tailrace.workspace.reviews import Reviews

_S = 1_000_000_000
_PEOPLE = (
    Character("mara.lindqvist", sharp=0.95, strict=0.05, writes=0.95, highlights=0.75),
    Character("tomasz.k", sharp=0.88, strict=0.14, writes=0.85, highlights=0.35, brief=True),
    Character("aylin", sharp=0.95, strict=0.08, writes=0.90, highlights=0.5),
)
REVIEWER = _PEOPLE[0].name  # who has done most
_BREAK_AFTER = 45  # items
_SETTLED = 0.4  # of the conflicts
_EXAMPLES = 12


def add_review(path: Path, truths: Mapping[str, Truth], end_ns: int, seed: int, ticket: Ticket | None = None) -> None:
    """Put a review in progress into a demo database that has its traces; all of it was said before `end_ns`. Raises
    DatabaseError."""
    reader = Reader(path)
    try:
        last = _Review(path, reader, truths, end_ns, seed, ticket or Ticket()).happen()
    finally:
        reader.close()
    # with nobody reading any more: whoever closes last leaves one file without a log beside it
    merge_versions(path, map(_version_of, last), ticket)


class _Review:
    def __init__(
        self, path: Path, reader: Reader, truths: Mapping[str, Truth], end_ns: int, seed: int, ticket: Ticket
    ) -> None:
        self._path, self._ticket = path, ticket
        self._reviews = Reviews(path, reader, _no_book)
        self._truths = truths
        self._seed = seed
        self._midnight = end_ns // DAY_NS * DAY_NS
        self._rng = Random(f"{seed}:review")
        self._phrases = Phrases(self._rng)
        self._modes: dict[str, FailureMode] = {}
        self._definitions: dict[str, ScoreDefinition] = {}
        self._items: dict[str, ReviewItem] = {}
        self._seen: dict[str, Findings] = {}
        self._said: dict[tuple[str, str], tuple[Verdict, int]] = {}
        self._marked = 0

    def happen(self) -> list[Record]:
        """Everything, in the order in which it was done; what is still to be written."""
        mara, tomasz, aylin = _PEOPLE
        day = self._midnight
        self._put(self._agree_on_words(day - 3 * DAY_NS + 9 * HOUR_NS))
        blind = Queue(self._id(), "", blind=True, reviewers=(mara.name, tomasz.name), author=mara.name)
        random, ids = self._queue("random", QueueSource.RANDOM, 120, blind, day - 2 * DAY_NS + 7 * HOUR_NS)
        said = self._sit(random, ids, mara, day - 2 * DAY_NS + 9 * HOUR_NS)
        said += self._sit(random, ids, tomasz, day - 2 * DAY_NS + 13 * HOUR_NS)
        self._put([*said, *self._settle(ids, (mara, tomasz), aylin.name, day - 1 * DAY_NS + 8 * HOUR_NS)])
        two = Queue(self._id(), "", reviewers=(mara.name, aylin.name), author=mara.name)
        errors, ids = self._queue("errors", QueueSource.UNREVIEWED, 200, two, day - 1 * DAY_NS + 7 * HOUR_NS)
        said = self._sit(errors, ids[:68], mara, day - 1 * DAY_NS + 9 * HOUR_NS)
        said += self._sit(errors, ids[:45], aylin, day - 1 * DAY_NS + 14 * HOUR_NS)
        self._put(said)
        anybody = Queue(self._id(), "", author=mara.name)
        self._queue("open", QueueSource.RANDOM, 40, anybody, day - 1 * DAY_NS + 18 * HOUR_NS)
        return list(self._collect(mara.name, day - 1 * DAY_NS + 17 * HOUR_NS))

    # What is set up

    def _agree_on_words(self, when: int) -> Iterator[Record]:
        book = load("review")
        author = _PEOPLE[0].name
        ids = {mode["id"]: self._id() for mode in book["modes"]}
        for place, mode in enumerate(book["modes"]):
            into = mode.get("into")
            made = when + place * 90 * _S
            self._modes[mode["id"]] = FailureMode(
                ids[mode["id"]],
                mode["name"],
                mode["description"],
                None if into is None else ids[into],
                place,
                author,
                made,
                made if into is None else when + 26 * HOUR_NS,
            )
        yield from self._modes.values()
        for place, one in enumerate(book["definitions"]):
            definition = ScoreDefinition(
                self._id(),
                one["name"],
                DefinitionKind(one["kind"]),
                one["description"],
                options=tuple(one.get("options", ())),
                position=place,
                author=author,
                created_ns=when + 1_800 * _S,
                updated_ns=when + 1_800 * _S,
            )
            self._definitions[one["id"]] = definition
            yield definition

    def _queue(
        self, name: str, source: QueueSource, size: int, queue: Queue, when: int
    ) -> tuple[Queue, tuple[str, ...]]:  # fmt: skip
        """A queue made at a time, out of the traces that were there; its traces are read."""
        words: Json = load("review")["queues"][name]
        since_ns = round(self._midnight - LATEST_RELEASE * DAY_NS) if source is QueueSource.RANDOM else None
        recipe = Recipe(source, words["filter"], since_ns, when, size, self._seed)
        queue = replace(
            queue,
            name=words["name"],
            recipe=recipe,
            instructions=words["instructions"],
            created_ns=when,
            updated_ns=when,
        )
        chosen = self._reviews.sample(recipe, queue.author or "", self._ticket).trace_ids
        items = (QueueItem(queue.queue_id, trace_id, place, updated_ns=when) for place, trace_id in enumerate(chosen))
        self._put([queue, *items])
        return queue, chosen

    # What is said

    def _sit(self, queue: Queue, trace_ids: Sequence[str], who: Character, begin: int) -> list[Record]:
        """One reviewer goes through some items, with a break now and then."""
        said: list[Record] = []
        now = begin
        rng = Random(f"{self._seed}:{who.name}:{queue.name}")
        self._read(queue, trace_ids, who.name)
        for done, trace_id in enumerate(trace_ids, 1):
            item = self._items.get(trace_id)
            if item is None:
                continue
            opinion = judge_as(who, item, self._seen[trace_id], rng, self._phrases)
            seconds = 4 + 5 * rng.lognormvariate(0, 0.45) + len(opinion.note) / 7 + 4 * len(opinion.evidence)
            spent = round(seconds * 1_000)
            visit = f"{rng.getrandbits(128):032x}"
            now += rng.randrange(200, 900) * 1_000_000
            end = now + spent * 1_000_000
            said.append(Visit(visit, queue.queue_id, trace_id, who.name, now, spent, end))
            said += self._judgement(who.name, trace_id, opinion, now, end, rng)
            self._said[who.name, trace_id] = opinion.verdict, end
            now = end
            if done % _BREAK_AFTER == 0:
                now += rng.randrange(8, 25) * 60 * _S
        return said

    def _read(self, queue: Queue, trace_ids: Sequence[str], reviewer: str) -> None:
        listed = self._reviews.read_queue(queue.queue_id, reviewer, self._ticket)
        assert listed is not None
        wanted = set(trace_ids) - self._items.keys()
        for trace_id, key in zip(listed.trace_ids, listed.keys.tolist(), strict=True):
            if trace_id in wanted and (item := self._reviews.read_item(key, self._ticket)) is not None:
                self._items[trace_id] = item
                self._seen[trace_id] = look(item, self._truths.get(trace_id, Truth()))

    def _judgement(
        self, who: str, trace_id: str, opinion: Opinion, began: int, end: int, rng: Random
    ) -> Iterator[Score]:  # fmt: skip
        """The scores of an opinion; what is written comes before the verdict, which ends the look."""
        scores = [
            evidence_score(who, trace_id, anchor, f"tailrace:{rng.getrandbits(128):032x}")
            for anchor in opinion.evidence
        ]
        scores += [mode_mark(who, trace_id, self._mode(mode)) for mode in opinion.modes]
        if opinion.note:
            scores.append(note_score(who, trace_id, opinion.note))
        if opinion.correction:
            scores.append(correction_score(who, trace_id, opinion.correction))
        scores += [
            defined_score(self._definitions[name], who, trace_id, value) for name, value in opinion.values.items()
        ]
        scores.append(verdict_score(who, trace_id, opinion.verdict))
        for place, score in enumerate(scores, 1):
            yield _at(score, began + (end - began) * place // len(scores))

    def _mode(self, mode: str) -> FailureMode:
        if mode == "policy":
            self._marked += 1
            if self._marked % 6 == 3:  # before the two were found to be one
                return self._modes["invented"]
        return self._modes[mode]

    def _settle(self, trace_ids: Sequence[str], pair: Sequence[Character], who: str, begin: int) -> Iterator[Score]:
        """Some of the conflicts of two reviewers are settled by a third, by what the trace says."""
        now = begin
        for trace_id in trace_ids:
            verdicts = {self._said[one.name, trace_id][0] for one in pair if (one.name, trace_id) in self._said}
            if verdicts == {Verdict.PASS, Verdict.FAIL} and self._rng.random() < _SETTLED:
                now += self._rng.randrange(20, 90) * _S
                value = 0.0 if self._seen[trace_id].grave else 1.0
                yield _at(adjudicated_score(who, trace_id, THUMB, ScoreKind.THUMB, value, None), now)

    def _collect(self, who: str, when: int) -> Iterator[Record]:
        """A dataset of refund questions: mostly failures with a correction, and some that went well."""
        words: Json = load("review")["dataset"]
        dataset = Dataset(self._id(), words["name"], words["description"], who, when, when)
        yield dataset
        mine = [trace_id for name, trace_id in self._said if name == who]
        about = [trace_id for trace_id in mine if "efund" in self._seen[trace_id].around]
        failed = [one for one in about if self._said[who, one][0] is Verdict.FAIL and "policy" in self._seen[one].grave]
        passed = [
            one for one in about if self._said[who, one][0] is Verdict.PASS and "store credit" in self._seen[one].reply
        ]
        share = min(len(passed), 4)
        for place, trace_id in enumerate([*failed[: _EXAMPLES - share], *passed[:share]]):
            key = self._items[trace_id].row.key
            example = self._reviews.example_of(key, who, dataset.dataset_id, self._ticket)
            if example is not None:
                now = when + (place + 1) * 7 * _S
                yield replace(example, created_ns=now, updated_ns=now)

    # How it is written

    def _put(self, records: Iterable[Record]) -> None:
        merge_versions(self._path, map(_version_of, records), self._ticket)

    def _id(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"


def _at(score: Score, when: int) -> Score:
    return replace(score, created_ns=when, updated_ns=when)


def _version_of(record: Record) -> Version:
    """A record as the work of others comes in: with the time at which it was said."""
    stamp = record.updated_ns or 0
    if isinstance(record, Score):
        values = dict(zip(SCORE_COLUMNS, score_row(record), strict=True))
        return version_of(SCORE, record.score_id, stamp, False, values)
    table = TABLES[type(record)]
    values = dict(zip(table.columns, table.row_of(record), strict=True))
    return version_of(table.name, id_of(record), stamp, False, values)


def _no_book() -> ScoreBook:
    raise AssertionError("the demo's review is merged, not put")
