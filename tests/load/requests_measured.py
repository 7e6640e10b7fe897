"""Requests a second: the summary of a nominal, and an entry for its log, beside the bare view."""

from __future__ import annotations

from tests.load import floor
from tests.load.client import Heard, http, load
from tests.load.ground import AREA, Ground
from tests.load.measures import Measure
from tests.load.web import FLOOR, serving

SECONDS, WARM = 8.0, 3.0
ROUNDS = 2
NOMINALS = 2_000
_OWN = """
    SELECT id FROM nominal WHERE owner_unit = %s AND status = 'live' AND NOT limited_access
    ORDER BY md5(id::text) LIMIT %s
"""
_ENTRY = {"kind": "information", "text": "Seen at home as agreed. Nothing to report.", "for_attention": []}


def measure(ground: Ground) -> list[Measure]:
    """Floor and ours in turns, the better of each: what disturbs the machine disturbs both."""
    with ground.connection() as connection:
        connection.execute(floor.MAKE)
        ids = [str(row[0]) for row in connection.execute(_OWN, [AREA, NOMINALS])]
    best = {"floor GET": 0.0, "floor POST": 0.0, "summary": 0.0, "log": 0.0}
    for _ in range(ROUNDS):
        with serving(ground, FLOOR) as port:
            read = [http("GET", f"/floor/{id}") for id in ids]
            write = [http("POST", f"/floor/{id}", body=_ENTRY) for id in ids]
            best["floor GET"] = max(best["floor GET"], _rate(port, read))
            best["floor POST"] = max(best["floor POST"], _rate(port, write))
        with serving(ground) as port:
            base = "/records/api/nominals"
            token = ground.token()
            read = [http("GET", f"{base}/{id}", token) for id in ids]
            write = [http("POST", f"{base}/{id}/activity-log", token, _ENTRY) for id in ids]
            best["summary"] = max(best["summary"], _rate(port, read))
            best["log"] = max(best["log"], _rate(port, write))
    return [
        Measure(
            "nominal summary (API)",
            "requests/s",
            best["summary"],
            0.5,
            best["floor GET"],
            more_is_better=True,
        ),
        Measure(
            "activity-log POST", "requests/s", best["log"], 0.35, best["floor POST"], more_is_better=True
        ),
    ]


def _rate(port: int, requests: list[str]) -> float:
    load(port, requests, seconds=WARM)
    heard = load(port, requests, seconds=SECONDS)
    return _checked(heard).rate


def _checked(heard: Heard) -> Heard:
    """Refusals are fast: a run with a single one is no measurement."""
    if heard.failed or not heard.answered:
        raise RuntimeError(f"{heard.failed} of {heard.answered + heard.failed} requests failed")
    return heard
