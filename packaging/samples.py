"""Write resources/samples: one small file for each form of each format that Tailrace reads, all invented.

They are carried by the program, so that an installation can be tried with every format: packaging/smoke.py does.
`python packaging/samples.py` writes the same bytes each time; what each holds is told in samples.json.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import zstandard
from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from opentelemetry.proto.trace.v1 import trace_pb2

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
START_NS = 1_767_607_200_000_000_000  # 2026-01-05 10:00 UTC


def main() -> None:
    """Write every sample and what it holds."""
    sys.path.insert(0, str(ROOT))  # the schemas of foreign databases are written down where their readers are tested
    SAMPLES.mkdir(exist_ok=True)
    document, lines, message = _as_json(), _as_lines(), _as_protobuf()
    texts = {
        "otlp.json": document,
        "otlp.jsonl": lines,
        "otlp.pb": message,
        "otlp-framed.pb": struct.pack(">I", len(message)) + message,
        "otlp.json.gz": gzip.compress(document, mtime=0),
        "otlp.jsonl.zst": zstandard.compress(lines),
    }
    for name, data in texts.items():
        (SAMPLES / name).write_bytes(data)
    _write_phoenix(SAMPLES / "phoenix.db")
    _write_llm_logs(SAMPLES / "llm-logs.db")
    held = {name: {"traces": 2, "spans": 7} for name in texts}
    held |= {"phoenix.db": {"traces": 1, "spans": 3}, "llm-logs.db": {"traces": 2, "spans": 2}}
    (SAMPLES / "samples.json").write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _value(value: object) -> dict[str, Any]:
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": value if isinstance(value, str) else json.dumps(value)}


def _span(
    trace: int, number: int, parent: int, name: str, start_ms: int, ms: int, **attributes: object
) -> dict[str, Any]:
    failed = attributes.pop("failed", None)
    start = START_NS + (trace * 60_000 + start_ms) * 1_000_000
    return {
        "traceId": f"{trace:032x}",
        "spanId": f"{trace * 100 + number:016x}",
        **({"parentSpanId": f"{trace * 100 + parent:016x}"} if parent else {}),
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + ms * 1_000_000),
        "attributes": [{"key": key.replace("__", "."), "value": _value(value)} for key, value in attributes.items()],
        "status": {"code": 2, "message": failed} if failed else {"code": 1},
    }


def _call(question: str, answer: str, tokens: tuple[int, int]) -> dict[str, object]:
    return {
        "gen_ai__operation__name": "chat",
        "gen_ai__provider__name": "openai",
        "gen_ai__request__model": "gpt-4.1-mini",
        "gen_ai__response__model": "gpt-4.1-mini",
        "gen_ai__usage__input_tokens": tokens[0],
        "gen_ai__usage__output_tokens": tokens[1],
        "gen_ai__input__messages": [{"role": "user", "parts": [{"type": "text", "content": question}]}],
        "gen_ai__output__messages": [
            {"role": "assistant", "parts": [{"type": "text", "content": answer}], "finish_reason": "stop"}
        ],
    }


def _requests() -> list[dict[str, Any]]:
    ferry, tide = "When does the last ferry leave?", "At what time is high water?"
    agent = {"gen_ai__operation__name": "invoke_agent", "gen_ai__agent__name": "harbour-guide"}
    tool = {"gen_ai__operation__name": "execute_tool"}
    spans = [
        _span(1, 1, 0, "invoke_agent harbour-guide", 0, 2400, **agent),
        _span(1, 2, 1, "chat gpt-4.1-mini", 20, 900, **_call(ferry, "I look it up.", (312, 18))),
        _span(1, 3, 1, "execute_tool timetable", 940, 310, **tool, gen_ai__tool__name="timetable"),
        _span(1, 4, 1, "chat gpt-4.1-mini", 1270, 1100, **_call(ferry, "The last ferry leaves at 22:40.", (377, 24))),
        _span(2, 1, 0, "invoke_agent harbour-guide", 0, 5200, **agent, failed="the tide service did not answer"),
        _span(2, 2, 1, "chat gpt-4.1-mini", 15, 700, **_call(tide, "I ask the tide service.", (298, 17))),
        _span(2, 3, 1, "execute_tool tides", 730, 4400, **tool, gen_ai__tool__name="tides", error__type="timeout",
              failed="no answer within 4.4 s"),
    ]  # fmt: skip
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "harbour-guide"}}]}
    return [
        {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "samples"}, "spans": part}]}]}
        for part in (spans[:4], spans[4:])
    ]


def _as_json() -> bytes:
    whole = {"resourceSpans": [part for request in _requests() for part in request["resourceSpans"]]}
    return json.dumps(whole, indent=1).encode()


def _as_lines() -> bytes:
    return b"".join(json.dumps(request).encode() + b"\n" for request in _requests())


def _as_protobuf() -> bytes:
    whole = json.loads(_as_json())
    ids = []
    for span in (span for part in whole["resourceSpans"] for span in part["scopeSpans"][0]["spans"]):
        # protobuf's own JSON has ids in base64, OTLP's in hex
        ids.append([bytes.fromhex(span.pop(key, "")) for key in ("traceId", "spanId", "parentSpanId")])
    message = ParseDict(whole, trace_pb2.TracesData())
    made = (span for part in message.resource_spans for span in part.scope_spans[0].spans)
    for span, (trace_id, span_id, parent_id) in zip(made, ids, strict=True):
        span.trace_id, span.span_id, span.parent_span_id = trace_id, span_id, parent_id
    return bytes(message.SerializeToString(deterministic=True))


def _write_phoenix(path: Path) -> None:
    from tests.formats.phoenix.test_phoenix import SCHEMA, add_spans

    without_people = "".join(line for line in SCHEMA.splitlines(True) if "users" not in line and "api_keys" not in line)
    _make(path, without_people.replace("'AABB'", f"'{7:032x}'"))
    usage = {"llm_token_count_prompt": 210, "llm_token_count_completion": 31}
    asked = {"input": {"value": "Which quay?"}, "llm": {"model_name": "gpt-4.1-mini"}, "output": {"value": "Quay 3."}}
    moments = [f"2026-01-05 10:00:0{second}.000000" for second in range(6)]
    for number, kind, parent, begin, end in ((1, "AGENT", None, 0, 4), (2, "RETRIEVER", 1, 1, 2), (3, "LLM", 1, 2, 4)):
        row = {
            "span_id": f"{number:016x}",
            "parent_id": f"{parent:016x}" if parent else None,
            "name": kind.lower(),
            "span_kind": kind,
            "start_time": moments[begin],
            "end_time": moments[end],
            "attributes": json.dumps(asked if kind == "LLM" else {}),
        }
        add_spans(path, row | (usage if kind == "LLM" else {}))


def _write_llm_logs(path: Path) -> None:
    from tests.formats.llm_logs.test_llm_logs import SCHEMA, add, response

    _make(path, SCHEMA)
    said = {"model": "gpt-4.1-mini", "input_tokens": 40, "output_tokens": 12, "conversation_id": None}
    add(path, "responses", response(1, prompt="Name a knot.", response="The bowline.", **said))
    add(path, "responses", response(2, prompt="And a harder one?", response="The Turk's head.", **said))


def _make(path: Path, schema: str) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.executescript(schema)


if __name__ == "__main__":
    main()
