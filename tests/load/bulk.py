"""One user to 5,000 nominals: from the start of the job to its end, beside one INSERT … SELECT of the same rows."""

from __future__ import annotations

import time
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from deploy import assembly
from deploy.participants import participant
from shared.ids import new_id
from shared.messaging.task_runner import TaskRunner
from shared.runtime import Runtime
from tests.load.ground import AREA, Ground
from tests.load.measures import Measure

MOST, ROUNDS = 5_000, 5
_INSERT = """
    INSERT INTO partnership
        (id, nominal_id, origin_nominal_id, person_id, agency, unit, started_at, requested_by, granted_by)
"""
# A colleague with many records, all over the table as a team's are.
_TEMPLATE = f"""{_INSERT}
    SELECT uuidv7(), id, id, %(who)s, 'probation-service', 'pdu-N55LEE', now(), %(who)s, %(who)s
    FROM (SELECT id FROM nominal WHERE status = 'live' AND NOT limited_access ORDER BY md5(id::text) LIMIT %(most)s) n
    ON CONFLICT DO NOTHING
"""
_FLOOR = f"""{_INSERT}
    SELECT uuidv7(), nominal_id, nominal_id, %(who)s, agency, unit, now(), %(by)s, %(by)s
    FROM partnership WHERE person_id = %(template)s AND ended_at IS NULL
"""


_PARTNERS = """
    SELECT DISTINCT p.id
    FROM directory_person p JOIN directory_unit u ON u.code = p.unit JOIN directory_grant g ON g.person_id = p.id
    WHERE u.parent = %(area)s AND p.active AND g.name = 'partner'
    ORDER BY p.id LIMIT %(most)s
"""


def measure(ground: Ground) -> list[Measure]:
    runtime = assembly.open_runtimes(ground.settings, ["records"])["records"]
    ours, floors = [], []
    with ground.connection() as connection:
        template, *users = _users(connection)
        connection.execute("DELETE FROM partnership WHERE person_id = ANY(%s)", [[template, *users]])
        connection.execute(_TEMPLATE, {"who": template, "most": MOST})
        connection.execute("VACUUM ANALYZE partnership")
        (count,) = next(
            connection.execute("SELECT count(*) FROM partnership WHERE person_id = %s", [template])
        )
        for user, _ in zip(users, range(ROUNDS), strict=False):
            floors.append(_plain(connection, template))
            ours.append(_job(ground, runtime, user, template, count))
    runtime.close()
    name = f"bulk partner, {count:,} nominals"
    return [Measure(name, "ms", median(ours) * 1e3, 4.0, median(floors) * 1e3)]


def _users(connection: psycopg.Connection[Any]) -> list[UUID]:
    """Partners of the CPC's own area, the first of whom is the colleague."""
    return [row[0] for row in connection.execute(_PARTNERS, {"area": AREA, "most": ROUNDS + 1})]


def _plain(connection: psycopg.Connection[Any], template: UUID) -> float:
    began = time.perf_counter()
    connection.execute(_FLOOR, {"who": new_id(), "by": new_id(), "template": template})
    return time.perf_counter() - began


def _job(ground: Ground, runtime: Runtime, user: UUID, template: UUID, count: int) -> float:
    command = runtime.service.declarations.commands["bulk_partner.start"]
    began = time.perf_counter()
    job = runtime.run(command, ground.principal(), {"person_id": user, "template_id": template})
    with ground.connection() as connection:
        (task,) = next(connection.execute("SELECT id FROM task WHERE unique_key = %s", [str(job["id"])]))
        TaskRunner(participant(runtime)).run(task)
        seconds = time.perf_counter() - began
        (added,) = next(connection.execute("SELECT added FROM bulk_partner_job WHERE id = %s", [job["id"]]))
    if added != count:
        raise RuntimeError(f"{added} partnerships were added, not {count}")
    return seconds
