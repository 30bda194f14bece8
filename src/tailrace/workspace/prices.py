"""The prices in force: a person's own and imported ones, from the data folder, before those that come with Tailrace."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tailrace.errors import DatabaseError, SourceError
from tailrace.metrics.own_prices import OwnPrice, OwnPrices, own_table, read_own, write_own
from tailrace.metrics.price_files import load_table, write_table
from tailrace.metrics.pricing import Prices, PriceTable
from tailrace.metrics.public_prices import LARGEST_FILE, read_public
from tailrace.model.priced import PricesUsed
from tailrace.workspace.folders import data_folder
from tailrace.workspace.whole_files import write_durably

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All prices as they are in their files at one moment. `problems` are sentences about what is not used of them;
    `content` is the own file as it was read (None: there was none)."""

    own: OwnPrices
    imported: PriceTable | None
    shipped: PriceTable
    problems: tuple[str, ...] = ()
    content: bytes | None = None
    readable: bool = True
    prices: Prices = field(default_factory=lambda: Prices(()))

    def with_own(self, own: OwnPrices) -> PriceBook:
        """The same with other prices of one's own, which no file has yet."""
        return _book(own, self.imported, self.shipped, self.problems, self.content, self.readable)

    @property
    def used(self) -> PricesUsed:
        """Which prices these are."""
        return used_of(self.prices)


@dataclass(frozen=True, slots=True)
class PriceImport:
    """What came of importing a price file: whose it is, for how many models, and what was left out by reason with the
    first of each."""

    name: str
    date: str
    models: int
    left_out: Mapping[str, int]
    examples: Mapping[str, str]


def own_path() -> Path:
    """The file of a person's own prices. It may not be there."""
    return data_folder() / "prices.json"


def imported_path() -> Path:
    """The file of the prices that were imported. It may not be there."""
    return data_folder() / "prices-imported.json"


def used_of(prices: Prices) -> PricesUsed:
    """What is noted of some prices in a database."""
    return PricesUsed(prices.fingerprint, prices.name)


def read_book() -> PriceBook:
    """Read the files. What cannot be read is not used, and told in `problems`."""
    problems: list[str] = []
    own, content, readable = OwnPrices(), None, True
    try:
        content = _read(own_path())
        if content is not None:
            own = read_own(content, str(own_path()))
            problems += own.problems
    except SourceError as error:
        readable = False
        problems.append(str(error))
    imported: PriceTable | None = None
    try:
        if imported_path().exists():
            imported = load_table(imported_path())
    except SourceError as error:
        problems.append(f"{error} It is not used: import it again, or forget it.")
    return _book(own, imported, _shipped(), tuple(problems), content, readable)


def save_own(own: OwnPrices, book: PriceBook) -> PriceBook:
    """Write a person's own prices, in the place of those of `book`. Raises SourceError where another program has
    changed the file since `book` was read, and DatabaseError when it cannot be written."""
    path = own_path()
    with _writing:
        now = _read(path)
        if now != book.content:
            raise SourceError(f"{path} was changed by another program.", "Read it again, then change it.")
        if not book.readable and now is not None:
            _keep_beside(path, now)
        write_durably(path, write_own(own))
    return read_book()


def with_rows(book: PriceBook, rows: Sequence[OwnPrice]) -> OwnPrices:
    """What to save where these are the rows: all else that the file holds stays in it."""
    return OwnPrices(tuple(rows), (), book.own.unread, book.own.extra)


def import_prices(path: Path) -> PriceImport:
    """Take over a public price file, in the place of the one imported before. Raises SourceError where it is none, and
    DatabaseError when it cannot be kept."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise SourceError(f"{path} has more than {LARGEST_FILE // 1_000_000} MB, which no price file has.")
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.", detail=repr(error)) from error
    found = read_public(content, str(path))
    today = datetime.now(UTC).date().isoformat()
    name = f"{found.name}, imported {today}"
    with _writing:
        write_durably(imported_path(), write_table(name, found.date or today, found.entries))
    return PriceImport(found.name, found.date or today, len(found.entries), found.left_out, found.examples)


def forget_imported() -> bool:
    """Use what comes along again; whether anything had been imported. Raises DatabaseError."""
    path = imported_path()
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DatabaseError(f"{path} cannot be removed: {error.strerror or error}.", detail=repr(error)) from error
    return True


def current_prices() -> Prices:
    """The prices in force. Cheap to ask while their files stay as they are."""
    global _current
    with _writing:
        stamp = tuple(_stamp(path) for path in (own_path(), imported_path()))
        if _current is None or _current[0] != stamp:
            book = read_book()
            for problem in book.problems:
                _log.warning("a price is not used: %s", problem)
            _current = stamp, book.prices
        return _current[1]


_writing = threading.RLock()
_current: tuple[object, Prices] | None = None


@cache
def _shipped() -> PriceTable:
    return load_table()


def _book(
    own: OwnPrices,
    imported: PriceTable | None,
    shipped: PriceTable,
    problems: tuple[str, ...],
    content: bytes | None,
    readable: bool,
) -> PriceBook:
    tables = (own_table(own.rows), *(() if imported is None else (imported,)), shipped)
    return PriceBook(own, imported, shipped, problems, content, readable, Prices(tables))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.", detail=repr(error)) from error


def _stamp(path: Path) -> tuple[str, object]:
    with suppress(OSError):
        status = path.stat()
        return str(path), (status.st_size, status.st_mtime_ns, status.st_ino)
    return str(path), None


def _keep_beside(path: Path, content: bytes) -> None:
    """A file that could not be read is not lost when another takes its place."""
    for number in range(1, 1_000):
        beside = path.with_name(f"{path.name}.unread-{number}")
        if not beside.exists():
            write_durably(beside, content)
            return
    raise DatabaseError(f"{path} cannot be read, and there is no room beside it.", "Move it away.")
