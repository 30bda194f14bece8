"""Names of datasets, and what acts on them come to."""

from __future__ import annotations

from dataclasses import replace

from tailrace.model.review import Dataset, DatasetItem, Put, Removal
from tailrace.ui.models.dataset_changes import examples, expecting, name_problem, new_dataset, removal, renamed

REFUNDS = Dataset("d", "refunds", "as found", "ada", 1, 2)
ITEM = DatasetItem("d/t", "d", "t", None, "in", "out", None)


def test_a_name_is_needed_and_there_once() -> None:
    assert name_problem("  ", ()) == "A dataset needs a name."
    assert "another dataset" in name_problem("Refunds", (REFUNDS,))
    assert name_problem("Refunds", (REFUNDS,), "d") == ""
    assert name_problem("greetings", (REFUNDS,)) == ""


def test_new_datasets_have_ids_of_their_own() -> None:
    one, other = new_dataset(" a ", "", "ada"), new_dataset("a", "", "ada")
    assert one.name == "a"
    assert one.dataset_id != other.dataset_id


def test_a_name_that_stays_is_no_change() -> None:
    assert renamed(REFUNDS, "refunds ", "as found") == ()
    assert renamed(REFUNDS, "returns", "as found") == (Put(replace(REFUNDS, name="returns")),)


def test_a_dataset_goes_with_its_examples() -> None:
    assert removal(REFUNDS, [ITEM]) == (Removal(DatasetItem, "d/t"), Removal(Dataset, "d"))


def test_an_empty_expectation_is_none() -> None:
    assert expecting(ITEM, "  ") == ()
    assert expecting(ITEM, "better") == (Put(replace(ITEM, expected="better")),)
    assert expecting(replace(ITEM, expected="better"), "") == (Put(ITEM),)


def test_examples_are_counted_in_words() -> None:
    assert (examples(1), examples(1200)) == ("1 example", "1,200 examples")
