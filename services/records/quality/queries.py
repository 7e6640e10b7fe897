"""The audits that one does or answers for, and one record of a sample with what was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from services.records.access.authorise import Opened
from services.records.quality.commands import item_of, unchecked
from services.records.quality.drawing import asked_of, suggestions
from services.records.quality.models import COMMENT, WORDS, Audit, Item, Template
from services.records.quality.reach import LEAD, overseen
from services.records.quality.rules import AGENCY_OF_UNIT, KINDS, STATES, VERDICTS, looks_at
from services.records.quality.schemas import AuditList, AuditWhole, ItemWhole
from services.records.quality.steps import ONE, UNDER_WAY
from services.records.search.finding import lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

SHOWN = 100
_OWN = (
    "id",
    "kind",
    "unit",
    "owner",
    "title",
    "state",
    "auditor_id",
    "assigned_by",
    "assigned_at",
    "due_on",
    "seed",
    "population",
    "of_id",
    "submission",
    "differing",
    "submitted_at",
    "signed_by",
    "signed_at",
)


@service.query(
    "quality.console",
    path="/quality",
    input=Nothing,
    answer=AuditList,
    page=Page("Quality of records", "quality/console.html"),
)
def console(work: Work) -> dict[str, Any]:
    """What waits for one's signature, what one audits, what is done, and the audit tools (PF-4.16-H)."""
    me = work.principal
    owners, led = sorted(overseen(me)), sorted(me.units_with_role(LEAD))
    found = (
        select(Audit)
        .where(or_(Audit.owner.in_(owners), Audit.unit.in_(led), Audit.auditor_id == me.person_id))
        .order_by(Audit.id.desc())
        .limit(SHOWN)
    )
    rows = list(work.session.execute(found).scalars())
    tools = select(Template).where(Template.owner.in_(owners), Template.retired_at.is_(None))
    work.concerns(count=len(rows))
    return {
        "audits": rows,
        "templates": list(work.session.execute(tools.order_by(Template.title)).scalars()),
        "people": _people(work, rows),
        "units": read_model.units(work.session, [row.unit for row in rows]),
        "oversees": bool(owners),
        "leads": bool(led),
        "me": me.person_id,
        "kinds": KINDS,
        "states": STATES,
        "reports": [
            one
            for code in (
                "RPT-06",
                "RPT-07",
                "RPT-06-AUDITS",
                "RPT-12",
                "RPT-13",
                "RPT-24",
                "RPT-05",
                "RPT-16",
            )
            if (one := service.reports.get(code)) is not None and one.open_to(me)
        ],
    }


@service.query(
    "quality.audit",
    path=ONE,
    input=Nothing,
    answer=AuditWhole,
    page=Page("Audit of records", "quality/audit.html"),
)
def audit(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    """One audit with its sample, for who does it, the CPC and the lead of the prison."""
    one, over = _seen(work, audit_id)
    found = select(Item).where(Item.audit_id == audit_id).order_by(Item.place)
    items = list(work.session.execute(found).scalars())
    checks = select(Audit).where(Audit.of_id == audit_id).order_by(Audit.submission.desc())
    rechecks = list(work.session.execute(checks).scalars())
    mine = one.auditor_id == work.principal.person_id
    return {
        **{name: getattr(one, name) for name in _OWN},
        "words": work.runtime.decrypt(None, WORDS, one.words) if one.words else None,
        "answer": work.runtime.decrypt(None, WORDS, one.answer) if one.answer else None,
        "items": items,
        "lines": {
            line.nominal_id: line
            for line in lines(work.session, work.principal, [item.nominal_id for item in items])
        },
        "people": _people(work, [one]),
        "units": read_model.units(work.session, [one.unit, one.owner]),
        "questions": one.questions,
        "rechecks": rechecks,
        "again": next((check for check in rechecks if looks_at(check.submission, one.submission)), None),
        "may_answer": mine and one.state in UNDER_WAY,
        "left": work.session.execute(select(func.count()).where(*unchecked(audit_id))).scalar_one(),
        "may_sign": over and one.state == "submitted" and not mine,
        "kinds": KINDS,
        "states": STATES,
        "verdicts": VERDICTS,
    }


def _seen(work: Work, audit_id: UUID) -> tuple[Audit, bool]:
    """The audit, and whether the reader is its CPC. Raises NotFound for whom it does not concern."""
    one = work.session.get(Audit, audit_id)
    me = work.principal
    if one is None:
        raise NotFound
    over = one.owner in overseen(me)
    if not (over or one.auditor_id == me.person_id or one.unit in me.units_with_role(LEAD)):
        raise NotFound
    work.concerns(subject=("quality_audit", audit_id))
    return one, over


@service.query("quality.item", path=f"{ONE}/items/<int:place>", input=Nothing, answer=ItemWhole)
def item(work: Work, *, audit_id: UUID, place: int) -> dict[str, Any]:
    """One record of a sample: its questions, what was answered, and, until it is handed in, what the register says."""
    one, _over = _seen(work, audit_id)
    row, opened = item_of(work, one, place)
    may_answer = one.auditor_id == work.principal.person_id and one.state in UNDER_WAY
    work.concerns(place=place)
    comment = work.runtime.readable(row.origin_nominal_id, COMMENT, row.comment) if row.comment else None
    line = next(iter(lines(work.session, work.principal, [row.nominal_id])), None)
    return {
        "id": row.id,
        "audit_id": audit_id,
        "nominal_id": row.nominal_id,
        "place": place,
        "answers": row.answers,
        "checked_at": row.checked_at,
        "questions": asked_of(work, one, opened.record),
        "suggested": _suggested(work, one, opened) if may_answer else {},
        "comment": comment,
        "may_answer": may_answer,
        "line": line,
        "title": one.title,
        "verdicts": VERDICTS,
    }


def _suggested(work: Work, audit: Audit, opened: Opened) -> dict[str, str]:
    unit = read_model.unit(work.session, audit.unit)
    agency = AGENCY_OF_UNIT[unit.kind] if unit else "probation"
    return suggestions(work, audit, opened.record, opened.standings, agency)


def _people(work: Work, audits: list[Audit]) -> dict[UUID, Person]:
    ids = [id for one in audits for id in (one.auditor_id, one.assigned_by, one.signed_by) if id is not None]
    return {id: Person(id, card.name) for id, card in read_model.people(work.session, ids).items()}
