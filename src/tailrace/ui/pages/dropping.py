"""Files dropped on a window: what would happen is said while they are in the air, and nothing happens that was not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from tailrace.errors import TailraceError
from tailrace.jobs import Ticket
from tailrace.ui.models.session import Session
from tailrace.ui.pages.opener import Opener
from tailrace.ui.pages.welcome import WelcomePage

NO_FILE = "Only files of this computer can be dropped here"


class Dropping(QObject):
    """A window hands its drag events on to this. While nothing is open in it the welcome page says what they mean."""

    def __init__(self, session: Session, opener: Opener, welcome: WelcomePage, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._opener = opener
        self._welcome = welcome
        self._refused = False

    def enter(self, event: QDragEnterEvent) -> None:
        """Something comes in."""
        paths = dropped_files(event.mimeData())
        self._refused = not paths
        if paths:
            name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
            self._welcome.area.show_offer(f"Drop to open {name}", "Looking at what it is…")
            self._look_at(paths)
        else:
            self._welcome.area.show_refused(NO_FILE, _words_of(event.mimeData()))
        self._answer(event)

    def move(self, event: QDragMoveEvent) -> None:
        """It is still there, and by now it may be known to be of no use."""
        self._answer(event)

    def leave(self) -> None:
        """It went away."""
        self._session.jobs.cancel("dropping")
        self._welcome.rest()

    def drop(self, event: QDropEvent) -> None:
        """It was let go: open it."""
        self.leave()
        paths = dropped_files(event.mimeData())
        self._answer(event)
        if paths and not self._refused:
            self._opener.open(paths)

    def _answer(self, event: QDropEvent) -> None:
        # A file that is said to have been moved here would be deleted where it lies. What is refused is taken all the
        # same, to do nothing with it: else nobody would say when it leaves.
        event.setDropAction(Qt.DropAction.IgnoreAction if self._refused else Qt.DropAction.CopyAction)
        event.accept()

    def _look_at(self, paths: list[Path]) -> None:
        def work(ticket: Ticket) -> str:
            from tailrace.workspace import describe  # on this thread: it reads all that is known of formats

            return describe(paths)

        name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"

        def offer(kind: str) -> None:
            self._welcome.area.show_offer(f"Drop to open {name}", kind)

        def refuse(error: Exception) -> None:
            self._refused = True
            sentence = error.message if isinstance(error, TailraceError) else str(error)
            for path in paths:
                sentence = sentence.replace(str(path), path.name)
            self._welcome.area.show_refused(f"{name} cannot be opened", sentence)

        self._session.jobs.submit(work, offer, refuse, slot="dropping")


def dropped_files(data: QMimeData) -> list[Path]:
    """The files of this computer among what is dropped."""
    urls: list[QUrl] = data.urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _words_of(data: QMimeData) -> str:
    if data.hasUrls():
        return "This is an address on the network; save the file first."
    return "This is text; save it as a file first." if data.hasText() else "This is no file."
