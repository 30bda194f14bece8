"""Whether a rate is healthy: in which of three bands it lies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Health(StrEnum):
    """A band, named after its colour."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


WORDS: Final[Mapping[Health, str]] = MappingProxyType(
    {Health.GREEN: "healthy", Health.YELLOW: "watch", Health.RED: "poor"}
)


@dataclass(frozen=True, slots=True)
class Bands:
    """Above `green` a figure is green, below `red` it is red, else yellow."""

    green: float
    red: float

    def of(self, figure: float) -> Health | None:
        """The band of a figure; None of an unknown one."""
        if math.isnan(figure):
            return None
        if figure > self.green:
            return Health.GREEN
        return Health.RED if figure < self.red else Health.YELLOW


SUCCESS: Final = Bands(green=0.95, red=0.90)
BANDS: Final[Mapping[str, Bands]] = MappingProxyType(
    dict.fromkeys(
        ("reliability.success", "reliability.availability", "tools.success", "agents.success", "retrieval.success"),
        SUCCESS,
    )
)


def health_of(measure_id: str, figure: float) -> Health | None:
    """The band of a measure's figure; None where the measure has no bands or the figure is unknown."""
    bands = BANDS.get(measure_id)
    return bands.of(figure) if bands is not None else None
