"""The one style sheet, made from the tokens, and switching between themes."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tailrace.ui.theme.fonts import load_fonts, ui_font
from tailrace.ui.theme.tokens import DARK, LIGHT, Tokens, palette

_SHEET = Template("""
QWidget { outline: none; }
QMainWindow, QDialog { background: $bg; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { background: $raised; color: $text; border: 1px solid $line2; padding: 4px 6px; }
QMenuBar { background: $panel; color: $text; border-bottom: 1px solid $line; padding: 1px 6px; }
QMenuBar::item { padding: 3px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $panel; color: $text; border: 1px solid $line2; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_bg; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QPushButton, QToolButton#button {
    background: $raised; color: $text; border: 1px solid $line2; border-radius: 6px;
    padding: 4px 10px; min-height: 18px;
}
QPushButton:hover, QToolButton#button:hover { border-color: $faint; }
QPushButton:pressed, QToolButton#button:pressed, QToolButton#button:checked { background: $accent_bg; }
QPushButton:focus, QToolButton#button:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; border-color: $line; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton#primary:focus { border-color: $text; }
QPushButton#primary:disabled { background: $raised; color: $faint; border-color: $line; }
QToolButton { background: transparent; color: $dim; border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background: $raised; color: $text; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { background: $accent_bg; color: $accent; }
QToolButton::menu-indicator { image: none; }
QLineEdit, #inspector QPlainTextEdit#note {
    background: $bg; color: $text; border: 1px solid $line2; border-radius: 6px; padding: 3px 7px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, #inspector QPlainTextEdit#note:focus { border-color: $accent; }
QComboBox, QAbstractSpinBox {
    background: $bg; color: $text; border: 1px solid $line2; border-radius: 6px; padding: 3px 7px; min-height: 18px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:hover, QAbstractSpinBox:hover { border-color: $faint; }
QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus { border-color: $accent; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $faint; border-color: $line; }
QAbstractSpinBox#bare::up-button, QAbstractSpinBox#bare::down-button { width: 0; border: none; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line2; padding: 3px; }
QCheckBox, QRadioButton { color: $text; spacing: 7px; }
QListView, QTableView, QTreeView { background: $bg; color: $text; border: none; }
QListView::item, QTreeView::item { padding: 3px 6px; }
QListView::item:selected, QTreeView::item:selected { background: $accent_bg; color: $text; }
QHeaderView::section {
    background: $panel; color: $dim; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
}
QTableView#result QHeaderView::section:vertical { background: $bg; border: none; padding: 0 8px; color: $faint; }
QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $line2; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
#inspector QAbstractScrollArea { background: $panel; border: none; }
QTextEdit#textBody {
    background: $panel; border: none; padding: 0;
    selection-background-color: $accent; selection-color: $on_accent;
}
QFrame#top, QFrame#status, QFrame#rail { background: $panel; }
QFrame#top { border-bottom: 1px solid $line; }
QFrame#status { border-top: 1px solid $line; }
QFrame#rail { border-right: 1px solid $line; }
QFrame#header { border-bottom: 1px solid $line; background: $bg; }
QFrame#status QLabel { color: $dim; font-size: 12px; }
QLabel#title { font-weight: 600; }
QLabel#dim { color: $dim; }
QLabel#key {
    color: $dim; border: 1px solid $line2; border-bottom-width: 2px; border-radius: 4px;
    padding: 0 4px; font-size: 11px; max-height: 15px;
}
QLabel#chip, QLabel#error-chip {
    color: $dim; background: $raised; border-radius: 9px; padding: 1px 8px; font-size: 12px; max-height: 17px;
}
QLabel#error-chip { color: $err; }
QFrame#rail QToolButton { color: $dim; font-size: 10px; border-radius: 8px; padding: 4px 0; }
QFrame#rail QToolButton:checked { background: $accent_bg; color: $accent; }
QFrame#message-error { background: $raised; border-bottom: 1px solid $err; }
QFrame#message-info { background: $raised; border-bottom: 1px solid $accent; }
QFrame#card { background: $panel; border: 1px solid $line; border-radius: 10px; }
QListWidget#sections { background: transparent; padding: 0 8px; }
QListWidget#sections::item { padding: 7px 10px; margin: 1px 0; border: 1px solid transparent; border-radius: 7px; }
QListWidget#sections::item:hover { background: $raised; }
QListWidget#sections::item:selected { background: $accent_bg; }
QListWidget#sections::item:selected:focus { border-color: $accent; }
QTreeView#framed { border: 1px solid $line; border-radius: 8px; }
QTreeView#framed QHeaderView, QTreeView#framed QHeaderView::section { background: transparent; }
QTreeView#framed:focus { border-color: $accent; }
QFrame#overlay { background: $panel; border: 1px solid $line2; border-radius: 10px; }
""")


def style_sheet(theme: Tokens) -> str:
    """The style sheet of a theme."""
    return _SHEET.substitute({name: value for name, value in vars(theme).items() if isinstance(value, str)})


def chosen_theme(choice: str, app: QApplication) -> Tokens:
    """What "dark", "light" or "system" means now: the system's own scheme where it says one, else dark."""
    if choice == "dark":
        return DARK
    if choice == "light":
        return LIGHT
    return LIGHT if system_scheme(app) is Qt.ColorScheme.Light else DARK


def system_scheme(app: QApplication) -> Qt.ColorScheme:
    """What the system prefers."""
    return app.styleHints().colorScheme()


def apply_theme(app: QApplication, choice: str) -> None:
    """Dress the whole program in "dark", "light" or as the "system" says."""
    theme = chosen_theme(choice, app)
    load_fonts()
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(ui_font())
    app.setStyleSheet(style_sheet(theme))
