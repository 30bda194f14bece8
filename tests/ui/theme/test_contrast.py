"""Both themes can be read: WCAG 2.2, level AA."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from tailrace.model import SpanKind
from tailrace.ui.theme import DARK, LIGHT, Tokens
from tailrace.ui.theme.style import style_sheet
from tailrace.ui.theme.tokens import palette
from tailrace.ui.views.controls import mixed, tinted_ground

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


@themes
def test_lines_and_bars_of_charts_can_be_told_from_the_ground(theme: Tokens) -> None:
    low = {
        f"{colour} on {ground}": round(ratio, 2)
        for colour in (*theme.series, theme.others)
        for ground in ("bg", "panel")
        if (ratio := contrast(colour, getattr(theme, ground))) < GRAPHICS
    }
    assert low == {}


@themes
def test_what_is_made_out_by_its_edge_has_one_that_can_be_seen(theme: Tokens) -> None:
    low = {
        f"{name} on {ground}": round(ratio, 2)
        for name in (
            "edge",
            "histogram",
            "accent",
            "faint",
        )  # accent: the ring of the focus; faint: a switch that is off
        for ground in ("bg", "panel", "raised")
        if (ratio := contrast(getattr(theme, name), getattr(theme, ground))) < GRAPHICS
    }
    low.pop("histogram on raised", None)  # it never stands there
    assert low == {}
    sheet = style_sheet(theme)
    for field in ("QLineEdit, ", "QComboBox, ", "QScrollBar::handle "):
        rule = sheet[sheet.index(f"\n{field}") :].partition("}")[0]
        assert theme.edge in rule, f"{field} has another edge"


@themes
def test_words_on_grounds_that_are_mixed_can_be_read(theme: Tokens) -> None:
    pairs = {
        f"{tone} on its own tint": (getattr(theme, tone), tinted_ground(getattr(theme, tone), theme).name())
        for tone in ("accent", "ok", "warn", "err")
    }
    for tone, most in (("accent", 0.34), ("err", 0.42)):  # the strongest cells of the confusion table and the modes
        pairs[f"text on {tone}"] = (theme.text, mixed(getattr(theme, tone), theme.panel, most).name())
    pairs["evidence"] = (theme.text, mixed(theme.err, theme.panel, 0.22 if theme.dark else 0.13).name())
    pairs["found words"] = (theme.bg, theme.warn)
    low = {name: round(ratio, 2) for name, pair in pairs.items() if (ratio := contrast(*pair)) < TEXT}
    assert low == {}


@themes
def test_what_the_palette_says_of_text_can_be_read(theme: Tokens, qapp: QApplication) -> None:
    """Placeholders, links, tooltips, selections, and text that is out of use: WCAG asks nothing of that, we do."""
    colours, role, group = palette(theme), QPalette.ColorRole, QPalette.ColorGroup
    pairs = {
        "placeholder": (role.PlaceholderText, role.Base),
        "link": (role.Link, role.Window),
        "tooltip": (role.ToolTipText, role.ToolTipBase),
        "selection": (role.HighlightedText, role.Highlight),
        "button": (role.ButtonText, role.Button),
    }
    low = {
        f"{name} {state.name}": round(ratio, 2)
        for name, (text, ground) in pairs.items()
        for state in (group.Active, group.Inactive, group.Disabled)
        if (ratio := contrast(colours.color(state, text).name(), colours.color(state, ground).name())) < TEXT
    }
    assert low == {}


# How light looks to eyes without one kind of cones: Machado, Oliveira and Fernandes (2009), linear RGB
SEEN = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def oklab(colour: str, eyes: NDArray[np.float64]) -> NDArray[np.float64]:
    """A colour in a space where distances are as people see them (Ottosson 2020)."""
    channels = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.asarray(to_lab @ np.cbrt(to_cones @ np.clip(eyes @ linear, 0, 1)))


@themes
@pytest.mark.parametrize("eyes", list(SEEN))
def test_series_are_told_apart_whatever_colours_one_sees(theme: Tokens, eyes: str) -> None:
    def apart(one: str, other: str) -> float:
        return float(np.linalg.norm(oklab(one, SEEN[eyes]) - oklab(other, SEEN[eyes])))

    assert min(apart(*pair) for pair in pairwise(theme.series)) > 0.1, "neighbours stand on each other"
    assert min(apart(*pair) for pair in combinations(theme.series[:4], 2)) > 0.08
    assert min(apart(*pair) for pair in combinations(theme.series, 2)) > 0.05
