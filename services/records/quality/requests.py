"""Reports that boards and directors ask the CPC for: entered, issued with a watermark, and logged (PF-0.10)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import select

from services.records.quality.models import PURPOSE, ReportRequest
from services.records.quality.reach import overseen, own_owner
from services.records.quality.rules import RECIPIENTS
from services.records.quality.schemas import said
from services.records.service import service
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.files import PDF, Download
from shared.ids import new_id
from shared.print import pdf
from shared.refusals import Invalid, NotFound
from shared.reports.declared import Report
from shared.reports.downloads import in_words
from shared.reports.reading import admit, read_all
from shared.web import guard
from shared.web.display import Person, day, when
from shared.web.downloads import sent
from shared.web.schemas import Answer, Done, Input, Nothing
from shared.work import Work

PATH = "/quality/report-requests"
ONE = f"{PATH}/<uuid:request_id>"
MOST_ROWS = 2_000


def _reports(_context: object = None) -> list[tuple[str, str]]:
    """Those that the CPC may read."""
    me = guard.principal()
    open_ones = [one for one in service.reports.values() if one.open_to(me)]
    return [(one.code, f"{one.title} ({one.code})") for one in sorted(open_ones, key=lambda one: one.code)]


class NewRequest(Input):
    report = fields.String(
        required=True,
        validate=validate.Length(1, 20),
        metadata={"label": "Which report?", "noun": "which report", "widget": "select", "options": _reports},
    )
    recipient = fields.String(
        required=True,
        validate=validate.OneOf(list(RECIPIENTS)),
        metadata={
            "label": "Who asked for it?",
            "noun": "who asked for it",
            "widget": "radios",
            "options": list(RECIPIENTS.items()),
        },
    )
    recipient_name = fields.String(
        required=True,
        validate=[validate.Length(2, 120), said],
        metadata={
            "label": "Name or board",
            "noun": "the name or board",
            "hint": "It stands on each page of what is issued",
        },
    )
    asked_on = fields.Date(
        required=True, metadata={"label": "Asked on", "noun": "the day on which it was asked for"}
    )
    purpose = fields.String(
        required=True,
        validate=[validate.Length(5, 2_000), said],
        metadata={"label": "What is it for?", "noun": "what it is for", "widget": "textarea"},
    )


class RequestAnswer(Answer):
    id = fields.UUID()
    report = fields.String()
    recipient = fields.String(validate=validate.OneOf(list(RECIPIENTS)))
    recipient_name = fields.String()
    asked_on = fields.Date()
    entered_by = fields.UUID()
    entered_at = fields.AwareDateTime()
    issued_by = fields.UUID(allow_none=True)
    issued_at = fields.AwareDateTime(allow_none=True)
    issues = fields.Integer()


class RequestList(Answer):
    requests = fields.List(fields.Nested(RequestAnswer))


def may_enter(work: Work) -> dict[str, Any]:
    own_owner(work)
    return {"asked_on": work.today}


@service.command(
    "quality.request_report",
    path=PATH,
    input=NewRequest,
    answer=RequestAnswer,
    status=201,
    form=FormPage(
        title="Enter a request for a report",
        button="Save request",
        done="The request is kept. Issue the report from the list.",
        next="/quality/report-requests",
        path=f"{PATH}/new",
        intro="The CPC provides reports to the board, Governors, Heads, Directors and the national team (PF-0.10).",
        values=may_enter,
    ),
)
def request_report(
    work: Work, *, report: str, recipient: str, recipient_name: str, asked_on: date, purpose: str
) -> ReportRequest:
    """Keep who asked the CPC for which report, when and what for (PF-0.10)."""
    owner = own_owner(work)
    declared = service.reports.get(report)
    wrong: dict[str, list[str]] = {}
    if declared is None or not declared.open_to(work.principal):
        wrong["report"] = ["Choose a report from the list"]
    if asked_on > work.today:
        wrong["asked_on"] = ["The day on which it was asked for cannot be in the future"]
    if wrong:
        raise Invalid(wrong)
    one = ReportRequest(
        id=new_id(),
        owner=owner,
        report=report,
        recipient=recipient,
        recipient_name=recipient_name.strip(),
        purpose=work.runtime.encrypt(None, PURPOSE, purpose),
        asked_on=asked_on,
        entered_by=work.principal.person_id,
        entered_at=work.now,
        issues=0,
    )
    work.session.add(one)
    work.concerns(subject=("report_request", one.id), report=report, recipient=recipient)
    return one


@service.query(
    "quality.report_requests",
    path=PATH,
    input=Nothing,
    answer=RequestList,
    page=Page("Reports on request", "quality/report_requests.html"),
)
def report_requests(work: Work) -> dict[str, Any]:
    """Who asked for what, and when it was issued; the newest first."""
    own_owner(work)
    owners = sorted(overseen(work.principal))
    found = select(ReportRequest).where(ReportRequest.owner.in_(owners))
    rows = list(work.session.execute(found.order_by(ReportRequest.id.desc()).limit(200)).scalars())
    people = read_model.people(work.session, [one.issued_by for one in rows if one.issued_by])
    work.concerns(count=len(rows))
    return {
        "requests": rows,
        "recipients": RECIPIENTS,
        "titles": {code: one.title for code, one in service.reports.items()},
        "people": {id: Person(id, card.name) for id, card in people.items()},
    }


@service.query(
    "quality.issue_report",
    path=f"{ONE}/paper",
    input=Nothing,
    answer=Done,
    page=Page("Report as it was issued", ""),
    send=sent,
)
def issue_report(work: Work, *, request_id: UUID) -> Download:
    """The report as a paper with its recipient's watermark; each issue is logged, with the number of rows."""
    work.together()
    one = work.session.get(ReportRequest, request_id, with_for_update=True)
    if one is None or one.owner not in overseen(work.principal):
        raise NotFound
    report = service.reports.get(one.report)
    if report is None:
        raise NotFound
    admit(work, report)
    filters = {name: field.load_default for name, field in report.input().fields.items()}
    found = read_all(work, report, filters)
    one.issued_by, one.issued_at, one.issues = work.principal.person_id, work.now, one.issues + 1
    work.concerns(
        subject=("report_request", one.id), report=one.report, recipient=one.recipient, rows=len(found.rows)
    )
    body = pdf(Path(__file__).parent / "templates/quality/issued.typ", _paper(work, one, report, found.rows))
    return Download.of(f"{one.report} issued {one.issues}", PDF, body)


def _paper(work: Work, one: ReportRequest, report: Report, rows: Any) -> dict[str, Any]:
    recipient = f"{RECIPIENTS[one.recipient]}: {one.recipient_name}"
    return {
        "title": f"{report.title} ({report.code})",
        "reader": work.principal.name,
        "printed": when(work.now),
        "flipped": True,
        "watermark": f"Issued to {one.recipient_name}, {day(work.today)}",
        "facts": [
            ["Issued to", recipient],
            ["Asked for on", day(one.asked_on)],
            ["Issued by", f"{work.principal.name}, {when(work.now)}"],
            ["Rows", str(len(rows)) + (f", the first {MOST_ROWS} here" if len(rows) > MOST_ROWS else "")],
        ],
        "columns": [column.text for column in report.columns],
        "rows": [[in_words(row.get(column.key)) for column in report.columns] for row in rows[:MOST_ROWS]],
    }
