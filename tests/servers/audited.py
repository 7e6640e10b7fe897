"""A database with nothing but the audit in it, and what tests do to one: write, seal, tamper, verify."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from deploy.database_roles import make_role
from shared import audit
from shared.audit import AuditEntry, guards
from shared.audit.seal_file import Head, SealFile
from shared.audit.sealer import Sealed, Sealer
from shared.audit.tables import NAMES, tables
from shared.audit.verdict import Finding, Verdict
from shared.audit.verify import verify_service
from shared.clock import FixedClock
from shared.database import ROLE, new_metadata
from shared.ids import new_id
from shared.keys.signing_keys import SEALS, SigningKeys
from tests.servers.databases import drop_database

METADATA = new_metadata()
TABLES = tables(METADATA)
NOON = datetime(2026, 4, 7, 12, 0, tzinfo=UTC)
SERVICE = "records"


def entry(**given: Any) -> AuditEntry:
    """An entry with something in every field; whatever is given replaces it."""
    usual: dict[str, Any] = {
        "id": new_id(),
        "at": NOON,
        "service": SERVICE,
        "actor": new_id(),
        "session_id": new_id(),
        "terminal": "WSI-0042",
        "action": "records.nominals.open",
        "outcome": "viewed",
        "refusal_code": "R13",
        "subject_kind": "nominal",
        "subject_id": new_id(),
        "nominal_id": new_id(),
        "origin_ids": (new_id(), new_id()),
        "facts": {"standing": "none", "pages": 3, "first": True, "unit": None},
        "private": b"\x01ciphertext",
        "correlation_id": new_id(),
    }
    return AuditEntry(**(usual | given))


@dataclass
class Audited:
    """One service's audit: its database, its seal keys and the folder where its seals go."""

    url: str
    home: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))

    def __post_init__(self) -> None:
        self.engine: Engine = create_engine(self.url, poolclass=NullPool)
        self.keys = SigningKeys(self.home / "keys", SEALS)
        self.seals = self.home / "seals"

    @property
    def file(self) -> SealFile:
        return SealFile(self.seals, SERVICE)

    def write(self, count: int = 1, **given: Any) -> list[UUID]:
        """Each in its own transaction, as acts come."""
        return [self.add(entry(**given)) for _ in range(count)]

    def add(self, one: AuditEntry) -> UUID:
        with Session(self.engine) as session:
            audit.write(session, TABLES, one)
            session.commit()
        return one.id

    def sealer(self, *, batch: int = 10) -> Sealer:
        return Sealer(self.engine, SERVICE, self.keys, self.file, self.clock, batch=batch)

    def seal(self, *, batch: int = 10, after_restore: bool = False) -> Sealed:
        self.clock.at += timedelta(minutes=1)
        return self.sealer(batch=batch).seal(after_restore=after_restore)

    def verify(self, *, with_file: bool = True, pinned: Head | None = None) -> Verdict:
        folder = self.seals if with_file else None
        return verify_service(SERVICE, self.engine, self.keys.public_keys(), folder, pinned=pinned)

    def first(self, *, with_file: bool = True) -> Finding:
        """The first thing wrong; fails where nothing is."""
        finding = self.verify(with_file=with_file).first
        assert finding is not None, "the tampering went unseen"
        return finding

    def behind_its_back(self, *statements: str, **values: Any) -> None:
        """What somebody with the run of the database does: the triggers off, then these statements."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            for name in NAMES:
                connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER ALL")
            for statement in statements:
                connection.execute(statement, values)

    def query(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def id_of(self, number: int) -> UUID:
        """The entry that has this number now."""
        found: UUID = self.query("SELECT entry_id FROM audit_number WHERE number = %(n)s", n=number)[0][0]
        return found


def a_role(audited: Audited) -> str:
    """The services' role, which belongs to the whole server."""
    with audited.engine.begin() as connection:
        make_role(connection)
    return ROLE


@pytest.fixture(scope="session")
def empty_audit(fresh_database: Callable[..., str]) -> str:
    """A template: the tables and their guards."""
    url = fresh_database("audit_template")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        METADATA.create_all(connection)
        for statement in guards.ddl():
            connection.exec_driver_sql(statement)
    return url


@pytest.fixture
def audited(fresh_database: Callable[..., str], empty_audit: str, tmp_path: Path) -> Iterator[Audited]:
    """An audit in which nothing has been written yet."""
    url = fresh_database("audit", template=empty_audit)
    yield Audited(url, tmp_path)
    drop_database(url)


@pytest.fixture(scope="session")
def sealed_audit(
    fresh_database: Callable[..., str], empty_audit: str, tmp_path_factory: pytest.TempPathFactory
) -> Audited:
    """Another template: thirty entries under three seals of ten, and five that no seal covers yet."""
    made = Audited(fresh_database("audit", template=empty_audit), tmp_path_factory.mktemp("sealed"))
    for _ in range(3):
        made.write(10)
        made.seal()
    made.write(5)
    return made


@pytest.fixture
def sealed(fresh_database: Callable[..., str], sealed_audit: Audited, tmp_path: Path) -> Iterator[Audited]:
    """A copy of its own of those thirty and five, for a test to tamper with."""
    shutil.copytree(sealed_audit.home, tmp_path, dirs_exist_ok=True)
    url = fresh_database("audit", template=sealed_audit.url)
    yield Audited(url, tmp_path, FixedClock(sealed_audit.clock.at))
    drop_database(url)
