"""Both themes can be read: WCAG 2.2, level AA."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from tailrace.model import SpanKind
from tailrace.ui.theme import DARK, LIGHT, Tokens

TEXT, GRAPHICS = 4.5, 3.0


def luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3]]
    return sum(share * channel for share, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


@themes
def test_text_of_every_rank_can_be_read_on_every_ground(theme: Tokens) -> None:
    low = {
        f"{name} on {ground}": round(ratio, 2)
        for name in ("text", "dim", "faint")
        for ground in ("bg", "panel", "raised", "accent_bg")
        if (ratio := contrast(getattr(theme, name), getattr(theme, ground))) < TEXT
    }
    assert low == {}


@themes
def test_words_in_a_colour_of_meaning_can_be_read(theme: Tokens) -> None:
    low = {
        f"{name} on {ground}": round(ratio, 2)
        for name in ("ok", "warn", "err", "accent")
        for ground in ("bg", "panel", "raised", "accent_bg")
        if (ratio := contrast(getattr(theme, name), getattr(theme, ground))) < TEXT
    }
    assert low == {}
    assert contrast(theme.on_accent, theme.accent) >= TEXT


@themes
def test_kinds_and_states_can_be_told_from_the_ground(theme: Tokens) -> None:
    colours = {kind.value: theme.kind(kind) for kind in SpanKind}
    colours |= {name: getattr(theme, name) for name in ("ok", "warn", "err", "accent")}
    low = {
        f"{name} on {ground}": round(ratio, 2)
        for name, colour in colours.items()
        for ground in ("bg", "panel")
        if (ratio := contrast(colour, getattr(theme, ground))) < GRAPHICS
    }
    assert low == {}
