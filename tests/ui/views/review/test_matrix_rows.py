"""What the table of failure modes by a field says."""

from __future__ import annotations

from tailrace.model.review import FailureMode, ModeMark
from tailrace.query import parse
from tailrace.review.modes import cross_table
from tailrace.ui.views.review.matrix_rows import cell_filter, cell_words, summary, tint

MODE = FailureMode("m", 'says "no"')


def table(limit: int = 8):  # type: ignore[no-untyped-def]
    values = {key: (("bad",) if key < 20 else ("good",) if key < 40 else ("rare",)) for key in range(41)}
    return cross_table([ModeMark(f"t{key}", key, "m", "ada") for key in range(15)], values, limit)


def test_a_cell_that_tells_says_so_in_words() -> None:
    made = table()
    words = cell_words("m", made.columns[0], made.cells[0][0])
    assert "15 of 20" in words
    assert "More often than in the rest, beyond chance (p = < 0.001)" in words
    assert "Not more different" in cell_words("m", made.columns[2], made.cells[0][2])


def test_the_summary_says_which_test_and_how_many_values_were_cut() -> None:
    assert "41 judged traces" in summary(table(), "model")
    assert "Fisher" in summary(table(), "model")
    assert "values" not in summary(table(), "model")
    assert "2 of 3 values of model" in summary(table(2), "model")


def test_a_cell_filters_for_its_mode_and_value_and_parses_back() -> None:
    made = table()
    text = cell_filter(MODE, "model", made.columns[0])
    assert text.startswith("mode:")
    assert "model:bad" in text
    assert parse(text).tree is not None
    assert "model" not in cell_filter(MODE, "model", None)


def test_the_tint_grows_with_the_share() -> None:
    made = table()
    assert 0 == tint(made.cells[0][1]) < tint(made.cells[0][0]) < 1
