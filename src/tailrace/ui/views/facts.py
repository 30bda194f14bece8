"""The four figures at the head of the inspector, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tailrace.model import Cost, CostSource, Span, SpanDetail, TraceRow, Usage
from tailrace.model.words import UNKNOWN, format_cost, format_count, format_duration
from tailrace.ui.theme import tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.value_menu import show_value_menu


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure, its name and what hovering says."""

    label: str
    value: str
    hint: str


def facts_of(detail: SpanDetail) -> tuple[Fact, Fact, Fact, Fact]:
    """Duration, TTFT, tokens and cost. Unknown is an en dash."""
    span = detail.span
    ended = "" if span.end_ns is not None else "The span has not ended, or the source lost its end."
    usage = span.usage or Usage()
    spoken = f"{format_count(usage.input)} / {format_count(usage.output)}"
    if usage.input is None and usage.output is None:
        spoken = UNKNOWN if usage.total is None else f"{format_count(usage.total)} total"
    cost = span.cost
    estimated = cost is not None and cost.source is CostSource.PRICE_TABLE
    return (
        Fact("Duration", format_duration(span.duration_ns), ended or f"{span.duration_ns:,} ns"),
        Fact(
            "TTFT",
            format_duration(span.ttft_ns),
            "Time to first token" if span.ttft_ns is not None else "Time to first token: not recorded",
        ),
        Fact("Tokens in/out", spoken, usage_words(span.usage)),
        Fact("Cost", format_cost(None if cost is None else cost.total, estimated), cost_words(span)),
    )


def facts_of_trace(row: TraceRow) -> tuple[Fact, Fact, Fact, Fact]:
    """The same of a whole trace: what its spans sum up to, usage counted once."""
    spoken = f"{format_count(row.input_tokens)} / {format_count(row.output_tokens)}"
    if row.input_tokens is None and row.output_tokens is None:
        spoken = UNKNOWN if row.total_tokens is None else f"{format_count(row.total_tokens)} total"
    cost = format_cost(row.cost, row.estimated_cost) + ("+" if row.cost is not None and row.unpriced_spans else "")
    told = f"Model calls without a known price: {format_count(row.unpriced_spans)}" if row.unpriced_spans else ""
    return (
        Fact("Duration", format_duration(row.duration_ns), "From the first start to the last end"),
        Fact("TTFT", format_duration(row.ttft_ns), "From the trace's start to its first token"),
        Fact("Tokens in/out", spoken, "Of all model calls, each counted once"),
        Fact("Cost", cost, "\n".join(filter(None, ("Of all model calls, each counted once", told)))),
    )


def trace_caption(row: TraceRow) -> str:
    """What must be said beside a whole trace's figures."""
    parts = ["whole trace"]
    if row.estimated_cost:
        parts.append("cost estimated")
    if row.unpriced_spans:
        calls = "call" if row.unpriced_spans == 1 else "calls"
        parts.append(f"{format_count(row.unpriced_spans)} {calls} without a price")
    return " · ".join(parts)


def usage_words(usage: Usage | None) -> str:
    """Tokens by type, a line each."""
    if usage is None:
        return "No token usage recorded"
    total = usage.total
    if total is None and usage.input is not None and usage.output is not None:
        total = usage.input + usage.output
    rows = (
        ("input", usage.input),
        ("  of these cached", usage.cache_read),
        ("  of these cache write", usage.cache_write),
        ("  of these audio", usage.audio_input),
        ("output", usage.output),
        ("  of these reasoning", usage.reasoning),
        ("  of these audio", usage.audio_output),
        ("total", total),
    )
    lines = [f"{name}: {format_count(count)}" for name, count in rows if count is not None or name[0] != " "]
    return "\n".join([*lines, f"service tier: {usage.service_tier}"] if usage.service_tier else lines)


def cost_words(span: Span) -> str:
    """Where the cost comes from, or why there is none; empty where there is nothing to price."""
    cost = span.cost
    if cost is None:
        if span.usage is None:
            return ""
        return f"no price known for {span.model}" if span.model else "no price known: the model is not recorded"
    if cost.source is CostSource.PRICE_TABLE:
        return f"estimated, {cost.detail}" if cost.detail else "estimated"
    return "from the file" + (f" ({cost.detail})" if cost.detail else "")


def cost_split(cost: Cost | None) -> str:
    """Input and output cost where both are known."""
    if cost is None or cost.input is None or cost.output is None:
        return ""
    return f"input {format_cost(cost.input)} · output {format_cost(cost.output)}"


