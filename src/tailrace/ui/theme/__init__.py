"""Colours, fonts, icons and the style sheet of both themes."""

from tailrace.ui.theme.brand import brand_application, brand_pixmap
from tailrace.ui.theme.fonts import load_fonts, mono_font, ui_font
from tailrace.ui.theme.icons import icon, pixmap
from tailrace.ui.theme.plain import tip
from tailrace.ui.theme.style import apply_theme, chosen_theme
from tailrace.ui.theme.tokens import DARK, LIGHT, Tokens, kind_icon, tokens

__all__ = [
    "DARK",
    "LIGHT",
    "Tokens",
    "apply_theme",
    "brand_application",
    "brand_pixmap",
    "chosen_theme",
    "icon",
    "kind_icon",
    "load_fonts",
    "mono_font",
    "pixmap",
    "tip",
    "tokens",
    "ui_font",
]
