"""Notes that speak of the same failure, told by their words."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from tailrace.review.similarity import Suggester, group, suggest
from tailrace.review.text_vectors import telling_words, words_of

NOTES = {
    "policy": [
        "Says 60 days; the retrieved policy says 30. Refund was issued on a wrong promise.",
        "Answer contradicts the policy document: 30 days, not 60.",
        "Promised a refund after 45 days although the retrieved policy allows 30 days only",
        "contradicts refund policy it just retrieved",
        "The policy text says restocking fee 15%, assistant told the customer there is none",
        "Told user warranty covers water damage, the warranty policy says it does not",
        "wrong refund window, policy document says 30 days",
        "Policy is quoted incorrectly (14 days vs 30 days)",
    ],
    "confirm": [
        "Started the refund before asking the customer to confirm",
        "Cancelled the plan without confirmation",
        "acts before the user confirmed, order was cancelled right away",
        "Did not ask for confirmation before deleting the account",
        "Tool call create_refund ran before user said yes",
        "changed the shipping address without asking first",
        "Should have confirmed with the user before cancelling subscription",
        "no confirmation step before charging the card",
    ],
    "retrieval": [
        "Retriever did not find the refunds document at all",
        "Retrieval missed the right document, only marketing pages came back",
        "search returned irrelevant documents, the right article exists",
        "The relevant handbook page wasn't retrieved",
        "Nothing useful in the retrieved documents; the answer is made up from general knowledge",
        "retrieved docs are all about shipping, question was about warranty",
        "missing document: retriever only returned blog posts",
        "Irrelevant retrieval results, relevance below 0.2",
    ],
    "language": [
        "User wrote in German, answer came in English",
        "Answered in English to a French question",
        "Replies in the wrong language (Spanish user)",
        "switches to English mid conversation although the user writes German",
        "Wrong language: Italian question, English answer",
        "Language mismatch, customer wrote Portuguese",
    ],
    "loop": [
        "Agent calls lookup_order five times with the same arguments",
        "stuck in a loop calling the same tool again and again",
        "Repeats the same tool call until max steps",
        "Infinite loop between search and get_policy tools",
        "tool called 8 times with identical arguments, no progress",
        "Loops over search tool, never answers",
    ],
    "tone": [
        "Rude tone towards an upset customer",
        "Tone is cold and dismissive, no apology",
        "Sounds robotic and impolite",
        "no apology to the angry customer, tone too harsh",
        "Condescending tone",
    ],
    "format": [
        "Output is not valid JSON, trailing comma",
        "JSON broken, schema requires a list",
        "returned markdown instead of JSON",
        "Invalid JSON output: missing closing brace",
        "Output format wrong: the parser expects JSON and got prose",
    ],
    "math": [
        "Total is wrong: 3 x 19.99 is not 49.97",
        "Adds up the invoice incorrectly",
        "arithmetic error in the total amount",
        "Sum of the invoice items is miscalculated",
        "calculated the discount wrong, 20% of 50 is 10",
    ],
}
NAMES = {
    "policy": "contradicts retrieved policy",
    "confirm": "acts before confirming",
    "retrieval": "retrieval missed the document",
    "language": "answers in the wrong language",
    "loop": "tool loop. Calls the same tool again and again",
    "tone": "rude tone",
    "format": "invalid output format",
    "math": "arithmetic error",
}
ALL = [(mode_id, text) for mode_id, texts in NOTES.items() for text in texts]


def test_a_note_is_given_the_mode_of_notes_like_it() -> None:
    first = among = 0
    for at, (mode_id, text) in enumerate(ALL):
        found = [one for one, _ in suggest(text, ALL[:at] + ALL[at + 1 :], NAMES)]
        first += found[:1] == [mode_id]
        among += mode_id in found
    assert first / len(ALL) > 0.8
    assert among / len(ALL) > 0.85


def test_a_new_mode_is_found_by_its_name_alone() -> None:
    for text, mode_id in (
        ("It contradicts the policy", "policy"),
        ("rude!", "tone"),
        ("Answer is in the WRONG languages", "language"),
        ("calls the same tool forever", "loop"),
    ):
        ((found, strength),) = suggest(text, [], NAMES)[:1]
        assert found == mode_id
        assert 0.2 < strength <= 1


def test_nothing_is_suggested_where_nothing_fits() -> None:
    for text in ("", "  ", "ok", "the", "latency far too high, took 40 seconds", "hallucinated a phone number", "🙂"):
        assert suggest(text, ALL, NAMES) == (), text
    assert suggest("rude", [], {}) == ()
    assert suggest("rude", [("tone", " ")], {"tone": ""}) == ()


def test_the_same_words_are_the_strongest_reason() -> None:
    for mode_id, text in ALL:
        (found, strength), *_ = suggest(text.upper(), ALL, NAMES)
        assert found == mode_id
        assert strength > 0.7


def test_the_order_of_examples_makes_no_difference() -> None:
    other = list(ALL)
    random.Random(1).shuffle(other)
    for text in ("refund promised against the policy", "tool called again and again"):
        one, two = suggest(text, ALL, NAMES), suggest(text, other, NAMES)
        assert [mode_id for mode_id, _ in one] == [mode_id for mode_id, _ in two]


def test_notes_that_are_alike_are_put_together_under_a_telling_name() -> None:
    owner = {f"n{at:02d}": mode_id for at, (mode_id, _) in enumerate(ALL)}
    notes = [(f"n{at:02d}", text) for at, (_, text) in enumerate(ALL)]
    found = group(notes)
    assert found.read == found.total == len(ALL)
    assert sorted([*found.alone, *(one for each in found.groups for one in each.notes)]) == sorted(owner)
    grouped = sum(len(one.notes) for one in found.groups)
    pure = sum(max(list(map(owner.get, one.notes)).count(mode_id) for mode_id in NOTES) for one in found.groups)
    assert grouped > 0.7 * len(ALL)
    assert pure > 0.85 * grouped
    assert found.groups[0].name == "30 days"
    assert len(found.groups[0].notes) >= 5
    assert all(len(one.notes) > 1 and one.name for one in found.groups)
    random.Random(1).shuffle(notes)
    assert group(notes) == found


def test_equal_notes_are_one_group_whatever_their_case_and_accents() -> None:
    found = group([("a", "Mauvaise réponse"), ("b", "MAUVAISE REPONSE!"), ("c", "completely else"), ("d", " ")])
    (one,) = found.groups
    assert (one.notes, one.name) == (("a", "b"), "mauvaise reponse")
    assert one.likeness == 1
    assert found.alone == ("c",)
    assert (found.read, found.total) == (3, 3)
    assert group([]).groups == ()


def test_words_are_folded() -> None:
    assert words_of("Réfund\u00a0of ＡＢＣ, straße 30%") == ["refund", "of", "abc", "strasse", "30"]
    assert telling_words("says it is the policy") == ["policy"]
    assert telling_words("it is") == ["it", "is"]


@given(st.lists(st.tuples(st.text(max_size=4), st.text(max_size=30)), max_size=12, unique_by=lambda pair: pair[0]))
def test_any_text_is_taken(notes: list[tuple[str, str]]) -> None:
    found = group(notes)
    seen = [*found.alone, *(one for each in found.groups for one in each.notes)]
    assert len(seen) == len(set(seen)) == found.read
    for _, text in notes:
        strengths = [strength for _, strength in suggest(text, notes, {})]
        assert all(0 < strength <= 1 for strength in strengths)
        assert strengths == sorted(strengths, reverse=True)


def many(count: int) -> list[tuple[str, str]]:
    chance = random.Random(2)
    words = [word for _, text in ALL for word in text.split()]
    rare = ["".join(chance.choice("aeioubdfgklmnprst") for _ in range(chance.randint(4, 10))) for _ in range(4000)]
    made = []
    for _ in range(count):
        mode_id, text = chance.choice(ALL)
        more = [*chance.choices(words, k=chance.randint(0, 12)), *chance.choices(rare, k=chance.randint(2, 8))]
        made.append((mode_id, f"{text} {' '.join(more)}"))
    return made


def test_five_hundred_notes_answer_in_a_blink() -> None:
    notes = many(600)
    suggester = Suggester(notes[:500], NAMES)
    spent, answered = [], 0
    for _, text in notes[500:]:
        begun = time.perf_counter()
        answered += bool(suggester.suggest(text))
        spent.append(time.perf_counter() - begun)
    assert answered > 90
    assert sorted(spent)[len(spent) // 2] < 0.010


def test_two_thousand_notes_are_grouped_while_one_waits() -> None:
    notes = [(f"n{at}", text) for at, (_, text) in enumerate(many(2000))]
    begun = time.perf_counter()
    found = group(notes)
    assert found.read == 2000
    assert time.perf_counter() - begun < 6, "under a second on an idle machine"
