"""What the suite drafted for a unit: sent with one click, or dismissed with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import authorise, facts
from services.records.access.concerned import concerned, holding
from services.records.access.record import Record
from services.records.access.standings import hidden_from
from services.records.access.told import somebody_partnered
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.nominals.owners import kind_of_agency
from services.records.partnership.commands import ANSWER, ask
from services.records.partnership.models import Draft, Request, Supervision
from services.records.partnership.partners import end_all
from services.records.partnership.removals import partners_of_unit, settle
from services.records.partnership.rules import probation_is_offered
from services.records.partnership.schemas import Dismissed, DraftAnswer, DraftList, Heard, Supervised
from services.records.search.finding import lines
from services.records.service import service
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.events.records.partnership import DRAFT_SETTLED, REMOVAL_REQUESTED, REQUEST_DRAFTED
from shared.ids import derived_id, new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PATH = "/partnership/drafts"
ONE = f"{PATH}/<uuid:draft_id>"
FEED = "integration.ndelius"
ADMINISTRATORS = ("prison_administrator", "case_administrator", "mappa_administrator", "visor_lead")
WHY_REQUEST = "Probation has statutory responsibility for this person, or manages them under MAPPA (PF-4.26)."
WHY_REMOVAL = "The person left the prison (PF-5.19)."
_KINDS = {"request": "partnership", "removal": "the removal of partners"}


@service.query(
    "partnership.drafts",
    path=PATH,
    input=Nothing,
    answer=DraftList,
    page=Page("Drafted for my unit", "partnership/drafts.html"),
)
def drafts(work: Work) -> dict[str, Any]:
    """What waits to be sent by one's unit, the oldest first."""
    _administers(work, work.principal.unit)
    found = (
        select(Draft)
        .where(
            Draft.unit == work.principal.unit,
            Draft.state == "open",
            Draft.nominal_id.not_in(hidden_from(work.principal)),
        )
        .order_by(Draft.drafted_at, Draft.id)
        .limit(200)
    )
    rows = list(work.session.execute(found).scalars())
    work.concerns(count=len(rows))
    shown = lines(work.session, work.principal, list(dict.fromkeys(row.nominal_id for row in rows)))
    return {"drafts": rows, "lines": {line.nominal_id: line for line in shown}}


def may_send(work: Work, *, draft_id: UUID) -> dict[str, Any]:
    draft = _open(work, draft_id)
    record = authorise(work, "partnership.request", draft.nominal_id).record
    return dict(about(work, record))


@service.command(
    "partnership.send_draft",
    path=f"{ONE}/sent",
    input=Nothing,
    answer=DraftAnswer,
    form=FormPage(
        title="Send what was drafted",
        button="Send",
        done="It is with the owner of the record.",
        next="/partnership/drafts",
        path=f"{ONE}/send",
        intro="The owner of the record is told: of a prisoner who left, with the wish that your users are removed as"
        " partners; of one whom probation supervises, with the wish that your users become partners.",
        values=may_send,
    ),
)
def send(work: Work, *, draft_id: UUID) -> Draft:
    """Send a drafted request for partnership (PF-4.26.1) or for removal (PF-5.19.2) to the owner."""
    draft = _open(work, draft_id)
    record = authorise(work, "partnership.request", draft.nominal_id, lock=True).record
    if draft.kind == "request":
        draft.request_id = ask(work, record, "unit", WHY_REQUEST).id
    else:
        _ask_removal(work, record, draft)
    settle(work, record, draft, "sent")
    work.concerns(subject=("partnership_draft", draft_id), kind=draft.kind)
    return draft


def _ask_removal(work: Work, record: Record, draft: Draft) -> None:
    data = {
        "draft_id": draft.id,
        "nominal_id": record.id,
        "prison": draft.unit,
        "left_at": draft.left_at,
    }
    to = concerned(work, record, "manager", "supervisor", "lpc")
    work.emit(REMOVAL_REQUESTED, data, aggregate=("partnership_draft", draft.id), to=to)


@service.command(
    "partnership.dismiss_draft",
    path=f"{ONE}/dismissed",
    input=Dismissed,
    answer=DraftAnswer,
    form=FormPage(
        title="Do not send it",
        button="Save",
        done="It is not sent, and your reason is kept.",
        next="/partnership/drafts",
        path=f"{ONE}/dismiss",
        values=may_send,
    ),
)
def dismiss(work: Work, *, draft_id: UUID, reason: str) -> Draft:
    """Keep it from being sent, with the reason."""
    draft = _open(work, draft_id)
    record = authorise(work, "partnership.request", draft.nominal_id, lock=True).record
    draft.answer = work.runtime.encrypt(draft.origin_nominal_id, ANSWER, reason.strip())
    settle(work, record, draft, "dismissed")
    work.concerns(subject=("partnership_draft", draft_id), private=reason, kind=draft.kind)
    return draft


def may_remove(work: Work, *, nominal_id: UUID, draft_id: UUID) -> dict[str, Any]:
    record = authorise(work, "partnership.decide", nominal_id).record
    _sent(work, nominal_id, draft_id)
    return dict(about(work, record))


