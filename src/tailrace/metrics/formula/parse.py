"""The text of a formula to an expression: operators by precedence, functions of columns, named measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.formula.columns import (
    CHOICES,
    GRAINS,
    Column,
    names_column,
    read_column,
    read_condition_column,
)
from tailrace.metrics.formula.pieces import Kind, Piece, cut, wrong
from tailrace.metrics.formula.typed import Typed, join, typed, unit_of_aggregate, unit_of_column, words_for
from tailrace.model.facts import ATTRIBUTE, ColumnType
from tailrace.model.measures import Aggregate, Elapsed, Fn, Is, Number, Operator, Unit, Where
from tailrace.query.values import in_quotes, shorten

MAX_DEPTH: Final = 40  # open parentheses
MAX_FIGURES: Final = 60  # operators and operands: an expression is as deep as a chain of operators is long

FUNCTIONS: Final[Mapping[str, str]] = {
    "count": "how many: count(trace), count(span where failed)",
    "sum": "added up: sum(span.cost)",
    "mean": "the mean: mean(span.duration)",
    "min": "the least: min(trace.duration)",
    "max": "the most: max(trace.loop_depth)",
    "p50": "the median: p50(trace.duration)",
    "p90": "the 90th percentile: p90(trace.duration)",
    "p95": "the 95th percentile: p95(attr.loop.iterations)",
    "p99": "the 99th percentile: p99(span.ttft)",
    "quantile": "any percentile: quantile(trace.cost, 0.999)",
    "stddev": "the sample standard deviation: stddev(score.relevance)",
    "distinct": "how many different values: distinct(trace.user)",
    "peak": "the most within one minute: peak(trace)",
    "share": "the share that meets a condition: share(trace.cost > $0.05)",
    "below": "the share below a line: below(score.relevance, 0.5)",
    "above": "the share above a line: above(score.relevance, 0.8)",
}
ELAPSED: Final = "elapsed"
_FNS: Final = {
    "count": Fn.COUNT, "sum": Fn.SUM, "mean": Fn.MEAN, "min": Fn.LEAST, "max": Fn.MOST, "distinct": Fn.DISTINCT,
    "stddev": Fn.SPREAD, "peak": Fn.PEAK, "quantile": Fn.QUANTILE,
}  # fmt: skip
_OTHER_NAMES: Final = {
    "avg": "mean", "average": "mean", "median": "p50", "stdev": "stddev", "least": "min", "most": "max", "total": "sum",
    "percentile": "quantile", "unique": "distinct",
}  # fmt: skip
PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d{1,6})?|100)", re.IGNORECASE)
_WORDS: Final = {"true": True, "yes": True, "false": False, "no": False}
_COMPARISONS: Final = {each.value: each for each in Is}
_NUMERIC: Final = (ColumnType.INTEGER, ColumnType.NUMBER)


def quantile_of(percent: str) -> float:
    """The share nearest to a decimal percentage: 0.999 for 99.9."""
    return float(Decimal(percent) / 100)


@dataclass(frozen=True, slots=True)
class Read:
    """A formula's figure, and the scores that it names."""

    figure: Typed
    scores: tuple[str, ...]


def read_formula(text: str) -> Read:
    """The figure of a formula. Raises QueryError."""
    reader = _Reader(text)
    figure = reader.read()
    return Read(figure, tuple(reader.scores))


