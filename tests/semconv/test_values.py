"""Reading values."""

from __future__ import annotations

from tailrace.semconv.values import decode, remembering


def test_a_long_text_is_parsed_once_while_it_is_remembered() -> None:
    text = "[" + ", ".join(str(number) for number in range(40_000)) + "]"
    with remembering():
        assert decode(text) is decode(text)
    assert decode(text) == list(range(40_000))
    assert decode(text) is not decode(text)
