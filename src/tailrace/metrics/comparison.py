"""Up to three values of a field side by side: figures, the best, and whether they differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from tailrace.metrics.chance import FINER, Figures, Fit, Mean, PerTrace, Quantile, Share, fit_of
from tailrace.metrics.proportions import holm
from tailrace.model import TraceFilter
from tailrace.model.charted import Against, Answer, ComparedMeasure, Comparison, Question, Sample, Test
from tailrace.model.measures import Aggregate, Better, Fn, Grain, Measure, Unit
from tailrace.model.words import count_of, format_count

Ask: TypeAlias = Callable[[Sequence[Question]], Sequence[Answer]]
# How totals spread over the traces of each value that have any: of a field, its values, a filter and the totals
Spread: TypeAlias = Callable[
    [str, Sequence[str], TraceFilter, Sequence[Aggregate]], Mapping[Aggregate, Sequence[Sample]]
]

MOST_VALUES: Final = 3
FEW: Final = 30  # traces of a value that say little
_NAMED: Final = 60  # characters of a value in a sentence
_TRACES: Final = Aggregate(Fn.COUNT, Grain.TRACE)


def compare_values(
    by: str, values: Sequence[str], measures: Sequence[Measure], filter: TraceFilter, ask: Ask, spread: Spread
) -> Comparison:
    """The figures of each value of the field `by` (one of facts.DIMENSIONS, or `attr.KEY`) over the traces of a
    filter. `ask` and `spread` answer questions. Raises ValueError unless there are one to three different values."""
    values = tuple(values)
    if not 1 <= len(values) <= MOST_VALUES or len(set(values)) < len(values):
        raise ValueError("a comparison takes one to three different values")
    fits = [fit_of(measure.expression) for measure in measures]
    wanted = [_TRACES, *chain.from_iterable(fit.asks for fit in fits if isinstance(fit, Share | Mean | PerTrace))]
    found, whole = _figures(by, values, filter, ask, measures, wanted)
    quantiles = [fit for fit in fits if isinstance(fit, Quantile)]
    totals = list(dict.fromkeys(fit.total for fit in fits if isinstance(fit, PerTrace)))
    samples = spread(by, values, filter, totals) if totals else {}
    ps: list[list[float | None]] = [[] for _ in measures]
    for later in range(1, len(values)):
        shares = _shares_above(by, (values[0], values[later]), filter, ask, quantiles) if quantiles else {}
        for row, fit in enumerate(fits):
            if isinstance(fit, PerTrace):
                first, second = samples[fit.total][0], samples[fit.total][later]
                ps[row].append(fit.compare(first, found[0].parts, second, found[later].parts))
            elif isinstance(fit, Quantile):
                ps[row].append(shares.get(fit))
            else:
                ps[row].append(None if fit is None else fit.compare(found[0].parts, found[later].parts))
    adjusted = _adjust(ps)
    traces = tuple(round(one.parts[_TRACES]) for one in found)
    rows = tuple(
        _row(measure, fit, tuple(one.figures[measure.id] for one in found), p)
        for measure, fit, p in zip(measures, fits, adjusted, strict=True)
    )
    tests = sum(p is not None for row in adjusted for p in row)
    return Comparison(by, values, rows, traces, _notes(values, traces, round(whole), tests, rows, fits))


class _Found:
    """The figures of one value: of the measures by id, of the aggregates that tests ask for by themselves."""

    __slots__ = ("figures", "parts")

    def __init__(self, figures: Mapping[str, float], parts: Figures) -> None:
        self.figures = figures
        self.parts = parts


def _figures(
    by: str,
    values: Sequence[str],
    filter: TraceFilter,
    ask: Ask,
    measures: Sequence[Measure],
    aggregates: Sequence[Aggregate],
) -> tuple[list[_Found], float]:
    """The figures of each value, and how many traces have any of them."""
    parts = {one: _as_measure(one, at) for at, one in enumerate(dict.fromkeys(aggregates))}
    asked = (*{measure.id: measure for measure in measures}.values(), *parts.values())
    [answer] = ask([Question(asked, filter, by=by, top=0, values=tuple(values))])
    places = {group.value: place for place, group in enumerate(answer.groups)}

    def figure(measure: Measure, value: str) -> float:
        if value in places:
            return float(answer.totals[measure.id][places[value]])
        counted = isinstance(measure.expression, Aggregate) and measure.expression.fn in (Fn.COUNT, Fn.DISTINCT)
        return 0.0 if counted else math.nan

    found = [
        _Found(
            {measure.id: figure(measure, value) for measure in measures},
            {one: figure(measure, value) for one, measure in parts.items()},
        )
        for value in values
    ]
    return found, answer.whole[parts[_TRACES].id] if _TRACES in parts else math.nan


def _shares_above(
    by: str, pair: tuple[str, str], filter: TraceFilter, ask: Ask, quantiles: Sequence[Quantile]
) -> dict[Quantile, float | None]:
    """The p-value of each quantile: what lies above that of both values together."""
    wholes = {fit: _as_measure(fit.quantile, at) for at, fit in enumerate(dict.fromkeys(quantiles))}
    [answer] = ask([Question(tuple(wholes.values()), filter, by=by, top=0, values=pair)])
    pooled = {fit: answer.whole[measure.id] for fit, measure in wholes.items()}
    shares = {fit: fit.above(line) for fit, line in pooled.items() if not math.isnan(line)}
    if not shares:
        return {}
    found, _ = _figures(by, pair, filter, ask, (), list(chain.from_iterable(share.asks for share in shares.values())))
    return {fit: share.compare(found[0].parts, found[1].parts) for fit, share in shares.items()}


def _as_measure(aggregate: Aggregate, at: int) -> Measure:
    # no formula and no id of the catalogue begins so
    return Measure(f"~{at}", "", "", "", Unit.NUMBER, aggregate)


def _adjust(ps: Sequence[Sequence[float | None]]) -> list[list[float | None]]:
    """All p-values of a comparison, adjusted for each other."""
    adjusted = iter(holm([p for row in ps for p in row if p is not None]))
    return [[None if p is None else next(adjusted) for p in row] for row in ps]


def _row(measure: Measure, fit: Fit | None, figures: tuple[float, ...], ps: Sequence[float | None]) -> ComparedMeasure:
    first, *rest = figures
    test = Test.NONE if fit is None else fit.test
    against = tuple(_against(first, figure, p, test) for figure, p in zip(rest, ps, strict=True))
    # more of a total may only be more traffic
    best = None if measure.additive else _best(measure.better, figures)
    return ComparedMeasure(measure, figures, best, against)


def _against(first: float, figure: float, p: float | None, test: Test) -> Against:
    difference = figure - first
    relative = difference / abs(first) if first and not math.isnan(difference) else None
    return Against(difference, relative, p, test)


def _best(better: Better, figures: Sequence[float]) -> int | None:
    """The place of the one best figure of two or more known ones."""
    known = [figure for figure in figures if not math.isnan(figure)]
    if better is Better.NEITHER or len(known) < 2:
        return None
    best = max(known) if better is Better.MORE else min(known)
    return figures.index(best) if known.count(best) == 1 else None


def _notes(
    values: Sequence[str],
    traces: Sequence[int],
    whole: int,
    tests: int,
    rows: Sequence[ComparedMeasure],
    fits: Sequence[Fit | None],
) -> tuple[str, ...]:
    notes = []
    for value, count in zip(values, traces, strict=True):
        if not count:
            notes.append(f"No trace has {_named(value)}.")
        elif count < FEW:
            notes.append(f"{_named(value)} has {count_of(count, 'trace')}: so few say little.")
    if sum(traces) > whole:
        together = f"{count_of(sum(traces), 'trace')} of single values are {format_count(whole)} different ones"
        notes.append(f"Traces that have several of the values count for each of them: {together}.")
    if tests > 1:
        notes.append(f"The p-values are adjusted for {tests} tests (Holm).")
    if any(
        _is_finer(fit) for fit, row in zip(fits, rows, strict=True) if any(one.p is not None for one in row.against)
    ):
        notes.append(
            "Tests of spans, scores and retrievals take each for independent of the others in its trace, and so make"
            " differences look somewhat surer than they are."
        )
    return tuple(notes)


def _named(value: str) -> str:
    """A value as it stands in a sentence, whatever it holds."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in value[: 2 * _NAMED]).split())
    return f"“{plain if len(plain) <= _NAMED else plain[: _NAMED - 1] + '…'}”"


def _is_finer(fit: Fit | None) -> bool:
    """Whether several of the facts that are tested can be of one trace."""
    if fit is None:
        return False
    return (fit.quantile if isinstance(fit, Quantile) else fit.asks[0]).grain in FINER
