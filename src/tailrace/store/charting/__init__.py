"""Questions about many traces as DuckDB SQL over the views of facts, and their answers as arrays."""

from tailrace.store.charting.aggregates import Attributes
from tailrace.store.charting.asking import ask
from tailrace.store.charting.marks import marks
from tailrace.store.charting.ranges import range_of
from tailrace.store.charting.source import Run, Source, source_over
from tailrace.store.charting.statement import Statement
from tailrace.store.charting.values import heat, spread

__all__ = ["Attributes", "Run", "Source", "Statement", "ask", "heat", "marks", "range_of", "source_over", "spread"]
