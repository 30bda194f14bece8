"""What a window remembers: its size, how its parts stand to each other, and where the person is in what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

from tailrace.ui.models.places import Place, place_of, with_place
from tailrace.ui.pages.filter_row import FilterRow
from tailrace.ui.pages.window_pages import WindowPages
from tailrace.ui.views.kept_splitter import REMEMBERED
from tailrace.ui.views.rail import Rail
from tailrace.ui.views.window_geometry import give_size, restore_geometry
from tailrace.workspace import SettingsStore

_USUAL = QSize(1600, 1000)


class WindowState:
    """Text by name (`blobs`), as the settings keep it. Names with a colon are places in databases."""

    def __init__(
        self, window: QWidget, pages: WindowPages, filters: FilterRow, rail: Rail, settings: SettingsStore
    ) -> None:
        self._window = window
        self._pages = pages
        self._filters = filters
        self._rail = rail
        self._settings = settings
        give_size(window, _USUAL)

    def take(self, blobs: Mapping[str, str]) -> None:
        """Take the place of a window that was closed: its size, its parts, and where the person was in its files when
        they are opened here. `blobs` may lack anything: then it is as the last window was."""
        self._pages.former = dict(blobs)
        remembered = self._pages.remembered()
        if blob := remembered.get("window"):
            restore_geometry(self._window, QByteArray.fromBase64(blob.encode()))
        self._window.setProperty(REMEMBERED, remembered)
        self._pages.restore()

    def recall(self, blobs: Mapping[str, str]) -> None:
        """Where a person was in files that are about to be opened here, out of what `take` takes."""
        self._pages.former.update({name: blob for name, blob in blobs.items() if ":" in name})

    def begin(self) -> Place:
        """Where the person was in the database that was opened; only once, for then they move on."""
        first = self._settings.current.first_page.value
        place = place_of(self._pages.remembered(), self._pages.database, first)
        self._pages.former = {name: blob for name, blob in self._pages.former.items() if ":" not in name}
        return place

    def blobs(self) -> dict[str, str]:
        """What `take` takes."""
        return {**self._parts(), **self._pages.places(), **self._with_place({})}

    def keep(self) -> None:
        """For the next window, and for the next time that these files are opened."""
        self._settings.update(blobs=self._with_place({**self._settings.current.blobs, **self._parts()}))

    def _parts(self) -> dict[str, str]:
        geometry = bytes(self._window.saveGeometry().toBase64().data()).decode()
        return {"window": geometry, **self._pages.states()}

    def _with_place(self, blobs: Mapping[str, str]) -> dict[str, str]:
        page = self._pages.traces.made
        if page is None or not self._pages.database:
            return dict(blobs)
        place = replace(page.place(), last_ns=self._filters.last_ns, page=self._rail.current)
        return with_place(blobs, self._pages.database, place)
