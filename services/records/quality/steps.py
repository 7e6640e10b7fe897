"""What the acts on audits share: where they are, whose they are, and whom they tell."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.records.quality.models import Audit
from services.records.quality.reach import overseen, refuse
from shared.directory import read_model
from shared.events.records.quality import AUDIT_SIGNED, ROUND_DONE, dataset_round
from shared.events.registry import EventKind
from shared.refusals import NotFound, Refusal
from shared.work import Concerned, Work

PATH = "/quality/audits"
ONE = f"{PATH}/<uuid:audit_id>"
PAGE = "/quality/audits/{audit_id}"
# The auditor's to answer.
UNDER_WAY = frozenset({"assigned", "returned"})
# The rounds of D-27 are of areas and prison groups.
ROUNDS = ("mappa_area", "prison_group")


def own_audit(work: Work, audit_id: UUID, *, lock: bool = False) -> Audit:
    """An audit that one is doing. Raises NotFound for another's, R34 once it is out of hand."""
    audit = work.session.get(Audit, audit_id, with_for_update=lock or None, populate_existing=True)
    if audit is None or audit.auditor_id != work.principal.person_id:
        raise NotFound
    if audit.state not in UNDER_WAY:
        raise Refusal("R34", what="This audit was handed in already.")
    return audit


def overseen_audit(work: Work, audit_id: UUID, *, lock: bool = False) -> Audit:
    """For the CPC of its area, group or force. Raises NotFound, or R24 for anybody else."""
    audit = work.session.get(Audit, audit_id, with_for_update=lock or None, populate_existing=True)
    if audit is None:
        raise NotFound
    work.concerns(subject=("quality_audit", audit_id))
    if audit.owner not in overseen(work.principal):
        raise refuse(work, audit.owner)
    return audit


def sign_off(work: Work, audit: Audit) -> None:
    """With it the round of an area or group is over, should the minimum dataset have been audited (D-27)."""
    audit.state, audit.signed_by, audit.signed_at = "signed", work.principal.person_id, work.now
    unit = read_model.unit(work.session, audit.owner)
    if audit.kind != "recheck":
        told = () if audit.auditor_id == work.principal.person_id else auditor_of(work, audit)
        tell(work, AUDIT_SIGNED, audit, told)
    if audit.template_id is None and audit.kind == "audit" and unit is not None and unit.kind in ROUNDS:
        data = {"round_id": dataset_round(unit.code), "audit_id": audit.id, "unit": unit.code}
        work.emit(ROUND_DONE, data, aggregate=("quality_audit", audit.id), agencies=[unit.agency])


def auditor_of(work: Work, audit: Audit) -> list[Concerned]:
    """Empty once they have left."""
    card = read_model.person(work.session, audit.auditor_id)
    return [Concerned(card.id, "auditor", card.unit, card.agency)] if card and card.active else []


def tell(work: Work, kind: EventKind, audit: Audit, to: Sequence[Concerned]) -> None:
    data = {"audit_id": audit.id, "kind": audit.kind, "unit": audit.unit}
    agencies = () if to else [work.principal.agency]
    work.emit(kind, data, aggregate=("quality_audit", audit.id), to=to, agencies=agencies)
