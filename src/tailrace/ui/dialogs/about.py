"""What this program is, in which version, under which licence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from tailrace import __version__

_TEXT = """Tailrace {version}

The desktop trace viewer for applications built on language models.
Nothing leaves this computer.

MIT licence. Icons: Lucide (ISC). Fonts: Inter (OFL), JetBrains Mono (Apache 2.0). Prices: LiteLLM (MIT)."""


def show_about(parent: QWidget) -> None:
    """Open the box beside the running window."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About Tailrace")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_TEXT.format(version=__version__))
    box.open()
