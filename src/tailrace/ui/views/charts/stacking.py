"""Layers on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST = 1e300  # more than that, and sums are no numbers


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """`bottoms[i]` and `tops[i]` of layer i in each bucket; what is below 0 hangs from 0. NaN where nothing is known;
    a layer that is unknown where others are known has no height. `known` buckets have a figure of any layer."""

    bottoms: NDArray[np.float64]
    tops: NDArray[np.float64]
    known: NDArray[np.bool_]

    @property
    def low(self) -> float:
        """The lowest end of all, 0 of none."""
        return float(np.nanmin(self.tops)) if self.known.any() and self.tops.size else 0.0

    @property
    def high(self) -> float:
        """The highest end of all, 0 of none."""
        return float(np.nanmax(self.tops)) if self.known.any() and self.tops.size else 0.0


def stack_up(layers: Sequence[NDArray[np.float64]], buckets: int) -> Stack:
    """Stack layers of a figure a bucket, the first one lowest."""
    if not layers:
        empty = np.zeros((0, buckets))
        return Stack(empty, empty, np.zeros(buckets, np.bool_))
    values = np.stack([np.asarray(layer, np.float64) for layer in layers])
    values = np.where(np.isinf(values), np.nan, np.clip(values, -_MOST, _MOST))
    known = np.asarray(np.isfinite(values).any(axis=0), np.bool_)
    sizes = np.nan_to_num(values, nan=0.0)
    above, below = np.cumsum(np.maximum(sizes, 0), axis=0), np.cumsum(np.minimum(sizes, 0), axis=0)
    tops = np.where(sizes < 0, below, above)
    bottoms = np.where(known, tops - sizes, np.nan)
    return Stack(bottoms, np.where(known, tops, np.nan), known)
