"""When one record is reviewed and how it was decided, and the reviews that wait (SC-17.12.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.standings import standings
from services.records.archiving.reviewing import archives_of
from services.records.nominals.models import Name, Nominal
from services.records.nominals.parts import summary_part
from services.records.retention.commands import ACTION, HERE, PATH
from services.records.retention.days import kept_until
from services.records.retention.models import BASIS, REASON, RetentionDate, RetentionReview
from services.records.retention.rules import OUTCOMES, PRECISIONS
from services.records.retention.schemas import ListAnswer, ListInput, RetentionAnswer
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

SHOWN = 200


@summary_part("places")
def place(work: Work, record: Record) -> Mapping[str, Any] | None:
    """For whoever decides about it."""
    if record.owner_unit not in archives_of(work.principal):
        return None
    return {"text": "Retention and deletion", "href": f"/records{HERE.format(nominal_id=record.id)}"}


@service.query(
    "retention.read",
    path=PATH,
    input=Nothing,
    answer=RetentionAnswer,
    page=Page("Retention and deletion", "retention/record.html"),
)
def read(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Until when the record is kept, and each review that was decided."""
    record = authorise(work, ACTION, nominal_id).record
    kept = kept_until(work, nominal_id)
    found = select(RetentionReview).where(RetentionReview.nominal_id == nominal_id)
    rows = list(work.session.scalars(found.order_by(RetentionReview.id.desc())))
    people = read_model.people(work.session, [row.reviewed_by for row in rows if row.reviewed_by])
    stated = select(RetentionDate).where(RetentionDate.nominal_id == nominal_id)
    said = work.session.execute(stated).scalar_one_or_none()
    return {
        "nominal_id": nominal_id,
        "visor_number": record.visor_number,
        "precision": kept.precision,
        "precisions": PRECISIONS,
        "review_on": kept.review_on,
        "by_hand": kept.by_hand,
        "basis": work.runtime.readable(said.origin_nominal_id, BASIS, said.basis)
        if said and said.basis
        else None,
        "may": decide(work.principal, ACTION, record).allowed,
        "due": any(row.outcome is None for row in rows),
        "today": work.today,
        "reviews": [_review(work, row, people) for row in rows],
    }


def _review(work: Work, row: RetentionReview, people: Mapping[UUID, read_model.PersonCard]) -> dict[str, Any]:
    by = row.reviewed_by
    return {
        "id": row.id,
        "review_on": row.review_on,
        "outcome": OUTCOMES[row.outcome] if row.outcome else None,
        "reviewed_at": row.reviewed_at,
        "who": Person(by, people[by].name if by in people else "a user not known here") if by else None,
        "next_on": row.next_on,
        "reason": work.runtime.readable(row.origin_nominal_id, REASON, row.reason) if row.reason else None,
    }


@service.query(
    "retention.list",
    path="/retention",
    input=ListInput,
    answer=ListAnswer,
    page=Page("Retention reviews", "retention/list.html"),
)
def list_reviews(work: Work, *, show: str) -> dict[str, Any]:
    """Of one's areas and forces: what waits, what must be set by hand, or what was decided."""
    if not archives_of(work.principal):
        code = "R30" if work.principal.agency_kind == "prison" else "R11"
        raise Refusal(code, token="cpc")  # noqa: S106 - a token is an access right here
    rows = work.session.execute(_listed(work, show).limit(SHOWN)).all()
    work.concerns(count=len(rows))
    return {
        "records": [
            {
                **row._mapping,  # noqa: SLF001 - the public name of a row as a mapping
                "name": f"{row.forenames} {row.surname}".strip(),
                "outcome": OUTCOMES.get(row.outcome),
            }
            for row in rows
        ],
        "today": work.today,
    }


def _listed(work: Work, show: str) -> Any:
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Nominal.id, over.c.standing.in_(("cpc", "deputy"))
    )
    main = (Name.nominal_id == Nominal.id) & (Name.kind == "main")
    named = (
        Nominal.id.label("nominal_id"),
        Nominal.visor_number,
        Nominal.status,
        Name.forenames,
        Name.surname,
    )
    if show == "manual":
        dated = RetentionDate.nominal_id == Nominal.id
        found = select(*named, RetentionDate.review_on, RetentionDate.precision.label("outcome"))
        found = found.join(RetentionDate, dated).where(RetentionDate.precision == "unknown")
        return found.join(Name, main).where(own.exists()).order_by(RetentionDate.review_on)
    waits = RetentionReview.outcome.is_(None) if show == "due" else RetentionReview.outcome.is_not(None)
    reviewed = select(*named, RetentionReview.review_on, RetentionReview.outcome)
    reviewed = reviewed.join(RetentionReview, RetentionReview.nominal_id == Nominal.id).join(Name, main)
    return reviewed.where(own.exists(), waits).order_by(RetentionReview.review_on, Nominal.id)
