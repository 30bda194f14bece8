"""The law of merging: no order, no repetition and no grouping makes a difference, and nothing is lost."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.review.merging import Version, canonical, merge, view, winner

# few ids, times and bodies, so that versions meet and tie
VERSIONS = st.builds(
    Version,
    st.sampled_from(("score", "queue")),
    st.sampled_from("ab"),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from((b"", b'{"a":1}', b'{"a":2}')),
)
SETS = st.frozensets(VERSIONS, max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(SETS, SETS)
def test_merging_is_commutative(a: frozenset[Version], b: frozenset[Version]) -> None:
    assert merge(a, b) == merge(b, a)
    assert view(merge(a, b)) == view(merge(b, a))


@given(SETS, SETS, SETS)
def test_merging_is_associative(a: frozenset[Version], b: frozenset[Version], c: frozenset[Version]) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(a, b, c)


@given(SETS, SETS)
def test_merging_is_idempotent(a: frozenset[Version], b: frozenset[Version]) -> None:
    assert merge(a, a) == a == merge(a)
    assert merge(merge(a, b), b) == merge(a, b)


@given(SETS, SETS)
def test_nothing_is_lost(a: frozenset[Version], b: frozenset[Version]) -> None:
    assert a | b <= merge(a, b)


@given(SETS, SETS)
def test_views_alone_merge_to_the_same_view(a: frozenset[Version], b: frozenset[Version]) -> None:
    assert view(merge(view(a).values(), view(b).values())) == view(merge(a, b))


@given(st.lists(VERSIONS, min_size=1), st.randoms(use_true_random=False))
def test_the_winner_does_not_depend_on_the_order(versions: list[Version], chance: random.Random) -> None:
    versions = [replace(version, kind="score", record_id="a") for version in versions]
    found = winner(versions)
    other = list(versions)
    chance.shuffle(other)
    assert winner(other) == found
    assert found.stamp_ns == max(version.stamp_ns for version in versions)


def test_the_later_version_holds_and_a_removal_wins_a_tie() -> None:
    early = Version("score", "a", 1, False, b"9")
    late = Version("score", "a", 2, False, b"1")
    gone = Version("score", "a", 2, True, b"")
    back = Version("score", "a", 3, False, b"1")
    assert winner([late, early]) is late
    assert winner([gone, late]) is gone
    assert winner([gone, back]) is back, "what is given again after a removal is there"
    assert winner([late, Version("score", "a", 2, False, b"2")]).body == b"2"
    with pytest.raises(ValueError, match="empty"):
        winner([])


@given(st.dictionaries(st.text(), JSON, max_size=6), st.randoms(use_true_random=False))
def test_equal_values_have_equal_bytes(value: dict[str, object], chance: random.Random) -> None:
    items = list(value.items())
    chance.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


def test_canonical_json_takes_what_files_hold() -> None:
    assert canonical({"b": [1, 2.5, None], "a": "é\ud800"}) == rb'{"a":"\u00e9\ud800","b":[1,2.5,null]}'
    assert canonical(2**80) == str(2**80).encode()
