"""What stands in the window while nothing is open: what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tailrace.ui.theme import icon, pixmap, tip, tokens, ui_font

SUPPORTED = (
    "Tailrace databases  ·  OTLP as JSON, JSON lines or protobuf, plain, gzip or zstd  ·  Arize Phoenix  ·  llm logs.db"
)


class WelcomePage(QWidget):
    """Open, drop or try the demo; and the files opened lately.

    Signals: `open_wanted()`, `demo_wanted()`, `recent_wanted(object)` a Path.
    """

    open_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title = QLabel("Open traces to see how the wheel is running")
        self._title.setFont(ui_font(20))
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            "Drop a file here, or open one. It is recognised by its content, read only, and never leaves this computer."
        )
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        kinds = QLabel(SUPPORTED)
        kinds.setObjectName("dim")
        kinds.setWordWrap(True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._open = QPushButton("Open a file…")
        self._open.setObjectName("primary")
        self._open.clicked.connect(self.open_wanted)
        self._demo = QPushButton("Try the demo")
        self._demo.clicked.connect(self.demo_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(self._demo)
        buttons.addStretch(1)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(60, 40, 60, 40)
        column.setSpacing(12)
        column.addStretch(2)
        for part in (self._picture, self._title, hint):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addLayout(self._recent)
        column.addStretch(3)
        column.addWidget(kinds)
        self._dress()

    def show_busy(self, name: str) -> None:
        """While a file is being opened; "" for not any more."""
        self._title.setText(f"Opening {name}…" if name else "Open traces to see how the wheel is running")
        self._open.setEnabled(not name)
        self._demo.setEnabled(not name)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """The files opened lately, newest first."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in paths[:6]:
            button = QPushButton(f"{path.name}    {path.parent}")
            button.setFlat(True)
            button.setStyleSheet("QPushButton { border: none; background: transparent; text-align: center; }")
            button.setToolTip(tip(str(path)))
            button.clicked.connect(lambda _=False, path=path: self.recent_wanted.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        theme = tokens(self)
        self._picture.setPixmap(pixmap("layers", theme.accent, 56, self.devicePixelRatioF()))
        self._open.setIcon(icon("folder-open", theme.on_accent))
        self._demo.setIcon(icon("play", theme.text))
