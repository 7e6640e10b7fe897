"""The records service over a database of its own, with the whole estate and whatever people a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import services.records.capabilities  # noqa: F401 - the whole service
from services.records.access.models import Listed, Partnership
from services.records.nominals.models import Identifier, Name, Nominal
from services.records.search import dictionary
from services.records.service import service
from shared.access.principal import Principal, grants
from shared.audit.guards import ddl
from shared.audit.tables import NAMES as AUDITED
from shared.clock import Clocks, FixedClock
from shared.database import Database
from shared.ids import new_id
from shared.keys import open_keys
from shared.keys.tables import metadata as key_metadata
from shared.reference.estate import agencies, estate_units, units_by_code
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
LEEDS, BRADFORD, WEST_YORKSHIRE = "pdu-N55LEE", "pdu-N55BAC", "area-53"
WEST_YORKSHIRE_POLICE, PRISON = "force-13", "prison-LEI"
_KINDS = {agency.code: agency.kind for agency in agencies()}


def areas_of(unit: str) -> tuple[str, ...]:
    """The unit and those above it, nearest first, as identity puts them into an access token."""
    known = units_by_code()
    chain = [unit]
    while known[chain[-1]].parent:
        chain.append(str(known[chain[-1]].parent))
    return tuple(chain)


def principal(
    unit: str = LEEDS,
    *tokens: str,
    roles: tuple[str, ...] = (),
    person_id: UUID | None = None,
    name: str = "Sam Example",
    deputy_for: tuple[str, ...] = (),
) -> Principal:
    """Somebody of this unit. A token is held for it, or for the unit named after a colon (`cpc:area-53`)."""
    pairs = [(token.partition(":")[0], token.partition(":")[2] or unit) for token in tokens]
    agency = units_by_code()[unit].agency
    return Principal(
        person_id=person_id or new_id(),
        issuer="visor",
        session_id=new_id(),
        auth_time=NOW,
        agency=agency,
        agency_kind=_KINDS[agency],  # type: ignore[arg-type]
        unit=unit,
        areas=areas_of(unit),
        tokens=grants(pairs),
        roles=grants((role, unit) for role in roles),
        name=name,
        deputy_for=frozenset(deputy_for),
    )


@dataclass
class World:
    """The running service, and ways to put people and nominals into it."""

    runtime: Runtime
    policy: FixedClock
    system: FixedClock
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    @property
    def engine(self) -> Engine:
        return self.runtime.database.engine

    def session(self) -> Session:
        return self.runtime.database.session()

    def person(self, unit: str = LEEDS, *tokens: str, active: bool = True, **given: Any) -> Principal:
        """A user who also stands in the directory."""
        who = principal(unit, *tokens, **given)
        self.enter(who, active=active)
        return who

    def enter(self, who: Principal, *, active: bool = True) -> None:
        tables = self.runtime.service.tables.directory
        card = {"id": who.person_id, "name": who.name, "job_title": "Officer"}
        card["email"] = f"{who.person_id}@example.invalid"
        where = {"telephone": "0113 496 0000", "agency": who.agency, "unit": who.unit, "version": 1}
        held = [("token", grant) for grant in who.tokens] + [("role", grant) for grant in who.roles]
        with self.engine.begin() as connection:
            connection.execute(insert(tables.person).values(**card, **where, active=active))
            for kind, grant in held:
                row = {"person_id": who.person_id, "name": grant.name, "unit": grant.unit, "kind": kind}
                connection.execute(insert(tables.grant).values(**row))

    def nominal(
        self,
        *,
        forenames: str = "Darren Alan",
        surname: str = "Example",
        aliases: tuple[str, ...] = (),
        partners: tuple[Principal, ...] = (),
        listed: tuple[Principal, ...] = (),
        numbers: Mapping[str, str] | None = None,
        **given: Any,
    ) -> UUID:
        """A live category 2 level 2 nominal of Leeds, as far as nothing else is said."""
        usual: dict[str, Any] = {
            "id": new_id(),
            "category": "2",
            "level": 2,
            "jurisdiction": "ENG",
            "owner_unit": WEST_YORKSHIRE,
            "owner_agency": "probation-service",
            "managing_unit": LEEDS,
            "date_of_birth": date(1979, 4, 3),
            "created_at": NOW,
            "created_by": UUID(int=0),
        }
        one = Nominal(**(usual | given))
        self.runtime.keys.create(one.id)
        names = [Name(nominal_id=one.id, forenames=forenames, surname=surname)]
        for alias in aliases:
            *first, last = alias.split()
            names.append(Name(nominal_id=one.id, kind="alias", forenames=" ".join(first), surname=last))
        with self.session() as session:
            session.add(one)
            session.flush()
            dictionary.enter(session, names)
            session.add_all(names)
            session.add_all(
                Identifier(nominal_id=one.id, kind=kind, value=value)
                for kind, value in (numbers or {}).items()
            )
            session.add_all(_partner(one.id, who) for who in partners)
            session.add_all(
                Listed(nominal_id=one.id, person_id=who.person_id, listed_at=NOW, listed_by=UUID(int=0))
                for who in listed
            )
            session.commit()
        return one.id

    def partner(self, nominal_id: UUID, who: Principal) -> None:
        """Makes this person a partner of a record that is there already."""
        with self.session() as session:
            session.add(_partner(nominal_id, who))
            session.commit()

    def run(self, name: str, who: Principal, /, **given: Any) -> Mapping[str, Any]:
        """A command, loaded by its schema as a request would be."""
        command = service.declarations.commands[name]
        return self.runtime.run(command, who, _loaded(command.input, given))

    def ask(self, name: str, who: Principal, /, **given: Any) -> Any:
        query = service.declarations.queries[name]
        return self.runtime.ask(query, who, _loaded(query.input, given))

    def rows(self, statement: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def events(self, kind: str) -> list[Any]:
        """(data, copies) of every fact of this kind in the outbox, oldest first."""
        return self.rows("SELECT data, copies FROM outbox WHERE kind = :kind ORDER BY sequence", kind=kind)

    def audit(self) -> list[tuple[str, str, str | None]]:
        return [
            (row.action, row.outcome, row.refusal_code)
            for row in self.rows("SELECT action, outcome, refusal_code FROM audit_entry ORDER BY id")
        ]

    def later(self, **time: float) -> None:
        """Both clocks move on."""
        self.policy.at += timedelta(**time)
        self.system.at += timedelta(**time)


def again(who: Principal) -> Principal:
    """The same person in another session."""
    return replace(who, session_id=new_id())


def _partner(nominal_id: UUID, who: Principal) -> Partnership:
    return Partnership(
        nominal_id=nominal_id,
        person_id=who.person_id,
        agency=who.agency,
        unit=who.unit,
        started_at=NOW,
        granted_by=UUID(int=0),
    )


def _loaded(schema: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    known = schema().fields.keys()
    path = {name: value for name, value in given.items() if name not in known}
    raw = {name: _plain(value) for name, value in given.items() if name in known}
    return {**schema().load(raw), **path}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | date) else value


@pytest.fixture(scope="session")
def records_template(fresh_database: Callable[..., str]) -> str:
    """A template: every table, and the estate."""
    url = fresh_database("records_template")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for extension in ("pg_trgm", "fuzzystrmatch"):
            connection.execute(text(f"CREATE EXTENSION {extension}"))
        service.metadata.create_all(connection)
        for statement in ddl():
            connection.exec_driver_sql(statement)
        units = [
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "parent": unit.parent,
                "agency": unit.agency,
                "jurisdiction": unit.jurisdiction,
                "version": 1,
            }
            for unit in estate_units()
        ]
        connection.execute(insert(service.tables.directory.unit), units)
    return url


@pytest.fixture(scope="session")
def keys_template(fresh_database: Callable[..., str]) -> str:
    url = fresh_database("keys_template")
    key_metadata.create_all(create_engine(url, poolclass=NullPool))
    return url


@pytest.fixture(scope="session")
def records_runtime(
    fresh_database: Callable[..., str],
    records_template: str,
    keys_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runtime]:
    home = str(tmp_path_factory.mktemp("records"))
    settings = Settings.from_environment({"VISOR_HOME": home})
    database = Database(fresh_database("records", template=records_template))
    key_store = Database(fresh_database("keys", template=keys_template))
    offset = DatabaseOffset(database.reading, service.tables.policy_clock)
    keys = open_keys(key_store.engine, settings.keys_home, "records")
    clocks = Clocks(FixedClock(NOW), FixedClock(NOW))
    yield Runtime(service, settings, database, clocks, offset, keys)
    database.dispose()
    key_store.dispose()


@pytest.fixture
def records(records_runtime: Runtime) -> World:
    """The records service on 1 April 2026, with the estate and nobody in it."""
    empty(records_runtime.database.engine)
    policy, system = FixedClock(NOW), FixedClock(NOW)
    records_runtime.clocks = Clocks(policy, system)
    return World(records_runtime, policy, system)


def empty(engine: Engine) -> None:
    """Deletes whatever the last test left behind, but for the estate: a tenth of the time of a new database."""
    tables = [table.name for table in service.metadata.sorted_tables if table.name != "directory_unit"]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    with engine.begin() as connection:
        names = list(connection.execute(text(filled)).scalars())
        guarded = [name for name in AUDITED if name in names]
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in guarded:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
        for name in names:
            connection.execute(text(f"DELETE FROM {name}"))
        for name in guarded:
            connection.execute(text(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {name}_append_only"))
        connection.execute(text("ALTER SEQUENCE visor_number RESTART"))
