"""What a share of few says about many: intervals, and whether two shares differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tailrace.review.kappa import Z95


def wilson(count: int, base: int) -> tuple[float, float] | None:
    """The 95 % interval of the share `count` of `base` (E. B. Wilson 1927); None of nothing."""
    if base <= 0:
        return None
    share, z2 = count / base, Z95 * Z95
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = Z95 / (1 + z2 / base) * math.sqrt(share * (1 - share) / base + z2 / (4 * base * base))
    low = 0.0 if count == 0 else max(middle - half, 0.0)
    return low, 1.0 if count == base else min(middle + half, 1.0)


def fisher(a: int, b: int, c: int, d: int) -> float:
    """The two-sided p-value of Fisher's exact test of the table [[a, b], [c, d]]: the probability, with its sums as
    they are, of a table that is no likelier than this one."""
    row, column, total = a + b, a + c, a + b + c + d
    first, last = max(0, row + column - total), min(row, column)

    def log_ways(count: int) -> float:
        """The logarithm of a table's probability but for what all of them share."""
        return -(
            math.lgamma(count + 1)
            + math.lgamma(row - count + 1)
            + math.lgamma(column - count + 1)
            + math.lgamma(total - row - column + count + 1)
        )

    here = log_ways(a)
    logs = [log_ways(count) for count in range(first, last + 1)]
    # tables as likely as this one may differ from it by rounding
    highest = max(logs)
    everything = math.fsum(math.exp(log - highest) for log in logs)
    extreme = math.fsum(math.exp(log - highest) for log in logs if log <= here + 1e-7)
    return min(extreme / everything, 1.0)


def beyond_chance(p_values: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which of many comparisons to believe, so that at most `level` of those are expected to be chance
    (Y. Benjamini and Y. Hochberg 1995)."""
    ordered = sorted(p_values)
    line = max(
        (p for place, p in enumerate(ordered, 1) if p <= level * place / len(ordered)),
        default=-1.0,
    )
    return [p <= line for p in p_values]
