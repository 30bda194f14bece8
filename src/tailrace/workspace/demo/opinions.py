"""How the demo's reviewers judge what they see: mostly alike, each in words of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from tailrace.model.review import Anchor, ReviewItem, Verdict
from tailrace.workspace.demo.findings import Findings, passages, quotes
from tailrace.workspace.demo.ingredients import fill, load

_BLANK = re.compile(r"\{(\w+)\}")
# a note with these words may only be written where the trace has those
_NEEDS = {
    "60": "60 days",
    "30 days": "60 days",
    "longer refund": "60 days",
    "tore credit": '"return_window":"closed"',
    "window": '"return_window":"closed"',
    "Late refund": '"return_window":"closed"',
    "was issued": "create_refund",
    "eturn shipping": "return is free",
    "Free return": "return is free",
    "Washed": "washed or not",
    "other shops": "other shops",
    "Gift cards": "paid out",
    "Exception granted": "as an exception",
    "Policy and tool": "best:",
    "Names the rule": "30-day",
    "exception": "as an exception",
    "xcerpt": "best:returns-late",
    "Excerpt 1": "best:returns-late",
    "get_policy": "get_policy",
    "lookup_order": "lookup_order",
    "return_window": '"return_window":"closed"',
    "create_refund": "create_refund",
    "create_replacement": "create_replacement",
    "refund": "efund",
    "€": "create_refund",
    "reject": "rejected",
    "v14": "v14",
    "apology": "I am sorry",
    "imed out": "timed out",
    "429": "429",
    "ate limit": "429",
    "overloaded": "overloaded",
    "not cover": "not cover",
    "store credit and": "store credit",
    "gift card": "gift card",
    "shipped": "shipped",
    "team lead": "team lead",
    "retrieved": "best:",
    "#": "#",
}
_SLOW_S = 25


@dataclass(frozen=True, slots=True)
class Character:
    """How a reviewer is: how often they see what is grave, and fail what is slight; how often they write and
    highlight; whether they write in lower case and without a full stop."""

    name: str
    sharp: float
    strict: float
    writes: float
    highlights: float
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer says of one trace. `modes` are ids of resources/demo/review.json."""

    verdict: Verdict
    modes: tuple[str, ...]
    note: str
    evidence: tuple[Anchor, ...]
    correction: str
    values: dict[str, float | str | bool]


class Phrases:
    """Notes to draw from, each as seldom as can be."""

    def __init__(self, rng: Random) -> None:
        book = load("review")
        self._decks: dict[str, list[str]] = {mode["id"]: list(mode["notes"]) for mode in book["modes"]}
        self._decks |= {name: list(notes) for name, notes in book["open"].items()}
        for deck in self._decks.values():
            rng.shuffle(deck)

    def draw(self, name: str, facts: dict[str, str], around: str) -> str:
        """The note of a deck that was not drawn for longest among those that are true here; "" where none is."""
        deck = self._decks[name]
        for place, words in enumerate(deck):
            blanks = set(_BLANK.findall(words))
            if blanks <= facts.keys() and all(needs in around for word, needs in _NEEDS.items() if word in words):
                deck.append(deck.pop(place))
                return fill(words, facts)
        return ""


def judge_as(who: Character, item: ReviewItem, seen: Findings, rng: Random, phrases: Phrases) -> Opinion:
    """What a reviewer says of a trace."""
    verdict = _verdict(who, seen, rng)
    modes = [mode for mode in seen.grave if rng.random() < 0.93] if verdict is Verdict.FAIL else []
    modes += [mode for mode in seen.slight if rng.random() < (0.6 if verdict is Verdict.FAIL else 0.12)]
    if rng.random() < 0.08:
        modes = []
    note = _note(who, verdict, modes, seen, rng, phrases)
    evidence: list[Anchor] = []
    if verdict is Verdict.FAIL and seen.grave and rng.random() < who.highlights:
        evidence += list(quotes(item))[:2]
        if "policy" in seen.grave and rng.random() < 0.6:
            evidence += list(passages(item, seen.reply))[:1]
    correction = _correction(seen) if verdict is Verdict.FAIL and rng.random() < 0.5 else ""
    return Opinion(verdict, tuple(modes), note, tuple(evidence), correction, _values(verdict, seen, rng))


def _verdict(who: Character, seen: Findings, rng: Random) -> Verdict:
    if rng.random() < 0.03:
        return Verdict.DEFER
    if seen.blocked:
        share = 0.02
    elif seen.grave or seen.astray:
        share = who.sharp
    else:
        share = who.strict if seen.slight else 0.015
    return Verdict.FAIL if rng.random() < share else Verdict.PASS


def _note(
    who: Character, verdict: Verdict, modes: list[str], seen: Findings, rng: Random, phrases: Phrases
) -> str:  # fmt: skip
    if verdict is Verdict.DEFER:
        decks, share = ["unsure"], 0.9
    elif verdict is Verdict.FAIL:
        decks, share = [*modes[:1], *seen.grave[:1], "follow" if seen.astray else "strict"], who.writes
    else:
        decks, share = [*modes[:1], *_open_decks(seen)], who.writes * 0.25
    if rng.random() >= share:
        return ""
    for deck in decks:
        if text := phrases.draw(deck, seen.facts_of(deck), seen.around):
            return text[0].lower() + text[1:].rstrip(".") if who.brief and not text.startswith("ISO") else text
    return ""


def _open_decks(seen: Findings) -> Iterable[str]:
    """Decks of notes that belong to no failure mode yet, the most particular first."""
    if seen.blocked:
        yield "guard"
    if seen.astray:
        yield "follow"
    if seen.carrier_down:
        yield "carrier"
    if "date" in seen.facts:
        yield "dates"
    if int(seen.facts.get("seconds", "0")) > _SLOW_S:
        yield "slow"
    if seen.recovered:
        yield "recovered"
    elif not seen.grave and seen.luck < 0.6:
        yield "good"


def _correction(seen: Findings) -> str:
    book = load("review")["corrections"]
    if "policy" in seen.grave and "return is free" in seen.reply:
        kind = "return"
    elif "policy" in seen.grave and '"return_window":"closed"' in seen.around:
        kind = "late"
    elif "confirm" in seen.grave:
        kind = "damaged"
    else:
        return ""
    facts = seen.facts
    return fill(book[kind], facts) if {"product", "order", "amount"} <= facts.keys() else ""


def _values(verdict: Verdict, seen: Findings, rng: Random) -> dict[str, float | str | bool]:
    """Values of the defined scores, those that were given."""
    values: dict[str, float | str | bool] = {}
    if verdict is Verdict.DEFER or rng.random() < 0.2:
        return values
    failed = verdict is Verdict.FAIL
    base = (0.2 if seen.grave else 0.5) if failed else (0.7 if seen.slight else 0.9)
    jitter = rng.choice((-0.1, 0.1)) if rng.random() < 0.3 else 0.0
    values["helpfulness"] = round(min(1.0, max(0.0, base + 0.2 * (seen.luck - 0.5) + jitter)), 1)
    if rng.random() < 0.8:
        cool = seen.luck > (0.55 if failed else 0.82)
        tone = "bad" if "provider" in seen.grave else "neutral" if cool else "good"
        values["tone"] = rng.choice(("good", "neutral")) if rng.random() < 0.1 else tone
    if rng.random() < 0.85:
        carried = not {"policy", "claim"} & set(seen.grave)
        values["grounded"] = carried if rng.random() < 0.96 else not carried
    return values
