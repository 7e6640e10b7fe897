"""Entries as they are written: whole, in the act's transaction, and never changed afterwards."""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from shared import audit
from shared.audit import AuditEntry, guards
from shared.audit.tables import NAMES
from tests.servers.audited import METADATA, NOON, TABLES, Audited, a_role, entry

CHANGES = {
    "audit_entry": "UPDATE audit_entry SET outcome = 'done'",
    "audit_number": "UPDATE audit_number SET number = number + 100",
    "audit_seal": "UPDATE audit_seal SET at = now()",
}


def by_other_means(row: dict[str, Any]) -> bytes:
    """The documented layout, written a second time and in another way: struct, and the values psycopg gives."""
    at = row["at"] - NOON.replace(year=1970, month=1, day=1, hour=0)
    micros = at.days * 86_400_000_000 + at.seconds * 1_000_000 + at.microseconds
    facts = json.dumps(row["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    fields: list[bytes | None] = [row["id"].bytes, struct.pack(">q", micros), row["service"].encode()]
    fields += [row["actor"].bytes, row["session_id"] and row["session_id"].bytes]
    for name in ("terminal", "action", "outcome", "refusal_code", "subject_kind"):
        fields.append(None if row[name] is None else row[name].encode("utf-8"))
    fields += [row["subject_id"] and row["subject_id"].bytes, row["nominal_id"] and row["nominal_id"].bytes]
    fields += [b"".join(one.bytes for one in row["origin_ids"]), facts.encode(), row["private"]]
    fields.append(row["correlation_id"] and row["correlation_id"].bytes)
    digest = hashlib.sha256(b"visor-audit-entry-1\n\x10")
    for field in fields:
        digest.update(b"\xff" * 4 if field is None else struct.pack(">I", len(field)) + field)
    return digest.digest()


def rows(audited: Audited) -> list[dict[str, Any]]:
    with psycopg.connect(
        audited.url.replace("+psycopg", ""), row_factory=psycopg.rows.dict_row
    ) as connection:
        return connection.execute("SELECT * FROM audit_entry ORDER BY id").fetchall()


SPARSE: dict[str, Any] = dict.fromkeys(
    (
        "session_id",
        "terminal",
        "refusal_code",
        "subject_kind",
        "subject_id",
        "nominal_id",
        "private",
        "correlation_id",
    )
)
SHAPES: list[dict[str, Any]] = [
    {},
    {**SPARSE, "facts": {}, "origin_ids": ()},
    {"facts": {"é": "ÿ\u2028\U0001f600", "b": [1, [True, None], {"z": -(2**63), "a": 2**63 - 1}], "": ""}},
    {"at": NOON + timedelta(microseconds=1), "action": "ö" * 3000, "private": b"", "terminal": ""},
    {"at": NOON.replace(year=1969)},
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("many", [True, False])
def test_the_stored_hash_is_that_of_the_documented_layout(
    audited: Audited, shape: dict[str, Any], many: bool
) -> None:
    with Session(audited.engine) as session:
        if many:
            audit.write_many(session, TABLES, [entry(**shape)])
        else:
            audit.write(session, TABLES, entry(**shape))
        session.commit()
    [row] = rows(audited)
    assert row["hash"] == by_other_means(row)
    audited.seal()
    assert audited.verify().ok


def test_an_entry_comes_back_as_it_was_written(audited: Audited) -> None:
    written = entry()
    audited.add(written)
    [row] = rows(audited)
    for name in AuditEntry.__slots__:
        assert row[name] == (list(written.origin_ids) if name == "origin_ids" else getattr(written, name)), (
            name
        )


def test_one_statement_and_no_answer(audited: Audited) -> None:
    sent: list[str] = []
    with Session(audited.engine) as session:
        session.connection()
        event.listen(audited.engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
        audit.write(session, TABLES, entry())
        session.commit()
    [statement] = sent
    assert statement.startswith("INSERT INTO audit_entry")
    assert "RETURNING" not in statement


def test_an_entry_stands_or_falls_with_its_act(audited: Audited) -> None:
    with Session(audited.engine) as session:
        audit.write(session, TABLES, entry())
        audit.write_many(session, TABLES, [entry(), entry()])
        session.rollback()
    assert rows(audited) == []


@pytest.mark.parametrize("table", NAMES)
@pytest.mark.parametrize("replica", [True, False])
@pytest.mark.parametrize("how", ["UPDATE", "DELETE", "TRUNCATE"])
def test_not_even_its_owner_changes_the_audit(sealed: Audited, table: str, replica: bool, how: str) -> None:
    change = {"UPDATE": CHANGES[table], "DELETE": f"DELETE FROM {table}", "TRUNCATE": f"TRUNCATE {table}"}[
        how
    ]
    with psycopg.connect(sealed.url.replace("+psycopg", "")) as connection:
        if replica:
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"{table} is append-only"):
            connection.execute(change)
    assert sealed.verify().ok


ALLOWED = {
    *((name, "SELECT") for name in NAMES),
    ("audit_number", "INSERT"),
    ("audit_seal", "INSERT"),
}


def test_the_services_role_may_insert_and_select_only(audited: Audited) -> None:
    role = a_role(audited)
    audited.behind_its_back(f"GRANT ALL ON {', '.join(NAMES)} TO {role}", *guards.grant_ddl(role))
    for table in NAMES:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"):
            asked = audited.query(f"SELECT has_table_privilege('{role}', '{table}', '{right}')")
            assert asked == [((table, right) in ALLOWED,)], (table, right)


def test_a_writer_chooses_everything_but_the_transaction_number(audited: Audited) -> None:
    role = a_role(audited)
    audited.behind_its_back(*guards.grant_ddl(role))
    engine = create_engine(audited.url, poolclass=NullPool)
    with Session(engine) as session:
        session.connection().exec_driver_sql(f"SET ROLE {role}")
        audit.write(session, TABLES, entry())
        audit.write_many(session, TABLES, [entry()])
        session.commit()
        session.connection().exec_driver_sql(f"SET ROLE {role}")
        with pytest.raises(DBAPIError, match="permission denied"):
            session.connection().exec_driver_sql("INSERT INTO audit_entry (transaction_id) VALUES ('3')")
    audited.seal()
    assert audited.verify().entries == 2


def test_the_guards_can_be_undone_for_a_downgrade(audited: Audited) -> None:
    audited.behind_its_back(*guards.undo_ddl(), *guards.ddl(), *guards.undo_ddl(), *guards.undo_ddl())
    with audited.engine.begin() as connection:
        METADATA.drop_all(connection)


def test_the_drift_check_knows_the_tables(audited: Audited) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - slow to import
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with audited.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
