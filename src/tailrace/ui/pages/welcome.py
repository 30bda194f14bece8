"""What stands in the window while nothing is open: what to do next."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpacerItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tailrace.model import ImportProgress
from tailrace.model.words import format_age, format_bytes
from tailrace.ui.models.session import Session
from tailrace.ui.theme import brand_pixmap, icon, pixmap, tokens, ui_font
from tailrace.ui.views.import_strip import describe_progress
from tailrace.ui.views.welcome.drop_area import DropArea
from tailrace.ui.views.welcome.opens import OpensList
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.ui.views.welcome.file_list import FileList
    from tailrace.workspace.recent import RecentFile, UsualPlace

SENTENCE = "Every run of your application, span by span: what the model was told, what it said, where it went wrong."
HOME = "Nothing leaves this computer: no server, no account, no telemetry."
DEMO = "Invented: two weeks of a shop’s agents"
OPENS = (
    ("Tailrace databases", "one file that any SQLite tool can read"),
    ("OpenTelemetry (OTLP)", "JSON, JSON lines, protobuf; gzip, zstd"),
    ("Arize Phoenix", "its database, also while it is running"),
    ("llm", "its logs.db"),
)
_WIDEST = 1060  # pixels: further apart the two halves have nothing to do with each other
_MARK = 64
_AGING_MS = 60_000  # ages are told in minutes
_LOW = 560  # pixels: what a small laptop leaves


class WelcomePage(QScrollArea):
    """Open, drop or try the demo; the files opened lately, and those that other tools keep on this computer.

    Signals: `open_wanted()`, `demo_wanted()`, `file_wanted(object)` a Path, `shortcuts_wanted()`, `told(object)` words
    for the status bar.
    """

    open_wanted = Signal()
    demo_wanted = Signal()
    file_wanted = Signal(object)
    shortcuts_wanted = Signal()
    told = Signal(object)

    def __init__(self, session: Session, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._busy = ""
        self._progress: ImportProgress | None = None
        self.area = DropArea()
        self.area.open_wanted.connect(self.open_wanted)
        self.area.cancelled.connect(session.cancel_opening)
        self.demo = QPushButton("Try the demo")
        self.demo.setAccessibleDescription(DEMO)
        self.demo.setAutoDefault(True)  # Enter presses it, as in a dialog
        self.demo.clicked.connect(self.demo_wanted)
        self.recent: FileList | None = None  # both are made where there is something to list
        self.found: FileList | None = None
        self.shortcuts = QToolButton()
        self.shortcuts.setText("Keyboard shortcuts")
        self.shortcuts.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.shortcuts.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.shortcuts.clicked.connect(self.shortcuts_wanted)
        self._looked_at: tuple[RecentFile, ...] = ()
        self._aging = QTimer(self)
        self._aging.setInterval(_AGING_MS)
        self._aging.timeout.connect(self._tell_ages)
        self._gap = QSpacerItem(0, 0)
        self._pictures: list[tuple[QLabel, str, int]] = []
        self._mark = QLabel()
        self._arrange()
        self.show_recent()
        self._dress()

    def begin(self) -> None:
        """Look at the disk: what has become of the recent files, and what else lies about. Once the window has
        painted, and off the Qt thread."""
        if self._session.closed:  # whoever waited for the first paint has closed the window
            return
        from tailrace.workspace.recent import find_files, look_at, recent_files, usual_places

        recent, places = recent_files(self._settings.current), usual_places()
        self._opens.show_places({place.tool: str(place.path) for place in places})
        if recent:
            self._session.jobs.submit(lambda ticket: look_at(recent), self._show_looked_at, slot="recent")
        self._session.jobs.submit(lambda ticket: find_files(places), self._show_found, slot="found")
        if not self._busy:
            self.take_focus()

    def show_recent(self) -> None:
        """The files opened lately, as far as they are known without a look at the disk."""
        if self._settings.current.recent_files or self.recent is not None:
            from tailrace.workspace.recent import recent_files

            self._show_looked_at(recent_files(self._settings.current))

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Each command's key in words."""
        self.area.show_key(keys.get("file.open", ""))
        key = keys.get("help.shortcuts", "")
        self.shortcuts.setToolTip(f"Every shortcut, and changing them ({key})" if key else "")

    def show_busy(self, name: str) -> None:
        """While a file is being opened; "" for not any more."""
        self._busy, self._progress = name, None
        had_keys = self.isAncestorOf(self.focusWidget() or self)
        self.rest()
        for part in filter(None, (self.demo, self.recent, self.found)):
            part.setEnabled(not name)
        if had_keys and self.isVisible():
            self.take_focus()

    def show_progress(self, news: ImportProgress | None) -> None:
        """How far it is with what is being opened."""
        self._progress = news
        self.rest()

    def rest(self) -> None:
        """Nothing is in the air: what is being opened, or that something may come."""
        news = self._progress
        if not self._busy:
            self.area.show_idle()
        elif news is None:
            self.area.show_busy(f"Opening {self._busy}…")
        else:
            share = news.done / news.total if news.total else None
            shown = replace(news, source=Path(news.source).name)  # the demo's is a whole path
            self.area.show_busy(f"Opening {self._busy}…", describe_progress(shown), share)

    def take_focus(self) -> None:
        """The keys begin where most people go on: at the newest file, else at opening one."""
        first = self.recent if self.recent is not None and self.recent.files.lines else self.area.open
        (self.area.cancel if self._busy else first).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a low window everything stands closer."""
        super().resizeEvent(event)
        low = event.size().height() < _LOW
        self.area.set_low(low)
        self._down.setContentsMargins(32, 14 if low else 24, 32, 12 if low else 20)
        self._gap.changeSize(0, 14 if low else 24)
        self._down.invalidate()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: from now on the files grow older in sight."""
        super().showEvent(event)
        self._aging.start()
        if event.spontaneous():  # it was minimised for who knows how long
            self._tell_ages()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nobody sees how old they are."""
        super().hideEvent(event)
        self._aging.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _show_looked_at(self, files: tuple[RecentFile, ...]) -> None:
        from tailrace.ui.views.welcome.file_list import FileLine

        self._looked_at = files
        now_ns = time.time_ns()
        # a file may have been taken off the list meanwhile
        kept = set(self._settings.current.recent_files)
        lines = [
            FileLine(file.path, file.path.name, (_age(file, now_ns), _size(file)), file.missing)
            for file in files
            if str(file.path) in kept
        ]
        if self.recent is None and lines:
            self.recent = self._list("Recent files", removable=True)
            self.recent.removed.connect(self._forget)
            self._right.insertWidget(1, self.recent, 1_000)  # before the stretch: as many rows as there is room for
            self._set_tab_order()
        if self.recent is not None:
            self.recent.show_files(lines)
            self.recent.setVisible(bool(lines))
        self._nothing_recent.setVisible(not lines)

    def _tell_ages(self) -> None:
        if self.recent is not None:
            self._show_looked_at(self._looked_at)

    def _show_found(self, found: tuple[tuple[UsualPlace, RecentFile], ...]) -> None:
        known = set(self._settings.current.recent_files)
        found = tuple((place, file) for place, file in found if str(file.path) not in known)
        if not found:
            return
        from tailrace.ui.views.welcome.file_list import FileLine

        if self.found is None:
            self.found = self._list("Found on this computer")
            for part in (_heading("Found on this computer"), self.found):
                self._beneath.addWidget(part)
                part.show()
            self._set_tab_order()
        titled = ((file, f"{place.tool}: {file.path.name}") for place, file in found)
        self.found.show_files([FileLine(file.path, title, ("", _size(file))) for file, title in titled])
        self.found.setFixedHeight(self.found.sizeHint().height())

    def _list(self, name: str, removable: bool = False) -> FileList:
        from tailrace.ui.views.welcome.file_list import FileList  # a first start has nothing to list

        made = FileList(name, removable=removable)
        made.chosen.connect(self.file_wanted)
        made.setEnabled(not self._busy)
        return made

    def _forget(self, path: Path) -> None:
        recent = tuple(name for name in self._settings.current.recent_files if name != str(path))
        self._settings.update(recent_files=recent)
        if not recent:
            self.show_recent()
            self.area.open.setFocus()
        self.told.emit(f"{path.name} is off the list of recent files; the file itself stays as it is.")

    # Arrangement

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.area)
        left.addSpacing(14)
        demo = QHBoxLayout()
        demo.setSpacing(12)
        demo.addWidget(self.demo)
        demo.addWidget(_words(DEMO), 1)
        left.addLayout(demo)
        left.addSpacing(20)
        self._beneath = QVBoxLayout()
        self._beneath.setSpacing(0)
        left.addLayout(self._beneath)
        left.addStretch(1)

        self._right = right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(_heading("Recent files"))
        self._nothing_recent = _words("Nothing opened yet. What you open is listed here.")
        right.addWidget(self._nothing_recent)
        right.addSpacing(20)
        right.addWidget(_heading("What Tailrace opens"))
        self._opens = OpensList(OPENS)
        right.addWidget(self._opens)
        right.addStretch(1)

        halves = QHBoxLayout()
        halves.setSpacing(40)
        halves.addLayout(left, 11)
        halves.addLayout(right, 10)

        body = QWidget()
        body.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addItem(self._gap)
        column.addLayout(halves)
        column.addSpacing(22)
        column.addLayout(self._foot())

        page = QWidget()
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(body, 100)
        across.addStretch(1)
        self._down = down = QVBoxLayout(page)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_tab_order()

    def _set_tab_order(self) -> None:
        parts = (self.area.open, self.demo, self.found, self.recent, self.shortcuts)
        for first, second in pairwise(part for part in parts if part is not None):
            QWidget.setTabOrder(first, second)

    def _head(self) -> QHBoxLayout:
        self._mark.setFixedSize(_MARK, _MARK)
        title = QLabel("Tailrace")
        title.setFont(ui_font(26, QFont.Weight.DemiBold))
        sentence = _words(SENTENCE)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(sentence)
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(self._mark)
        head.addLayout(words, 1)
        return head

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._picture("shield-check", 16))
        foot.addWidget(_words(HOME), 1)
        foot.addWidget(self.shortcuts)
        return foot

    def _picture(self, name: str, size: int) -> QLabel:
        label = QLabel()
        label.setFixedSize(size, size)
        self._pictures.append((label, name, size))
        return label

    def _dress(self) -> None:
        theme, ratio = tokens(self), self.devicePixelRatioF()
        self._mark.setPixmap(brand_pixmap("tailrace", _MARK, ratio))
        for label, name, size in self._pictures:
            label.setPixmap(pixmap(name, theme.ok, size, ratio))
        self.demo.setIcon(icon("play", theme.text))
        self.shortcuts.setIcon(icon("keyboard", theme.dim))


def _age(file: RecentFile, now_ns: int) -> str:
    if file.opened_ns is None:
        return ""
    age = format_age(now_ns - file.opened_ns)
    return "just now" if age == "now" else f"{age} ago"


def _size(file: RecentFile) -> str:
    return "" if file.size is None else format_bytes(file.size)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(ui_font(14, QFont.Weight.DemiBold))
    label.setContentsMargins(0, 0, 0, 6)
    return label


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("dim")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
