"""Who comes when: fourteen days with nights and weekends, releases of the prompt, and three bad hours."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tailrace.workspace.demo.tape import Visit

DAYS = 14
HOUR_NS = 3_600_000_000_000
DAY_NS = 24 * HOUR_NS

# share of all traces, longest session in turns, minutes between turns
_APPS = {
    "support_agent": (0.34, 4, 6),
    "billing_agent": (0.09, 4, 7),
    "triage_router": (0.14, 1, 1),
    "rag_chat": (0.20, 4, 4),
    "assistant": (0.14, 2, 3),
    "oncall": (0.08, 2, 20),
    "research_crew": (0.05, 1, 1),
}
_HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 14, 18, 20, 19, 16, 17, 19, 18, 16, 14, 13, 14, 13, 9, 6, 3)
LATEST_RELEASE = 4.5  # days before the end
_RELEASES = ((10.0, "v12"), (LATEST_RELEASE, "v13"))  # the version in force until so many days before the end; then v14
_CANARY_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class _Trouble:
    name: str
    days_before: float
    hours: float


_TROUBLES = (
    _Trouble("carrier down", 8.3, 5),
    _Trouble("slow provider", 5.6, 3),
    _Trouble("rate limit", 2.1, 2.5),
)


def plan_visits(rng: Random, count: int, end_ns: int) -> list[Visit]:
    """Exactly `count` visits, by time, none behind `end_ns`. The last few minutes are busy, so that ages look alive."""
    visits: list[Visit] = []
    names, shares = list(_APPS), [share for share, _, _ in _APPS.values()]
    session = 0
    while len(visits) < count:
        session += 1
        app = rng.choices(names, shares)[0]
        _, most_turns, pause = _APPS[app]
        start = _moment(rng, end_ns)
        user = rng.randrange(400)
        environment = rng.choices(("prod", "staging", "dev"), (84, 11, 5))[0]
        version = _prompt_version(rng, start, end_ns)
        for turn in range(min(rng.randrange(1, most_turns + 1), count - len(visits))):
            if start >= end_ns - 60_000_000_000:
                break
            trouble = _trouble_at(start, end_ns)
            session_id = None if app == "triage_router" else f"{app.partition('_')[0]}-{session:05d}"
            seed = rng.getrandbits(60)
            visits.append(Visit(app, start, seed, user, session_id, turn, environment, version, trouble))
            start += round(rng.uniform(0.4, 1.6) * pause * 60e9)
    return sorted(visits, key=lambda visit: visit.start_ns)


def _moment(rng: Random, end_ns: int) -> int:
    if rng.random() < 0.008:
        return end_ns - rng.randrange(2 * 60 * 10**9, 90 * 60 * 10**9)
    while True:
        ago = rng.randrange(2 * 60 * 10**9, DAYS * DAY_NS)
        moment = end_ns - ago
        day, rest = divmod(moment, DAY_NS)
        weekend = (day + 3) % 7 >= 5  # day 0 was a Thursday
        if rng.random() * 20 < _HOURS[rest // HOUR_NS] * (0.55 if weekend else 1.0):
            return moment


def _prompt_version(rng: Random, moment: int, end_ns: int) -> str:
    days = (end_ns - moment) / DAY_NS
    for until, version in _RELEASES:
        if days > until:
            return version
    if days > _RELEASES[-1][0] - _CANARY_DAYS:
        return "v14" if rng.random() < 0.3 else "v13"
    return "v14"


def _trouble_at(moment: int, end_ns: int) -> str:
    hours = (end_ns - moment) / HOUR_NS
    for trouble in _TROUBLES:
        if 0 <= trouble.days_before * 24 - hours < trouble.hours:
            return trouble.name
    return ""
