"""A prison checks the record; then, and only then, its managers approve leave (PF-5.23, R26)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise, facts
from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.rotl.models import TEXT, RotlApproval, RotlCheck
from services.records.rotl.rules import APPROVING, lasts_until, still_counts, wrong_check, wrong_leave
from services.records.rotl.schemas import ApprovalAnswer, CheckAnswer, NewApproval, NewCheck, ToldApproval
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.events.records.rotl import ROTL_CHECKED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import Concerned, Work

ACTION = "rotl.check"
PATH = "/nominals/<uuid:nominal_id>/rotl"
LASTS = "rotl.check_lasts"
PRISON_SERVICE = "prison-service"
# The access right of the prisons' own system.
FEED = "integration.hmpps"
TWICE = "This leave is approved already."

service.constraints["uq_rotl_approval_leave"] = lambda: Refusal("R34", what=TWICE)


def may_check(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, _checking(work, nominal_id)))


@service.command(
    "rotl.check",
    path=f"{PATH}/checks",
    input=NewCheck,
    answer=CheckAnswer,
    status=201,
    form=FormPage(
        title="Check before temporary release",
        button="Save check",
        done="The check is on the record. Leave can be approved on it while it counts.",
        next="/nominals/{nominal_id}/rotl",
        path=f"{PATH}/new",
        intro="Read the record first: risk level, warning markers, attachments and what was written last (PF-5.23).",
        values=may_check,
        drafts=True,
    ),
)
def check(work: Work, *, nominal_id: UUID, outcome: str, text: str) -> RotlCheck:
    """Say that the prison has accessed the record before temporary release, and what it found."""
    record = _checking(work, nominal_id, lock=True)
    if wrong := wrong_check(outcome, text):
        raise Invalid(wrong)
    one = RotlCheck(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        prison=work.principal.unit,
        outcome=outcome,
        text=work.runtime.encrypt(nominal_id, TEXT, text) if text.strip() else None,
        checked_by=work.principal.person_id,
        checked_at=work.now,
    )
    work.session.add(one)
    work.session.flush()
    work.concerns(subject=("rotl_check", one.id), private=text or None, outcome=outcome)
    _tell(work, record, one)
    return one


def _checking(work: Work, nominal_id: UUID, *, lock: bool = False) -> Record:
    """For whoever may read the record, and works in a prison: R13, R15 and their like, then R32."""
    record = authorise(work, ACTION, nominal_id, lock=lock).record
    unit = read_model.unit(work.session, work.principal.unit)
    if unit is None or unit.kind != "prison":
        raise Refusal("R32", role="a user of the prison that decides", nominal_id=nominal_id)
    return record


def _tell(work: Work, record: Record, one: RotlCheck) -> None:
    """The owner is asked to look where the prison referred it: whoever manages the record, else its CPC."""
    referred = one.outcome == "referred"
    data = {
        "check_id": one.id,
        "nominal_id": record.id,
        "prison": one.prison,
        "referred": referred,
        "lasts_until": lasts_until(one.checked_at, _lasts(work), record.jurisdiction),
    }
    to: list[Concerned] = []
    if referred:
        to = concerned(work, record, "cpc" if record.manager_id is None else "manager")
    told = {PRISON_SERVICE, *agencies_told(work.session, record)}
    work.emit(ROTL_CHECKED, data, aggregate=("rotl_check", one.id), to=to, agencies=sorted(told))


def may_approve(work: Work) -> dict[str, Any]:
    _approving(work)
    return {}


@service.command(
    "rotl.approve",
    path="/rotl/approvals",
    input=NewApproval,
    answer=ApprovalAnswer,
    status=201,
    form=FormPage(
        title="Approve temporary release",
        button="Approve leave",
        done="Done. If the leave is not listed below, nobody on the register has this prison number: check it again.",
        next="/rotl/approvals",
        path="/rotl/approvals/new",
        intro="Leave can be approved once a user of your prison has checked ViSOR. The check counts for a fortnight.",
        values=may_approve,
    ),
)
def approve(work: Work, *, noms: str, leave_on: date) -> dict[str, Any]:
    """Approve leave, on the strength of a check by this prison that still counts: else R26 (PF-5.23.1)."""
    return _approved(work, _approving(work), noms, leave_on)


@service.command(
    "rotl.hear_approval",
    path="/integrations/rotl/approvals",
    input=ToldApproval,
    answer=ApprovalAnswer,
    status=201,
    audience="integration",
)
def hear_approval(work: Work, *, noms: str, leave_on: date, prison: str) -> dict[str, Any]:
    """The same from the prisons' own system, before it lets anybody go: R26 without a check."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    unit = read_model.unit(work.session, f"prison-{prison}")
    if unit is None:
        raise Invalid({"prison": ["Not the code of a prison"]})
    return _approved(work, unit.code, noms, leave_on)


def _approving(work: Work) -> str:
    """The prison for which the principal decides. Raises R32."""
    units = work.principal.units_with_role(*APPROVING)
    if not units:
        raise Refusal("R32", role="a manager who approves temporary release")
    return work.principal.unit if work.principal.unit in units else min(units)


def _approved(work: Work, prison: str, noms: str, leave_on: date) -> dict[str, Any]:
    if wrong := wrong_leave(leave_on, work.today):
        raise Invalid(wrong)
    nominal_id = whose(work, "noms", noms.strip().upper())
    if nominal_id is None:
        work.concerns(no_record=True, prison=prison)
        return {"id": None, "leave_on": leave_on, "outcome": "no_record", "checked_at": None}
    record = facts(work, nominal_id, lock=True)
    work.concerns(nominal_id=nominal_id, prison=prison)
    one = _check_that_counts(work, record, prison)
    approval = RotlApproval(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        check_id=one.id,
        prison=prison,
        leave_on=leave_on,
        approved_by=work.principal.person_id,
        approved_at=work.now,
    )
    work.session.add(approval)
    work.session.flush()
    work.concerns(subject=("rotl_approval", approval.id), leave_on=leave_on)
    return {
        "id": approval.id,
        "leave_on": leave_on,
        "outcome": one.outcome,
        "checked_at": one.checked_at,
    }


def _check_that_counts(work: Work, record: Record, prison: str) -> RotlCheck:
    """The newest by this prison. Raises R26 without one, or where it is too long ago; R34 for leave approved before."""
    newest = (
        select(RotlCheck)
        .where(RotlCheck.nominal_id == record.id, RotlCheck.prison == prison)
        .order_by(RotlCheck.checked_at.desc(), RotlCheck.id.desc())
        .limit(1)
    )
    one = work.session.execute(newest).scalar_one_or_none()
    if one is None or not still_counts(one.checked_at, work.now, _lasts(work), record.jurisdiction):
        lead = next(iter(read_model.holders(work.session, "visor_lead", prison)), None)
        raise Refusal("R26", contact=contact("ViSOR lead", lead), nominal_id=record.id)
    return one


def _lasts(work: Work) -> Any:
    return work.policy.period(LASTS, work.today)
