"""The trace database: one SQLite file, one who writes, any number who read. The only room that holds our SQL."""

from tailrace.store.reader import Reader
from tailrace.store.schema import APPLICATION_ID, SCHEMA_VERSION
from tailrace.store.scores import ScoreBook
from tailrace.store.sources import SourceState
from tailrace.store.writer import Tally, Writer

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "Reader", "ScoreBook", "SourceState", "Tally", "Writer"]
