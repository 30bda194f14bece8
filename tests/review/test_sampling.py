"""Choosing traces: the same from the same seed, whatever the order they are found in."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.review import Queue, QueueSource, Recipe
from tailrace.review.sampling import sample, share_of, shares

IDS = st.lists(st.text("0123456789abcdef", min_size=1, max_size=6), unique=True, max_size=60)
SIZES = st.none() | st.integers(0, 80)
SHUFFLED = st.sampled_from((QueueSource.RANDOM, QueueSource.UNREVIEWED))
HUNDRED = [f"{number:032x}" for number in range(100)]


def stratum_of(trace_id: str) -> str:
    return "abc"[len(trace_id) % 3]


@given(IDS, SIZES, st.integers(-(2**70), 2**70), SHUFFLED, st.randoms(use_true_random=False))
def test_a_random_sample_does_not_depend_on_the_order_of_its_candidates(
    ids: list[str], size: int | None, seed: int, source: QueueSource, chance: random.Random
) -> None:
    recipe = Recipe(source, size=size, seed=seed)
    first = sample(recipe, ids)
    other = list(ids)
    chance.shuffle(other)
    assert sample(recipe, other) == first
    assert len(first.trace_ids) == len(set(first.trace_ids)) == min(len(ids), len(ids) if size is None else size)
    assert set(first.trace_ids) <= set(ids)
    assert first.candidates == len(ids)


@given(IDS, IDS, st.integers(0, 40))
def test_traces_that_come_later_only_push_others_out(ids: list[str], later: list[str], size: int) -> None:
    recipe = Recipe(QueueSource.RANDOM, size=size, seed=4)
    before = sample(recipe, ids).trace_ids
    after = sample(recipe, list(dict.fromkeys([*ids, *later]))).trace_ids
    old = [trace_id for trace_id in after if trace_id in set(ids)]
    assert old == list(before[: len(old)])


@given(IDS, SIZES, st.integers(0, 2**63), st.randoms(use_true_random=False))
def test_a_stratified_sample_gives_every_stratum_its_share(
    ids: list[str], size: int | None, seed: int, chance: random.Random
) -> None:
    recipe = Recipe(QueueSource.STRATIFIED, size=size, seed=seed, by="model")
    found = sample(recipe, ids, [stratum_of(trace_id) for trace_id in ids])
    assert found.strata == tuple(map(stratum_of, found.trace_ids))
    assert Counter(found.strata) == +Counter(shares(Counter(map(stratum_of, ids)), len(found.trace_ids)))
    other = list(ids)
    chance.shuffle(other)
    assert sample(recipe, other, [stratum_of(trace_id) for trace_id in other]) == found


@given(st.dictionaries(st.text("abcdefgh", min_size=1), st.integers(0, 500), max_size=12), st.integers(0, 3000))
def test_shares_add_up_and_are_proportional_with_at_least_one_of_each(counts: dict[str, int], size: int) -> None:
    given_out = shares(counts, size)
    total = sum(counts.values())
    assert sum(given_out.values()) == min(size, total)
    assert all(0 <= given_out[name] <= count for name, count in counts.items())
    present = [name for name, count in counts.items() if count]
    if size >= len(present):
        assert all(given_out[name] >= 1 for name in present)
    for more in present:
        for less in present:
            if counts[more] > counts[less]:
                assert given_out[more] >= given_out[less]
    if present and all(counts[name] * size >= total for name in present):
        assert all(abs(given_out[name] - counts[name] * min(size, total) / total) < 1 for name in present)


def test_largest_remainders_and_the_smallest_strata() -> None:
    assert shares({"a": 47, "b": 16, "c": 37}, 10) == {"a": 5, "b": 1, "c": 4}
    assert shares({"a": 416, "b": 338, "c": 246}, 10) == {"a": 4, "b": 3, "c": 3}
    assert shares({"a": 998, "b": 1, "c": 1}, 10) == {"a": 8, "b": 1, "c": 1}
    assert shares({"a": 5, "b": 5, "c": 5}, 2) == {"a": 1, "b": 1, "c": 0}
    assert shares({}, 5) == {}


@pytest.mark.parametrize("source", [QueueSource.FILTER, QueueSource.LOW_SCORED, QueueSource.DISAGREEMENTS])
def test_the_others_keep_the_order_they_are_given(source: QueueSource) -> None:
    ids = HUNDRED[::-1]
    found = sample(Recipe(source, size=3, seed=9), ids, list(map(stratum_of, ids)))
    assert found.trace_ids == tuple(ids[:3])
    assert found.strata == ("c",) * 3
    assert sample(Recipe(source), ids).trace_ids == tuple(ids)
    assert sample(Recipe(source, size=2), ids).strata == ("", "")


def test_a_candidate_that_is_named_twice_counts_once() -> None:
    found = sample(Recipe(QueueSource.FILTER), ["b", "a", "b", "c", "a"], ["1", "2", "3", "4", "5"])
    assert (found.trace_ids, found.strata, found.candidates) == (("b", "a", "c"), ("1", "2", "4"), 3)


def test_the_same_seed_gives_this_very_sample_for_ever() -> None:
    found = sample(Recipe(QueueSource.RANDOM, size=5, seed=7), HUNDRED)
    assert [int(trace_id, 16) for trace_id in found.trace_ids] == [28, 7, 74, 44, 33]
    assert sample(Recipe(QueueSource.RANDOM, size=5, seed=8), HUNDRED).trace_ids != found.trace_ids


def test_a_stratified_sample_without_strata_is_refused() -> None:
    with pytest.raises(ValueError, match="stratum"):
        sample(Recipe(QueueSource.STRATIFIED), HUNDRED)
    with pytest.raises(ValueError, match="99 strata"):
        sample(Recipe(QueueSource.STRATIFIED), HUNDRED, ["a"] * 99)


def test_every_trace_is_as_likely_as_another() -> None:
    seen = Counter(
        trace_id
        for seed in range(2000)
        for trace_id in sample(Recipe(QueueSource.RANDOM, size=10, seed=seed), HUNDRED).trace_ids
    )
    assert len(seen) == 100
    # 200 expected of each, with a standard deviation of 13.4: five of them
    assert all(133 <= count <= 267 for count in seen.values())


def test_a_million_candidates_are_sampled_in_a_few_seconds() -> None:
    ids = [f"{number:032x}" for number in range(1_000_000)]
    begun = time.perf_counter()
    found = sample(Recipe(QueueSource.RANDOM, size=200, seed=1), ids)
    assert len(found.trace_ids) == 200
    assert time.perf_counter() - begun < 10, "about a second on an idle machine"


@given(IDS, st.floats(0, 1), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_shared_part_is_everyones_and_the_rest_is_dealt_out_evenly(
    ids: list[str], overlap: float, people: int, chance: random.Random
) -> None:
    reviewers = tuple("abcd"[:people])
    queue = Queue("q", "queue", reviewers=reviewers, overlap=overlap)
    parts = [share_of(queue, ids, reviewer) for reviewer in reviewers]
    takers = [sum(row) for row in zip(*parts, strict=True)]
    shared = int(overlap * len(ids) + 0.5)
    if people > 1:
        assert sorted(takers) == [1] * (len(ids) - shared) + [people] * shared
    else:
        assert takers == [1] * len(ids)
    sizes = [sum(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1
    other = list(ids)
    chance.shuffle(other)
    again = dict(zip(other, share_of(queue, other, "a"), strict=True))
    assert [again[trace_id] for trace_id in ids] == parts[0]


def test_a_queue_for_nobody_in_particular_is_everybodys() -> None:
    assert share_of(Queue("q", "queue", overlap=0.1), HUNDRED, "anyone") == [True] * 100


def test_one_who_is_not_among_the_reviewers_gets_the_shared_part_alone() -> None:
    queue = Queue("q", "queue", reviewers=("ada", "eve"), overlap=0.2)
    stranger = share_of(queue, HUNDRED, "zoe")
    assert sum(stranger) == 20
    both = [a and e for a, e in zip(share_of(queue, HUNDRED, "ada"), share_of(queue, HUNDRED, "eve"), strict=True)]
    assert stranger == both
