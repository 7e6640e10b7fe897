from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class ContactTold(OfNominal):
    """nDelius told of a contact that is to be copied into the log; it waits for somebody to read it."""

    contact_id = fields.UUID(required=True)


class ContactSettled(OfNominal):
    """It is on the log, or left out with a reason (`state`)."""

    contact_id = fields.UUID(required=True)
    state = fields.String(required=True)


CONTACT_TOLD = register(EventKind("records.ndelius_contact.told", 1, ContactTold))
CONTACT_SETTLED = register(EventKind("records.ndelius_contact.settled", 1, ContactSettled))
