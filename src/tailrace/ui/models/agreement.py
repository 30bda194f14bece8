"""How far the raters of a score agree, as rows of words: the statistic that fits, its interval, what it means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from math import isfinite

from tailrace.model.review import Rating
from tailrace.review.kappa import Reckoned, cohen, fleiss, interval_alpha, nominal_alpha, weighted_cohen
from tailrace.ui.models.conflicts import RatedScore
from tailrace.ui.views.agreement_list import AgreementRow

# J. R. Landis and G. G. Koch 1977
_BANDS = ((0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"), (1.0, "almost perfect"))


def band(value: float) -> str:
    """What people call a kappa or alpha of this size, after Landis and Koch."""
    if value <= 0:
        return "no better than chance"
    return next((word for limit, word in _BANDS if value <= limit), _BANDS[-1][1])


def agreement_rows(score: RatedScore) -> list[AgreementRow]:
    """The row of a score over its judges, then its pairs. The pair is the score where there are but two raters."""
    pairs = score.pairs()
    if not pairs:
        return []
    rows = [_pair_row(score, *pair, pair=True) for pair in pairs]
    judges = score.judges
    if len(judges) == 2 and any(set(pair) == set(judges) for pair in pairs):
        first, second = next(pair for pair in pairs if set(pair) == set(judges))
        return [_pair_row(score, first, second, pair=False), *(rows if len(rows) > 1 else [])]
    return [_score_row(score, judges), *rows]


def _pair_row(score: RatedScore, first: str, second: str, pair: bool) -> AgreementRow:
    both = [(said[first], said[second]) for said in score.by_trace.values() if first in said and second in said]
    numbers = _are_numbers(score, [rating for one in both for rating in one])
    words = [(score.said(one).words, score.said(other).words) for one, other in both]
    if numbers:
        reckoned = weighted_cohen([one.value or 0.0 for one, _ in both], [other.value or 0.0 for _, other in both])
    else:
        reckoned = cohen([one for one, _ in words], [other for _, other in words])
    agreed = sum(one == other for one, other in words)
    interval = reckoned.interval
    who = f"{first or 'unknown'} and {second or 'unknown'}"
    return AgreementRow(
        name=score.name,
        raters=(first, second),
        title=who if pair else score.title,
        figure=_figure("κ", reckoned),
        band=_band_words(reckoned),
        detail=_details(reckoned, agreed, len(both), numbers),
        meaning=_pair_meaning(who, reckoned, agreed, len(both), numbers),
        value=reckoned.value,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        pair=pair,
        automatic=not (score.is_person(first) and score.is_person(second)),
    )


def _score_row(score: RatedScore, judges: Sequence[str]) -> AgreementRow:
    wanted = set(judges)
    items = [
        [said[rater] for rater in judges if rater in said]
        for said in score.by_trace.values()
        if len(wanted & said.keys()) > 1
    ]
    numbers = _are_numbers(score, [rating for item in items for rating in item])
    words = [[score.said(rating).words for rating in item] for item in items]
    alpha = interval_alpha([[r.value or 0.0 for r in item] for item in items]) if numbers else nominal_alpha(words)
    full = [item for item in words if len(item) == len(judges)]
    kappa = fleiss(full)
    pairs = [a == b for item in words for a, b in combinations(item, 2)]
    detail = " · ".join(
        filter(
            None,
            (
                _figure("Fleiss κ", kappa) if not numbers else "",
                _share(sum(pairs), len(pairs), numbers),
                _traces(items),
            ),
        )
    )
    return AgreementRow(
        name=score.name,
        raters=tuple(judges),
        title=score.title,
        figure=_figure("α", alpha),
        band=_band_words(alpha),
        detail=detail,
        meaning=_many_meaning(len(judges), alpha, kappa, len(items), len(full), numbers),
        value=alpha.value,
        pair=False,
    )


def _figure(symbol: str, reckoned: Reckoned) -> str:
    return f"{symbol} –" if reckoned.value is None else f"{symbol} {reckoned.value:.2f}".replace("-", "−")


def _band_words(reckoned: Reckoned) -> str:
    return f"not defined: {reckoned.reason}" if reckoned.value is None else band(reckoned.value)


def _range(reckoned: Reckoned) -> str:
    interval = reckoned.interval
    return "" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}".replace("-", "−")


def _details(reckoned: Reckoned, agreed: int, shared: int, numbers: bool) -> str:
    return " · ".join(filter(None, (_range(reckoned), _share(agreed, shared, numbers), _traces(range(shared)))))


def _share(agreed: int, of: int, numbers: bool) -> str:
    return f"{agreed / of:.0%} {'equal' if numbers else 'agree'}" if of else ""


def _traces(items: Collection[object]) -> str:
    return f"{len(items):,} {'trace' if len(items) == 1 else 'traces'}"


def _pair_meaning(who: str, reckoned: Reckoned, agreed: int, shared: int, numbers: bool) -> str:
    percent = _percent(agreed, shared)
    same = f"{who} gave the same value on {agreed:,} of {_traces(range(shared))} that both rated ({percent})."
    if reckoned.value is None:
        return f"{same} Cohen's kappa cannot say how much of that is chance: {reckoned.reason}."
    told = (
        f"{same} Cohen's kappa takes off what chance alone would bring: 1 is full agreement, 0 no more than chance. "
        f"{reckoned.value:.2f} is called {band(reckoned.value)}."
    )
    if numbers:
        told += " Near misses count little, far ones much (quadratic weights)."
    if reckoned.interval is not None:
        told += f" With so many traces the true figure is {_range(reckoned)}, 95 times in 100."
    elif reckoned.value == 1:
        told += " Without one disagreement no interval can be given."
    return told + _FEW * (shared < 20)


_FEW = " That is few traces: take it as a hint."


def _many_meaning(raters: int, alpha: Reckoned, kappa: Reckoned, items: int, full: int, numbers: bool) -> str:
    told = (
        f"{raters} raters; {items:,} {'trace has' if items == 1 else 'traces have'} at least two of them. "
        "Krippendorff's alpha takes off what chance alone would bring and allows for traces that not everyone rated: "
        "1 is full agreement, 0 no more than chance."
    )
    if alpha.value is None:
        told += f" Here it is not defined: {alpha.reason}."
    else:
        told += f" {alpha.value:.2f} is called {band(alpha.value)}; 0.8 and more is held to be reliable."
    if numbers:
        told += " Far misses count more than near ones."
    elif kappa.value is not None:
        told += f" Fleiss' kappa looks only at the {_traces(range(full))} that all rated: {kappa.value:.2f}."
    else:
        told += f" Fleiss' kappa is not defined: {kappa.reason}."
    return told + _FEW * (items < 20)


def _percent(part: int, of: int) -> str:
    return f"{part / of:.0%}" if of else "–"


def _are_numbers(score: RatedScore, ratings: Sequence[Rating]) -> bool:
    """Whether these are measurements, whose distance counts, rather than names."""
    said = [score.said(rating) for rating in ratings]
    return bool(said) and all(
        not value.tone and value.label is None and value.value is not None and isfinite(value.value) for value in said
    )