@service.command(
    "partnership.remove_unit",
    path="/nominals/<uuid:nominal_id>/partnership/removals/<uuid:draft_id>",
    input=Nothing,
    answer=DraftAnswer,
    form=FormPage(
        title="Remove the prison’s partners",
        button="Remove all of them",
        done="The prison’s users are partners no more. Each of them has been told.",
        next="/nominals/{nominal_id}/partners",
        path="/nominals/<uuid:nominal_id>/partnership/removals/<uuid:draft_id>/remove",
        intro="The person left the prison, and it asks that its users are removed as partners. They can still open the"
        " record, with a reason. What they wrote stays.",
        values=may_remove,
        template="partnership/remove.html",
    ),
)
def remove_unit(work: Work, *, nominal_id: UUID, draft_id: UUID) -> Draft:
    """End the partnerships of a prison whose prisoner left (PSI-2.4.1), as it asked."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    draft = _sent(work, nominal_id, draft_id)
    ended = end_all(work, record, partners_of_unit(work, nominal_id, draft.unit), WHY_REMOVAL)
    draft.ended_at = work.now
    work.concerns(subject=("partnership_draft", draft_id), ended=ended)
    data = {"draft_id": draft.id, "nominal_id": nominal_id, "state": "done"}
    agencies = sorted({draft.agency, record.owner_agency})
    work.emit(DRAFT_SETTLED, data, aggregate=("partnership_draft", draft.id), agencies=agencies)
    return draft


def _sent(work: Work, nominal_id: UUID, draft_id: UUID) -> Draft:
    draft = work.session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.nominal_id != nominal_id or draft.kind != "removal":
        raise NotFound
    if draft.state != "sent" or draft.ended_at is not None:
        raise Refusal("R34", what="This is not to be done, or was done already.", nominal_id=nominal_id)
    return draft


def _open(work: Work, draft_id: UUID) -> Draft:
    """Locked; for those who administer its unit. Raises NotFound, R32, or R34 once it is decided."""
    draft = work.session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise NotFound
    _administers(work, draft.unit)
    if draft.state != "open":
        raise Refusal("R34", what="This draft was decided already.", nominal_id=draft.nominal_id)
    return draft


def _administers(work: Work, unit: str) -> None:
    if unit not in work.principal.units_with_role(*ADMINISTRATORS):
        raise Refusal("R32", role="administrator or ViSOR lead of the unit")


# ---- Records of the police where probation has statutory responsibility ----


@service.command(
    "partnership.hear_supervision",
    path="/integrations/ndelius/supervised",
    input=Supervised,
    answer=Heard,
    status=202,
    audience="integration",
)
def hear_supervision(work: Work, *, crn: str, unit: str, over: bool) -> dict[str, str]:
    """Probation supervises this person, or manages them under MAPPA: draft the request for a police-owned record.

    PF-4.26.1, PF-4.26.2; PI-3.3.2 has the force owe the same, and the force is asked by the request. Kept, so that a
    record that comes later, or becomes the police's, is found at night (`nightly.py`).
    """
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    place = read_model.unit(work.session, unit)
    if place is None or place.kind != "delivery_unit":
        raise Invalid({"unit": ["Not the code of a delivery unit"]})
    _keep_supervision(work, crn, unit, over=over)
    if over:
        return {"outcome": "over"}
    nominal_id = whose(work, "crn", crn)
    if nominal_id is None:
        return {"outcome": "no_record"}
    return {"outcome": draft_request(work, facts(work, nominal_id, lock=True), place)}


def _keep_supervision(work: Work, crn: str, unit: str, *, over: bool) -> None:
    told = {"told_at": work.now, "ended_at": work.now if over else None}
    row = insert(Supervision).values(id=new_id(), crn=crn, unit=unit, **told)
    work.session.execute(row.on_conflict_do_update(index_elements=["crn", "unit"], set_=told))


def draft_request(work: Work, record: Record, place: read_model.UnitCard) -> str:
    """`drafted`, or why not. Once for a unit and a record, until somebody there is partner and has ceased to be."""
    if kind_of_agency(record.owner_agency) != "police":
        return "own"
    if record.status != "live" or not probation_is_offered(
        record.category,
        record.level,
        level_1_too=work.policy.flag("cat1_level1_probation_partner", work.today),
    ):
        return "off"
    if somebody_partnered(work.session, record.id, place.code):
        return "partner"
    waiting = select(Request.id).where(
        Request.nominal_id == record.id, Request.requesting_unit == place.code, Request.state == "requested"
    )
    if work.session.execute(waiting.limit(1)).first() is not None:
        return "known"
    row = {
        "id": new_id(),
        "nominal_id": record.id,
        "origin_nominal_id": record.id,
        "kind": "request",
        "unit": place.code,
        "agency": place.agency,
        "cause": derived_id("supervised", record.id, place.code, work.today),
        "drafted_at": work.now,
        "state": "open",
    }
    fresh = insert(Draft).values(row).on_conflict_do_nothing().returning(Draft.id)
    draft_id = work.session.execute(fresh).scalar_one_or_none()
    if draft_id is None:
        return "known"
    role = "case_administrator"
    to = holding(read_model.holders(work.session, role, place.code), role, place.code, place.agency)
    data = {"draft_id": draft_id, "nominal_id": record.id, "unit": place.code}
    work.concerns(nominal_id=record.id, subject=("partnership_draft", draft_id))
    work.emit(REQUEST_DRAFTED, data, aggregate=("partnership_draft", draft_id), to=to)
    return "drafted"
