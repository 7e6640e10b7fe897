"""A search by two misspelt names: through the API, and the same statements through psycopg alone."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from deploy import assembly
from deploy.demonstration.spelling import misspell
from services.records.search.finding import Wanted, find, lines
from shared.clock import SystemClock
from tests.load.ground import Ground
from tests.load.measures import Measure, percentile
from tests.load.web import serving

QUERIES, WARM = 400, 40
_TARGETS = """
    SELECT n.id, w.forenames, w.surname, extract(year FROM n.date_of_birth)::int
    FROM nominal n JOIN nominal_name w ON w.nominal_id = n.id AND w.kind = 'main'
    WHERE NOT n.limited_access AND length(w.surname) > 3 AND length(split_part(w.forenames, ' ', 1)) > 2
    ORDER BY md5(n.id::text || 'search') LIMIT %s
"""


@dataclass(frozen=True)
class Asked:
    """What is typed, and the nominal that is meant."""

    target: str
    surname: str
    forename: str
    year: int

    @property
    def body(self) -> str:
        return json.dumps({"surname": self.surname, "forename": self.forename, "year_of_birth": self.year})


def measure(ground: Ground) -> list[Measure]:
    with ground.connection() as connection:
        asked = queries(connection, QUERIES + WARM)
        statements = recorded(ground, asked)
        with serving(ground) as port:
            ours, floor, found = _timed(port, ground.token(), connection, asked, statements)
    return [
        Measure("name search (API), p95", "ms", percentile(ours, 95) * 1e3, 2.0, percentile(floor, 95) * 1e3),
        Measure("name search (API), p50", "ms", percentile(ours, 50) * 1e3, 2.0, percentile(floor, 50) * 1e3),
        Measure("name search, recall@50", "", sum(found) / len(found), 0.95, more_is_better=True),
    ]


def queries(connection: psycopg.Connection[Any], count: int) -> list[Asked]:
    chance = random.Random(55)
    return [
        Asked(str(id), misspell(chance, surname), misspell(chance, forenames.split()[0]), year)
        for id, forenames, surname, year in connection.execute(_TARGETS, [count])
    ]


def recorded(ground: Ground, asked: Sequence[Asked]) -> list[list[tuple[str, Any]]]:
    """For each search the statements, with their values, that finding and showing its lines executes."""
    runtimes = assembly.open_runtimes(ground.settings, ["records"])
    engine, seen = runtimes["records"].database.engine, list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    who, today, kept = ground.principal(), SystemClock().today(), []
    with Session(engine) as session:
        for one in asked:
            seen.clear()
            wanted = Wanted(surname=one.surname, forename=one.forename, year_of_birth=one.year)
            lines(session, who, find(session, wanted, today))
            kept.append(list(seen))
    for runtime in runtimes.values():
        runtime.close()
    return kept


def _timed(
    port: int,
    token: str,
    connection: psycopg.Connection[Any],
    asked: Sequence[Asked],
    statements: Sequence[Sequence[tuple[str, Any]]],
) -> tuple[list[float], list[float], list[bool]]:
    """Seconds of each search through the API and of its statements alone, in turns; and whether it was found."""
    api = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    ours, floor, found = [], [], []
    for one, own in zip(asked, statements, strict=True):
        began = time.perf_counter()
        api.request("POST", "/records/api/search", one.body, headers)
        answer = api.getresponse()
        text = answer.read()
        between = time.perf_counter()
        for statement, values in own:
            connection.execute(statement, values).fetchall()
        floor.append(time.perf_counter() - between)
        ours.append(between - began)
        if answer.status != 200:
            raise RuntimeError(f"a search was answered with {answer.status}: {text[:200]!r}")
        found.append(one.target in {line["nominal_id"] for line in _results(text)})
    return ours[WARM:], floor[WARM:], found


def _results(text: bytes) -> Sequence[Mapping[str, Any]]:
    results: Sequence[Mapping[str, Any]] = json.loads(text)["results"]
    return results
