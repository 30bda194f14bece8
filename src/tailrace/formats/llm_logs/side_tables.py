"""What both generations of llm's tables share: tools, attachments, fragments, schemas."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from tailrace.formats.cells import count_of, json_of, text_of
from tailrace.formats.foreign_sqlite import ForeignDatabase
from tailrace.model import Json
from tailrace.model.words import format_bytes

ATTACHMENT_BYTES = 4 << 20
_MODALITIES = frozenset({"image", "audio", "video"})


class SideTables:
    """Looks things up by id and keeps what is small and asked for often."""

    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._tools: dict[Any, dict[str, Json]] = {}
        self._toolboxes: dict[Any, str] = {}
        self._fragments: dict[Any, tuple[str, str, str | None]] = {}
        self._schemas: dict[Any, str] = {}
        for rows in database.batches("tools", ("id", "name", "description", "input_schema", "plugin")):
            for _, row, name, description, schema, plugin in rows:
                self._tools[row] = _definition(name, description, schema, plugin)
        for rows in database.batches("tool_instances", ("id", "name", "arguments")):
            for _, row, name, arguments in rows:
                self._toolboxes[row] = f"{text_of(name) or ''}({text_of(arguments) or ''})"

    def tool(self, row: Any) -> dict[str, Json] | None:
        """A tool definition by its row."""
        return self._tools.get(row)

    def toolbox(self, row: Any) -> str | None:
        """A configured toolbox, as `Name({arguments})`."""
        return self._toolboxes.get(row)

    def schema(self, schema_id: Any) -> str | None:
        """A JSON schema's text."""
        if schema_id is None:
            return None
        if schema_id not in self._schemas:
            found = self._database.lookup("schemas", ("content",), "id", (schema_id,))
            self._schemas[schema_id] = (text_of(found[0][1]) or "") if found else ""
        return self._schemas[schema_id] or None

    def fragments(self, rows: Sequence[Any]) -> list[tuple[str, str, str | None]]:
        """(text, hash, source) of fragments, in the order asked for; what is missing is left out."""
        if wanted := [row for row in set(rows) if row not in self._fragments]:
            if len(self._fragments) > 200:
                self._fragments.clear()
                wanted = list(set(rows))
            for row, digest, content, source in self._database.lookup(
                "fragments", ("hash", "content", "source"), "id", wanted
            ):
                self._fragments[row] = (text_of(content) or "", text_of(digest) or "", text_of(source))
        return [self._fragments[row] for row in rows if row in self._fragments]

    def attachment(self, attachment_id: Any, whole: bool = True) -> dict[str, Json]:
        """An attachment as a GenAI part: its content up to a limit, else where it was. Without `whole` no content."""
        found = self._database.lookup("attachments", ("type", "path", "url"), "id", (attachment_id,))
        _, kind, path, url = found[0] if found else (None, None, None, None)
        mime = text_of(kind)
        modality = (mime or "").partition("/")[0]
        part: dict[str, Json] = {"type": "uri", "modality": modality if modality in _MODALITIES else "file"}
        if mime:
            part["mime_type"] = mime
        if place := text_of(url) or text_of(path):
            return part | {"uri": place}
        note: dict[str, Json] = {"uri": f"llm-attachment:{text_of(attachment_id) or ''}"}
        if not whole or not found:
            return part | note
        size, content = self._content(attachment_id)
        if content is None:
            return part | note | ({"note": f"{format_bytes(size)}, too large to copy"} if size else {})
        return part | {"type": "blob", "content": base64.b64encode(content).decode()}

    def _content(self, attachment_id: Any) -> tuple[int, bytes | None]:
        size = self._database.length("attachments", "content", attachment_id)
        if not size or size > ATTACHMENT_BYTES:
            return size, None
        found = self._database.lookup("attachments", ("content",), "id", (attachment_id,))
        content = found[0][1] if found else None
        if isinstance(content, str):
            content = content.encode()
        return size, content if isinstance(content, bytes) and content else None


def object_of(cell: object) -> dict[str, Json]:
    """The JSON object in a cell; empty for anything else."""
    try:
        value = json_of(cell)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def expand_condensed(value: Json, texts: dict[str, str]) -> Json:
    """Undo llm's condensing of a response: `{"$": key}` stands for a stored text and `{"$r": […]}` for pieces joined.
    References that cannot be resolved stay as they are."""
    result: list[Json] = [value]
    todo: list[tuple[Any, Any]] = [(result, 0)]
    while todo:
        holder, place = todo.pop()
        item = holder[place]
        if isinstance(item, dict):
            if (text := _condensed_text(item, texts)) is not None:
                holder[place] = text
            else:
                holder[place] = item = dict(item)
                todo.extend((item, key) for key in item)
        elif isinstance(item, list):
            holder[place] = item = list(item)
            todo.extend((item, index) for index in range(len(item)))
    return result[0]


def _condensed_text(item: dict[str, Json], texts: dict[str, str]) -> str | None:
    if len(item) != 1:
        return None
    if isinstance(key := item.get("$"), str):
        return texts.get(key)
    pieces = item.get("$r")
    if not isinstance(pieces, list):
        return None
    words: list[str] = []
    for piece in pieces:
        word = texts.get(str(piece.get("$"))) if isinstance(piece, dict) else piece
        if not isinstance(word, str):
            return None
        words.append(word)
    return "".join(words)


def _definition(name: object, description: object, schema: object, plugin: object) -> dict[str, Json]:
    try:
        parameters = json_of(schema)
    except ValueError:
        parameters = text_of(schema)
    definition: dict[str, Json] = {"type": "function", "name": text_of(name) or ""}
    if text := text_of(description):
        definition["description"] = text
    if parameters is not None:
        definition["parameters"] = parameters
    if text := text_of(plugin):
        definition["plugin"] = text
    return definition


def order_of(cell: object) -> int:
    """A place in an order; what has none comes first."""
    return count_of(cell) or 0
