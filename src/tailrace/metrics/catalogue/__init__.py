"""All measures that have a name, each with its definition and unit: page, command line and documentation share them.

Any of them over time is its trend. Split by a field of `facts.DIMENSIONS` it compares groups (`model`, `category`,
`attr.KEY`) and cohorts (`users`: new or returning, `week`: that of the user's first trace, `version`). What has no name
here is written as a formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tailrace.metrics.catalogue.latency import LATENCY
from tailrace.metrics.catalogue.quality import LOOP, QUALITY, RELEVANT, RETRIEVAL, TOOLS
from tailrace.metrics.catalogue.scores import score_measures
from tailrace.metrics.catalogue.traffic import RELIABILITY, SESSIONS, TRAFFIC
from tailrace.metrics.catalogue.usage import COST, TOKENS
from tailrace.model.measures import Measure

CATALOGUE: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        measure.id: measure
        for group in (TRAFFIC, RELIABILITY, LATENCY, TOKENS, COST, QUALITY, TOOLS, RETRIEVAL, SESSIONS)
        for measure in group
    }
)

__all__ = ["CATALOGUE", "LOOP", "RELEVANT", "score_measures"]
