"""The trace database. The only room that holds SQL."""

from tailrace.store.scores import ScoreBook
from tailrace.store.sources import SourceState
from tailrace.store.writer import Tally, Writer

__all__ = ["ScoreBook", "SourceState", "Tally", "Writer"]
