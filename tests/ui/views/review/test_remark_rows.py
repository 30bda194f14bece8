"""How notes stand under their headings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.review import FailureMode, Remark
from tailrace.ui.views.review.remark_rows import Heading, NoteRow, arrange_remarks, number_key

MODES = [FailureMode(f"m{i}", f"mode {i}", position=i) for i in range(11)]


def remark(number: int, *modes: str, text: str = "", author: str = "ada") -> Remark:
    return Remark(f"s{number}", f"t{number}", number, "run", author, text or f"note {number}", modes, None)


def told(rows: object) -> list[str]:
    assert isinstance(rows, list)
    return [row.title if isinstance(row, Heading) else row.remark.score_id for row in rows]


def test_groups_come_first_then_the_rest_then_the_modes() -> None:
    remarks = [remark(0, "m1"), remark(1), remark(2), remark(3)]
    rows = arrange_remarks(remarks, MODES, [("alike", ["s1", "s3"])])
    assert told(rows) == ["“alike”", "s1", "s3", "Without a mode, unlike the others", "s2", "mode 1", "s0"]
    assert isinstance(rows[0], Heading)
    assert rows[0].button == "Make a mode of these 2"


def test_a_note_stands_under_each_of_its_modes_and_one_of_an_unknown_mode_is_bare() -> None:
    rows = arrange_remarks([remark(0, "m2", "m0"), remark(1, "gone")], MODES)
    assert told(rows) == ["Without a mode", "s1", "mode 0", "s0", "mode 2", "s0"]


def test_a_group_that_search_leaves_one_note_of_is_no_group() -> None:
    remarks = [remark(1, text="red fox"), remark(2, text="blue fox")]
    rows = arrange_remarks(remarks, MODES, [("fox", ["s1", "s2"])], wanted="RED")
    assert told(rows) == ["Without a mode", "s1"]


def test_search_looks_in_authors_and_modes_too() -> None:
    remarks = [remark(1, "m3"), remark(2, author="Mina"), remark(3)]
    assert told(arrange_remarks(remarks, MODES, wanted="mina")) == ["Without a mode", "s2"]
    assert told(arrange_remarks(remarks, MODES, wanted="mode 3")) == ["mode 3", "s1"]


def test_chips_carry_the_number_keys_of_the_first_nine() -> None:
    rows = arrange_remarks([remark(1)], MODES, fits={"s1": ["m8", "m9", "gone"]})
    assert isinstance(rows[1], NoteRow)
    assert [(chip.name, chip.key) for chip in rows[1].chips] == [("mode 8", "9"), ("mode 9", "")]
    assert number_key(0) == "1"
    assert number_key(-1) == ""


@given(
    st.lists(st.sets(st.sampled_from([mode.mode_id for mode in MODES]), max_size=3), max_size=20),
    st.lists(st.lists(st.integers(0, 25), max_size=5), max_size=5),
)
def test_every_note_is_shown_and_a_bare_one_once(modes: list[set[str]], groups: list[list[int]]) -> None:
    remarks = [remark(i, *sorted(held)) for i, held in enumerate(modes)]
    rows = arrange_remarks(remarks, MODES, [("g", [f"s{i}" for i in group]) for group in groups])
    shown = [row for row in rows if isinstance(row, NoteRow)]
    for one in remarks:
        assert sum(row.remark is one for row in shown) == max(1, len(one.modes))
    for heading in (row for row in rows if isinstance(row, Heading)):
        assert heading.count == sum(row.section == heading.section for row in shown)
