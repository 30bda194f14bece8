"""SQL with its parameters: whatever comes from elsewhere is bound by name and never part of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | tuple[str, ...] | tuple[float, ...]

LEAST, GREATEST = -(2**63), 2**63 - 1  # of a BIGINT


@dataclass(frozen=True, slots=True)
class Statement:
    """One question to DuckDB: its text, and the values of $p0, $p1, …"""

    sql: str
    values: tuple[Value, ...] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """The values as DuckDB takes them."""
        return {f"p{i}": list(each) if isinstance(each, tuple) else each for i, each in enumerate(self.values)}


class Bindings:
    """The parameters of a statement that is being written."""

    def __init__(self) -> None:
        self._names: dict[tuple[type, Value], str] = {}

    def bind(self, value: Value) -> str:
        """How a value is called in the text. Equal ones of one type share a name."""
        return self._names.setdefault((type(value), value), f"$p{len(self._names)}")

    def statement(self, sql: str) -> Statement:
        """The finished statement."""
        return Statement(sql, tuple(value for _, value in self._names))
