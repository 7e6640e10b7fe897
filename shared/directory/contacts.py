"""Whom a refusal names, by what this service knows of the directory."""

from __future__ import annotations

from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.refusals import Contact
from shared.work import Work

APPOINTERS = ("head_of_public_protection", "prison_group_director")


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


def contact(what: str, card: PersonCard | None) -> Contact:
    return Contact(what) if card is None else Contact(what, card.name, card.telephone, card.card_url)
