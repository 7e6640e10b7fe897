"""The facts these tests tell, each with only what matters left to choose."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.events.envelope import Event
from shared.events.records.custody import CUSTODY_LEFT, CUSTODY_RECEIVED
from shared.events.records.meetings import MEETING_HELD
from shared.events.records.partnership import PARTNERSHIP_REQUESTED
from shared.events.records.referrals import REFERRAL_REGISTERED
from shared.ids import new_id
from tests.services.notifications.office import Office

To = tuple[tuple[UUID | None, str, str | None], ...]


def reception(office: Office, *to: UUID | None, at: datetime | None = None, **more: Any) -> UUID:
    """A prisoner came to Leeds; the prison's administrators are named."""
    made = more.pop("reception_id", None) or new_id()
    data = {
        "reception_id": made,
        "nominal_id": more.pop("nominal_id", None) or new_id(),
        "prison": "prison-LEI",
        "owner_unit": "force-13",
        "received_at": at or office.clock.now(),
        "jurisdiction": "ENG",
        "already_partnered": more.pop("already_partnered", False),
    }
    named = [(one, "prison_administrator", "prison-LEI") for one in to]
    office.deliver(CUSTODY_RECEIVED, data, named, agency="prison-service", **more)
    return made


def leave(office: Office, reception_id: UUID, *to: UUID) -> None:
    """The prisoner left Leeds again; `to` are its administrators, where somebody there was partner of the record."""
    data = {
        "reception_id": reception_id,
        "nominal_id": new_id(),
        "prison": "prison-LEI",
        "left_at": office.clock.now(),
        "partnered": bool(to),
    }
    named = [(one, "prison_administrator", "prison-LEI") for one in to]
    office.deliver(CUSTODY_LEFT, data, named, agency="prison-service")


def request(office: Office, *to: tuple[UUID | None, str], reception: UUID | None = None, **more: Any) -> UUID:
    made = new_id()
    data = {
        "request_id": made,
        "nominal_id": more.pop("nominal_id", None) or new_id(),
        "requesting_unit": "prison-LEI",
        "owner_unit": "pdu-N55LEE",
        "jurisdiction": "ENG",
        "users": 3,
        "for_reception": reception,
    }
    office.deliver(PARTNERSHIP_REQUESTED, data, [(who, role, "pdu-N55LEE") for who, role in to], **more)
    return made


def meeting(office: Office, *to: UUID | None, level: int, held_on: date, jurisdiction: str = "ENG") -> UUID:
    made = new_id()
    data = {
        "meeting_id": made,
        "nominal_id": new_id(),
        "level": level,
        "held_on": held_on,
        "managing_unit": "pdu-N55LEE",
        "jurisdiction": jurisdiction,
    }
    office.deliver(MEETING_HELD, data, [(one, "mappa_administrator", "pdu-N55LEE") for one in to])
    return made


def referral_event(
    office: Office, *to: UUID | None, category: str = "2", level: int | None = 2, **more: Any
) -> Event:
    data = {
        "referral_id": more.pop("referral_id", None) or new_id(),
        "category": category,
        "level": level,
        "registered_on": more.pop("registered_on", None) or office.clock.today(),
        "unit": "pdu-N55LEE",
        "jurisdiction": "ENG",
    }
    named = [(one, "tasked_with_creation", "pdu-N55LEE") for one in to]
    return office.fact(REFERRAL_REGISTERED, data, named, **more)