class _Reader:
    """Reads one formula once, from left to right."""

    def __init__(self, text: str) -> None:
        self.pieces = cut(text)
        self.at = 0
        self.depth = 0
        self.figures = 0
        self.counts = False
        self.scores: dict[str, None] = {}

    def peek(self) -> Piece:
        return self.pieces[self.at]

    def read(self) -> Typed:
        if self.peek().kind is Kind.END:
            raise wrong("it is empty", 0, "Write a measure like cost.total or a figure like p95(trace.duration).")
        figure = self._sum()
        if self.peek().kind is not Kind.END:
            if self._is(")"):
                raise wrong("there is no “(” for this “)”", self.peek().start)
            raise wrong(f"an operator is missing before “{shorten(self.peek().text)}”", self.peek().start)
        if not self.counts:
            raise wrong("it counts nothing; name a measure or a column", 0)
        return figure

    # ---- operators ----

    def _sum(self) -> Typed:
        figure = self._product()
        while self._is("+") or self._is("-"):
            figure = self._join(figure, self._take(), self._product())
        return figure

    def _product(self) -> Typed:
        figure = self._signed()
        while self._is("*") or self._is("/"):
            figure = self._join(figure, self._take(), self._signed())
        return figure

    def _join(self, left: Typed, sign: Piece, right: Typed) -> Typed:
        self._more(sign)
        joined = join(Operator(sign.text), left, right)
        if isinstance(joined, str):
            raise wrong(joined, sign.start)
        return joined

    def _signed(self) -> Typed:
        minus, first = False, self.peek()
        while self._is("-") or self._is("+"):
            minus ^= self._take().text == "-"
        figure = self._operand()
        if not minus:
            return figure
        if figure.plain and isinstance(figure.expression, Number):
            return typed(Number(-figure.expression.value), Unit.NUMBER, plain=True)
        return self._join(
            typed(Number(0.0), Unit.NUMBER, plain=True), Piece(Kind.SIGN, "-", first.start, first.end), figure
        )

    def _operand(self) -> Typed:
        piece = self._take()
        self._more(piece)
        if piece.kind is Kind.NUMBER:
            return typed(Number(piece.number), piece.unit or Unit.NUMBER, plain=piece.unit is None)
        if piece.kind is Kind.NAME:
            return self._call(piece) if self._is("(") else self._named(piece)
        if piece.text == "(" and piece.kind is Kind.SIGN:
            self._enter(piece)
            figure = self._sum()
            self._leave(piece)
            return figure
        if piece.kind is Kind.END:
            raise wrong("something is missing at its end", piece.start)
        if piece.kind is Kind.TEXT:
            raise wrong(
                f"a text can only stand behind a comparison, as in kind = {in_quotes(shorten(piece.text))}", piece.start
            )
        raise wrong(f"a figure is missing before “{piece.text}”", piece.start)

    def _named(self, piece: Piece) -> Typed:
        name = piece.text.lower()
        if name == ELAPSED:
            return typed(Elapsed(), Unit.DURATION)
        measure = CATALOGUE.get(name)
        if measure is not None:
            self.counts = True
            return typed(measure.expression, measure.unit)
        if names_column(piece.text):
            raise wrong(
                f"{shorten(piece.text)} has many values; say which figure, as in mean({shorten(piece.text)})",
                piece.start,
            )
        if name in FUNCTIONS:
            raise wrong(
                f"{name} needs parentheses with a column, as in {FUNCTIONS[name].partition(': ')[2]}", piece.start
            )
        near = get_close_matches(name, CATALOGUE, n=1, cutoff=0.6)
        meant = f"; did you mean {near[0]}" if near else ""
        raise wrong(f"there is no measure “{shorten(piece.text)}”{meant}", piece.start)

    # ---- functions ----

    def _call(self, piece: Piece) -> Typed:
        name = piece.text.lower()
        name = _OTHER_NAMES.get(name, name)
        self.counts = True
        opening = self._take()
        self._enter(opening)
        if percent := PERCENTILE.fullmatch(name):
            figure = self._aggregate(Fn.QUANTILE, name, quantile_of(percent[1]))
        elif name in _FNS:
            figure = self._aggregate(_FNS[name], name, None)
        elif name == "share":
            figure = self._share()
        elif name in ("below", "above"):
            figure = self._beyond(Is.LT if name == "below" else Is.GT, name)
        else:
            near = get_close_matches(name, (*FUNCTIONS, *_OTHER_NAMES), n=1, cutoff=0.5)
            meant = f"; did you mean {near[0]}" if near else f"; there are {', '.join(FUNCTIONS)}"
            raise wrong(f"there is no function “{shorten(piece.text)}”{meant}", piece.start)
        self._leave(opening)
        return figure

    def _aggregate(self, fn: Fn, name: str, q: float | None) -> Typed:
        first = self.peek()
        if fn in (Fn.COUNT, Fn.PEAK) and first.kind is Kind.NAME and first.text.lower() in GRAINS:
            self._take()
            column = Column(GRAINS[first.text.lower()], "", ColumnType.INTEGER)
        else:
            column = self._column(name)
            if column.of_score and fn is Fn.COUNT:
                column = Column(column.grain, "", column.kind, column.named)
            elif fn is Fn.PEAK:
                raise wrong(f"peak counts what there is, as in peak({column.grain})", first.start)
        if fn not in (Fn.COUNT, Fn.DISTINCT, Fn.PEAK) and column.kind not in _NUMERIC:
            if column.kind is ColumnType.FLAG:
                raise wrong(f"{first.text} is yes or no; write share({first.text})", first.start)
            raise wrong(f"{first.text} holds words; only count and distinct take it", first.start)
        if fn is Fn.QUANTILE and q is None:
            q = self._quantile()
        aggregate = Aggregate(fn, column.grain, column.name, (*column.named, *self._conditions(column)), q)
        return typed(aggregate, unit_of_aggregate(aggregate))

    def _quantile(self) -> float:
        self._expect(",", "quantile takes a column and a share, as in quantile(trace.cost, 0.999)")
        piece = self._take()
        if piece.kind is not Kind.NUMBER or piece.unit is not None or not 0 <= piece.number <= 1:
            raise wrong("a quantile is a share between 0 and 1", piece.start)
        return piece.number

    def _share(self) -> Typed:
        turned = self._takes_word("not")
        column = self._column("share")
        return self._share_of(column, self._comparison(column, turned, needed=True))

    def _beyond(self, compare: Is, name: str) -> Typed:
        first = self.peek()
        column = self._column(name)
        if column.kind not in _NUMERIC:
            raise wrong(f"{first.text} holds no numbers", first.start)
        self._expect(",", f"{name} takes a column and a line, as in {name}(score.relevance, 0.5)")
        value = self._value(column, compare)
        return self._share_of(column, Where(column.name, compare, value))

    def _share_of(self, column: Column, condition: Where) -> Typed:
        among = (*column.named, *self._conditions(column))
        part = Aggregate(Fn.COUNT, column.grain, condition.column, (condition, *among))
        whole = Aggregate(Fn.COUNT, column.grain, condition.column, among)
        joined = join(Operator.DIVIDE, typed(part, Unit.COUNT), typed(whole, Unit.COUNT))
        assert isinstance(joined, Typed)
        return joined

    # ---- columns and conditions ----

    def _column(self, name: str) -> Column:
        piece = self._take()
        if piece.kind is not Kind.NAME:
            example = FUNCTIONS.get(name, FUNCTIONS["p95"]).partition(": ")[2]
            raise wrong(f"{name} needs a column, as in {example}", piece.start)
        if piece.text.lower() in CATALOGUE and not names_column(piece.text):
            raise wrong(
                f"{piece.text} is one figure already, and {name} needs a column like trace.duration", piece.start
            )
        column = read_column(piece)
        if column.of_score:
            self.scores[str(column.named[0].value)] = None
        return column

    def _conditions(self, about: Column) -> tuple[Where, ...]:
        if not self._takes_word("where"):
            return ()
        found = [self._condition(about)]
        while self._takes_word("and"):
            found.append(self._condition(about))
        if self._is_word("or"):
            raise wrong("conditions are joined by “and”; for “or” add two figures", self.peek().start)
        return tuple(found)

    def _condition(self, about: Column) -> Where:
        turned = self._takes_word("not")
        piece = self._take()
        if piece.kind is not Kind.NAME:
            raise wrong('a condition begins with a column, as in kind = "tool"', piece.start)
        self._more(piece)
        return self._comparison(read_condition_column(piece, about), turned)

    def _comparison(self, column: Column, turned: bool, needed: bool = False) -> Where:
        """The comparison behind a column; a bare flag is one that is true."""
        sign = self.peek()
        compare = _COMPARISONS.get(sign.text) if sign.kind is Kind.SIGN else None
        if compare is None:
            if column.kind is not ColumnType.FLAG:
                raise wrong(
                    f"a comparison is missing, as in {column.name} > 1" if needed else "a comparison is missing",
                    sign.start,
                )
            return Where(column.name, Is.EQ, not turned)
        if turned:
            raise wrong("“not” stands before yes-or-no columns only; turn the comparison round", sign.start)
        self._take()
        open_to_words = column.of_score or (column.name.startswith(ATTRIBUTE) and not needed)
        if open_to_words and self.peek().kind in (Kind.TEXT, Kind.NAME):
            column = column.words()
        if column.kind in (ColumnType.FLAG, ColumnType.TEXT) and compare not in (Is.EQ, Is.NE):
            raise wrong(f"{column.name} has no order; compare it with = or <>", sign.start)
        return Where(column.name, compare, self._value(column, compare))

    def _value(self, column: Column, compare: Is) -> str | float | bool:
        piece = self.peek()
        if column.kind is ColumnType.FLAG:
            self._take()
            if piece.kind is not Kind.NAME or piece.text.lower() not in _WORDS:
                raise wrong(f"{column.name} is true or false", piece.start)
            return _WORDS[piece.text.lower()]
        if column.kind is ColumnType.TEXT:
            return self._text(column)
        minus = self._is("-")
        if minus:
            piece = self._pieces_on(1)
        self._take()
        if minus:
            self._take()
        if piece.kind is not Kind.NUMBER:
            raise wrong(f"a number is missing behind “{compare.value}”", piece.start)
        self._check_unit(column, piece)
        return -piece.number if minus else piece.number

    def _pieces_on(self, count: int) -> Piece:
        return self.pieces[min(self.at + count, len(self.pieces) - 1)]

    def _check_unit(self, column: Column, piece: Piece) -> None:
        unit = unit_of_column(column.grain, column.name)
        if unit is Unit.DURATION and piece.unit is None and piece.number != 0:
            raise wrong(f"{column.name} is a time and needs a unit, as {piece.text}s or {piece.text}ms", piece.start)
        if piece.unit is not None and piece.unit is not unit and unit is not Unit.NUMBER:
            raise wrong(f"{column.name} is {words_for(unit)}, and {piece.text} is {words_for(piece.unit)}", piece.start)

    def _text(self, column: Column) -> str:
        piece = self._take()
        word = piece.text
        if piece.kind is Kind.NAME:  # words of one of our lists may have a hyphen
            while self._is("-") and self.peek().start == self.pieces[self.at - 1].end:
                self._take()
                word += f"-{self._take().text}"
        elif piece.kind is not Kind.TEXT:
            raise wrong(f'write what {column.name} is compared with in quotes, as in {column.name} = "…"', piece.start)
        choices = CHOICES.get((column.grain, column.name))
        if choices is not None and word not in choices:
            near = get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
            meant = f"did you mean {near[0]}" if near else f"it is one of {', '.join(choices)}"
            raise wrong(f"{column.name} cannot be “{shorten(word)}”; {meant}", piece.start)
        return word

    # ---- pieces ----

    def _take(self) -> Piece:
        piece = self.peek()
        self.at = min(self.at + 1, len(self.pieces) - 1)
        return piece

    def _is(self, sign: str) -> bool:
        return self.peek().kind is Kind.SIGN and self.peek().text == sign

    def _is_word(self, word: str) -> bool:
        return self.peek().kind is Kind.NAME and self.peek().text.lower() == word

    def _takes_word(self, word: str) -> bool:
        found = self._is_word(word)
        if found:
            self._take()
        return found

    def _expect(self, sign: str, otherwise: str) -> None:
        if not self._is(sign):
            raise wrong(otherwise, self.peek().start)
        self._take()

    def _enter(self, opening: Piece) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise wrong(f"more than {MAX_DEPTH} parentheses are open", opening.start)

    def _leave(self, opening: Piece) -> None:
        self.depth -= 1
        if self._is(")"):
            self._take()
        elif self.peek().kind is Kind.END:
            raise wrong("a “)” is missing", opening.start)
        else:
            raise wrong(f"“)” is missing before “{shorten(self.peek().text)}”", self.peek().start)

    def _more(self, piece: Piece) -> None:
        self.figures += 1
        if self.figures > MAX_FIGURES:
            raise wrong(f"it has more than {MAX_FIGURES} figures and operators", piece.start)
