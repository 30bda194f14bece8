"""The colours of both themes by name, and what stands for each span kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

from tailrace.model import SpanKind


@dataclass(frozen=True)
class Tokens:
    """Colours as #rrggbb. `dim` and `faint` are text of lower rank. All text meets WCAG AA (4.5:1) on `bg`, `panel`,
    `raised` and `accent_bg`. `on_accent` is text on `accent`. `line` and `line2` part and frame what is known without
    them; `edge` is for what cannot be made out without its edge, as a field to type in (3:1). `series` are for the
    lines and bars of charts in the order they are given out, told apart by people who do not see all colours; `others`
    is all that stands behind them."""

    dark: bool
    bg: str
    panel: str
    raised: str
    line: str
    line2: str
    edge: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_bg: str
    on_accent: str
    ok: str
    warn: str
    err: str
    histogram: str
    series: tuple[str, ...]
    others: str
    kinds: dict[SpanKind, str] = field(hash=False)

    def kind(self, kind: SpanKind) -> str:
        """The colour of a span kind."""
        return self.kinds[kind]


DARK = Tokens(
    dark=True,
    bg="#0f1217",
    panel="#151a21",
    raised="#1b212a",
    line="#262e39",
    line2="#323c4a",
    edge="#5f6d82",
    text="#dfe5ee",
    dim="#9ba7b8",
    faint="#8c98a9",
    accent="#4da3ff",
    accent_bg="#16304d",
    on_accent="#08131f",
    ok="#3ecf8e",
    warn="#f5c542",
    err="#ff6b6b",
    histogram="#536887",
    series=("#4da3ff", "#eb9a2d", "#74dca4", "#9a55e0", "#d9485a", "#ece67a", "#2f9494", "#e6c3e6"),
    others="#6f7d90",
    kinds={
        SpanKind.AGENT: "#5b9bff",
        SpanKind.CHAIN: "#8fa1b8",
        SpanKind.LLM: "#a78bfa",
        SpanKind.TOOL: "#f5a524",
        SpanKind.RETRIEVER: "#2dd4bf",
        SpanKind.EMBEDDING: "#22b8cf",
        SpanKind.RERANKER: "#f472b6",
        SpanKind.GUARDRAIL: "#fb7185",
        SpanKind.EVALUATOR: "#a3e635",
        SpanKind.PROMPT: "#d8b4fe",
        SpanKind.UNKNOWN: "#6b7688",
    },
)

LIGHT = Tokens(
    dark=False,
    bg="#f6f7f9",
    panel="#ffffff",
    raised="#f0f2f5",
    line="#e2e6eb",
    line2="#cbd2db",
    edge="#7f8c9f",
    text="#1a212b",
    dim="#4f5b6c",
    faint="#606d7f",
    accent="#1565d6",
    accent_bg="#e3effd",
    on_accent="#ffffff",
    ok="#0b7a4b",
    warn="#8a6500",
    err="#c9291c",
    histogram="#7f8fa6",
    series=("#1565d6", "#d07508", "#12a08a", "#5a1c9c", "#a3162c", "#c56cb6", "#0b4a4f", "#7f6a2e"),
    others="#808c9c",
    kinds={
        SpanKind.AGENT: "#1f6fe5",
        SpanKind.CHAIN: "#64748b",
        SpanKind.LLM: "#7c4fe0",
        SpanKind.TOOL: "#c77800",
        SpanKind.RETRIEVER: "#0d9488",
        SpanKind.EMBEDDING: "#0891b2",
        SpanKind.RERANKER: "#d6408f",
        SpanKind.GUARDRAIL: "#e11d48",
        SpanKind.EVALUATOR: "#5b9a0b",
        SpanKind.PROMPT: "#9333ea",
        SpanKind.UNKNOWN: "#7b8698",
    },
)

# Colour is never the only carrier of meaning: each kind has its glyph as well.
KIND_ICONS: dict[SpanKind, str] = {
    SpanKind.AGENT: "bot",
    SpanKind.CHAIN: "workflow",
    SpanKind.LLM: "sparkles",
    SpanKind.TOOL: "wrench",
    SpanKind.RETRIEVER: "book-open-text",
    SpanKind.EMBEDDING: "binary",
    SpanKind.RERANKER: "arrow-down-wide-narrow",
    SpanKind.GUARDRAIL: "shield-check",
    SpanKind.EVALUATOR: "clipboard-check",
    SpanKind.PROMPT: "message-square-text",
    SpanKind.UNKNOWN: "shapes",
}


def tokens(source: QWidget | QPalette) -> Tokens:
    """The theme in force, read off the palette, so that no view needs to be told.

    A widget's own palette is not asked: a style sheet that makes it transparent also makes its window colour black.
    """
    palette = source if isinstance(source, QPalette) else QGuiApplication.palette()
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def kind_icon(kind: SpanKind) -> str:
    """The icon name of a span kind."""
    return KIND_ICONS[kind]


def palette(theme: Tokens) -> QPalette:
    """The Fusion palette of a theme."""
    role = QPalette.ColorRole
    made = QPalette()
    colours = {
        role.Window: theme.bg,
        role.WindowText: theme.text,
        role.Base: theme.bg,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.faint,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.err,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent_bg,
        role.HighlightedText: theme.text,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.line2,
        role.Midlight: theme.line,
        role.Mid: theme.line2,
        role.Dark: theme.line,
        role.Shadow: theme.bg,
        role.Accent: theme.accent,
    }
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(disabled, which, QColor(theme.faint))
    return made
