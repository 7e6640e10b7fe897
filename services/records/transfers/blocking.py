"""What stands in the way of a transfer, each with what to do about it (R29, R21)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select

from services.records.access.record import Record
from services.records.activity_log.models import Need
from services.records.meetings.models import Meeting
from services.records.partnership.models import Request
from shared.refusals import Refusal
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Block:
    """`what` as R29 lists it; `do` and `href` lead to where it is put right."""

    what: str
    do: str
    href: str


def blocks(work: Work, record: Record) -> list[Block]:
    """The record goes on whole: nothing that the old owner was asked for is left for the new one (PF-1.4.1)."""
    base = f"/records/nominals/{record.id}"
    open_ones = work.session.execute(
        select(_requests(record.id), _minutes(record.id), _needs(record.id))
    ).one()
    found = (
        ("partnership request", "Answer them", "/records/partnership/requests"),
        ("set of minutes", "Add them", f"{base}/meetings"),
        ("attachment that needs updating", "Update or decline them", f"{base}/activity-log"),
    )
    plurals = ("partnership requests", "sets of minutes", "attachments that need updating")
    endings = ("to be answered", "to be added", "")
    return [
        Block(f"{count} {one[0] if count == 1 else many} {ending}".strip(), *one[1:])
        for count, one, many, ending in zip(open_ones, found, plurals, endings, strict=True)
        if count
    ]


def refuse_blocked(work: Work, record: Record) -> None:
    """Raises R29 with the whole list."""
    if found := blocks(work, record):
        raise Refusal("R29", list="; ".join(one.what for one in found), nominal_id=record.id)


def _requests(nominal_id: UUID) -> ScalarSelect[int]:
    counted = select(func.count()).where(Request.nominal_id == nominal_id, Request.state == "requested")
    return counted.scalar_subquery()


def _minutes(nominal_id: UUID) -> ScalarSelect[int]:
    owed = select(func.count()).where(Meeting.nominal_id == nominal_id, Meeting.minutes_added_at.is_(None))
    return owed.scalar_subquery()


def _needs(nominal_id: UUID) -> ScalarSelect[int]:
    return select(func.count()).where(Need.nominal_id == nominal_id, Need.state == "open").scalar_subquery()
