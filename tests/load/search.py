"""Searches by what is known only nearly: through the API, and the same statements through psycopg alone."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from sqlalchemy import event

from deploy import assembly
from deploy.demonstration.spelling import misspell
from services.records.search.finding import find
from services.records.search.wanted import Wanted
from tests.load.ground import Ground
from tests.load.measures import Measure, percentile
from tests.load.web import serving

QUERIES, WARM = 200, 20
# Of one person's searches policy lets so many through in an hour (search.most): the bench takes turns.
_EACH = 50
_TARGETS = """
    SELECT n.id, w.forenames, w.surname, n.date_of_birth, n.address
    FROM nominal n JOIN nominal_name w ON w.nominal_id = n.id AND w.kind = 'main'
    WHERE NOT n.limited_access AND length(w.surname) > 3 AND length(split_part(w.forenames, ' ', 1)) > 2
    ORDER BY md5(n.id::text || 'search') LIMIT %s
"""


@dataclass(frozen=True)
class Target:
    id: str
    forename: str
    surname: str
    born: date
    address: str

    @property
    def turned(self) -> date:
        """The date of birth with day and month the other way round, where there is such a date."""
        try:
            return self.born.replace(day=self.born.month, month=self.born.day)
        except ValueError:
            return self.born


def _misspelt(chance: random.Random, one: Target) -> Wanted:
    surname, forename = misspell(chance, one.surname), misspell(chance, one.forename)
    return Wanted(surname=surname, forename=forename, year_of_birth=one.born.year)


def _turned(chance: random.Random, one: Target) -> Wanted:
    return Wanted(surname=misspell(chance, one.surname), date_of_birth=one.turned)


def _placed(chance: random.Random, one: Target) -> Wanted:
    return Wanted(surname=misspell(chance, one.surname), address=one.address)


# What is typed of a nominal, and how it is called in the table.
KINDS: dict[str, Callable[[random.Random, Target], Wanted]] = {
    "name search": _misspelt,
    "search by surname and date turned round": _turned,
    "search by surname and address": _placed,
}


def measure(ground: Ground) -> list[Measure]:
    with ground.connection() as connection:
        return [one for name in KINDS for one in _measured(ground, connection, name)]


def _measured(ground: Ground, connection: psycopg.Connection[Any], name: str) -> list[Measure]:
    chance = random.Random(55)
    targets = _targets(connection, QUERIES + WARM)
    asked = [KINDS[name](chance, one) for one in targets]
    statements = recorded(ground, asked)
    with serving(ground) as port:
        ours, floor, results = _timed(port, ground, connection, asked, statements)
    found = [one.id in ids for one, ids in zip(targets, results, strict=True)]
    return [
        Measure(f"{name} (API), p95", "ms", percentile(ours, 95) * 1e3, 2.0, percentile(floor, 95) * 1e3),
        Measure(f"{name} (API), p50", "ms", percentile(ours, 50) * 1e3, 2.0, percentile(floor, 50) * 1e3),
        Measure(f"{name}, recall@50", "", sum(found) / len(found), 0.95, more_is_better=True),
    ]


def growth(small: Sequence[Measure], large: Sequence[Measure]) -> list[Measure]:
    """How much longer each kind of search takes (p95) with ten times as many nominals."""
    before = {one.name: one.ours for one in small}
    return [
        Measure(f"{one.name}: 200,000 to 20,000", "", one.ours / before[one.name], 2.0)
        for one in large
        if one.name.endswith("(API), p95") and one.name in before
    ]


def _targets(connection: psycopg.Connection[Any], count: int) -> list[Target]:
    rows = connection.execute(_TARGETS, [count]).fetchall()
    return [
        Target(str(id), forenames.split()[0], surname, born, address)
        for id, forenames, surname, born, address in rows
    ]


def recorded(ground: Ground, asked: Sequence[Wanted]) -> list[list[tuple[str, Any]]]:
    """For each search the statements, with their values, that finding and showing its lines executes."""
    runtimes = assembly.open_runtimes(ground.settings, ["records"])
    engine, seen = runtimes["records"].database.engine, list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    who, kept = ground.principal(), []
    for one in asked:
        with runtimes["records"].work(who, "bench") as work:
            work.policy.number("search.most", work.today)
            seen.clear()
            find(work, one)
            kept.append(list(seen))
    for runtime in runtimes.values():
        runtime.close()
    return kept


def _timed(
    port: int,
    ground: Ground,
    connection: psycopg.Connection[Any],
    asked: Sequence[Wanted],
    statements: Sequence[Sequence[tuple[str, Any]]],
) -> tuple[list[float], list[float], list[set[str]]]:
    """Seconds of each search through the API and of its statements alone, in turns; and whom it found."""
    api = http.client.HTTPConnection("127.0.0.1", port)
    ours, floor, found = list[float](), list[float](), list[set[str]]()

    def alone(own: Sequence[tuple[str, Any]]) -> None:
        began = time.perf_counter()
        for statement, values in own:
            connection.execute(statement, values).fetchall()
        floor.append(time.perf_counter() - began)

    for number, (one, own) in enumerate(zip(asked, statements, strict=True)):
        if number % _EACH == 0:
            token = ground.token(next(ground.searchers))
        # Whoever comes second finds the pages that the first one read: each does as often.
        if number % 2:
            alone(own)
        seconds, ids = _searched(api, token, one)
        ours.append(seconds)
        found.append(ids)
        if not number % 2:
            alone(own)
    return ours[WARM:], floor[WARM:], found


def _searched(api: http.client.HTTPConnection, token: str, one: Wanted) -> tuple[float, set[str]]:
    """How many seconds the answer took, and whom it names."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({name: getattr(one, name) for name in one.given}, default=str)
    began = time.perf_counter()
    api.request("POST", "/records/api/search", body, headers)
    answer = api.getresponse()
    text = answer.read()
    seconds = time.perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"a search was answered with {answer.status}: {text[:200]!r}")
    return seconds, {line["nominal_id"] for line in json.loads(text)["results"]}
