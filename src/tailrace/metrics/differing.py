"""What sets a selection apart: every value ranked by how far its share inside lies from its share outside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailrace.metrics.proportions import fisher
from tailrace.metrics.restated import Restated
from tailrace.model.charted import Difference, Differences
from tailrace.model.contrast import Contrast, CutCounts, ValueCounts
from tailrace.model.facts import ATTRIBUTE, COLUMNS, find_dimension
from tailrace.model.figures import format_figure
from tailrace.model.measures import Grain, Is
from tailrace.query import Op, parse, with_term

Counts: TypeAlias = NDArray[np.int64]
Shares: TypeAlias = NDArray[np.float64]

FEWEST: Final = 5  # traces inside, or ...
FEWEST_SHARE: Final = 0.01  # ... of those inside: a value of fewer is too rare to tell
MOST_SHOWN: Final = 200
_MOST_ALSO: Final = 12
_ERROR: Final = 0.025
_CLEARLY: Final = 1.25
# Numbers are mostly effects: a longer answer takes longer because a prompt asks for it. And of many cuts the one that
# fits best is taken.
_OF_CUTS: Final = 0.5
# So is how it went and was judged: that it failed says less than how
_OF_OUTCOMES: Final = 0.5
_OUTCOMES: Final = ("status", "thumb")
# What is missing tells less than what is there
_OF_MISSING: Final = 0.5

# Of several values that the same traces have, the one that tells most stands for all
_TELLING: Final = (
    "prompt", "model", "tool", "error", "category", "agent", "version", "env", "tag", "name", "status", "span", "user",
    "users", "week", "thumb", "kind", "provider", "score", "source",
    "loop_depth", "retries", "tool_errors", "tool_calls", "llm_calls", "retrievals", "agent_steps", "input_tokens",
    "output_tokens", "reasoning_tokens", "cached_tokens", "total_tokens", "cost", "ttft_ns", "turn",
)  # fmt: skip
_SCORE: Final = "score."
_TELLS: Final = {field: at for at, field in enumerate(_TELLING)}

# Columns of traces that the filter language can ask for
_FILTERS: Final = {
    "duration_ns": "latency",
    "ttft_ns": "ttft",
    "cost": "cost",
    "total_tokens": "tokens",
    "error_count": "errors",
    "span_count": "spans",
    "loop_depth": "loop",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A value that sets the selection apart."""

    field: str
    value: str | float
    compare: Is
    inside: int
    outside: int
    mark: tuple[int, int, int]
    strength: float
    written: str

    @property
    def name(self) -> str:
        """How it is listed among others."""
        sign = {Is.GE: "≥", Is.LE: "≤"}.get(self.compare, "=")
        return f"{_shown(self.field)} {sign} {self.written}"

    @property
    def rank(self) -> tuple[object, ...]:
        """Where it stands: of those equally strong, to a hundredth, first what tells more."""
        return -round(self.strength, 2), self.order, -self.strength

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands among values that the same traces have."""
        kind = 2 if self.compare is not Is.EQ else int(self.field.startswith(ATTRIBUTE))
        return kind, _TELLS.get(self.field, len(_TELLS)), len(self.field), self.field, self.written


def rank_differences(contrast: Contrast, restated: Restated | None = None) -> Differences:
    """The differences of a contrast, the strongest first; those that the selection's filter says itself are left out.
    The strength is the lower bound of the distance of the two shares (R. G. Newcombe 1998), surer the more values are
    compared; of effects (numbers, status, judgements) and of what is rarer inside, half of that counts."""
    restated = restated or Restated()
    inside, outside = contrast.inside, contrast.outside
    fewest = max(FEWEST, math.ceil(FEWEST_SHARE * inside))
    values = [one for one in contrast.values if one.field not in restated.fields]
    cuts = [one for one in contrast.cuts if one.field not in restated.fields]
    of = sum(one.of for one in values) + len({one.field for one in cuts})
    if not inside or not outside:
        return Differences((), inside, outside, 0, of, left_out=contrast.left_out)
    both: list[ValueCounts | CutCounts] = [*values, *cuts]
    enough = [_is_enough(one.inside, one.outside, fewest, inside / outside) for one in both]
    tries = sum(int(mask.sum()) for mask in enough)
    z = NormalDist().inv_cdf(1 - _ERROR / max(tries, 1))

    def apart(one: ValueCounts | CutCounts, mask: NDArray[np.bool_]) -> Shares:
        return np.where(mask, _distance(one.inside, inside, one.outside, outside, z), 0.0)

    found: list[_Candidate] = []
    for one, mask in zip(values, enough, strict=False):
        found += _values_apart(one, apart(one, mask), contrast, restated)
    best: dict[str, _Candidate] = {}
    for cut, mask in zip(cuts, enough[len(values) :], strict=True):
        candidate = _best_cut(cut, apart(cut, mask))
        if candidate is not None and candidate.strength > (best[cut.field].strength if cut.field in best else 0.0):
            best[cut.field] = candidate
    found += best.values()
    ranked = sorted(_folded(found), key=lambda pair: pair[0].rank)
    compared = sum(int(mask.sum()) for mask in enough[: len(values)])
    compared += len({cut.field for cut, mask in zip(cuts, enough[len(values) :], strict=True) if mask.any()})
    return Differences(
        tuple(_difference(first, others, contrast) for first, others in ranked[:MOST_SHOWN]),
        inside,
        outside,
        compared,
        of,
        found=len(ranked),
        left_out=contrast.left_out,
    )


def _is_enough(inside: Counts, outside: Counts, fewest: int, ratio: float) -> NDArray[np.bool_]:
    """Whether enough traces inside have a value, or would if it were as frequent there as outside."""
    return (inside >= fewest) | ((outside >= FEWEST) & (outside * ratio >= fewest))


def _distance(inside: Counts, inside_of: int, outside: Counts, outside_of: int, z: float) -> Shares:
    """The bound towards 0 of the interval of share inside less share outside; 0 where the interval holds it."""
    first, low, high = _intervals(inside, inside_of, z)
    second, other_low, other_high = _intervals(outside, outside_of, z)
    apart = first - second
    more = apart - np.hypot(first - low, other_high - second)
    less = apart + np.hypot(high - first, second - other_low)
    return np.where(apart > 0, np.maximum(more, 0.0), np.minimum(less, 0.0))


def _intervals(counts: Counts, base: int, z: float) -> tuple[Shares, Shares, Shares]:
    """Shares with both ends of their intervals (`proportions.wilson`, for many at once)."""
    share, z2 = counts / base, z * z
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = z / (1 + z2 / base) * np.sqrt(share * (1 - share) / base + z2 / (4 * base * base))
    low = np.where(counts == 0, 0.0, np.maximum(middle - half, 0.0))
    return share, low, np.where(counts == base, 1.0, np.minimum(middle + half, 1.0))


def _values_apart(one: ValueCounts, apart: Shares, contrast: Contrast, restated: Restated) -> Iterator[_Candidate]:
    """The values of a field that set the selection apart. One that is rarer inside mostly only makes room for those
    that are more frequent there; it tells something of its own where it is clearly further apart than all of these."""
    most = float(apart.max(initial=0.0)) * _CLEARLY
    for at in np.flatnonzero((apart > 0) | (apart < -most)):
        inside, outside, value = int(one.inside[at]), int(one.outside[at]), one.values[at]
        if (inside == contrast.inside or outside == 0) and restated.repeats(value):
            continue
        mark = (int(one.marks[at]), inside, outside)
        strength = float(apart[at]) if apart[at] > 0 else -float(apart[at]) * _OF_MISSING
        if one.field in _OUTCOMES or one.field.startswith(_SCORE):
            strength *= _OF_OUTCOMES
        yield _Candidate(one.field, value, Is.EQ, inside, outside, mark, strength, value)


def _best_cut(cut: CutCounts, apart: Shares) -> _Candidate | None:
    """Where a number sets the selection apart most; None where it nowhere does."""
    if not len(apart) or apart.max() <= 0:
        return None
    at = int(apart.argmax())
    value, inside, outside = float(cut.cuts[at]), int(cut.inside[at]), int(cut.outside[at])
    mark = (int(cut.marks[at]), inside, outside)
    written = format_figure(value, cut.unit)
    return _Candidate(cut.field, value, cut.compare, inside, outside, mark, float(apart[at]) * _OF_CUTS, written)


def _folded(found: Iterable[_Candidate]) -> Iterator[tuple[_Candidate, list[_Candidate]]]:
    """Candidates that the same traces have as one, with the others in order."""
    groups: dict[tuple[int, int, int], list[_Candidate]] = {}
    for one in found:
        groups.setdefault(one.mark, []).append(one)
    for group in groups.values():
        first, *others = sorted(group, key=lambda one: one.order)
        yield first, others


def _difference(first: _Candidate, others: Sequence[_Candidate], contrast: Contrast) -> Difference:
    inside, outside = first.inside, first.outside
    rest_inside, rest_outside = contrast.inside - inside, contrast.outside - outside
    share = inside / contrast.inside
    return Difference(
        _shown(first.field),
        first.written,
        inside,
        contrast.inside,
        outside,
        contrast.outside,
        share / (outside / contrast.outside) if outside else math.inf,
        first.strength,
        fisher(inside, rest_inside, outside, rest_outside),
        first.compare,
        tuple(other.name for other in others[:_MOST_ALSO]),
        _term(first),
    )


def _shown(field: str) -> str:
    """A field's name: that of the filter language where it has one."""
    if field in _FILTERS:
        return _FILTERS[field]
    return f"{field.removesuffix('_ns')} time" if field in COLUMNS[Grain.TRACE] and field.endswith("_ns") else field


def _term(one: _Candidate) -> str:
    """The filter for the traces that have a value; empty where there is none."""
    field = _shown(one.field)
    dimension = find_dimension(one.field)
    if dimension is not None and not dimension.filter:
        return ""
    op = {Is.GE: Op.GE, Is.LE: Op.LE}.get(one.compare, Op.EQ)
    try:
        term = with_term("", field, one.value, op=op)
    except ValueError:
        return ""
    return term if parse(term).tree is not None else ""
