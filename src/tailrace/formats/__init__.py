"""Foreign formats, one module each: bytes in, records out. Recognised by content.

Importers yield Span, LogRecord, Score, Skipped and Position; a module registers in `registry`. May import semconv and
model, and sqlite3 to read foreign databases; never the store.
"""

from tailrace.formats.files import unreadable
from tailrace.formats.otlp_export import export_otlp
from tailrace.formats.records import Format, FormatModule, Position, Record, Skipped
from tailrace.formats.registry import is_tailrace_database, recognise

__all__ = [
    "Format",
    "FormatModule",
    "Position",
    "Record",
    "Skipped",
    "export_otlp",
    "is_tailrace_database",
    "recognise",
    "unreadable",
]
