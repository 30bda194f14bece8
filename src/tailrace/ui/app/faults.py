"""Errors that are ours: shown where a person sees them, and written into the log."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("tailrace.ui")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go where ours go. Offscreen windows say of each that they cannot be resized by a manager."""
    if "propagateSizeHints" not in message:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)


def hook_errors(report: Callable[[BaseException], bool]) -> None:
    """From now on, what nobody catches is logged and the program goes on. `report` shows an error in a window, which
    logs it too; False where there is none."""

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not report(error):
            log.error("unexpected error", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.error("unexpected error in a thread", exc_info=args.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread
    qInstallMessageHandler(log_qt)
