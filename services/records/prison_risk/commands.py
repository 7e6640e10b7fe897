"""Risk information that was added to the prisons' own system is added to the record too (PF-5.22)."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from services.records.access.archived import is_archived
from services.records.access.authorise import facts
from services.records.custody.commands import FEED
from services.records.custody.models import Incoming
from services.records.custody.movements import administrators, offender_manager
from services.records.nominals.numbers import whose
from services.records.prison_risk.schemas import RiskHeard, RiskMessage
from services.records.service import service
from shared.events.records.prison_risk import PRISON_RISK_TOLD
from shared.ids import derived_id
from shared.refusals import Refusal
from shared.work import Work

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
    nominal_id = whose(work, "noms", noms.strip().upper())
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id)
    work.concerns(nominal_id=nominal_id, kind=kind, type=code)
    if is_archived(work, record, "prison_risk", f"{kind}|{reference}"):
        return {"outcome": "archived"}
    if record.custody_prison is None:
        return {"outcome": "not_in_custody"}
    told_id = derived_id("prison risk", kind, reference)
    row = {"id": told_id, "fact": f"risk|{told_id}", "event_type": f"{kind}:{code}", "outcome": "taken"}
    fresh = insert(Incoming).values(**row, received_at=work.system_now).on_conflict_do_nothing()
    if work.session.execute(fresh.returning(Incoming.id)).first() is None:
        return {"outcome": "known"}
    data = {"told_id": told_id, "nominal_id": nominal_id, "kind": kind, "prison": record.custody_prison}
    # The offender manager ensures that it is added (PF-5.22.1); informing the administrator is enough (PF-5.22.2).
    to = [*administrators(work, record.custody_prison), *offender_manager(work, record.id)]
    work.emit(PRISON_RISK_TOLD, data, aggregate=("nominal", nominal_id), to=to)
    return {"outcome": "taken"}
