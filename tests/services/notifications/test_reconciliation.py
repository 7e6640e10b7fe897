"""The nightly comparison: what differs is reported, asked for and mended; what agrees costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.reconciliation.models import Compared, Difference
from services.notifications.todo.models import Standing
from shared.events.identity.central_support import CENTRAL_SUPPORT_ASKED
from shared.events.identity.reconciliation import OCCASIONS_STATED as IDENTITY_STATED
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.nominals import NOMINAL_DELETED
from shared.events.records.partnership import PARTNERSHIP_GRANTED
from shared.events.records.reconciliation import (
    OCCASIONS_SETTLED,
    OCCASIONS_STATED,
    STANDINGS_STATED,
    closed_digest,
    standing_digest,
)
from shared.ids import new_id
from tests.services.notifications.facts import request
from tests.services.notifications.office import Office
from tests.services.notifications.test_operations import value

FACT = "records.partnership.requested"


def differences(office: Office) -> list[tuple[str, UUID, int, bool]]:
    with office.runtime.database.session() as session:
        rows = session.execute(select(Difference).order_by(Difference.id)).scalars().all()
        return [(one.kind, one.subject_id, one.seen, one.mended_at is not None) for one in rows]


def picture(
    office: Office,
    nominal: UUID,
    version: int,
    *stands: tuple[UUID, str],
    limited: bool = False,
    closed: Sequence[UUID] = (),
) -> None:
    data = {
        "limited": limited,
        "closed": list(closed),
        "nominal_id": nominal,
        "chunk": 1,
        "chunks": 1,
        "version": version,
        "standings": [{"person_id": who, "standing": how} for who, how in stands],
    }
    office.deliver(STANDING_CHANGED, data)


def state(
    office: Office,
    nominal: UUID,
    version: int,
    *stands: tuple[UUID, str],
    limited: bool = False,
    closed: Sequence[UUID] = (),
) -> None:
    said = {
        "limited": limited,
        "closed": closed_digest(closed),
        "nominal_id": nominal,
        "version": version,
        "people": len(stands),
        "digest": standing_digest(stands),
    }
    office.deliver(STANDINGS_STATED, {"stated_at": office.clock.now(), "nominals": [said]})


def test_standings_that_agree_are_left_alone(office: Office) -> None:
    ada, nominal = new_id(), new_id()
    picture(office, nominal, 3, (ada, "manager"))
    state(office, nominal, 3, (ada, "manager"))
    assert differences(office) == []
    assert office.told("notifications.standings.differ") == []
    assert value(office, "visor_reconciliation_differences") == 0


def test_a_standing_that_was_lost_is_reported_asked_for_and_mended(office: Office) -> None:
    ada, ben, nominal = new_id(), new_id(), new_id()
    picture(office, nominal, 3, (ada, "manager"), (ben, "partner"))
    with office.runtime.database.session() as session, session.begin():
        session.delete(session.get_one(Standing, (nominal, ben, "partner")))
    state(office, nominal, 3, (ada, "manager"), (ben, "partner"))
    assert differences(office) == [("standings", nominal, 1, False)]
    assert office.told("notifications.standings.differ") == [{"nominal_ids": [str(nominal)]}]
    assert value(office, "visor_reconciliation_differences") == 1
    state(office, nominal, 3, (ada, "manager"), (ben, "partner"))
    assert differences(office) == [("standings", nominal, 2, False)]
    picture(office, nominal, 4, (ada, "manager"), (ben, "partner"))  # as records answers
    state(office, nominal, 4, (ada, "manager"), (ben, "partner"))
    assert differences(office) == [("standings", nominal, 2, True)]
    assert value(office, "visor_reconciliation_differences") == 0
    assert value(office, "visor_reconciliation_found") == 1


def test_limited_access_that_was_not_heard_of_is_asked_for(office: Office) -> None:
    ada, nominal = new_id(), new_id()
    picture(office, nominal, 3, (ada, "manager"))
    state(office, nominal, 3, (ada, "manager"), limited=True)
    assert differences(office) == [("standings", nominal, 1, False)]
    picture(office, nominal, 4, (ada, "manager"), limited=True)
    state(office, nominal, 4, (ada, "manager"), limited=True)
    assert differences(office) == [("standings", nominal, 1, True)]


@pytest.mark.clause("PF-4.16l.1")
def test_a_conflict_of_interest_that_was_not_heard_of_is_asked_for(office: Office) -> None:
    ada, nominal, ben = new_id(), new_id(), office.person("Ben")
    picture(office, nominal, 3, (ada, "manager"))
    state(office, nominal, 3, (ada, "manager"), closed=[ben])
    assert differences(office) == [("standings", nominal, 1, False)]
    picture(office, nominal, 4, (ada, "manager"), closed=[ben])  # as records answers
    state(office, nominal, 4, (ada, "manager"), closed=[ben])
    assert differences(office) == [("standings", nominal, 1, True)]
    state(office, nominal, 4, (ada, "manager"))  # the end of it was lost
    assert differences(office) == [("standings", nominal, 1, True), ("standings", nominal, 1, False)]


def test_a_replaced_point_of_contact_and_a_nominal_never_heard_of_differ(office: Office) -> None:
    old, new, known, unknown = (new_id() for _ in range(4))
    picture(office, known, 2, (old, "cpc"))
    state(office, known, 2, (new, "cpc"))
    state(office, unknown, 1, (new, "cpc"))
    state(office, new_id(), 1)
    assert [(kind, one) for kind, one, *_ in differences(office)] == [
        ("standings", known),
        ("standings", unknown),
    ]
    office.deliver(NOMINAL_DELETED, {"nominal_id": known})
    assert [one for _, one, *_ in differences(office)] == [unknown]


def occasions(office: Office, *subjects: UUID, agency: str = "probation-service", **bounds: Any) -> None:
    """As records states them: where nothing waits, all such facts at once."""
    stated_at = office.clock.now()
    if not subjects and not bounds:
        settled = {
            "facts": ["records.transfer.requested", FACT, "records.unknown.fact"],
            "stated_at": stated_at,
        }
        office.deliver(OCCASIONS_SETTLED, settled, agency=agency)
        return
    data = {"fact": FACT, "stated_at": stated_at, "after": None, "through": None, "subjects": list(subjects)}
    office.deliver(OCCASIONS_STATED, data | bounds, agency=agency)


def test_a_deadline_whose_fact_was_lost_is_asked_for_and_runs_when_it_comes(office: Office) -> None:
    mel, lost = office.person("Mel"), new_id()
    here = request(office, (mel, "manager"))
    office.later(hours=1)
    occasions(office, here, lost)
    assert differences(office) == [("missing", lost, 1, False)]
    (asked,) = office.told("notifications.facts.missed")
    assert asked == {"kinds": [FACT], "field": "request_id", "subjects": [str(lost)]}
    with office.runtime.database.session() as session, session.begin():
        clock = session.execute(select(Clock).where(Clock.subject_id == here)).scalar_one()
        clock.subject_id = lost  # as if the lost one had been told
    occasions(office, lost)
    assert differences(office) == [("missing", lost, 1, True)]


def test_a_deadline_that_runs_for_nothing_is_asked_about_and_ended_on_the_second_night(
    office: Office,
) -> None:
    mel = office.person("Mel")
    settled = request(office, (mel, "manager"))
    office.later(minutes=1)
    occasions(office)
    assert differences(office) == []  # its end may be on the way
    office.later(hours=1)
    occasions(office)
    assert differences(office) == [("stale", settled, 1, False)]
    (asked,) = office.told("notifications.facts.missed")
    assert (asked["field"], asked["subjects"]) == ("request_id", [str(settled)])
    assert set(asked["kinds"]) == {"records.partnership.granted", "records.partnership.refused"}
    assert office.clock_of("D-06", settled).state == "running"
    office.later(days=1)
    occasions(office)
    clock = office.clock_of("D-06", settled)
    assert (clock.state, clock.in_time, clock.ended_at is not None) == ("met", None, True)
    assert office.items(mel) == []
    occasions(office)
    assert differences(office) == [("stale", settled, 2, True)]


def test_the_fact_that_ends_it_is_taken_when_it_is_told_again(office: Office) -> None:
    mel = office.person("Mel")
    settled = request(office, (mel, "manager"))
    office.later(hours=1)
    occasions(office)
    office.deliver(PARTNERSHIP_GRANTED, {"request_id": settled, "nominal_id": new_id()})
    assert office.clock_of("D-06", settled).in_time is True
    occasions(office)
    assert [one[3] for one in differences(office)] == [True]


def test_what_lies_outside_a_part_or_is_another_agencys_is_not_compared_with_it(office: Office) -> None:
    mel = office.person("Mel")
    first, second = sorted([request(office, (mel, "manager")), request(office, (mel, "manager"))])
    office.later(hours=1)
    occasions(office, agency="police-13")
    occasions(office, through=first)
    assert [one[1] for one in differences(office)] == [first]
    occasions(office, second, after=first)
    assert [one[1] for one in differences(office)] == [first]


def test_where_nothing_waits_and_nothing_runs_all_facts_cost_what_one_does(office: Office) -> None:
    facts = sorted({one.starts.event for one in catalogue().values() if one.starts and one.on})
    said = {"facts": facts, "stated_at": office.clock.now()}
    sent: list[str] = []
    event.listen(
        office.runtime.database.engine, "before_cursor_execute", lambda *given: sent.append(given[2])
    )
    office.deliver(OCCASIONS_SETTLED, said)
    assert len(facts) > 20
    assert 0 < len(sent) <= 8
    with office.runtime.database.session() as session:
        told = set(session.execute(select(Compared.of)).scalars())
    assert told >= set(facts)


def test_a_stopped_clock_of_what_still_waits_is_no_difference(office: Office) -> None:
    mel = office.person("Mel")
    one = request(office, (mel, "manager"))
    office.deliver(
        PARTNERSHIP_GRANTED,
        {"request_id": one, "nominal_id": new_id()},
    )
    office.clock.at += timedelta(hours=1)
    occasions(office, one)
    assert differences(office) == []


def asked_for_the_token(office: Office, cpc: UUID, request_id: UUID) -> None:
    about = {"request_id": request_id, "person_id": new_id(), "unit": "pdu-N55LEE", "jurisdiction": "ENG"}
    office.deliver(CENTRAL_SUPPORT_ASKED, about, [(cpc, "cpc", "area-53")])


def identity_states(office: Office, *subjects: UUID, elsewhere: Sequence[UUID] = ()) -> None:
    bounds = {"stated_at": office.clock.now(), "after": None, "through": None}
    data = {"fact": CENTRAL_SUPPORT_ASKED.name, "subjects": list(subjects), "elsewhere": list(elsewhere)}
    office.deliver(IDENTITY_STATED, data | bounds)


def test_a_clock_of_identity_s_that_was_deleted_is_asked_for_and_runs_again(office: Office) -> None:
    cora, request_id = office.person("Cora", ("cpc", "area-53")), new_id()
    asked_for_the_token(office, cora, request_id)
    lost = office.clock_of("D-46", request_id).id
    with office.runtime.database.session() as session, session.begin():
        session.execute(delete(ClockPerson).where(ClockPerson.deadline_id == lost))
        session.execute(delete(Clock).where(Clock.id == lost))
    office.later(hours=1)
    identity_states(office, request_id)
    assert differences(office) == [("missing", request_id, 1, False)]
    (asked,) = office.told("notifications.facts.missed")
    kinds = [CENTRAL_SUPPORT_ASKED.name]
    assert asked == {"kinds": kinds, "field": "request_id", "subjects": [str(request_id)]}
    asked_for_the_token(office, cora, request_id)  # as identity answers
    identity_states(office, request_id)
    assert differences(office) == [("missing", request_id, 1, True)]
    assert office.clock_of("D-46", request_id).state == "running"
    assert len(office.items(cora)) == 1


def test_a_clock_that_identity_knows_nothing_of_is_ended_on_the_second_night(office: Office) -> None:
    cora, invented = office.person("Cora", ("cpc", "area-53")), new_id()
    asked_for_the_token(office, cora, invented)
    for night in (1, 2):
        office.later(days=1)
        identity_states(office)
        assert differences(office) == [("stale", invented, night, False)]
    assert (office.clock_of("D-46", invented).state, office.items(cora)) == ("met", [])
    identity_states(office)
    assert differences(office) == [("stale", invented, 2, True)]


def test_a_clock_of_what_waits_with_another_agency_runs_on(office: Office) -> None:
    cora, moved = office.person("Cora", ("cpc", "area-53")), new_id()
    asked_for_the_token(office, cora, moved)
    office.later(days=1)
    identity_states(office, elsewhere=[moved])
    assert differences(office) == []
    identity_states(office)
    assert differences(office) == [("stale", moved, 1, False)]
