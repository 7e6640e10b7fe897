"""What identity states at night of those who still wait, and what it tells anew when it was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.identity.accounts.models import Dormancy
from services.identity.coverage.jobs import check_coverage
from services.identity.people.models import Unit
from services.identity.reconciliation import jobs
from services.identity.reconciliation.occasions import occasions
from services.identity.service import service
from shared.events.envelope import Aggregate, Event
from shared.events.notifications import FACTS_MISSED
from shared.ids import new_id
from shared.reconciliation import nightly
from tests.services.identity.acting import run
from tests.services.identity.house import House
from tests.services.identity.test_central_support import ask, decide
from tests.services.identity.test_vetting import NPPV3

WAITS, SETTLED = "identity.occasions.stated", "identity.occasions.settled"
ASKED, MONTH = "identity.central_support.asked", "identity.lead_assurance.due"


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("lena.lpc", "pdu-N55LEE", vetting=NPPV3, tokens=(("lpc", "pdu-N55LEE"),))
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    return house


def state(house: House, night: int) -> None:
    more = True
    while more:
        with house.runtime.system_work("test.state") as work:
            more = jobs.state_some(work, {"night": date(2031, 1, night).isoformat()})


def stated(house: House, night: int, fact: str) -> dict[str, list[str]]:
    """What waits, by agency; an agency that was told twice, or not at all, is a mistake."""
    before, settled = (len(house.events(kind)) for kind in (WAITS, SETTLED))
    state(house, night)
    said = [one for one in house.events(WAITS)[before:] if one.data["fact"] == fact]
    told = [(one.copies[0]["agency"], one.data["subjects"]) for one in said]
    nothing = [one for one in house.events(SETTLED)[settled:] if fact in one.data["facts"]]
    told += [(one.copies[0]["agency"], []) for one in nothing]
    assert len(told) == len(dict(told)) == len({unit.agency for unit in house.rows(Unit)})
    return dict(told)


def missed(house: House, kind: str, field: str, subject: str) -> None:
    data = {"kinds": [kind, "records.meeting.held"], "field": field, "subjects": [UUID(subject)]}
    event = Event(
        id=new_id(),
        type=FACTS_MISSED.name,
        version=1,
        occurred_at=datetime.now(UTC),
        data=FACTS_MISSED.dump(data),
        aggregate=Aggregate("agency", new_id(), 1),
    )
    with house.runtime.system_work("test.hear") as work:
        for handler in service.handlers[FACTS_MISSED.name]:
            handler(work, event)


def test_what_waits_is_stated_to_its_agency_until_it_is_settled(area: House) -> None:
    """And an agency with nothing that waits hears so, of all facts at once."""
    agencies = {unit.agency for unit in area.rows(Unit)}
    before = len(area.events(SETTLED))
    assert stated(area, 1, ASKED) == {agency: [] for agency in agencies}
    assert len(area.events(SETTLED)) == before + len(agencies)
    request = ask(area)
    waits = stated(area, 2, ASKED)
    assert waits == {agency: [] for agency in agencies} | {"probation-service": [str(request)]}
    decide(area, "cora.cpc", request)
    assert stated(area, 3, ASKED)["probation-service"] == []


def test_a_night_is_stated_once_and_in_parts(area: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with area.runtime.system_work("test.check") as work:
        check_coverage(work)
    monkeypatch.setattr(nightly, "SUBJECTS", 1)
    state(area, 4)
    said = [one for one in area.events(WAITS) if one.data["fact"] == MONTH]
    prisons = [one for part in said for one in part.data["subjects"]]
    assert len(prisons) == len(set(prisons)) == 2
    bounds = [(one.data["after"], one.data["through"]) for one in said]
    assert bounds[0][0] is None
    assert bounds[-1][1] is None
    before = len(area.events(WAITS))
    state(area, 4)
    assert len(area.events(WAITS)) == before


def test_the_month_s_assurance_waits_until_the_lead_gives_it(area: House) -> None:
    with area.runtime.system_work("test.check") as work:
        check_coverage(work)
    asked = {one.data["unit"]: one.data["assurance_id"] for one in area.events(MONTH)}
    assert set(stated(area, 5, MONTH)["prison-service"]) == set(asked.values())
    given: dict[str, Any] = {"unit": "prison-WSI", "month": area.today.replace(day=1)}
    run(area, "lena.lead", "coverage.assure", **given, completed=True, note="")
    assert stated(area, 6, MONTH)["prison-service"] == [asked["prison-PVI"]]


def test_a_lost_fact_is_told_again_as_a_message_of_its_own(area: House) -> None:
    request = ask(area)
    (first,) = area.events(ASKED)
    missed(area, ASKED, "request_id", str(request))
    _, again = area.events(ASKED)
    assert again.id != first.id
    assert (again.data, again.copies, again.occurred_at) == (first.data, first.copies, first.occurred_at)
    missed(area, "records.partnership.requested", "request_id", str(request))
    missed(area, ASKED, "request_id", str(new_id()))
    assert len(area.events(ASKED)) == 2


def test_what_moves_with_a_person_is_said_to_wait_elsewhere(area: House) -> None:
    lena = area.people["lena.lpc"]
    with area.runtime.system_work("test.unused") as work:
        work.session.add(Dormancy(person_id=lena, noticed_on=area.today, unused_since=area.today))
    state(area, 9)
    (one,) = [str(row.id) for row in area.rows(Dormancy)]
    said = {
        event.copies[0]["agency"]: (event.data["subjects"], event.data["elsewhere"])
        for event in area.events(WAITS)
        if event.data["fact"] == "identity.account.unused"
    }
    assert said["probation-service"] == ([one], [])
    assert said["prison-service"] == ([], [one])
    # Nor is anybody told that none waits: it would end the clock of whoever moved away.
    assert not [told for told in area.events(SETTLED) if "identity.account.unused" in told.data["facts"]]


def test_every_statement_names_a_unit(area: House) -> None:
    with area.runtime.database.session() as session:
        for one in occasions():
            assert [column.name for column in one.waiting.selected_columns] == ["id", "unit"]
            session.execute(one.waiting.order_by(one.id).limit(1))


def test_it_is_asked_for_once_a_night_from_two_in_the_morning(area: House) -> None:
    asked = []
    for hour in (1, 3, 9):
        area.clock.at = datetime(2031, 1, 20, hour, tzinfo=UTC)
        with area.runtime.system_work("test.tick") as work:
            jobs.begin_at_night(work)
        with area.runtime.database.session() as session:
            task = service.tables.messaging.task
            rows = session.execute(task.select().where(task.c.name == nightly.TASK)).all()
            asked.append(len([row for row in rows if row.unique_key == "2031-01-20"]))
    assert asked == [0, 1, 1]
