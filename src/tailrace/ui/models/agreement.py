"""How far the raters of a score agree, as rows of words: figure, interval, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model.review import Rating
from tailrace.model.score import THUMB
from tailrace.review.agreement import FEWEST, Agreement, Agreements, Statistic, agreements, rated_names, two_places
from tailrace.ui.views.agreement_list import AgreementRow

_FEW_TRACES = 20


def agreement_rows(ratings: Sequence[Rating]) -> list[AgreementRow]:
    """Of every score that two raters gave the same trace: the row of the score, then its pairs. With two raters the
    pair is the score."""
    return [row for name in rated_names(ratings) for row in _rows_of(agreements(ratings, name))]


def _rows_of(found: Agreements) -> list[AgreementRow]:
    pairs = [one for one in (*found.pairs, *found.automatic) if one.items]
    if not pairs:
        return []
    title = "Verdict" if found.name == THUMB else found.name
    people = {rater for one in found.pairs for rater in one.raters}
    if len(people) > 2 and found.overall:
        return [_overall_row(title, found.overall), *(_pair_row(_who(one), one, pair=True) for one in pairs)]
    head = _pair_row(title, pairs[0], pair=False)
    return [head, *(_pair_row(_who(one), one, pair=True) for one in (pairs if len(pairs) > 1 else ()))]


def _pair_row(title: str, one: Agreement, pair: bool) -> AgreementRow:
    return AgreementRow(
        name=one.name,
        raters=one.raters,
        title=title,
        figure=_figure(one),
        band=_band(one),
        detail=_joined(_interval(one), _percent(one), _traces(one.items)),
        meaning=_pair_meaning(one),
        value=one.value,
        low=one.low,
        high=one.high,
        pair=pair,
        automatic=one.automatic,
        who="" if pair else _who(one),
    )


def _overall_row(title: str, overall: Sequence[Agreement]) -> AgreementRow:
    alpha = overall[0]
    kappa = next((one for one in overall if one.statistic is Statistic.FLEISS), None)
    fleiss = "" if kappa is None else f"Fleiss {_figure(kappa)}"
    return AgreementRow(
        name=alpha.name,
        raters=alpha.raters,
        title=title,
        figure=_figure(alpha),
        band=_band(alpha),
        detail=_joined(fleiss, _percent(alpha), _traces(alpha.items)),
        meaning=_overall_meaning(alpha, kappa),
        value=alpha.value,
        low=alpha.low,
        high=alpha.high,
        who=f"{len(alpha.raters)} reviewers",
    )


def _pair_meaning(one: Agreement) -> str:
    told = [f"{_who(one)} both rated {_traces(one.items)}"]
    told[0] += "." if one.percent is None else f" and gave the same value on {_share(one.percent)} of them."
    if one.value is None:
        return f"{told[0]} Cohen's kappa cannot say how much of that is chance: {one.reason}."
    told.append("Cohen's kappa takes off what chance alone would bring: 1 is full agreement, 0 no more than chance.")
    told.append(f"{_called(one, one.value)}.")
    if one.statistic is Statistic.WEIGHTED:
        told.append("Near misses count little, far ones much (quadratic weights).")
    if one.low is not None:
        told.append(f"95\u00a0% interval: {_interval(one)}.")
    elif one.value == 1:
        told.append("Without one disagreement no interval can be given.")
    return " ".join((*told, *_warning(one)))


def _overall_meaning(alpha: Agreement, kappa: Agreement | None) -> str:
    told = [
        f"{len(alpha.raters)} reviewers; at least two of them rated each of {_traces(alpha.items)}. Krippendorff's "
        "alpha takes off what chance alone would bring and allows for traces that not everyone rated: 1 is full "
        "agreement, 0 no more than chance."
    ]
    if alpha.value is None:
        told.append(f"Here it is not defined: {alpha.reason}.")
    else:
        told.append(f"{_called(alpha, alpha.value)}; from 0.80 on it is held to be reliable.")
    if alpha.statistic is Statistic.INTERVAL:
        told.append("Far misses count more than near ones.")
    if kappa is not None and kappa.value is not None:
        told.append(
            f"Fleiss' kappa, {two_places(kappa.value)}, looks only at the {_traces(kappa.items)} that all rated."
        )
    elif kappa is not None:
        told.append(f"Fleiss' kappa is not defined: {kappa.reason}.")
    return " ".join((*told, *_warning(alpha)))


def _who(one: Agreement) -> str:
    return " and ".join(rater or "unknown" for rater in one.raters)


def _figure(one: Agreement) -> str:
    return f"{one.statistic.sign} {'–' if one.value is None else two_places(one.value)}"


def _called(one: Agreement, value: float) -> str:
    if one.items < FEWEST:
        return f"{two_places(value)} rests on {_traces(one.items)}: too few to say how strong that is"
    return f"{two_places(value)} is called {one.band}"


def _band(one: Agreement) -> str:
    return one.band or f"not defined: {one.reason}"


def _interval(one: Agreement) -> str:
    return "" if one.low is None or one.high is None else f"{two_places(one.low)} to {two_places(one.high)}"


def _percent(one: Agreement) -> str:
    return "" if one.percent is None else f"{_share(one.percent)} equal"


def _share(percent: float) -> str:
    """Rounded, but 100 % only where it is all and 0 % only where it is none."""
    return f"{percent:.0%}".replace("%", " %") if percent in (0, 1) else f"{min(99, max(1, round(percent * 100)))} %"


def _traces(count: int) -> str:
    return f"{count:,} {'trace' if count == 1 else 'traces'}"


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _warning(one: Agreement) -> tuple[str, ...]:
    return ("So few traces give no more than a hint.",) if one.items < _FEW_TRACES else ()
