"""What a reviewer reads of a trace, in which order, and what is folded away."""

from __future__ import annotations

from tests.ui.inspected import make_detail, make_span
from tests.ui.views.review.items import (
    QUESTION,
    call_and_result,
    make_answer,
    make_item,
    make_retrieval,
    make_row,
    make_step,
    say,
)

from tailrace.model import Conversation, Role, SpanKind, SpanStatus
from tailrace.ui.views.messages.cards import BlockKind, Card
from tailrace.ui.views.review.item_cards import build_item_cards
from tailrace.ui.views.review.item_words import head_words


def titles(cards: list[Card]) -> list[str]:
    return [card.title for card in cards]


def opened(cards: list[Card]) -> list[str]:
    return [card.title for card in cards if card.open or not card.collapsible]


def places(card: Card) -> list[tuple[str, str]]:
    return [(block.span_id, block.place) for block in card.blocks if block.place]


def test_an_item_reads_from_the_question_over_what_was_found_and_done_to_the_answer() -> None:
    cards = build_item_cards(make_item())
    assert titles(cards) == [
        "system",
        "user",
        "retrieved · 2 documents",
        "tools · lookup_order → create_refund ✗ → create_refund",
        "assistant",
    ]
    assert opened(cards) == ["user", "retrieved · 2 documents", "assistant"]
    assert cards[-1].facts == "gpt-4o · 418 tok"
    assert cards[-1].kind is SpanKind.LLM
    assert cards[2].facts == "relevance 0.41 · 0.31"
    assert cards[3].facts == "1 failed"


def test_every_text_knows_the_place_that_it_came_from() -> None:
    system, user, found, tools, answer = build_item_cards(make_item())
    assert places(system) == [("answer", "inputs/0/0")]
    assert places(user) == [("answer", "inputs/1/0")]
    assert places(found) == [("search", "documents/0"), ("search", "documents/1")]
    assert places(tools)[:3] == [("lookup_order", "input"), ("lookup_order", "output"), ("failed", "input")]
    assert places(answer) == [("answer", "outputs/0/0")]


def test_earlier_turns_are_one_line() -> None:
    talk = [say(Role.USER, f"question {i}") if i % 2 == 0 else say(Role.ASSISTANT, f"answer {i}") for i in range(5)]
    cards = build_item_cards(make_item(answer=make_answer(*talk), steps=(), step_count=0))
    assert titles(cards) == ["earlier · 4 messages", "user", "assistant"]
    assert cards[0].collapsible
    assert not cards[0].open
    assert [block.text for block in cards[0].blocks if block.place] == [
        "question 0", "answer 1", "question 2", "answer 3"
    ]  # fmt: skip
    assert cards[1].blocks[0].text == "question 4"


def test_a_question_inside_a_prompt_is_shown_as_it_came_in() -> None:
    prompt = f"{QUESTION}\n\nDocuments:\n[1] Refunds"
    root = make_detail(make_span(span_id="root", input=QUESTION, output=None))
    cards = build_item_cards(make_item(answer=make_answer(say(Role.USER, prompt)), asked=root, steps=(), step_count=0))
    assert titles(cards) == ["user", "user · as the model got it", "assistant"]
    assert cards[0].blocks[0].text == QUESTION
    assert places(cards[0]) == [("root", "input")]
    assert not cards[1].open
    assert places(cards[1]) == [("answer", "inputs/0/0")]


def test_what_went_out_is_shown_where_it_is_not_what_the_model_said() -> None:
    blocked = make_detail(make_span(span_id="root", name="guarded", input=QUESTION, output="I cannot help with that."))
    cards = build_item_cards(make_item(asked=blocked))
    assert cards[-1].title == "returned by guarded"
    assert cards[-1].blocks[0].text == "I cannot help with that."
    same = make_detail(make_span(span_id="root", input=QUESTION, output="Sure."))
    cards = build_item_cards(make_item(answer=make_answer(output="Sure."), asked=same))
    assert cards[-1].title == "assistant"


def test_tools_that_only_the_conversation_tells_of_are_in_the_strip() -> None:
    answer = make_answer(say(Role.USER, QUESTION), *call_and_result())
    cards = build_item_cards(make_item(answer=answer, steps=(), step_count=0))
    assert titles(cards) == ["user", "tools · lookup", "said on the way · 1 message", "assistant"]
    assert [block.text for block in cards[1].blocks] == ["lookup", '{"id": 1}', "result", "shipped"]
    assert places(cards[1]) == [("answer", "inputs/1/1"), ("answer", "inputs/2/0")]


