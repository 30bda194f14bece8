"""Datasets being edited: what a name may be, and the changes that acts come to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tailrace.model.review import Change, Dataset, DatasetItem, Put, Removal


def name_problem(name: str, datasets: Iterable[Dataset], own_id: str | None = None) -> str:
    """Why a dataset cannot have this name, in words; empty where it can."""
    wanted = name.strip()
    if not wanted:
        return "A dataset needs a name."
    if any(one.name.casefold() == wanted.casefold() and one.dataset_id != own_id for one in datasets):
        return f"There is another dataset called “{wanted}”."
    return ""


def new_dataset(name: str, description: str, author: str) -> Dataset:
    """An empty dataset under an id of its own."""
    return Dataset(f"tailrace:dataset:{uuid.uuid4().hex}", name.strip(), description.strip(), author)


def renamed(dataset: Dataset, name: str, description: str) -> tuple[Change, ...]:
    """The change of name and description; none where both are as they were."""
    made = replace(dataset, name=name.strip(), description=description.strip())
    return () if made == dataset else (Put(made),)


def removal(dataset: Dataset, items: Sequence[DatasetItem]) -> tuple[Change, ...]:
    """A dataset goes with all its examples."""
    return (*(Removal(DatasetItem, item.item_id) for item in items), Removal(Dataset, dataset.dataset_id))


def expecting(item: DatasetItem, text: str) -> tuple[Change, ...]:
    """An example with another expected output; an empty text is none."""
    expected = text if text.strip() else None
    return () if expected == item.expected else (Put(replace(item, expected=expected)),)


def examples(count: int) -> str:
    """1 example, 12 examples."""
    return f"{count:,} {'example' if count == 1 else 'examples'}"
