"""Requests a second: the summary of a nominal, and an entry for its log, beside the bare view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from tests.load import floor
from tests.load.client import Heard, http, load
from tests.load.ground import AREA, Ground
from tests.load.measures import Measure
from tests.load.web import FLOOR, serving

SECONDS, WARM, ROUNDS = 1.5, 3.0, 12
NOMINALS = 2_000
_OWN = """
    SELECT id FROM nominal WHERE owner_unit = %s AND status = 'live' AND NOT limited_access
    ORDER BY md5(id::text) LIMIT %s
"""
_API = "/records/api/nominals"
_ENTRY = {"kind": "information", "text": "Seen at home as agreed. Nothing to report.", "for_attention": []}


def measure(ground: Ground) -> list[Measure]:
    """Floor and ours in short turns, and the middle of each: what disturbs the machine disturbs both."""
    with ground.connection() as connection:
        connection.execute(floor.MAKE)
        ids = [str(row[0]) for row in connection.execute(_OWN, [AREA, NOMINALS])]
    with serving(ground, FLOOR) as bare, serving(ground) as suite:
        turns = [
            partial(_heard, bare, lambda: [http("GET", f"/floor/{id}") for id in ids]),
            partial(_heard, suite, lambda: [http("GET", f"{_API}/{id}", ground.token()) for id in ids]),
            partial(_heard, bare, lambda: [http("POST", f"/floor/{id}", body=_ENTRY) for id in ids]),
            partial(_heard, suite, lambda: _entries(ids, ground.token())),
        ]
        for turn in turns:
            turn(WARM)
        rates = [[turn(SECONDS).rate for turn in turns] for _ in range(ROUNDS)]
    read_floor, summary, write_floor, log = (median(rate) for rate in zip(*rates, strict=True))
    return [
        Measure("nominal summary (API)", "requests/s", summary, 0.5, read_floor, more_is_better=True),
        Measure("activity-log POST", "requests/s", log, 0.35, write_floor, more_is_better=True),
    ]


def _entries(ids: Sequence[str], token: str) -> list[str]:
    return [http("POST", f"{_API}/{id}/activity-log", token, _ENTRY) for id in ids]


def _heard(port: int, requests: Callable[[], list[str]], seconds: float) -> Heard:
    return _checked(load(port, requests(), seconds=seconds))


def _checked(heard: Heard) -> Heard:
    """Refusals are fast: a run with a single one is no measurement."""
    if heard.failed or not heard.answered:
        raise RuntimeError(f"{heard.failed} of {heard.answered + heard.failed} requests failed")
    return heard
