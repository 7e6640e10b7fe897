"""RPT-24, the compliance pack: how each area, force and prison group stands, for its board (PF-0.10, SC-17.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import func, select

from services.records.access.models import Access
from services.records.meetings.models import Meeting
from services.records.nominals.models import Nominal
from services.records.partnership.models import Request
from services.records.quality.models import Audit, RecordCheck
from services.records.quality.reach import overseen
from services.records.risk.models import RiskAssessment
from services.records.risk.rules import AWAITING, R10
from services.records.rotl.models import RotlCheck
from services.records.service import service
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.read_model import UnitCard
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import add_months, london_day, start_of_day
from shared.time.columns import london_day_of
from shared.time.periods import due
from shared.web.schemas import Input
from shared.work import Work

KINDS = ("mappa_area", "force", "prison_group")
ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "oversight_chair",
)
GOOD, LOOK = "In order", "Look at it"
CHARTED = 20
MINUTES, REQUESTS = "Minutes added in time", "Partnership requests answered in time"
_UNSIGNED_DAYS = 7  # five working days are never longer, but over Christmas and Easter


class PackFilter(Input):
    months = fields.Integer(
        load_default=3,
        validate=validate.Range(1, 12),
        metadata={"label": "Months back", "width": 2},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """`share` in per cent, where the figure is one of several; `state` empty where it is for information."""

    measure: str
    figure: str
    share: int | None = None
    state: str = ""


def answers(principal: Principal) -> bool:
    return bool(overseen(principal)) or principal.has_role(*ROLES)


def _or_none(share: int | None) -> str:
    return "none" if share is None else f"{share} %"


def _units(work: Work) -> list[UnitCard]:
    me = work.principal
    held = overseen(me) | me.units_with_role(*ROLES)
    codes = {code for unit in held for code in read_model.below(work.session, unit)}
    unit = DIRECTORY.unit.c
    found = select(unit.code).where(unit.code.in_(codes), unit.kind.in_(KINDS)).order_by(unit.name)
    cards = read_model.units(work.session, names := list(work.session.execute(found).scalars()))
    return [cards[code] for code in names]


@service.report(
    "RPT-24",
    "Compliance pack",
    "PF-0.10",
    "PF-0.8",
    "SC-17.5",
    input=PackFilter,
    columns=(
        ReportColumn("unit_name", "Area, force or group"),
        ReportColumn("measure", "Measure"),
        ReportColumn("figure", "Figure"),
        ReportColumn("share", "Share (%)", "number"),
        ReportColumn("state", "State", "tag", colours={GOOD: "green", LOOK: "red"}),
    ),
    whom="a CPC, a Head of Public Protection, a director or a board’s chair",
    open_to=answers,
    intro="What the register itself knows of the last months. Log-ons, vetting, training and terminals are in the"
    " reports of the console; how complete datasets are, in RPT-06.",
    chart=Chart(
        "In time, in per cent",
        ("Minutes", "Partnership requests"),
        lambda work, *, months: _in_time(work, months),
        alt=lambda points: "; ".join(
            f"{name}: minutes {_or_none(first)}, requests {_or_none(second)}"
            for name, first, second in points
        ),
    ),
    empty="There is no area, force or group that you answer for.",
)
def pack(work: Work, *, months: int) -> list[dict[str, Any]]:
    """Figures without a name, for each area, force and group that the reader answers for."""
    return [
        {
            "unit_name": unit.name,
            "measure": line.measure,
            "figure": line.figure,
            "share": line.share,
            "state": line.state,
        }
        for unit in _units(work)
        for line in lines_of(work, unit, add_months(work.today, -months))
    ]


def _in_time(work: Work, months: int) -> Sequence[tuple[Any, ...]]:
    """Of the first twenty areas and forces where anything fell due."""
    since = add_months(work.today, -months)
    shares = []
    owners = [unit for unit in _units(work) if unit.kind != "prison_group"]
    for unit in owners:
        mine = select(Nominal.id).where(Nominal.owner_unit == unit.code)
        both = _minutes(work, mine, since).share, _requests(work, mine, since).share
        if both != (None, None):
            shares.append((unit.name, *both))
    return shares[:CHARTED]


def lines_of(work: Work, unit: UnitCard, since: date) -> Iterator[Line]:
    if unit.kind == "prison_group":
        yield from _of_group(work, unit, since)
    else:
        yield from _of_owner(work, unit, since)
    yield _last_audit(work, unit)


def _of_owner(work: Work, unit: UnitCard, since: date) -> Iterator[Line]:
    mine = select(Nominal.id).where(Nominal.owner_unit == unit.code)
    yield Line("Live records", str(_count(work, mine.where(Nominal.status == "live").subquery())))
    yield _minutes(work, mine, since)
    yield _requests(work, mine, since)
    yield _unsigned(work, mine)
    opened = select(Access.id).where(Access.nominal_id.in_(mine), Access.at >= start_of_day(since))
    yield Line("Openings without partnership", str(_count(work, opened.subquery())))
    yield _spo(work, mine, since)
    moving = select(Transfer.id).where(Transfer.nominal_id.in_(mine), Transfer.state.in_(OPEN))
    yield Line("Transfers that are open", str(_count(work, moving.subquery())))


def _of_group(work: Work, unit: UnitCard, since: date) -> Iterator[Line]:
    prisons = sorted(read_model.below(work.session, unit.code) - {unit.code})
    held = select(Nominal.id).where(Nominal.status == "live", Nominal.custody_prison.in_(prisons))
    yield Line("Live records of those held", str(_count(work, held.subquery())))
    checked = select(Audit.unit).where(
        Audit.kind == "lead_check", Audit.unit.in_(prisons), Audit.submitted_at >= start_of_day(since)
    )
    done = _count(work, checked.distinct().subquery())
    yield _of("Prisons whose lead checked minimum datasets", done, len(prisons))
    before = select(RotlCheck.id).where(
        RotlCheck.prison.in_(prisons), RotlCheck.checked_at >= start_of_day(since)
    )
    yield Line("Checks before temporary release", str(_count(work, before.subquery())))


def _count(work: Work, found: Any) -> int:
    return int(work.session.execute(select(func.count()).select_from(found)).scalar_one())


def _of(measure: str, good: int, total: int) -> Line:
    if not total:
        return Line(measure, "None")
    share = 100 * good // total
    return Line(measure, f"{good} of {total}", share, GOOD if good == total else LOOK)


def _minutes(work: Work, mine: Any, since: date) -> Line:
    """Of the meetings whose minutes fell due in the time, or are there."""
    added = london_day_of(Meeting.minutes_added_at)
    fell = Meeting.minutes_due_on.between(since, work.today - timedelta(days=1))
    counted = select(func.count().filter(added <= Meeting.minutes_due_on), func.count()).where(
        Meeting.nominal_id.in_(mine), fell
    )
    good, total = work.session.execute(counted).one()
    return _of(MINUTES, good, total)


def _requests(work: Work, mine: Any, since: date) -> Line:
    """Of the requests whose answer fell due in the time."""
    days = work.policy.period("deadline.D-06", work.today).amount
    asked = london_day_of(Request.requested_at)
    answered = london_day_of(Request.decided_at)
    fell = (asked + days).between(since, work.today - timedelta(days=1))
    counted = select(func.count().filter(answered <= asked + days), func.count()).where(
        Request.nominal_id.in_(mine), fell
    )
    good, total = work.session.execute(counted).one()
    return _of(REQUESTS, good, total)


def _unsigned(work: Work, mine: Any) -> Line:
    late = select(RiskAssessment.id).where(
        RiskAssessment.nominal_id.in_(mine),
        RiskAssessment.kind == R10,
        RiskAssessment.state == AWAITING,
        RiskAssessment.added_at < work.now - timedelta(days=_UNSIGNED_DAYS),
    )
    number = _count(work, late.subquery())
    measure = "Risk assessments that wait for sign-off for more than a week"
    return Line(measure, str(number), state=LOOK if number else GOOD)


def _spo(work: Work, mine: Any, since: date) -> Line:
    counted = select(func.count().filter(RecordCheck.differing == 0), func.count()).where(
        RecordCheck.nominal_id.in_(mine), RecordCheck.checked_at >= start_of_day(since)
    )
    good, total = work.session.execute(counted).one()
    return _of("Record checks by SPOs without a difference", good, total)


def _last_audit(work: Work, unit: UnitCard) -> Line:
    newest = select(func.max(Audit.signed_at)).where(
        Audit.owner == unit.code, Audit.kind == "audit", Audit.template_id.is_(None), Audit.state == "signed"
    )
    at = work.session.execute(newest).scalar_one()
    measure = "Last audit of minimum datasets, signed off"
    if at is None:
        return Line(measure, "Never", state=LOOK)
    last = due(at, work.policy.period("deadline.D-27", work.today), unit.jurisdiction).day
    return Line(measure, f"{london_day(at):%-d %B %Y}", state=GOOD if work.today <= last else LOOK)
