"""Whom a refusal names: the person who could let you in."""

from __future__ import annotations

from services.records.access.record import Record
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.refusals import Contact
from shared.work import Work

APPOINTERS = ("head_of_public_protection", "prison_group_director")


def contact_for(work: Work, code: str, record: Record) -> Contact | None:
    """R14: the record's manager, who can grant partnership; R11, R30: your own CPC; else the owning CPC."""
    if code == "R14" and record.manager_id is not None:
        return contact("Manager of the record", read_model.person(work.session, record.manager_id))
    if code in {"R11", "R30"}:
        return your_cpc(work)
    return owning_cpc(work, record.owner_unit)


def your_cpc(work: Work) -> Contact:
    """The reader's own CPC; a CPC asks whoever appoints the CPC (PF-4.8), and never reads their own name."""
    unit = work.principal.unit
    cpc = read_model.owning_cpc(work.session, unit)
    if cpc is None or cpc.id != work.principal.person_id:
        return contact("Your CPC", cpc)
    above = read_model.above(work.session, unit)
    found = (
        one for code in above for role in APPOINTERS for one in read_model.holders(work.session, role, code)
    )
    return contact("Whoever appoints the CPC", next(found, None))


def owning_cpc(work: Work, owner_unit: str) -> Contact:
    return contact("Owning CPC", read_model.owning_cpc(work.session, owner_unit))


def contact(what: str, card: PersonCard | None) -> Contact:
    return Contact(what) if card is None else Contact(what, card.name, card.telephone, card.card_url)
