"""Whom a refusal names: the person who could let you in."""

from __future__ import annotations

from services.records.access.record import Record
from shared.directory import read_model
from shared.directory.contacts import contact, your_cpc
from shared.refusals import Contact
from shared.work import Work


def contact_for(work: Work, code: str, record: Record) -> Contact | None:
    """R14: the record's manager, who can grant partnership; R11, R30: your own CPC; else the owning CPC."""
    if code == "R14" and record.manager_id is not None:
        return contact("Manager of the record", read_model.person(work.session, record.manager_id))
    if code in {"R11", "R30"}:
        return your_cpc(work)
    return owning_cpc(work, record.owner_unit)


def owning_cpc(work: Work, owner_unit: str) -> Contact:
    return contact("Owning CPC", read_model.owning_cpc(work.session, owner_unit))
