"""What reviewers share as rows: one description a table of `schema.REVIEW`, and dashboards alike. Scores have rows of
their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from tailrace.model import Json
from tailrace.model.dashboard import Dashboard, Panel, fields_of, panel_of
from tailrace.model.review import (
    Dataset,
    DatasetItem,
    DefinitionKind,
    FailureMode,
    Queue,
    QueueItem,
    QueueSource,
    Recipe,
    Record,
    ScoreDefinition,
    Visit,
)
from tailrace.store.sound import dump, load, sound_row


@dataclass(frozen=True, slots=True)
class Coding:
    """How a value stands in its column, and how it comes out again."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of records. `columns` are the record's fields in order (behind its id, where that is no field); the
    table has `removed` besides. `codings` are of the columns whose values are not SQLite's own."""

    name: str
    record: type[Record]
    key: str
    columns: tuple[str, ...]
    codings: Mapping[str, Coding]

    def row_of(self, record: Record) -> tuple[Any, ...]:
        """The values of a record in the order of `columns`."""
        values = (getattr(record, column) for column in self.columns)
        coded = (
            self.codings[column].write(value) if column in self.codings else value
            for column, value in zip(self.columns, values, strict=True)
        )
        return sound_row(coded)

    def record_of(self, row: tuple[Any, ...]) -> Any:
        """The record of a row in the order of `columns`."""
        named = {
            column: self.codings[column].read(value) if column in self.codings else value
            for column, value in zip(self.columns, row, strict=True)
        }
        if self.record is QueueItem:
            del named["item_id"]  # made of two others
        return self.record(**named)

    def said(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """What a row says, without the times it was written at: two that say the same are the same record."""
        named = dict(zip(self.columns, row, strict=True))
        return {column: value for column, value in named.items() if column not in ("created_ns", "updated_ns")}


def write_recipe(recipe: Recipe) -> str:
    """A recipe as JSON, without what is as usual."""
    usual = Recipe()
    named = {field.name: getattr(recipe, field.name) for field in fields(recipe)}
    return dump({"source": recipe.source.value} | {k: v for k, v in named.items() if v != getattr(usual, k)})


def read_recipe(text: str) -> Recipe:
    """The recipe of JSON; what a later version may have put in is left out."""
    found = load(text)
    known = asdict(Recipe())
    named = {key: value for key, value in found.items() if key in known} if isinstance(found, dict) else {}
    sources = {source.value: source for source in QueueSource}
    return Recipe(**{**named, "source": sources.get(str(named.get("source")), QueueSource.FILTER)})


def write_panels(panels: Sequence[Panel]) -> str:
    """Panels as a JSON list of objects."""
    return dump([fields_of(panel) for panel in panels])


def read_panels(text: str) -> tuple[Panel, ...]:
    """The panels of a JSON list; what is none, as a later version may have put in, is left out."""
    try:
        found: Json = load(text)
    except ValueError:
        return ()
    panels: dict[str, Panel] = {}
    for each in found if isinstance(found, list) else ():
        try:
            panel = panel_of(each)
        except ValueError:
            continue
        panels.setdefault(panel.panel_id, panel)
    return tuple(panels.values())


def _read_kind(word: str) -> DefinitionKind:
    return DefinitionKind(word) if word in {kind.value for kind in DefinitionKind} else DefinitionKind.TEXT


_FLAG = Coding(int, bool)
_LIST = Coding(lambda values: dump(list(values)), lambda text: tuple(load(text)))
_OBJECT = Coding(lambda values: dump(dict(values)), load)
_KIND = Coding(lambda kind: kind.value, _read_kind)
_RECIPE = Coding(write_recipe, read_recipe)
_PANELS = Coding(write_panels, read_panels)


def _table(name: str, record: type[Record], key: str, **codings: Coding) -> Table:
    columns = tuple(field.name for field in fields(record))
    return Table(name, record, key, columns if key in columns else (key, *columns), codings)


QUEUES = _table("review_queue", Queue, "queue_id", recipe=_RECIPE, blind=_FLAG, reviewers=_LIST)
ITEMS = _table("review_item", QueueItem, "item_id")
VISITS = _table("review_visit", Visit, "visit_id")
DEFINITIONS = _table(
    "score_definition", ScoreDefinition, "definition_id", kind=_KIND, required=_FLAG, options=_LIST
)  # fmt: skip
MODES = _table("failure_mode", FailureMode, "mode_id")
DATASETS = _table("dataset", Dataset, "dataset_id")
EXAMPLES = _table("dataset_item", DatasetItem, "item_id", metadata=_OBJECT)
DASHBOARDS = _table("dashboard", Dashboard, "dashboard_id", panels=_PANELS)

TABLES: Mapping[type[Record], Table] = {
    table.record: table for table in (QUEUES, ITEMS, VISITS, DEFINITIONS, MODES, DATASETS, EXAMPLES, DASHBOARDS)
}
