"""The floor of a cold start: a window of PySide6 with nothing in it. Prints a line when it has painted, and ends."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self, self._say)

    def _say(self) -> None:
        print("painted", flush=True)
        QApplication.quit()


if __name__ == "__main__":
    app = QApplication([])
    window = _Window()
    window.resize(1600, 1000)
    window.show()
    app.exec()
