"""What makes one record ready to be archived and what stands against it, and the archive of an area (PF-4.16c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.standings import standings
from services.records.archiving import rules
from services.records.archiving.blocking import blocks, missing_termination
from services.records.archiving.commands import ARCHIVE, PATH, UNARCHIVE
from services.records.archiving.models import BACK, REASON, ArchiveReview, Archiving, ReadyToArchive
from services.records.archiving.readiness import life_of
from services.records.archiving.reviewing import answers_for, archived_in, archives_of, open_review
from services.records.archiving.schemas import ArchiveListAnswer, ArchivePageAnswer, ListInput
from services.records.nominals.models import Name, Nominal
from services.records.service import service
from services.records.transfers.blocking import Block
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "archiving.read",
    path=PATH,
    input=Nothing,
    answer=ArchivePageAnswer,
    page=Page("Archive", "archiving/record.html"),
)
def read(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whether the record is, was or can be archived; to its CPC also what stands against it and what to do."""
    opened = authorise(work, "nominals.read", nominal_id)
    record, life = opened.record, life_of(work, nominal_id)
    live = record.status == "live"
    found = rules.grounds(life, work.today) if live else []
    return {
        "visor_number": record.visor_number,
        "status": record.status,
        "died_on": life.died_on,
        "grounds": [{"ground": rules.GROUNDS[one.ground], "since": one.since} for one in found],
        "blocks": _against(work, record, found[0].ground if found else "other") if live else [],
        "may_archive": live and _may(work, opened, ARCHIVE),
        "may_unarchive": not live and _may(work, opened, UNARCHIVE),
        "may_note": live and _may(work, opened, "nominals.change"),
        "times": _times(work, nominal_id),
    }


def _may(work: Work, opened: Opened, action: str) -> bool:
    return decide(work.principal, action, opened.record).allowed


def _against(work: Work, record: Record, ground: str) -> list[Block]:
    first = missing_termination(work, record, ground)
    return [*([first] if first else []), *blocks(work, record)]


def _times(work: Work, nominal_id: UUID) -> list[dict[str, Any]]:
    found = select(Archiving).where(Archiving.nominal_id == nominal_id).order_by(Archiving.archived_at.desc())
    rows = list(work.session.execute(found).scalars())
    named = [one for row in rows for one in (row.archived_by, row.unarchived_by) if one is not None]
    people = read_model.people(work.session, named)
    return [_time(work, row, people) for row in rows]


def _time(work: Work, row: Archiving, people: Mapping[UUID, read_model.PersonCard]) -> dict[str, Any]:
    def opened(purpose: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else work.runtime.readable(row.origin_nominal_id, purpose, sealed)

    def who(person_id: UUID | None) -> Person | None:
        if person_id is None:
            return None
        return Person(person_id, people[person_id].name if person_id in people else "a user not known here")

    kept = (
        "archived_at",
        "archived_by",
        "partnerships_end_on",
        "partnerships_ended_at",
        "unarchived_at",
        "unarchived_by",
    )
    return {
        **{name: getattr(row, name) for name in kept},
        "ground": rules.GROUNDS[row.ground],
        "reason": opened(REASON, row.reason),
        "back_reason": opened(BACK, row.back_reason),
        "archived_who": who(row.archived_by),
        "unarchived_who": who(row.unarchived_by),
    }


@service.query(
    "archiving.list",
    path="/archive",
    input=ListInput,
    answer=ArchiveListAnswer,
    page=Page("Archived records", "archiving/list.html"),
)
def list_archived(work: Work, *, unit: str, before: UUID | None) -> dict[str, Any]:
    """The archive of one area or force, with when it is looked through next; the newest record first."""
    mine = sorted(archives_of(work.principal))
    if not mine and not unit:
        code = "R30" if work.principal.agency_kind == "prison" else "R11"
        raise Refusal(code, token="cpc")  # noqa: S106 - a token is an access right here
    chosen = unit or mine[0]
    answers_for(work, chosen)
    rows = _archived(work, chosen, before)
    shown = rows[:PAGE]
    work.concerns(unit=chosen, count=len(shown))
    review = open_review(work, chosen)
    done = select(func.max(ArchiveReview.reviewed_at)).where(ArchiveReview.owner_unit == chosen)
    return {
        "unit": chosen,
        "units": read_model.units(work.session, mine),
        "mine": mine,
        "archived": archived_in(work, chosen),
        "ready": _ready(work, chosen),
        "review_due_on": review.due_on if review else None,
        "reviewed_at": work.session.execute(done).scalar_one(),
        "today": work.today,
        "records": [_line(row) for row in shown],
        "next_before": shown[-1].nominal_id if len(rows) > PAGE else None,
    }


def _archived(work: Work, unit: str, before: UUID | None) -> list[Any]:
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Nominal.id, over.c.standing.in_(("cpc", "deputy"))
    )
    now = (Archiving.nominal_id == Nominal.id) & Archiving.unarchived_at.is_(None)
    found = (
        select(
            Nominal.id.label("nominal_id"),
            Nominal.visor_number,
            Nominal.date_of_birth,
            Name.forenames,
            Name.surname,
            Archiving.ground,
            Archiving.archived_at,
            Archiving.partnerships_end_on,
            Archiving.partnerships_ended_at,
        )
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .outerjoin(Archiving, now)
        .where(Nominal.owner_unit == unit, Nominal.status == "archived", own.exists())
    )
    if before is not None:
        found = found.where(Nominal.id < before)
    return list(work.session.execute(found.order_by(Nominal.id.desc()).limit(PAGE + 1)).all())


def _ready(work: Work, unit: str) -> int:
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == ReadyToArchive.nominal_id, over.c.standing.in_(("cpc", "deputy"))
    )
    counted = select(func.count(ReadyToArchive.id)).join(Nominal, Nominal.id == ReadyToArchive.nominal_id)
    statement = counted.where(Nominal.owner_unit == unit, own.exists())
    return int(work.session.execute(statement).scalar_one())


def _line(row: Any) -> dict[str, Any]:
    values = row._asdict()
    ground = rules.GROUNDS.get(row.ground)
    name = f"{row.forenames} {row.surname}".strip()
    return {**values, "name": name, "year_of_birth": row.date_of_birth.year, "ground": ground}
