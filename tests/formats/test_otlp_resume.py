"""A file that has grown gives its new part; one that was replaced is read again."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import orjson
from tests.formats.otlp_making import lines, read, request, span, span_id, write


def test_only_the_new_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t"
    first = read(write(path, lines(request(span(1)))))
    assert first.resume["offset"] == path.stat().st_size
    with path.open("ab") as file:
        file.write(lines(request(span(2)), "wrong", request(span(3))))
    second = read(path, first.resume)
    assert second.ids == [span_id(2), span_id(3)]
    assert second.skipped[0].place == "line 3"
    third = read(path, second.resume)
    assert third.ids == []
    assert third.resume == second.resume


def test_a_line_that_is_still_being_written_waits(tmp_path: Path) -> None:
    path = tmp_path / "t"
    whole = lines(request(span(1)), request(span(2)))
    cut = len(lines(request(span(1)))) + 100
    first = read(write(path, whole[:cut]))
    assert (first.ids, first.skipped) == ([span_id(1)], [])
    assert first.positions[-1].done == len(lines(request(span(1))))
    second = read(write(path, whole), first.resume)
    assert (second.ids, second.skipped) == ([span_id(2)], [])


def test_every_cut_of_a_file_gives_each_span_once(tmp_path: Path) -> None:
    path = tmp_path / "t"
    whole = lines(request(span(1)), request(span(2, name="é\u2028")), request(span(3)))
    beginning = len(lines(request(span(1))))
    for cut in range(beginning, len(whole), 7):
        first = read(write(path, whole[:cut]))
        second = read(write(path, whole), first.resume)
        assert first.ids + second.ids == [span_id(1), span_id(2), span_id(3)]
        assert first.skipped == second.skipped == []


def test_a_last_line_without_its_end_that_parses_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "t"
    first = read(write(path, lines(request(span(1))) + orjson.dumps(request(span(2)))))
    assert first.ids == [span_id(1), span_id(2)]
    with path.open("ab") as file:
        file.write(b"\n" + lines(request(span(3))))
    assert read(path, first.resume).ids == [span_id(3)]


def test_the_only_line_when_cut_gives_what_is_sound_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "t"
    whole = lines(request(span(1), span(2), span(3)))
    first = read(write(path, whole[:-200]))
    assert first.ids == [span_id(1), span_id(2)]
    assert first.reasons == {"JSON that is damaged or cut off": 1}
    assert read(write(path, whole), first.resume).ids == [span_id(1), span_id(2), span_id(3)]


def test_a_file_that_was_replaced_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "t"
    first = read(write(path, lines(request(span(1)), request(span(2)))))
    longer = lines(request(span(5)), request(span(6)), request(span(7)))
    assert read(write(path, longer), first.resume).ids == [span_id(5), span_id(6), span_id(7)]
    assert read(write(path, lines(request(span(8)))), first.resume).ids == [span_id(8)]


def test_a_resume_of_another_shape_is_no_resume(tmp_path: Path) -> None:
    path = write(tmp_path / "t", lines(request(span(1))))
    for resume in ({}, [], "x", {"offset": "far", "line": 1, "tail": 0, "tail_size": 0}, {"offset": -4}):
        assert read(path, resume).ids == [span_id(1)]


def test_compressed_lines_go_on_at_their_unpacked_place(tmp_path: Path) -> None:
    path = tmp_path / "t"
    start = gzip.compress(lines(request(span(1))))
    first = read(write(path, start))
    assert first.resume["offset"] == len(lines(request(span(1))))
    second = read(write(path, start + gzip.compress(lines(request(span(2))))), first.resume)
    assert second.ids == [span_id(2)]
    assert read(write(path, gzip.compress(lines(request(span(4)), request(span(5))))), first.resume).ids == [
        span_id(4),
        span_id(5),
    ]


def test_a_compressed_file_that_was_cut_gives_the_rest_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "t"
    text = lines(request(span(1)), request(span(2, name=os.urandom(3000).hex())), request(span(3)))
    whole = gzip.compress(text)
    first = read(write(path, whole[:-2000]))
    assert first.ids[0] == span_id(1)
    assert first.reasons == {"gzip data that ends early or is damaged": 1}
    second = read(write(path, whole), first.resume)
    assert second.ids == [span_id(2), span_id(3)]


def test_positions_come_every_thousand_spans_and_each_can_be_gone_on_from(tmp_path: Path) -> None:
    path = write(tmp_path / "t", lines(*(request(*(span(n * 10 + i) for i in range(10))) for n in range(350))))
    whole = read(path)
    assert len(whole.positions) == 4
    assert [position.done for position in whole.positions] == sorted(position.done for position in whole.positions)
    assert whole.positions[-1].done == whole.positions[-1].total == path.stat().st_size
    for done, position in enumerate(whole.positions[:-1], 1):
        assert read(path, position.resume).ids == whole.ids[done * 1000 :]
