"""RPT-18, document signing: who has signed what is in force, and who owes it still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    select,
    union_all,
)

from services.identity.documents.choices import documents
from services.identity.documents.models import Document, DocumentVersion, Passage, Receipt, Signature
from services.identity.documents.signed import current_versions, signatories
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.vetting.scope import WHOM, overseen, oversees_somebody
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

SIGNED, ON_PAPER, OWED, OVERDUE = "Signed", "Signed on paper", "Not signed", "Overdue"
SIGNED_STATES = (SIGNED, ON_PAPER)
_STATES = {"owed": (OWED, OVERDUE), "overdue": (OVERDUE,), "signed": SIGNED_STATES}


class SigningFilter(Input):
    document = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"options": documents, "empty": "Any", "widget": "select"},
    )
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *_STATES]),
        metadata={
            "label": "State",
            "widget": "select",
            "empty": "Any",
            "options": [("owed", "Not signed"), ("overdue", "Overdue"), ("signed", "Signed")],
        },
    )


def _by_document(work: Work, *, document: str, state: str) -> Sequence[tuple[Any, ...]]:
    rows = signing_status(work, document=document, state=state).subquery()
    done = func.count().filter(rows.c.state.in_(SIGNED_STATES))
    found = select(rows.c.title, done, func.count() - done).group_by(rows.c.title).order_by(rows.c.title)
    return [tuple(row) for row in work.session.execute(found)]


@service.report(
    "RPT-18",
    "Document signing",
    "PF-4.16/A.4",
    "PF-4.16/D.1",
    "PF-5.11.1",
    input=SigningFilter,
    columns=(
        ReportColumn("name", "Who", "person", sortable=True),
        ReportColumn("unit_name", "Where", sortable=True),
        ReportColumn("title", "Document", sortable=True),
        ReportColumn("version", "Version"),
        ReportColumn("published_on", "Published on", "date"),
        ReportColumn(
            "state",
            "State",
            "tag",
            sortable=True,
            href="documents_url",
            colours={SIGNED: "green", ON_PAPER: "green", OWED: "orange", OVERDUE: "red"},
        ),
        ReportColumn("signed_at", "Signed", "moment"),
    ),
    whom=WHOM,
    open_to=oversees_somebody,
    intro="Each document in force and everybody who signs it: who owes it comes first.",
    chart=Chart("Signatures by document", ("Signed", "Not signed"), _by_document, kind="stacked"),
    empty="Nothing is in force that anybody has to sign.",
)
def signing_status(work: Work, *, document: str, state: str) -> Any:
    """Of those whom the reader oversees. Overdue: the grace from its publishing is over (R07)."""
    rows = signing(work, document, overseen(work.principal))
    order = case({OVERDUE: 0, OWED: 1}, value=rows.c.state, else_=2)
    found = select(rows).order_by(order, rows.c.published_on, rows.c.name, rows.c.name_id)
    return found.where(rows.c.state.in_(_STATES[state])) if state else found


def signing(work: Work, document: str, people: ColumnElement[bool]) -> Subquery:
    """Each document in force, or this one, and each of these people who signs it (`name_id`), with its `state`."""
    # One and the same condition in each part: its common table may stand in the statement once only.
    parts = [_of_document(work, one, version, people) for one, version in _in_force(work, document)]
    return union_all(*parts).subquery()


def _in_force(work: Work, code: str) -> list[tuple[Document, DocumentVersion]]:
    """At least one row, so that there is something to select from; nobody signs a historical one."""
    asked = select(Document).where(Document.signature != "none", ~Document.historical)
    wanted = {one.code: one for one in work.session.execute(asked).scalars() if code in ("", one.code)}
    found = [(wanted[one.document], one) for one in current_versions(work.session, wanted)]
    return found or [(Document(code="", title="", agency_kinds=[], jurisdictions=[]), DocumentVersion())]


def _of_document(work: Work, one: Document, version: DocumentVersion, people: ColumnElement[bool]) -> Any:
    grace = work.policy.period("deadline.D-35", work.today).amount
    late = _begins(one, version) + grace < work.today
    state = case(
        (Signature.scan_id.is_not(None), ON_PAPER),
        (Signature.id.is_not(None), SIGNED),
        (late, OVERDUE),
        else_=OWED,
    )
    mine = and_(Signature.person_id == Person.id, Signature.version_id == version.id)
    return (
        select(
            Person.id.label("name_id"),
            Person.name.label("name"),
            Unit.name.label("unit_name"),
            literal(one.title).label("title"),
            literal(version.version or "").label("version"),
            literal(version.published_on or work.today).label("published_on"),
            state.label("state"),
            (literal("/identity/people/") + cast(Person.id, String) + literal("/documents")).label(
                "documents_url"
            ),
            Signature.signed_at.label("signed_at"),
        )
        .join(Unit, Unit.code == Person.unit)
        .outerjoin(Signature, mine)
        .where(people, signatories(one) if one.code else false())
    )


def _begins(one: Document, version: DocumentVersion) -> ColumnElement[Any]:
    """The grace runs from the publishing, or for who signed no older version from when they came."""
    older = select(Signature.id).join(DocumentVersion, DocumentVersion.id == Signature.version_id)
    before = older.where(Signature.person_id == Person.id, DocumentVersion.document == one.code)
    published, joined = literal(version.published_on, Date), cast(Person.created_at, Date)
    return case((before.correlate(Person).exists(), published), else_=func.greatest(published, joined))


class MessagesFilter(Input):
    read = fields.String(
        load_default="",
        validate=validate.OneOf(["", "no"]),
        metadata={"label": "Show", "widget": "select", "empty": "All", "options": [("no", "Not read yet")]},
    )


@service.report(
    "RPT-18-MESSAGES",
    "Read receipts of messages on documents",
    "PF-5.11.4",
    input=MessagesFilter,
    columns=(
        ReportColumn("name", "Who", "person", sortable=True),
        ReportColumn("unit_name", "Where", sortable=True),
        ReportColumn("role", "Received as"),
        ReportColumn("sent_at", "Sent", "moment"),
        ReportColumn("read_at", "Read", "moment"),
        ReportColumn("message", "Message", href="message_url"),
    ),
    whom=WHOM,
    open_to=oversees_somebody,
    empty="No message has been sent.",
)
def receipts(work: Work, *, read: str) -> Select[Any]:
    """Who has not read comes first."""
    found = (
        select(
            Person.id.label("name_id"),
            Person.name,
            Unit.name.label("unit_name"),
            func.initcap(func.replace(Receipt.role, "_", " ")).label("role"),
            Receipt.sent_at,
            Receipt.read_at,
            literal("See").label("message"),
            (literal("/identity/documents/messages/") + cast(Passage.message_id, String)).label(
                "message_url"
            ),
        )
        .join(Receipt, Receipt.person_id == Person.id)
        .join(Passage, Passage.id == Receipt.passage_id)
        .join(Unit, Unit.code == Passage.unit)
        .where(overseen(work.principal))
        .order_by(Receipt.read_at.nulls_first(), Receipt.sent_at.desc(), Person.name, Receipt.id)
    )
    return found.where(Receipt.read_at.is_(None)) if read else found
