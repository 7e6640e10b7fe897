"""Facts come again, late and in any order: republished after a restore, or by queues that overtake each other."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.envelope import Event
from shared.events.records.custody import CUSTODY_RECEIVED
from shared.events.records.nominals import NOMINAL_CREATED
from shared.events.records.partnership import PARTNERSHIP_GRANTED, PARTNERSHIP_REQUESTED
from shared.ids import new_id
from tests.services.notifications.facts import referral_event
from tests.services.notifications.office import START, Office

PDU, PRISON = "pdu-N55LEE", "prison-LEI"


def story(office: Office, ada: UUID, mel: UUID) -> tuple[list[Event], UUID, UUID]:
    """A reception, the request it asks for, and the grant, as three facts; with the ids of the first two."""
    received, asked, nominal = new_id(), new_id(), new_id()
    reception = {"reception_id": received, "nominal_id": nominal, "prison": PRISON, "owner_unit": PDU}
    request = {
        "request_id": asked,
        "nominal_id": nominal,
        "requesting_unit": PRISON,
        "owner_unit": PDU,
        "users": 1,
    }
    facts = [
        office.fact(
            CUSTODY_RECEIVED,
            {**reception, "received_at": office.clock.now(), "jurisdiction": "ENG"},
            [(ada, "prison_administrator", PRISON)],
            agency="prison-service",
        ),
        office.fact(
            PARTNERSHIP_REQUESTED,
            {**request, "jurisdiction": "ENG", "for_reception": received},
            [(mel, "manager", PDU)],
        ),
        office.fact(
            PARTNERSHIP_GRANTED, {"request_id": asked, "nominal_id": nominal}, [(ada, "partner", PRISON)]
        ),
    ]
    return facts, received, asked


@pytest.mark.clause("PF-5.13.1", "PF-4.25.1")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([0, 0, 1, 1, 2, 2]), together=st.booleans())
def test_the_story_ends_the_same_in_whatever_order_and_however_often_it_is_told(
    office: Office, order: list[int], together: bool
) -> None:
    office.clock.at = START
    ada, mel = office.person(str(new_id()), unit=PRISON), office.person(str(new_id()))
    facts, received, asked = story(office, ada, mel)
    told = [facts[number] for number in order]
    for batch in [told] if together else [[one] for one in told]:
        office.redeliver(*batch)

    assert [one.kind for one in office.items(mel)] == []
    assert [one.kind for one in office.items(ada)] == ["partnership_granted"]
    for code, subject in (("D-07", received), ("D-06", asked)):
        clock = office.clock_of(code, subject)
        assert (clock.state, clock.in_time, clock.next_at) == ("met", True, None)
    subjects = {str(received), str(asked)}
    for kind in ("started", "met"):
        said = [one for one in office.told(f"notifications.deadline.{kind}") if one["subject_id"] in subjects]
        assert sorted(one["code"] for one in said) == ["D-06", "D-07"]


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_no_task_is_left_for_a_record_that_exists(office: Office, level: int, backwards: bool) -> None:
    tess = office.person("Tess")
    referral = referral_event(office, tess, level=level)
    created = office.fact(
        NOMINAL_CREATED,
        {
            "nominal_id": new_id(),
            "referral_id": UUID(referral.data["referral_id"]),
            "category": "2",
            "level": level,
            "owner_unit": "area-53",
        },
    )
    facts = [referral, created]
    for fact in reversed(facts) if backwards else facts:
        office.redeliver(fact)
    assert office.items(tess) == []
