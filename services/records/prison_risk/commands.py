"""Risk information that was added to the prisons' own system is added to the record too (PF-5.22)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.custody.commands import FEED
from services.records.custody.models import Incoming
from services.records.custody.movements import PRISON_SERVICE
from services.records.nominals.models import Identifier, Nominal
from services.records.prison_risk.schemas import RiskHeard, RiskMessage
from services.records.service import service
from shared.directory import read_model
from shared.events.records.prison_risk import PRISON_RISK_TOLD
from shared.ids import derived_id
from shared.refusals import Refusal
from shared.work import Concerned, Work

LISTED = "integrations.nomis_risk_types"


@service.command(
    "prison_risk.hear",
    path="/integrations/hmpps/risk-information",
    input=RiskMessage,
    answer=RiskHeard,
    status=202,
    audience="integration",
)
def hear(work: Work, *, noms: str, kind: str, type: str, reference: str) -> dict[str, str]:
    """An alert or case note was added in NOMIS: of the listed types it becomes a task. Told twice it counts once.

    What it says is not taken: who may read it there adds to the log and the attachments what belongs here.
    """
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    code = type.strip().upper()
    if f"{kind}:{code}" not in work.policy.texts(LISTED, work.today):
        return {"outcome": "not_listed"}
    known = select(Identifier.nominal_id).where(
        Identifier.kind == "noms", Identifier.value == noms.strip().upper()
    )
    nominal_id = work.session.execute(known).scalar_one_or_none()
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id)
    work.concerns(nominal_id=nominal_id, kind=kind, type=code)
    if record.custody_prison is None:
        return {"outcome": "not_in_custody"}
    told_id = derived_id("prison risk", kind, reference)
    row = {"id": told_id, "fact": f"risk|{told_id}", "event_type": f"{kind}:{code}", "outcome": "taken"}
    fresh = insert(Incoming).values(**row, received_at=work.system_now).on_conflict_do_nothing()
    if work.session.execute(fresh.returning(Incoming.id)).first() is None:
        return {"outcome": "known"}
    data = {"told_id": told_id, "nominal_id": nominal_id, "kind": kind, "prison": record.custody_prison}
    to = [*_administrators(work, record.custody_prison), *_pom(work, record.id)]
    work.emit(PRISON_RISK_TOLD, data, aggregate=("nominal", nominal_id), to=to)
    return {"outcome": "taken"}


def _administrators(work: Work, prison: str) -> list[Concerned]:
    role = "prison_administrator"
    return holding(read_model.holders(work.session, role, prison), role, prison, PRISON_SERVICE)


def _pom(work: Work, nominal_id: Any) -> list[Concerned]:
    """Who ensures that it is added (PF-5.22.1); informing the administrator is enough (PF-5.22.2)."""
    pom_id = work.session.execute(select(Nominal.pom_id).where(Nominal.id == nominal_id)).scalar_one()
    card = read_model.person(work.session, pom_id) if pom_id else None
    return [Concerned(card.id, "pom", card.unit, card.agency)] if card and card.active else []
