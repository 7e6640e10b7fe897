"""The SQL that every list joins says what the rules say."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from services.records.access.authorise import facts
from services.records.access.models import Conflict, Partnership
from services.records.access.rules import shut_out, standings_of
from services.records.access.standings import hidden_from, standings
from shared.access.principal import Principal
from shared.ids import new_id
from shared.prepared import Prepared
from tests.servers.records import BRADFORD, LEEDS, NOW, WEST_YORKSHIRE, World, principal

ME = UUID("00000000-0000-7000-8000-00000000000a")
UNITS = (LEEDS, BRADFORD, WEST_YORKSHIRE, "area-34", "force-13")


@st.composite
def people(draw: st.DrawFn) -> Principal:
    """The same person, with whatever tokens for whatever units, at home in any of them."""
    tokens = ("partner", "create", "manager", "supervisor", "lpc", "central_support", "cpc", "admin")
    held = draw(st.sets(st.tuples(st.sampled_from(tokens), st.sampled_from(UNITS)), max_size=6))
    deputy = draw(st.sets(st.sampled_from(UNITS), max_size=2))
    home = draw(st.sampled_from(UNITS))
    return principal(
        home, *(f"{token}:{unit}" for token, unit in held), person_id=ME, deputy_for=tuple(deputy)
    )


class Counting(psycopg.Cursor[Any]):
    """Notes every statement, whoever sends it and however."""

    statements: ClassVar[list[str]] = []

    def execute(self, query: Any, *given: Any, **more: Any) -> Any:
        Counting.statements.append(str(query))
        return super().execute(query, *given, **more)


@pytest.fixture(autouse=True)
def noted_when_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to libpq by its prepared form passes by psycopg's cursors."""
    first = Prepared.first

    def noting(self: Prepared, values: Any) -> Any:
        Counting.statements.append(self.sql)
        return first(self, values)

    monkeypatch.setattr(Prepared, "first", noting)


def counted(world: World) -> list[str]:
    """The statements from now on, in a list that grows."""

    @event.listens_for(world.engine, "checkout")
    def count(raw: psycopg.Connection[Any], *_: object) -> None:
        raw.cursor_factory = Counting

    Counting.statements.clear()
    return Counting.statements


def every_kind_of_record(world: World) -> None:
    """One nominal for each way in which this person can stand to a record, and the ways combined."""
    me = principal(LEEDS, "partner", person_id=ME)
    ties = product(
        (None, ME), (None, ME), ("no", "now", "ended"), (False, True), (False, True), ("no", "now", "ended")
    )
    places = list(product((WEST_YORKSHIRE, "area-34"), (LEEDS, BRADFORD)))
    for number, (manager, supervisor, partner, limited, listed, conflict) in enumerate(ties):
        owner, managing = places[number % len(places)]
        nominal = world.nominal(
            manager_id=manager,
            supervisor_id=supervisor or new_id(),
            owner_unit=owner,
            managing_unit=managing,
            limited_access=limited,
            listed=(me,) if listed else (),
            partners=(me,) if partner != "no" else (),
        )
        if conflict != "no":
            declare(world, nominal, ended=conflict == "ended")
        if partner == "ended":
            with world.session() as session:
                session.execute(
                    update(Partnership).where(Partnership.nominal_id == nominal).values(ended_at=NOW)
                )
                session.commit()


def declare(world: World, nominal: UUID, *, ended: bool) -> None:
    """A conflict of interest of this person's, current or ended."""
    given = {"nominal_id": nominal, "person_id": ME, "agency": "probation-service", "unit": LEEDS}
    with world.session() as session:
        session.add(Conflict(**given, reason=b"", declared_at=NOW, ended_at=NOW if ended else None))
        session.commit()


@pytest.fixture
def register(records: World) -> World:
    every_kind_of_record(records)
    return records


@pytest.mark.clause("PF-7/ViSOR Tokens.1", "PF-4.16l.2")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=people())
def test_sql_and_rules_agree_on_every_record(register: World, who: Principal) -> None:
    with register.session() as session:
        found = session.execute(select(standings(who))).all()
        hidden = set(session.execute(hidden_from(who)).scalars())
    with register.runtime.work(who, "test.facts") as work:
        records = [facts(work, nominal) for (nominal,) in register.rows("SELECT id FROM nominal")]
    in_sql: dict[UUID, set[str]] = defaultdict(set)
    for nominal, standing in found:
        in_sql[nominal].add(standing)
    for record in records:
        by_rule = standings_of(who, record)
        assert in_sql[record.id] == by_rule
        assert (record.id in hidden) == shut_out(record, by_rule)


def test_the_list_of_ones_nominals_is_paged_in_sql(records: World) -> None:
    manager = records.person(LEEDS, "manager", "partner")
    wanted = [
        records.nominal(manager_id=manager.person_id, partners=(manager,), surname=f"N{number}")
        for number in range(30)
    ]
    records.nominal(surname="Elsewhere")

    statements = counted(records)
    first = records.ask("nominals.mine", manager)
    # One SELECT and one audit entry, however many there are.
    assert len(statements) == 2
    second = records.ask("nominals.mine", manager, after=first["next_after"])

    shown = [row["nominal_id"] for row in first["nominals"] + second["nominals"]]
    assert shown == wanted
    assert len(first["nominals"]) == 25
    assert second["next_after"] is None
    assert first["nominals"][0]["standings"] == ["manager", "partner"]


def test_the_list_can_be_narrowed_to_one_standing(records: World) -> None:
    who = records.person(LEEDS, "manager", "partner", "central_support")
    mine = records.nominal(manager_id=who.person_id)
    partnered = records.nominal(partners=(who,))
    records.nominal()
    assert [
        row["nominal_id"] for row in records.ask("nominals.mine", who, standing="manager")["nominals"]
    ] == [mine]
    both = [row["nominal_id"] for row in records.ask("nominals.mine", who)["nominals"]]
    assert both == [mine, partnered]


def test_the_summary_asks_the_database_once(records: World) -> None:
    """What the bench measures: one SELECT and one audit entry for a record of one's own."""
    manager = records.person(LEEDS, "manager", "partner")
    nominal = records.nominal(
        manager_id=manager.person_id, aliases=("Daz Sample",), numbers={"noms": "A1234BC"}
    )
    statements = counted(records)

    summary = records.ask("nominals.summary", manager, nominal_id=nominal)

    assert [statement.split(None, 1)[0] for statement in statements] == ["SELECT", "INSERT"]
    assert summary["name"] == "Darren Alan Example"
    assert summary["aliases"] == ["Daz Sample"]
    assert summary["manager"]["name"] == "Sam Example"
    assert summary["owner"]["name"] == "West Yorkshire"
    assert summary["age"] == 46
