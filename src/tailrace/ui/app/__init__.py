"""The program with windows: starting and ending it, one program a user and data folder, and what was open.

`start` runs it; `windows` are the open ones; `door` is where later starts knock; `keeping`
has on the disk what is open; `ending` closes properly whoever asks for it; `faults` are errors that are ours.
"""

from __future__ import annotations

from tailrace.ui.app.application import Application, has_display, make_application
from tailrace.ui.app.faults import log_qt

__all__ = ["Application", "has_display", "log_qt", "make_application"]
