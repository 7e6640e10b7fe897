"""A prison group's log-on audit from its due fact to who is told when nobody does it; and who opened their list."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.notifications.service import service
from shared.events.identity.appointments import ROLE_COVERED, ROLE_UNCOVERED
from shared.events.identity.log_on_audit import LOG_ON_AUDIT_COMPLETED, LOG_ON_AUDIT_DUE, LOG_ON_AUDIT_SIGNED
from shared.ids import new_id
from tests.services.notifications.office import Office

GROUP, FIRST = "group-YRK", date(2026, 3, 1)


def due(office: Office, *people: tuple[UUID, str]) -> UUID:
    audit_id = new_id()
    data: dict[str, Any] = {
        "audit_id": audit_id,
        "unit": GROUP,
        "due_from": FIRST,
        "period_from": date(2026, 2, 1),
        "period_to": date(2026, 2, 28),
        "jurisdiction": "ENG",
    }
    office.deliver(LOG_ON_AUDIT_DUE, data, [(person, role, GROUP) for person, role in people])
    return audit_id


@pytest.mark.clause("PF-5.10.6", "PF-4.16o.1")
def test_an_audit_nobody_does_goes_to_the_director(office: Office) -> None:
    gail = office.person("Gail", ("cpc", GROUP), unit=GROUP)
    piers = office.person("Piers", ("prison_group_director", GROUP), unit=GROUP)
    audit_id = due(office, (gail, "cpc"))
    (item,) = office.items(gail)
    assert (item.kind, item.due_on) == ("audit_log_ons", date(2026, 4, 1))
    office.at(date(2026, 4, 2))
    office.tick()
    first = [rung.number for rung in office.rungs(office.clock_of("D-28", audit_id))]
    assert first == [1]
    (late,) = office.items(piers)
    assert (late.kind, late.due_on) == ("escalation", date(2026, 4, 1))


@pytest.mark.clause("PF-4.16o.2")
def test_a_signed_audit_is_off_every_list(office: Office) -> None:
    gail = office.person("Gail", ("cpc", GROUP), unit=GROUP)
    audit_id = due(office, (gail, "cpc"))
    data = {"audit_id": audit_id, "unit": GROUP}
    office.deliver(LOG_ON_AUDIT_COMPLETED, data, [(gail, "cpc", GROUP)])
    assert {item.kind for item in office.items(gail)} == {"audit_log_ons", "sign_log_on_audit"}
    office.deliver(LOG_ON_AUDIT_SIGNED, data)
    assert office.items(gail) == []
    assert office.clock_of("D-28", audit_id).in_time is True


@pytest.mark.clause("PF-4.4.1")
def test_a_vacant_post_is_on_the_list_until_it_is_held(office: Office) -> None:
    hetty = office.person("Hetty")
    gap_id = new_id()
    gap: dict[str, Any] = {"gap_id": gap_id, "post": "cpc_area", "unit": "area-53"}
    vacant = gap | {"title": "CPC", "uncovered_from": FIRST}
    office.deliver(ROLE_UNCOVERED, vacant, [(hetty, "head_of_public_protection", "area-53")])
    (item,) = office.items(hetty)
    assert (item.title, item.link, item.important) == (
        "Vacant: CPC. Appoint somebody",
        "/identity/coverage/area-53",
        True,
    )
    office.deliver(ROLE_COVERED, gap)
    assert office.items(hetty) == []


@pytest.mark.clause("PF-4.29.1", "PF-4.29.3")
def test_opening_the_list_is_told_once_a_day_without_a_name(office: Office) -> None:
    tess = office.person("Tess")
    query = service.declarations.queries["todo.list"]
    asked: dict[str, Any] = {"due": "any", "show": "open", "kind": [], "sort": "", "page": 1}
    asked |= {"important": False, "closed": None}

    def opens() -> list[dict[str, Any]]:
        office.runtime.ask(query, office.principal(tess), asked)
        return [dict(one) for one in office.told("notifications.todo.opened")]

    assert opens() == [{"person_id": str(tess), "day": "2026-03-09"}]
    assert len(opens()) == 1
    office.later(days=1)
    assert len(opens()) == 2
