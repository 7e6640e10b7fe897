"""A new prison offender manager checks the record; “Checked before contact” is told as a fact."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shared.access.principal import Principal
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, told

MADE, SETTLED = "records.allocation.made", "records.allocation.settled"


@pytest.fixture
def held(records: World) -> UUID:
    return records.nominal(custody_prison=PRISON, custody_since=NOW.date())


@pytest.fixture
def pom(records: World, held: UUID) -> Principal:
    who = records.person(PRISON, "partner", name="Polly Pom")
    records.partner(held, who)
    return who


def record_pom(records: World, by: Principal, nominal: UUID, who: Principal | None) -> None:
    version = records.rows("SELECT version FROM nominal WHERE id = :id", id=nominal)[0][0]
    same: dict[str, object] = {"risk_level": None, "address": None, "general_comments": None, "markers": []}
    given = {**same, "version": version, "offender_manager_id": str(who.person_id) if who else None}
    records.run("nominals.change", by, nominal_id=nominal, **given)


@pytest.mark.clause("PF-5.20")
def test_who_is_allocated_a_prisoner_is_to_check_the_record_and_has_when_they_open_it(
    records: World, cast: Cast, held: UUID, pom: Principal
) -> None:
    records.partner(held, cast.prison)
    record_pom(records, cast.prison, held, pom)
    assert told(records, MADE) == [("pom", "Polly Pom")]
    records.ask("nominals.summary", cast.prison, nominal_id=held)
    assert records.events(SETTLED) == [], "somebody else's look is no check"
    records.ask("nominals.summary", pom, nominal_id=held)
    records.ask("front_page.read", pom, nominal_id=held)
    [(data, _)] = records.events(SETTLED)
    assert (data["allocation_id"], data["state"]) == (records.events(MADE)[0][0]["allocation_id"], "checked")


@pytest.mark.clause("PF-5.20")
def test_it_is_over_when_somebody_else_is_allocated_or_the_person_leaves(
    records: World, cast: Cast, held: UUID, pom: Principal
) -> None:
    for who in (cast.prison, cast.colleague):
        records.partner(held, who)
    record_pom(records, cast.prison, held, pom)
    record_pom(records, cast.prison, held, cast.colleague)
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["over"]
    given = {"nominal_id": held, "kind": "released", "prison": PRISON, "at": NOW.isoformat()}
    records.run("custody.record", cast.prison, **given)
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["over", "over"]
    assert len(records.events(MADE)) == 2


def test_nobody_is_told_who_records_themselves_or_outside_prison(
    records: World, cast: Cast, held: UUID, pom: Principal
) -> None:
    record_pom(records, pom, held, pom)
    outside = records.nominal(manager_id=cast.manager.person_id)
    record_pom(records, cast.manager, outside, cast.partner)
    assert records.events(MADE) == []


@pytest.mark.clause("PF-4.31")
def test_checked_before_contact_is_told(records: World, cast: Cast) -> None:
    records.later(minutes=5)
    records.run("record_checks.check", cast.manager, nominal_id=cast.nominal)
    [(data, copies)] = records.events("records.record.checked")
    assert UUID(data["person_id"]) == cast.manager.person_id
    assert data["checked_at"].startswith((NOW + timedelta(minutes=5)).isoformat()[:16])
    assert [copy["agency"] for copy in copies] == [cast.manager.agency]
