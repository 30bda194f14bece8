"""The review report: what it counts, and that whatever it is given stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tailrace.model.review import Anchor, Evidence, FailureMode, ModeMark, Rating, Remark
from tailrace.model.score import THUMB, ScoreSource
from tailrace.review.modes import Share, cross_table
from tailrace.review.report import LONGEST, ReviewReport, Verdicts, build_report, render_report

HOSTILE = "<script>alert(1)</script>\" onload='x' {{ 7*191 }} \x00\x1b\ud800\u202e</style></title>&amp;"
MODES = [FailureMode("m1", "contradicts retrieved policy", "Says what the policy does not."), FailureMode("m2", "rude")]


def made(hostile: str = "") -> ReviewReport:
    def thumb(key: int, rater: str, value: float) -> Rating:
        return Rating(f"t{key}", THUMB, rater, ScoreSource.PERSON, value, None, key)

    ada, eve = f"ada{hostile}", "eve"
    ratings = [thumb(key, ada, float(key % 3 == 0)) for key in range(12)]
    ratings += [thumb(key, eve, float(key % 3 == 0 or key == 5)) for key in range(6)]
    judged = [(one.trace_id, one.said_ns, one.rater) for one in ratings] + [("t99", 99, ada)]
    marks = [ModeMark(f"t{key}", key, "m1", ada) for key in (1, 2, 4, 7)] + [ModeMark("t1", 1, "m1", eve)]
    marks += [ModeMark("t8", 8, "m2", ada), ModeMark("t8", 8, "gone", ada)]
    remarks = [
        Remark("s2", "t7", 7, f"support_agent.run{hostile}", ada, f"Says 60 days.{hostile}", ("m1",), 2),
        Remark("s1", "t7", 7, "support_agent.run", eve, "Wrong window.", ("m1",), 1),
        Remark("s3", "t4", 4, "rag_chat", ada, "long " * 1000, ("m1",), 3),
        Remark("s4", "t2", 2, "rag_chat", ada, "  ", ("m1",), 3),
    ]
    values = {key: ("gpt",) if key < 6 else ("claude",) for key in range(12)}
    return build_report(
        f"Refunds{hostile}",
        f"support-agent.db{hostile}",
        modes=[*MODES, FailureMode("m3", f"never seen{hostile}")],
        marks=marks,
        ratings=ratings,
        judged=judged,
        remarks=remarks,
        evidence={"t2": [Evidence("e1", Anchor("s", "outputs/0/0", f"60 days{hostile}"), ada)]},
        previews={"t2": "Where is\n my order?"},
        trace_names={"t2": "billing_agent.run", "t7": "not asked"},
        corrections={"t7": f"It is 30 days.{hostile}"},
        tables=[(f"model{hostile}", cross_table(marks, values))],
    )


class Reading(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def test_everything_is_counted_by_trace() -> None:
    report = made()
    assert report.verdicts == Verdicts(passed=4, failed=8, deferred=1)
    assert report.verdicts.total == 12
    assert report.reviewers == (("ada", Verdicts(4, 8, 1)), ("eve", Verdicts(3, 3, 0)))
    first = report.modes[0]
    assert (first.name, first.count.traces, first.count.judged) == ("contradicts retrieved policy", 4, Share(4, 12))
    assert [mode.name for mode in report.modes[1:]] == ["gone", "rude"]
    assert [one.name for one in report.agreements] == [THUMB]
    assert (report.open_conflicts, report.settled_conflicts) == (1, 0)


def test_examples_are_those_with_most_to_read_and_say_of_how_many() -> None:
    mode = made().modes[0]
    assert [example.trace_id for example in mode.examples] == ["t7", "t4", "t2"]
    assert mode.examples_words == "3 of 4 traces"
    best = mode.examples[0]
    assert best.notes == (("eve", "Wrong window."), ("ada", "Says 60 days."))
    assert best.correction == "It is 30 days."
    assert mode.examples[2].quotes == ("60 days",)
    assert [example.trace_name for example in mode.examples] == ["support_agent.run", "rag_chat", "billing_agent.run"]


def test_the_page_says_it_all_and_is_well_formed() -> None:
    page = Reading(render_report(made()))
    assert page.open == []
    words = " ".join(page.text.split())
    for part in (
        "Refunds",
        "12 traces judged",
        "✓ 4 passed · 33 %",
        "✕ 8 failed · 67 %",
        "4 of 12 · 33 %",
        "Examples: 3 of 4 traces",
        "Says 60 days. — ada",
        "should have said It is 30 days.",
        "evidence 60 days",
        "Where it fails, by model",
        "1 conflict to settle, 0 settled",
        "ada and eve",
        "too few to say",
        "deferred ones are not",
        "at least one failed it and nobody settled it otherwise",
        "billing_agent.run Where is my order? t2",
        "Cohen's κ",
        f"… ({len('long ' * 1000) - 1 - LONGEST:,} more characters)",
    ):
        assert part in words, part


def test_the_page_needs_nothing_else() -> None:
    for report in (made(), made(HOSTILE)):
        text = render_report(report)
        page = Reading(text)
        assert not {"script", "img", "link", "iframe", "object", "embed", "a", "form", "base", "svg"} & set(page.tags)
        names = {name for name, _ in page.attributes}
        assert not {name for name in names if name.startswith("on")} | (names & {"src", "href", "action"})
        assert not re.search(r"url\(|@import|https?:", text)
        assert "prefers-color-scheme: dark" in text
        assert "@media print" in text


def test_hostile_words_stay_words() -> None:
    text = render_report(made(HOSTILE))
    assert Reading(text).tags == Reading(render_report(made())).tags
    assert "<script" not in text
    assert "1337" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]", text)
    text.encode("utf-8")


def test_a_review_without_anything_says_so() -> None:
    report = build_report("Refunds", modes=[], marks=[], ratings=[], judged=[])
    page = Reading(render_report(report))
    assert "Nothing has been judged yet" in page.text
    assert page.open == []


def test_one_reviewer_without_modes_is_a_page_too() -> None:
    ratings = [Rating("t1", THUMB, "ada", ScoreSource.PERSON, 1.0, None, 1)]
    words = Reading(
        render_report(build_report("R", modes=[], marks=[], ratings=ratings, judged=[("t1", 1, "ada")]))
    ).text
    assert "No failure mode has been marked." in words
    assert "No trace was rated by two" in words
    assert "trace judged" in words
