"""A record's contacts from nDelius: what waits, and what became of the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.ndelius_contacts.commands import ACTION, PATH, shown
from services.records.ndelius_contacts.models import Contact
from services.records.ndelius_contacts.rules import STATES
from services.records.ndelius_contacts.schemas import ContactList
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

MOST = 200


@service.query(
    "ndelius_contacts.list",
    path=PATH,
    input=Nothing,
    answer=ContactList,
    page=Page("Contacts from nDelius", "ndelius_contacts/list.html"),
)
def contacts(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """What waits comes first, then the newest. What they say stands in the log alone."""
    record = authorise(work, "nominals.read", nominal_id).record
    found = select(Contact).where(Contact.nominal_id == nominal_id)
    order = found.order_by(Contact.state != "waiting", Contact.contact_on.desc(), Contact.id.desc())
    rows = list(work.session.scalars(order.limit(MOST)))
    work.concerns(count=len(rows))
    people = read_model.people(work.session, [row.settled_by for row in rows if row.settled_by])
    return {
        "contacts": [shown(work, row) for row in rows],
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "states": STATES,
        "visor_number": record.visor_number,
        "may_add": decide(work.principal, ACTION, record).allowed,
    }
