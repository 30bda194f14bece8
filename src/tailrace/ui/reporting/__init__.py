"""Dashboards as a file: the cards of the Monitor page drawn without a window, as one HTML page or a PDF.

`write_report` is the face; it needs a QApplication's fonts and runs on the Qt thread, with nobody waiting for it.
"""

from __future__ import annotations

from tailrace.ui.reporting.write import Written, write_report

__all__ = ["Written", "write_report"]
