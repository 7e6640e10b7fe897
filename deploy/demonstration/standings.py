"""Gives notifications the picture of who stands how to each invented nominal, as records' events would have.

An event for each of 200,000 nominals would take an hour to say what one COPY says. Whom a record is closed to, by a
conflict of interest or by Limited Access, is as `services.records.access.picture` has it.
"""

from __future__ import annotations

import psycopg

from deploy.assembly import conninfo
from shared.runtime import Runtime

STANDING = """
    WITH stands AS (
        SELECT id AS nominal_id, manager_id AS person_id, 'manager' AS standing, standing_version
        FROM nominal WHERE manager_id IS NOT NULL
        UNION ALL
        SELECT id, supervisor_id, 'supervisor', standing_version FROM nominal WHERE supervisor_id IS NOT NULL
        UNION ALL
        SELECT n.id, p.person_id, 'partner', n.standing_version
        FROM partnership p JOIN nominal n ON n.id = p.nominal_id WHERE p.ended_at IS NULL
        UNION ALL
        SELECT n.id, g.person_id, 'lpc', n.standing_version
        FROM nominal n JOIN directory_grant g ON g.unit = n.managing_unit AND g.name = 'lpc'
        UNION ALL
        SELECT n.id, g.person_id, 'cpc', n.standing_version
        FROM nominal n JOIN directory_grant g ON g.unit = n.owner_unit AND g.name = 'cpc'
    )
    SELECT DISTINCT s.nominal_id, s.person_id, s.standing, p.agency,
        s.standing_version AS since_version, s.standing_version AS version
    FROM stands s JOIN directory_person p ON p.id = s.person_id AND p.active
        JOIN nominal n ON n.id = s.nominal_id AND n.status <> 'merged'
    WHERE NOT EXISTS (
            SELECT FROM conflict_of_interest c
            WHERE c.nominal_id = n.id AND c.person_id = s.person_id AND c.ended_at IS NULL
        )
        AND (
            NOT n.limited_access OR s.standing = 'cpc'
            OR EXISTS (SELECT FROM limited_access_person l WHERE l.nominal_id = n.id AND l.person_id = s.person_id)
        )
"""
_CLOSED = """
    SELECT c.nominal_id, c.person_id, c.agency, n.standing_version
    FROM conflict_of_interest c JOIN nominal n ON n.id = c.nominal_id
    WHERE c.ended_at IS NULL ORDER BY c.nominal_id, c.person_id
"""
LIMITED = "SELECT id FROM nominal WHERE limited_access ORDER BY id"
_COLUMNS = "nominal_id, person_id, standing, agency, since_version, version"
_AFTER = (
    (
        "INSERT INTO record_state (nominal_id, arriving, chunks_in)"
        " SELECT nominal_id, max(version), '[1]'::jsonb FROM standing GROUP BY nominal_id"
    ),
    (
        "INSERT INTO standing_picture (nominal_id, agency, version, previous)"
        " SELECT nominal_id, agency, max(version), max(version) FROM standing GROUP BY nominal_id, agency"
    ),
    "ANALYZE standing",
    "ANALYZE standing_picture",
)

_STATES = (
    "INSERT INTO record_state (nominal_id, limited) SELECT id, true FROM unnest(%s::uuid[]) AS id"
    " ON CONFLICT (nominal_id) DO UPDATE SET limited = true"
)

_CLOSE = (
    "WITH told AS (SELECT %s::uuid AS nominal_id, %s::uuid AS person_id, %s AS agency, %s::int AS version),"
    " pictured AS (INSERT INTO standing_picture (nominal_id, agency, version, previous)"
    " SELECT nominal_id, agency, version, version FROM told ON CONFLICT DO NOTHING)"
    " INSERT INTO closed_record (nominal_id, person_id, agency) SELECT nominal_id, person_id, agency FROM told"
)


def copy(records: Runtime, notifications: Runtime) -> None:
    """From one database to the other, row by row in PostgreSQL's own form."""
    with (
        psycopg.connect(conninfo(records.database)) as source,
        psycopg.connect(conninfo(notifications.database)) as target,
        target.cursor() as cursor,
    ):
        # Asked before the copy begins: while it runs, its connection answers nothing else.
        limited = [row[0] for row in source.execute(LIMITED)]
        closed = source.execute(_CLOSED).fetchall()
        with (
            source.cursor().copy(f"COPY ({STANDING}) TO STDOUT") as out,
            cursor.copy(f"COPY standing ({_COLUMNS}) FROM STDIN") as into,
        ):
            for data in out:
                into.write(data)
        for statement in _AFTER:
            cursor.execute(statement)
        cursor.execute(_STATES, [limited])
        cursor.executemany(_CLOSE, closed)
