"""Who is the second person, and what stands against deleting a record (PF-4.16i.1)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, or_, select

from services.records.access.contacts import owning_cpc
from services.records.access.record import Record
from services.records.access.rules import reach
from services.records.deletion.models import DeletionRequest
from services.records.deletion.rules import SECOND_ROLES
from services.records.imminent_risk.models import ImminentRisk
from services.records.merging.models import Merge
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN
from shared.access.principal import Principal
from shared.directory import read_model
from shared.refusals import Refusal
from shared.work import Work


def may_decide(work: Work, principal: Principal, owner_unit: str) -> bool:
    """The owner's CPC or who acts for her, its Head of Public Protection, or a data protection officer over it."""
    units = reach(principal)
    if principal.agency_kind == "prison":
        return False
    above = {owner_unit, *read_model.above(work.session, owner_unit)}
    return owner_unit in units.cpc | units.deputy or bool(principal.units_with_role(*SECOND_ROLES) & above)


def refuse_other(work: Work, owner_unit: str) -> None:
    """Raises R30 or R32 for whoever may not be the second person."""
    if may_decide(work, work.principal, owner_unit):
        return
    contact = owning_cpc(work, owner_unit)
    if work.principal.agency_kind == "prison":
        raise Refusal("R30", contact=contact)
    role = "the CPC, her deputy, the Head of Public Protection or the data protection officer"
    raise Refusal("R32", role=role, contact=contact)


def open_request(work: Work, nominal_id: UUID) -> DeletionRequest | None:
    found = select(DeletionRequest).where(
        DeletionRequest.nominal_id == nominal_id, DeletionRequest.state == "requested"
    )
    return work.session.execute(found).scalar_one_or_none()


def refuse_blocked(work: Work, record: Record) -> None:
    """Raises R29 with what must come to an end first."""
    found = []
    moving = select(Transfer.id).where(Transfer.nominal_id == record.id, Transfer.state.in_(OPEN))
    if work.session.execute(moving.limit(1)).first() is not None:
        found.append("a transfer is open")
    waiting = select(Merge.id).where(
        Merge.state == "proposed", or_(Merge.nominal_id == record.id, Merge.gone_id == record.id)
    )
    if work.session.execute(waiting.limit(1)).first() is not None:
        found.append("a merge waits for an answer")
    risky = select(func.count()).where(
        ImminentRisk.nominal_id == record.id, ImminentRisk.stood_down_at.is_(None)
    )
    if work.session.execute(risky.select_from(ImminentRisk)).scalar_one():
        found.append("an imminent risk is not stood down")
    if found:
        raise Refusal("R29", list="; ".join(found), nominal_id=record.id)