def caption_words(detail: SpanDetail) -> str:
    """What must be said beside the figures without hovering."""
    parts = []
    if words := cost_words(detail.span):
        parts.append(words if detail.span.cost is None else f"cost {words}")
    if not detail.usage_counts:
        parts.append("counted in its children")
    return " · ".join(parts)


class FactsView(QWidget):
    """The figures side by side, their caption below."""

    SPOKEN_AS = Role.StaticText
    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: tuple[Fact, ...] = ()
        self.caption = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_trace(self, row: TraceRow) -> None:
        """Show a whole trace's figures."""
        self._show(facts_of_trace(row), trace_caption(row))

    def show_detail(self, detail: SpanDetail) -> None:
        """Show a span's figures."""
        facts = facts_of(detail)
        if split := cost_split(detail.span.cost):
            cost = facts[3]
            facts = (*facts[:3], Fact(cost.label, cost.value, f"{cost.hint}\n{split}"))
        self._show(facts, caption_words(detail))

    def _show(self, facts: tuple[Fact, ...], caption: str) -> None:
        self.facts, self.caption = facts, caption
        words = ", ".join(f"{fact.label} {fact.value}" for fact in facts)
        self.setAccessibleName(f"{words}. {caption}")
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            boxes = self._boxes()
            values = ui_font(14, QFont.Weight.DemiBold)
            metrics = QFontMetrics(values)
            if any(metrics.horizontalAdvance(f.value) > box.width() for f, box in zip(self.facts, boxes, strict=True)):
                values = ui_font(12, QFont.Weight.DemiBold)
            for fact, box in zip(self.facts, boxes, strict=True):
                painter.setFont(ui_font(12))
                draw_elided(painter, QRect(box.left(), 0, box.width(), 17), fact.label, theme.dim, _LEFT)
                painter.setFont(values)
                colour = theme.faint if fact.value == UNKNOWN else theme.text
                draw_elided(painter, QRect(box.left(), 17, box.width(), 20), fact.value, colour, _LEFT)
            if self.caption:
                painter.setFont(ui_font(12))
                painter.setPen(QColor(theme.faint))
                painter.drawText(QRect(14, 40, self.width() - 28, self.height() - 40), _WRAP, self.caption)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self.hint_at(event.x(), event.y())), self)
            return True
        return super().event(event)

    def hint_at(self, x: int, y: int) -> str:
        """What hovering over a place says."""
        if y >= 40:
            return self.caption
        return next((fact.hint for fact, box in zip(self.facts, self._boxes(), strict=True) if box.contains(x, 8)), "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        for fact, box in zip(self.facts, self._boxes(), strict=True):
            if box.contains(event.x(), 8):
                copies = ((f"Copy {fact.label.lower()}", fact.value),)
                show_value_menu(self, event.globalPos(), (), copies, _nothing, self.copied.emit)

    def _fit(self) -> None:
        room = QRect(0, 0, max(60, self.width() - 28), 1_000)
        caption = QFontMetrics(ui_font(12)).boundingRect(room, _WRAP, self.caption).height() + 4 if self.caption else 0
        if self.height() != 40 + caption:
            self.setFixedHeight(40 + caption)

    def _boxes(self) -> list[QRect]:
        # Tokens need the most room, TTFT and cost are short.
        shares = (0.22, 0.21, 0.33, 0.24)
        width = self.width() - 28
        widths = [share * width for share in shares[: len(self.facts)]]
        # paintEvent draws in the smaller size what has no room in the larger
        needs = self._needs(14) if sum(self._needs(14)) <= width else self._needs(12)
        if any(need > given for need, given in zip(needs, widths, strict=True)):
            spare = width - sum(needs)
            widths = [need + spare / len(needs) if spare >= 0 else need * width / sum(needs) for need in needs]
        boxes, x = [], 14.0
        for given in widths:
            boxes.append(QRect(round(x), 0, round(given) - _GAP, 40))
            x += given
        return boxes

    def _needs(self, pixels: int) -> list[int]:
        """How much room each fact takes with its value in a size, the gap behind it included."""
        values, labels = QFontMetrics(ui_font(pixels, QFont.Weight.DemiBold)), QFontMetrics(ui_font(12))
        return [
            max(values.horizontalAdvance(fact.value), labels.horizontalAdvance(fact.label)) + _GAP + 1
            for fact in self.facts
        ]


_GAP = 6
_LEFT = Qt.AlignmentFlag.AlignLeft
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)


def _nothing(value: object) -> None:
    return
