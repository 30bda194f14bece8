"""What the settings file promises."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailrace.errors import DatabaseError
from tailrace.workspace import Settings, SettingsStore, ThemeChoice
from tailrace.workspace.settings import BOUNDS, settings_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "settings.json"


def test_without_a_file_everything_has_its_default(path: Path) -> None:
    settings = SettingsStore(path).current
    assert settings == Settings()
    assert settings.reviewer == getpass.getuser()
    assert settings.theme is ThemeChoice.SYSTEM
    assert not path.exists()


def test_what_is_changed_is_there_next_time(path: Path) -> None:
    store = SettingsStore(path)
    store.update(theme=ThemeChoice.DARK, reviewer="Ada", saved_filters={"slow": "latency:>2s"})
    store.remember_blob("window", "AAEC")
    store.remember_filter("status:error")
    again = SettingsStore(path).current
    assert again == store.current
    assert again.theme is ThemeChoice.DARK
    assert again.saved_filters == {"slow": "latency:>2s"}
    assert again.blobs == {"window": "AAEC"}
    assert again.recent_filters == ("status:error",)


def test_keys_of_another_version_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"from the future": [1], "reviewer": "Ada"}))
    SettingsStore(path).update(theme=ThemeChoice.LIGHT)
    assert json.loads(path.read_text())["from the future"] == [1]
    assert json.loads(path.read_text())["reviewer"] == "Ada"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"null"])
def test_a_broken_file_is_as_good_as_none(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    store = SettingsStore(path)
    assert store.current == Settings()
    store.update(reviewer="Ada")
    assert SettingsStore(path).current.reviewer == "Ada"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


# the first text that Hypothesis makes on a machine takes seconds
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*Settings.__slots__, "other"]), json_values))
def test_any_value_gives_settings_that_make_sense(raw: dict[str, Any]) -> None:
    settings = settings_of(raw)
    assert isinstance(settings.theme, ThemeChoice)
    assert settings.reviewer.strip()
    assert all(isinstance(text, str) for text in (*settings.recent_files, *settings.recent_filters))
    assert all(isinstance(text, str) for text in (*settings.saved_filters.values(), *settings.blobs.values()))


def test_recent_files_are_newest_first_without_repeats(path: Path) -> None:
    store = SettingsStore(path)
    for name in [*(f"f{i}" for i in range(20)), "f18"]:
        store.remember_file(Path(name))
    assert store.current.recent_files[:3] == ("f18", "f19", "f17")
    assert len(store.current.recent_files) == 12


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError):
        SettingsStore(tmp_path / "file" / "settings.json").update(reviewer="Ada")
    folder = tmp_path / "settings.json"
    folder.mkdir()
    with pytest.raises(DatabaseError, match=r"settings\.json cannot be written"):
        SettingsStore(folder).update(reviewer="Ada")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


@pytest.mark.parametrize(
    ("value", "budget"), [(500, 500.0), (12.5, 12.5), (None, None), (0, None), (-3, None), ("7", None), (True, None)]
)
def test_a_budget_is_an_amount_or_none(path: Path, value: object, budget: float | None) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"monthly_budget": value}))
    store = SettingsStore(path)
    assert store.current.monthly_budget == budget
    store.update(monthly_budget=None)
    assert SettingsStore(path).current.monthly_budget is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"edit.undo": "Ctrl+U", "edit.redo": ""}, {"edit.undo": ("Ctrl+U",), "edit.redo": ()}),  # as it was before
        ({"edit.undo": ["Ctrl+U", "Z", "Z"], "edit.redo": []}, {"edit.undo": ("Ctrl+U", "Z"), "edit.redo": ()}),
        ({"edit.undo": [1, "", None, "U"], "edit.redo": 7}, {"edit.undo": ("U",)}),
        (["Ctrl+U"], {}),
    ],
)
def test_keys_are_read_as_one_text_or_as_several(path: Path, written: object, read: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"keys": written}))
    store = SettingsStore(path)
    assert store.current.keys == read
    store.update(reviewer="Ada")
    assert SettingsStore(path).current.keys == read


@pytest.mark.parametrize("name", list(BOUNDS))
def test_numbers_out_of_bounds_become_the_default(path: Path, name: str) -> None:
    least, most = BOUNDS[name]
    for value in (least - 1, most + 1, True, "50", float(least)):
        assert getattr(settings_of({name: value}), name) == getattr(Settings(), name)
    for value in (least, most):
        assert getattr(settings_of({name: value}), name) == value


def test_who_listens_is_told_of_changes_until_it_stops(path: Path) -> None:
    store, told = SettingsStore(path), []
    stop = store.listen(lambda former, current: told.append((former.reviewer, current.reviewer)))
    store.update(reviewer="Ada")
    store.update(reviewer="Ada")  # no change
    stop()
    stop()
    store.update(reviewer="Bo")
    assert told == [(getpass.getuser(), "Ada")]


def test_a_change_that_cannot_be_kept_holds_and_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    store, told = SettingsStore(tmp_path / "settings.json"), []
    store.listen(lambda former, current: told.append(current.theme))
    with pytest.raises(DatabaseError):
        store.update(theme=ThemeChoice.LIGHT)
    assert store.current.theme is ThemeChoice.LIGHT
    assert told == [ThemeChoice.LIGHT]


def test_what_is_remembered_by_the_way_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    store = SettingsStore(tmp_path / "settings.json")
    store.remember_file(Path("a"))
    store.update(blobs={"window": "AAEC"}, last_folder="b")
    assert (store.current.recent_files, store.current.last_folder) == (("a",), "b")
    with pytest.raises(DatabaseError):
        store.update(saved_filters={"slow": "latency:>2s"}, last_folder="c")


def test_nothing_recent_is_kept_where_a_person_does_not_want_it(path: Path) -> None:
    store = SettingsStore(path)
    store.remember_file(Path("a"))
    store.update(keep_recent=False)
    store.remember_file(Path("b"))
    store.remember_filter("status:error")
    assert (store.current.recent_files, store.current.recent_filters) == (("a",), ())
