"""Whom a CPC or Central Support may partner in bulk, and to the records of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.records.access.models import Partnership
from services.records.bulk_partner.rules import SOURCES, own_areas, within
from services.records.nominals.models import Nominal
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.directory.read_model import PersonCard
from shared.directory.tables import DIRECTORY
from shared.refusals import Contact, Invalid, Refusal
from shared.work import Work

_grant = DIRECTORY.grant
CANNOT_BE_PARTNER = (
    "{name} does not hold the partner token, and cannot be partnered to any record without it."
)
ONE_OF_TWO = "Choose either a unit or a user whose partnerships are copied"
NOT_THEIR_AREA = "You need the {token} token of the user’s own area, group or force to do this."
NOT_ITS_AREA = "You need the {token} token of the unit’s own area, group or force to do this."


@dataclass(frozen=True)
class Chosen:
    """A user, and the unit or the template user whose records they are to be partnered to."""

    user: PersonCard
    source_name: str
    source_unit: str | None = None
    template_id: UUID | None = None
    by_custody: bool = False

    def nominals(self) -> Select[Any]:
        """The live records of the source: (id), without an order."""
        found = select(Nominal.id).where(Nominal.status == "live")
        if self.template_id is not None:
            mine = (Partnership.person_id == self.template_id) & Partnership.ended_at.is_(None)
            return found.join(Partnership, Partnership.nominal_id == Nominal.id).where(mine)
        unit = Nominal.custody_prison if self.by_custody else Nominal.managing_unit
        return found.where(unit == self.source_unit)


def chosen(work: Work, person_id: UUID, unit: str | None, template_id: UUID | None) -> Chosen:
    """Raises R11 for whoever may not, for somebody of elsewhere, or for a user without the partner token."""
    areas = areas_or_refuse(work)
    if (unit is None) == (template_id is None):
        raise Invalid({"unit": [ONE_OF_TWO]})
    user = _user(work, areas, person_id, "person_id")
    if not _holds(work, user.id, "partner"):
        who = Contact("The user", user.name, user.telephone, user.card_url)
        raise Refusal("R11", token="partner", contact=who, said=CANNOT_BE_PARTNER, name=user.name)  # noqa: S106
    if template_id is not None:
        template = _user(work, areas, template_id, "template_id")
        return Chosen(user, template.name, template_id=template.id)
    return _of_unit(work, areas, user, str(unit))


def own(work: Work) -> frozenset[str]:
    """The areas, groups or forces for which the principal may partner in bulk."""
    kinds = {code: one.kind for code, one in read_model.units(work.session, work.principal.areas).items()}
    return own_areas(work.principal, kinds)


def areas_or_refuse(work: Work) -> frozenset[str]:
    """As `own`; raises R11 for whoever has none."""
    areas = own(work)
    if not areas:
        raise _refused(work)
    return areas


def _refused(work: Work, said: str | None = None) -> Refusal:
    return Refusal("R11", token="CPC or Central Support", contact=your_cpc(work), said=said)  # noqa: S106


def _user(work: Work, areas: frozenset[str], person_id: UUID, field: str) -> PersonCard:
    card = read_model.person(work.session, person_id)
    if card is None or not card.active:
        raise Invalid({field: ["Choose a current user"]})
    if not within(areas, read_model.above(work.session, card.unit)):
        raise _refused(work, NOT_THEIR_AREA)
    return card


def _of_unit(work: Work, areas: frozenset[str], user: PersonCard, code: str) -> Chosen:
    unit = read_model.unit(work.session, code)
    if unit is None or unit.kind not in SOURCES:
        raise Invalid({"unit": ["Choose a prison, a delivery unit or a force"]})
    if not within(areas, read_model.above(work.session, code)):
        raise _refused(work, NOT_ITS_AREA)
    return Chosen(user, unit.name, source_unit=code, by_custody=unit.kind == "prison")


def _holds(work: Work, person_id: UUID, token: str) -> bool:
    held = select(_grant.c.person_id).where(_grant.c.person_id == person_id, _grant.c.name == token)
    return work.session.execute(held.limit(1)).first() is not None
