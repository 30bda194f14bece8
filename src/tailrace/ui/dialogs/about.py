"""What this program is, in which version, made of what, and where it keeps its files."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from tailrace import __version__
from tailrace.jobs import JobRunner, Ticket
from tailrace.ui.theme import brand_pixmap, mono_font, ui_font

Facts = tuple[tuple[str, str], ...]

_SENTENCE = "The desktop trace viewer for applications built on language models.\nNothing leaves this computer."
_LICENCE = (
    "Tailrace is free software under the MIT licence. It uses Qt and PySide6 under the GNU Lesser General Public "
    "License, version 3: unchanged and linked dynamically, so that you may put your own build of them in their place."
)
_MARK = 72
_LATER = ("SQLite", "DuckDB", "Data", "Settings", "Cache", "Log")  # what takes a look at the disk


class AboutBox(QDialog):
    """The facts can be selected, and copied as a whole for the report of a bug."""

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Tailrace")
        self.setMinimumWidth(600)
        self._jobs = jobs
        mark = QLabel()
        mark.setPixmap(brand_pixmap("tailrace", _MARK, self.devicePixelRatioF()))
        mark.setAccessibleName("Tailrace’s icon")
        title = QLabel(f"Tailrace {__version__}")
        title.setFont(ui_font(20, QFont.Weight.DemiBold))
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = QPlainTextEdit()
        self.facts.setReadOnly(True)
        self.facts.setFont(mono_font())
        self.facts.setAccessibleName("Versions and folders")
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.facts.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.facts.setTabChangesFocus(True)
        self.facts.setFrameShape(QFrame.Shape.NoFrame)
        self.facts.document().setDocumentMargin(0)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Copy versions and folders, for the report of a bug")
        self.copy.clicked.connect(self._copy)
        self.licences = QPushButton("Licences of what is bundled…")
        self.licences.clicked.connect(self._show_licences)
        self.close_button = QPushButton("Close")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.close)

        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(title)
        words.addWidget(_words(_SENTENCE))
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(mark)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addWidget(self.licences)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addWidget(_words(_LICENCE))
        column.addLayout(buttons)
        self.show_facts(known_facts() + tuple((name, "…") for name in _LATER))
        self.close_button.setFocus()
        jobs.submit(_found_facts, self._take_facts, slot="about")

    def show_facts(self, facts: Facts) -> None:
        """Lines of a name and a value."""
        self.facts.setPlainText(_as_text(facts))
        self.facts.setFixedHeight(self.facts.fontMetrics().lineSpacing() * len(facts) + 14)  # and its scroll bar

    def _take_facts(self, found: Facts) -> None:
        if isValid(self):  # it may have been closed meanwhile
            self.show_facts((*known_facts(), *found))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.facts.toPlainText())
        self.copy.setText("Copied")

    def _show_licences(self) -> None:
        from tailrace.ui.dialogs.licences import LicenceSheet

        LicenceSheet(self._jobs, self).open()


def known_facts() -> Facts:
    """What needs no look at the disk."""
    packed = ", packed" if getattr(sys, "frozen", False) else ""
    return (
        ("Tailrace", f"{__version__}{packed}"),
        ("Python", platform.python_version()),
        ("Qt", f"{qVersion()}, {QGuiApplication.platformName()}"),
        ("PySide6", PySide6.__version__),
        ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
    )


def _found_facts(ticket: Ticket) -> Facts:
    from tailrace.workspace.diagnosis import diagnose
    from tailrace.workspace.folders import log_file
    from tailrace.workspace.settings import SettingsStore

    found = diagnose()
    try:
        duckdb = version("duckdb")
    except PackageNotFoundError:  # a packed program need not carry what its parts say of themselves
        import duckdb as module

        duckdb = module.__version__
    places = (found.data_folder, SettingsStore().path, found.cache_folder, log_file())
    return tuple(zip(_LATER, (found.sqlite_version, duckdb, *map(str, places)), strict=True))


def _as_text(facts: Facts) -> str:
    return "\n".join(f"{name:10}{value}" for name, value in facts)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("dim")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label


def show_about(parent: QWidget, jobs: JobRunner) -> None:
    """Open the box beside the running window."""
    AboutBox(jobs, parent).open()
