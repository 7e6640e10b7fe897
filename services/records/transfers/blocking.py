"""What stands in the way of a transfer, each with what to do about it (R29, R21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from services.records.access.record import Record
from services.records.activity_log.models import Need
from services.records.meetings.models import Meeting
from services.records.nominals.owners import kind_of_agency
from services.records.partnership.models import Request
from services.records.risk.models import RiskAssessment
from services.records.risk.queries import termination_documents
from services.records.risk.rules import AWAITING, R10, termination_problem
from services.records.transfers.rules import needs_termination
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
    open_ones = work.session.execute(select(*open_duties(record.id))).one()
    found = (
        ("partnership request", "Answer them", "/records/partnership/requests"),
        ("set of minutes", "Add them", f"{base}/meetings"),
        ("attachment that needs updating", "Update or decline them", f"{base}/activity-log"),
        ("risk assessment", "Sign off or return them", f"{base}/risk"),
    )
    plurals = (
        "partnership requests",
        "sets of minutes",
        "attachments that need updating",
        "risk assessments",
    )
    endings = ("to be answered", "to be added", "", "to be signed off")
    return [
        Block(f"{count} {one[0] if count == 1 else many} {ending}".strip(), *one[1:])
        for count, one, many, ending in zip(open_ones, found, plurals, endings, strict=True)
        if count
    ]


def refuse_without_termination(work: Work, record: Record, category: str, to_agency: str) -> None:
    """Raises R21 where a category 1 record goes to the police without its termination OASys (PF-4.28.1)."""
    kinds = kind_of_agency(to_agency), kind_of_agency(record.owner_agency)
    if needs_termination(category, *kinds) and termination_problem(termination_documents(work, record.id)):
        raise Refusal("R21", act="transfer", nominal_id=record.id)


def refuse_blocked(work: Work, record: Record) -> None:
    """Raises R29 with the whole list."""
    if found := blocks(work, record):
        raise Refusal("R29", list="; ".join(one.what for one in found), nominal_id=record.id)


def open_duties(nominal_id: Any) -> tuple[ScalarSelect[int], ...]:
    """How many of each kind of `blocks` there are, of one nominal or (a column) of each row."""
    return _requests(nominal_id), _minutes(nominal_id), _needs(nominal_id), _unsigned(nominal_id)


def _requests(nominal_id: Any) -> ScalarSelect[int]:
    counted = select(func.count()).where(Request.nominal_id == nominal_id, Request.state == "requested")
    return counted.scalar_subquery()


def _minutes(nominal_id: Any) -> ScalarSelect[int]:
    owed = select(func.count()).where(Meeting.nominal_id == nominal_id, Meeting.minutes_added_at.is_(None))
    return owed.scalar_subquery()


def _needs(nominal_id: Any) -> ScalarSelect[int]:
    return select(func.count()).where(Need.nominal_id == nominal_id, Need.state == "open").scalar_subquery()


def _unsigned(nominal_id: Any) -> ScalarSelect[int]:
    waiting = select(func.count()).where(
        RiskAssessment.nominal_id == nominal_id,
        RiskAssessment.kind == R10,
        RiskAssessment.state == AWAITING,
    )
    return waiting.scalar_subquery()
