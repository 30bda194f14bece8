"""The columns of facts as formulas name them: trace.cost, span.duration, score.NAME, attr.KEY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from tailrace.errors import QueryError
from tailrace.metrics.catalogue.scores import PLAIN
from tailrace.metrics.formula.pieces import Kind, Piece, wrong
from tailrace.model import ScoreKind, ScoreSource, SpanKind
from tailrace.model.facts import ATTRIBUTE, COLUMNS, ColumnType, type_of
from tailrace.model.measures import Grain, Is, Where
from tailrace.query.values import in_quotes, shorten, unescape
from tailrace.semconv.errors import CATEGORIES

GRAINS: Final[Mapping[str, Grain]] = {grain.value: grain for grain in Grain}
ATTR: Final = ATTRIBUTE.removesuffix(".")
SCORE: Final = Grain.SCORE.value

# Columns that hold one of a few words.
CHOICES: Final[Mapping[tuple[Grain, str], tuple[str, ...]]] = {
    (Grain.SPAN, "kind"): tuple(kind.value for kind in SpanKind),
    (Grain.SPAN, "error_category"): CATEGORIES,
    (Grain.SCORE, "score_kind"): tuple(kind.value for kind in ScoreKind),
    (Grain.SCORE, "source"): tuple(source.value for source in ScoreSource),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grain. `named` picks the facts that it is about: those of one score."""

    grain: Grain
    name: str
    kind: ColumnType
    named: tuple[Where, ...] = ()

    @property
    def of_score(self) -> bool:
        """Whether it stands for the values of a score by its name."""
        return bool(self.named)

    def words(self) -> Column:
        """The same where it is compared with a text: of a score its label."""
        return Column(self.grain, "label" if self.of_score else self.name, ColumnType.TEXT, self.named)


def read_column(piece: Piece) -> Column:
    """The column that a piece names. Raises QueryError."""
    family, dot, rest = piece.text.partition(".")
    if family == ATTR and dot:
        return Column(Grain.SPAN, f"{ATTRIBUTE}{_key(piece, rest, 'key of an attribute')}", ColumnType.NUMBER)
    grain = GRAINS.get(family)
    if grain is None or not dot:
        raise _no_column(piece, family)
    if grain is Grain.SCORE and rest not in COLUMNS[grain]:
        name = _key(piece, rest, "name of a score")
        return Column(grain, "value", ColumnType.NUMBER, (Where("score", Is.EQ, name),))
    return _of_grain(grain, rest, piece)


def names_column(text: str) -> bool:
    """Whether a name is one of a column, in full."""
    try:
        read_column(Piece(Kind.NAME, text, 0, len(text)))
    except QueryError:
        return False
    return True


def read_condition_column(piece: Piece, about: Column) -> Column:
    """The column of a condition on facts that a function is about: by its bare name, or in full."""
    family, dot, rest = piece.text.partition(".")
    if dot and (family == ATTR or family in GRAINS):
        column = read_column(piece)
        if column.grain is not about.grain:
            raise wrong(f"{shorten(piece.text)} is no column of the {about.grain}s that are counted here", piece.start)
        if column.of_score:
            instead = f"score = {in_quotes(str(column.named[0].value))}"
            raise wrong(f"{shorten(piece.text)} cannot be a condition; write {instead}", piece.start)
        return column
    return _of_grain(about.grain, rest if dot else piece.text, piece)


def _of_grain(grain: Grain, name: str, piece: Piece) -> Column:
    columns = COLUMNS[grain]
    name = name if name in columns else f"{name}_ns" if f"{name}_ns" in columns else name
    kind = type_of(grain, name) if name in columns else None
    if kind is None:
        near = get_close_matches(name.lower(), columns, n=1, cutoff=0.6)
        meant = f"; did you mean {near[0]}" if near else f"; there are {', '.join(sorted(columns))}"
        raise wrong(f"a {grain} has no column “{shorten(name)}”{meant}", piece.start)
    return Column(grain, name, kind)


def _no_column(piece: Piece, family: str) -> QueryError:
    bare = piece.text
    holders = [f"{grain}.{bare}" for grain in Grain if bare in COLUMNS[grain] or f"{bare}_ns" in COLUMNS[grain]]
    if holders:
        return wrong(f"say of what: {' or '.join(holders)}", piece.start)
    near = get_close_matches(family.lower(), (*GRAINS, ATTR), n=1, cutoff=0.6)
    rest = piece.text.partition(".")[2]
    meant = f"did you mean {near[0]}.{rest}" if near else "write trace.…, span.…, attr.KEY or score.NAME"
    return wrong(f"“{shorten(piece.text)}” is no column; {meant}", piece.start)


def _key(piece: Piece, written: str, what: str) -> str:
    if not written:
        raise wrong(f"the {what} is missing after “{piece.text}”", piece.start)
    if written.startswith('"') and written.endswith('"') and '"' not in _inside(written):
        key = unescape(written[1:-1])
    elif '"' in written or written.endswith(".") or ".." in written:
        raise wrong(f"put the whole {what} in quotes", piece.start)
    else:
        key = written
    if not key:
        raise wrong(f"the {what} is empty", piece.start)
    return key


def _inside(quoted: str) -> str:
    return quoted[1:-1].replace("\\\\", "").replace('\\"', "")


def write_column(grain: Grain, name: str) -> str:
    """A column in full."""
    return _write_attribute(name) if name.startswith(ATTRIBUTE) else f"{grain}.{name}"


def write_condition_column(name: str) -> str:
    """A column as conditions name it."""
    return _write_attribute(name) if name.startswith(ATTRIBUTE) else name


def _write_attribute(name: str) -> str:
    key = name.removeprefix(ATTRIBUTE)
    return name if PLAIN.fullmatch(key) else f"{ATTRIBUTE}{in_quotes(key)}"
