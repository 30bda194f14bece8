"""Dark, light or as the system: what the person chose, put on and remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from tailrace.ui.theme import apply_theme, chosen_theme, tokens
from tailrace.workspace import SettingsStore, ThemeChoice


class ThemeSwitch(QObject):
    """Dresses the whole program.

    Signals: `dressed()` when it wears another theme.
    """

    dressed = Signal()

    def __init__(self, settings: SettingsStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self._over = parent
        QApplication.styleHints().colorSchemeChanged.connect(self.follow)

    @property
    def handlers(self) -> dict[str, Callable[[], object]]:
        """What carries out the commands, by command."""
        choose = {f"view.theme-{choice.value}": partial(self.choose, choice) for choice in ThemeChoice}
        return {**choose, "view.toggle-theme": self.toggle}

    def choose(self, choice: ThemeChoice) -> None:
        """Dress the program and remember it."""
        if choice is self._settings.current.theme:
            self.follow()
        else:
            self._settings.update(theme=choice)  # whoever listens follows, this window too

    def toggle(self) -> None:
        """From dark to light, from light to dark."""
        self.choose(ThemeChoice.LIGHT if tokens(self._over).dark else ThemeChoice.DARK)

    def follow(self, *_: object) -> None:
        """Wear what the settings and the system say."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme = chosen_theme(self._settings.current.theme, app)
        if tokens(app.palette()) is not theme:  # another window was quicker
            apply_theme(app, self._settings.current.theme)
        self.dressed.emit()
