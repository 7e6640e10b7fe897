"""Who keeps what: the catalogue nationally, trainers and the calendar by region, results by trainer or CPC."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import reach_of
from services.identity.people.models import Person
from services.identity.people.units import above
from services.identity.scope import is_national
from services.identity.tokens.holders import cpc_contact
from services.identity.training.models import Trainer
from services.identity.training.rules import Listed
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.work import Work

_DIRECTORS = ("regional_probation_director", "prison_group_director")
KEEPERS = "CPC or director in this region"


def require_catalogue(work: Work) -> None:
    """National: the working group's own approvals are entered by an administrator or the SRO."""
    if not is_national(work.principal):
        raise Refusal("R32", role="administrator or Senior Responsible Officer")


def regions_kept(work: Work) -> frozenset[str]:
    """The regions, groups and forces in which the principal is CPC (or deputy), or which they direct."""
    principal = work.principal
    held = principal.units_with("cpc") | principal.deputy_for | principal.units_with_role(*_DIRECTORS)
    return frozenset(code for unit in held for code in above(work.session, unit))


def keeps(work: Work, region: str) -> bool:
    return is_national(work.principal) or region in regions_kept(work)


def may_keep(work: Work) -> bool:
    """Of any region, group or force at all."""
    return is_national(work.principal) or bool(regions_kept(work))


def require_keeper(work: Work, region: str) -> None:
    if not keeps(work, region):
        raise Refusal("R32", contact=cpc_contact(work, region), role=KEEPERS)


def trains(work: Work, trainer: Trainer) -> bool:
    """The principal is this trainer, and on the list today."""
    return trainer.person_id == work.principal.person_id and listed(trainer).holds(work.today)


def own_listing(work: Work) -> Trainer | None:
    mine = select(Trainer).where(Trainer.person_id == work.principal.person_id, Trainer.removed_on.is_(None))
    return work.session.execute(mine).scalar_one_or_none()


def require_booker(work: Work, person: Person) -> None:
    """The CPC or deputy of the person's area, its LPC, the prison's ViSOR lead (PF-5.9.4); never for oneself."""
    reach = reach_of(work, person)
    principal = work.principal
    near = principal.units_with("lpc") | principal.units_with_role("visor_lead")
    if not (reach.is_cpc or reach.is_deputy or near & set(reach.areas)):
        raise Refusal("R32", contact=cpc_contact(work, person.unit), role="CPC, LPC or ViSOR lead there")
    refuse_oneself(principal, person.id)


def require_marker(work: Work, person: Person, trainer: Trainer | None) -> None:
    """Results are recorded by the session's trainer or the CPC of the person's area; never one's own (R23)."""
    refuse_oneself(work.principal, person.id)
    reach = reach_of(work, person)
    by_trainer = trainer is not None and trainer.person_id == work.principal.person_id
    if not (by_trainer or reach.is_cpc or reach.is_deputy):
        contact = cpc_contact(work, person.unit)
        raise Refusal("R32", contact=contact, role="the session’s trainer or the CPC")


def require_cpc(work: Work, person: Person) -> None:
    reach = reach_of(work, person)
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    refuse_oneself(work.principal, person.id)


def refuse_oneself(principal: Principal, person_id: UUID) -> None:
    if principal.person_id == person_id:
        raise Refusal("R23", subject="training")


def listed(trainer: Trainer) -> Listed:
    return Listed(trainer.first_day, trainer.last_day, trainer.removed_on)
