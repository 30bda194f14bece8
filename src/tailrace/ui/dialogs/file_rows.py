"""Where Tailrace's own files lie and what they take, as rows of the settings dialog: read, opened, cleared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from tailrace.model.words import count_of, format_bytes
from tailrace.ui.dialogs.setting_rows import CardRow
from tailrace.ui.theme import mono_font, tip, tokens
from tailrace.ui.views.controls import PaintedButton
from tailrace.workspace import Settings
from tailrace.workspace.own_files import OwnFiles


class PlaceRow(CardRow):
    """A folder or file.

    Signals: `open_wanted(object)` its folder.
    """

    open_wanted = Signal(object)

    def __init__(self, title: str, help: str, words: str) -> None:
        super().__init__(title, help, words)
        self._place: Path | None = None
        self.place = _PathLine()
        self.text.addWidget(self.place)
        self.copy = PaintedButton("", "copy", flat=True)
        self.copy.setAccessibleName(f"Copy the path of {title}")
        self.copy.setToolTip("Copy the path")
        self.copy.clicked.connect(self._copy)
        self.open = _button("Open folder", f"Open the folder of {title}")
        self.open.clicked.connect(self._open)
        self.beside.addWidget(self.copy)
        self.beside.addWidget(self.open)

    def show_place(self, place: Path, is_there: bool) -> None:
        """Where it is."""
        self._place = place
        self.place.set_path(str(place))
        self.open.setEnabled(is_there)
        self.open.setToolTip("" if is_there else "It is made when it is first needed")

    def _copy(self) -> None:
        if self._place is not None:
            QGuiApplication.clipboard().setText(str(self._place))

    def _open(self) -> None:
        self.open_wanted.emit(self._place)


class FileRows(QWidget):
    """The rows, in order, in `rows`; they are put into a card by the dialog.

    Signals: `open_wanted(object)` a folder; `delete_cache_wanted()`; `forget_wanted()` recent files and filters.
    """

    open_wanted = Signal(object)
    delete_cache_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.recent = CardRow("Recent files and filters", "", "history privacy forget clear recently data")
        self.forget = _button("Forget them", "Forget recent files and filters")
        self.forget.clicked.connect(self.forget_wanted)
        self.recent.beside.addWidget(self.forget)
        self.data = PlaceRow(
            "Data folder", "Looking…", "path directory where files imported databases workspaces prices own"
        )
        self.cache = PlaceRow(
            "Cache", "Looking…", "path directory where files data columns disk space room delete clear charts"
        )
        self.settings = PlaceRow(
            "Settings file", "All of these settings, as JSON.", "path where files data json configuration"
        )
        self.delete = _button("Delete cache", "Delete the cache")
        self.delete.setToolTip("Charts make it again when they are asked for; what is open stays")
        self.delete.clicked.connect(self.delete_cache_wanted)
        self.cache.beside.insertWidget(0, self.delete)
        self.rows: tuple[CardRow, ...] = (self.recent, self.data, self.cache, self.settings)
        for row in (self.data, self.cache, self.settings):
            row.open_wanted.connect(self.open_wanted)

    def show_settings(self, settings: Settings) -> None:
        """How much is remembered of what was done lately."""
        files, filters = len(settings.recent_files), len(settings.recent_filters)
        self.recent.help.set_text(f"{count_of(files, 'file')} and {count_of(filters, 'filter')} are remembered.")
        self.forget.setEnabled(bool(files or filters))

    def show_files(self, files: OwnFiles) -> None:
        """What is on the disk."""
        databases = f"{count_of(files.workspaces, 'imported database')}, {format_bytes(files.workspaces_size)}"
        self.data.help.set_text(f"Settings, your own prices, and {databases}.")
        self.data.show_place(files.data, files.data.exists())
        self.cache.help.set_text(
            f"The columns that charts and SQL read: {count_of(files.columns, 'file')},"
            f" {format_bytes(files.columns_size)}. Deleting them loses nothing."
        )
        self.cache.show_place(files.cache, files.cache.exists())
        self.settings.show_place(files.settings, files.settings.parent.exists())
        self.delete.setEnabled(bool(files.columns))


class _PathLine(QWidget):
    """A path, shortened in its middle where there is no room for it."""

    def __init__(self) -> None:
        super().__init__()
        self._path = ""
        self.setFont(mono_font(11))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_path(self, path: str) -> None:
        """Show a path."""
        self._path = path
        self.setAccessibleName(path)
        self.setToolTip(tip(path))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, QFontMetrics(self.font()).height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(tokens(self).faint)
            shown = painter.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), shown)


def _button(text: str, name: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setAccessibleName(name)
    return made
