"""The texts that the demo is made of, and how their blanks are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from random import Random

import orjson

from tailrace.assets import asset
from tailrace.model import Json

_BLANK = re.compile(r"\{(\w+)\}")


@cache
def load(name: str) -> Json:
    """One ingredient file of resources/demo."""
    return orjson.loads(asset("demo", f"{name}.json").read_bytes())


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with each `{blank}` that the facts know filled in."""
    return _BLANK.sub(lambda found: facts.get(found[1], found[0]), text)


def fill_json(value: Json, facts: Mapping[str, str]) -> str:
    """The value as JSON text with its blanks filled in. Facts hold no quotes or backslashes."""
    return fill(orjson.dumps(value).decode(), facts)


def invent_facts(rng: Random, user: int) -> dict[str, str]:
    """What one customer's case is about. The same user always has the same name, city and mail."""
    people, shop = load("people"), load("northwind")
    name = people["names"][user % len(people["names"])]
    price = rng.randrange(1_490, 24_900, 50)
    discount = price * rng.randrange(8, 30) // 100
    day = rng.randrange(1, 27)
    month = rng.choice(("09", "10", "11"))
    return {
        "name": name,
        "city": people["cities"][user % len(people["cities"])],
        "mail": f"customer{user}@{people['domains'][user % len(people['domains'])]}",
        "order": f"NW-{rng.randrange(20_000, 29_999)}",
        "product": rng.choice(shop["products"]),
        "colour": rng.choice(people["colours"]),
        "carrier": rng.choice(people["carriers"]),
        "month": rng.choice(people["months"]),
        "tracking": f"{rng.randrange(10**11, 10**12)}",
        "qty": str(rng.randrange(12, 99)),
        "date": f"2026-{month}-{day:02d}",
        "date2": f"2026-{month}-{day + 2:02d}",
        "time": f"{rng.randrange(6, 22):02d}:{rng.randrange(60):02d}",
        "release": f"2026.46.{rng.randrange(1, 6)}",
        "amount": f"{price / 100:.2f}",
        "lower": f"{(price - discount) / 100:.2f}",
        "diff": f"{discount / 100:.2f}",
    }