def test_many_calls_are_on_several_lines_and_what_was_not_read_is_said() -> None:
    steps = tuple(make_step("search", span_id=f"s{i}") for i in range(45))
    cards = build_item_cards(make_item(steps=steps, step_count=60))
    strips = [title for title in titles(cards) if title.startswith("tools")]
    assert strips == ["tools 1–20 · 20× search", "tools 21–40 · 20× search", "tools 41–45 · 5× search", "tools"]
    assert cards[-2].blocks[0].text.startswith("15 more steps are not shown here")


def test_only_the_last_of_the_searches_is_open_and_many_searches_are_in_the_strip() -> None:
    two = (make_retrieval("first"), make_retrieval("second", kind=SpanKind.RERANKER))
    cards = build_item_cards(make_item(steps=two, step_count=2))
    assert "reranked · 1 document" in opened(cards)
    assert "retrieved · 1 document" not in opened(cards)
    many = tuple(make_retrieval("text", span_id=f"r{i}") for i in range(6))
    cards = build_item_cards(make_item(steps=many, step_count=6))
    assert titles(cards)[2:4] == ["retrieved · 1 document", "tools · 5× search"]


def test_many_documents_show_some_first_and_all_on_request() -> None:
    cards = build_item_cards(make_item(steps=(make_retrieval(*"abcdefg"),), step_count=1))
    first, rest = cards[2], cards[3]
    assert first.title == "retrieved · 7 documents"
    assert len(places(first)) == 3
    assert (rest.title, rest.open, len(places(rest))) == ("retrieved · 4 more documents", False, 4)
    cards = build_item_cards(make_item(steps=(make_retrieval(*"x" * 30),), step_count=1))
    assert sum(len(places(card)) for card in cards if card.title.startswith("retrieved")) == 30


def test_a_failed_trace_begins_with_its_error() -> None:
    failed = make_detail(make_span(span_id="root", status=SpanStatus.ERROR, status_message="the model is overloaded"))
    item = make_item(answer=make_answer(output=""), asked=failed)
    cards = build_item_cards(item)
    assert cards[0].error
    assert cards[0].blocks[0].text == "the model is overloaded"
    assert cards[-1].blocks[0].text == "…"


def test_without_a_conversation_input_and_output_are_shown_as_they_are() -> None:
    plain = make_detail(make_span(kind=SpanKind.CHAIN, input='{"a": 1}', output="done"), Conversation())
    cards = build_item_cards(make_item(answer=plain, steps=(), step_count=0))
    assert titles(cards) == ["input", "output"]
    assert [card.blocks[0].kind for card in cards] == [BlockKind.JSON, BlockKind.MARKUP]
    assert [places(card) for card in cards] == [[("s1", "input")], [("s1", "output")]]


def test_a_trace_without_any_text_says_so() -> None:
    cards = build_item_cards(make_item(answer=None, steps=(), step_count=0))
    assert titles(cards) == ["no text recorded"]
    cards = build_item_cards(make_item(answer=None, steps=(make_step("lookup", output=None),), step_count=1))
    assert titles(cards) == ["tools · lookup", "no text recorded"]


def test_a_search_whose_documents_were_not_recorded_claims_nothing() -> None:
    cards = build_item_cards(make_item(steps=(make_retrieval(), make_retrieval(status=SpanStatus.ERROR))))
    assert titles(cards)[2:4] == ["retrieved · search", "retrieved · search ✗"]
    assert cards[3].facts == "120 ms · failed"


def test_a_long_error_is_a_glimpse() -> None:
    failed = make_detail(make_span(status=SpanStatus.ERROR, status_message="Traceback\n" * 300))
    cards = build_item_cards(make_item(answer=failed, steps=()))
    assert cards[0].limits == {0: 6}


def test_the_head_leaves_out_what_is_unknown() -> None:
    name, _, *rest = head_words(make_item())
    assert name == "support_agent.run"
    assert rest == ["session 81f2 turn 3 of 5", "prompt support@v14", "8.42 s", "$0.042"]
    row = make_row(session_id=None, cost=None, end_ns=None)
    assert len(head_words(make_item(row=row, prompts=(), turn=None, turns=None))) == 2
    assert head_words(make_item(row=make_row(estimated_cost=True)))[-1] == "~$0.042"
