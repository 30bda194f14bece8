"""The described settings: none forgotten, all sound, all found."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from enum import StrEnum

import pytest

from tailrace.workspace import Settings
from tailrace.workspace.setting_catalogue import REMEMBERED, SECTION_HELP, SETTINGS, Kind, Section, Setting, matching
from tailrace.workspace.settings import settings_of


def named(name: str) -> Setting:
    return next(setting for setting in SETTINGS if setting.name == name)


def test_every_field_is_a_described_setting_or_remembered() -> None:
    described = [setting.name for setting in SETTINGS]
    assert sorted([*described, *REMEMBERED]) == sorted(item.name for item in fields(Settings))


def test_titles_tell_settings_apart_and_every_section_has_some() -> None:
    assert max(Counter(setting.title for setting in SETTINGS).values()) == 1
    assert {setting.section for setting in SETTINGS} == set(Section) == set(SECTION_HELP)
    assert all(setting.help.endswith(".") and len(setting.help) < 140 for setting in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_the_dialog_offers_is_what_the_file_may_hold(setting: Setting) -> None:
    default = setting.default
    if setting.kind is Kind.CHOICE:
        assert isinstance(default, StrEnum)
        assert [value for value, _ in setting.choices] == [one.value for one in type(default)]
        offered: list[object] = [value for value, _ in setting.choices]
    elif setting.kind is Kind.NUMBER:
        offered = [*setting.bounds, *setting.presets]
    else:
        offered = {Kind.FLAG: [True, False], Kind.TEXT: ["Ada"], Kind.AMOUNT: [0.5, 900.0], Kind.KEYS: [{}]}[
            setting.kind
        ]
    for value in offered:
        assert setting.value(settings_of({setting.name: value})) == value
    assert not setting.is_changed(Settings())


def test_values_are_said_in_words() -> None:
    assert named("theme").say("dark") == "Dark"
    assert named("live_seconds").say(30) == "30 s"
    assert named("sql_rows").say(10_000) == "10,000 rows"
    assert named("review_stay").say(True) == "on"
    assert named("monthly_budget").say(None) == "none"
    assert named("monthly_budget").say(1250.5) == "1,250.5 US dollars"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("zoom", ["scale_percent"]),
        ("UTC", ["clock"]),
        ("ram", ["sql_gigabytes"]),
        ("dark theme", ["theme"]),
        ("next item", ["review_stay"]),
        ("no such thing", []),
    ],
)
def test_a_search_looks_at_titles_help_choices_and_other_words(typed: str, names: list[str]) -> None:
    assert [setting.name for setting in matching(typed)] == names


def test_a_search_for_a_section_finds_all_of_it_and_nothing_finds_all() -> None:
    assert {setting.name for setting in matching("monitor")} >= {"live_seconds", "monthly_budget"}
    assert matching("  ") == list(SETTINGS)
