"""RPT-24, the compliance pack: what records knows of how each area, force, group and prison stands.

For its board (PF-0.10, SC-17.5), and for who must show it on demand (PSI-1.2, PI-1.1, PSI-5.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

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
from shared.reports.declared import Chart
from shared.reports.pack import (
    AT_END,
    CODE,
    COLUMNS,
    GOOD,
    HEAD_OF_PRISON,
    KINDS,
    LOOK,
    NOW,
    PRISON,
    ROLES,
    WHOLE,
    WHOM,
    Line,
    PackFilter,
    per_cent,
    rows_of,
    share_of,
    span,
)
from shared.time.calendars import end_of_day, london_day, start_of_day
from shared.time.columns import london_day_of
from shared.time.periods import due
from shared.work import Work

MINUTES, REQUESTS = "Minutes added in time", "Partnership requests answered in time"
CHARTED = 20
_UNSIGNED_DAYS = 7  # five working days are never longer, but over Christmas and Easter


def answers(principal: Principal) -> bool:
    return bool(overseen(principal)) or principal.has_role(*ROLES, HEAD_OF_PRISON)


def _units(work: Work) -> list[UnitCard]:
    """The areas, forces and groups that the reader answers for, and the prisons whose Governor they are."""
    me = work.principal
    held = overseen(me) | me.units_with_role(*ROLES)
    codes = {code for unit in held for code in read_model.below(work.session, unit)}
    unit = DIRECTORY.unit.c
    theirs = unit.code.in_(codes) & unit.kind.in_(KINDS)
    own = unit.code.in_(me.units_with_role(HEAD_OF_PRISON)) & (unit.kind == PRISON)
    found = select(unit.code).where(theirs | own).order_by(unit.name)
    cards = read_model.units(work.session, names := list(work.session.execute(found).scalars()))
    return [cards[code] for code in names]


@service.report(
    CODE,
    "Compliance pack: records",
    "PF-0.10",
    "PF-0.8",
    "SC-17.5",
    "PSI-1.2",
    "PI-1.1",
    "PSI-5.1",
    input=PackFilter,
    columns=COLUMNS,
    whom=WHOM,
    open_to=answers,
    intro="What the register itself knows. People, their log-ons and terminals are in the other part of the pack;"
    " how complete datasets are, in RPT-06.",
    chart=Chart(
        "In time, in per cent",
        ("Minutes", "Partnership requests"),
        lambda work, *, since, until: _in_time(work, *span(work.today, since, until)),
        alt=lambda points: "; ".join(
            f"{name}: minutes {per_cent(first)}, requests {per_cent(second)}"
            for name, first, second in points
        ),
    ),
    empty="There is no area, force, group or prison that you answer for.",
    beside=WHOLE,
)
def pack(work: Work, *, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Figures without a name, for each area, force, group and prison that the reader answers for."""
    first, last = span(work.today, since, until)
    return [row for unit in _units(work) for row in rows_of(unit.name, lines_of(work, unit, first, last))]


def _in_time(work: Work, first: date, last: date) -> Sequence[tuple[Any, ...]]:
    """Of the first twenty areas and forces where anything fell due."""
    shares = []
    owners = [unit for unit in _units(work) if unit.kind not in {"prison_group", PRISON}]
    for unit in owners:
        mine = select(Nominal.id).where(Nominal.owner_unit == unit.code)
        both = _minutes(work, mine, first, last).share, _requests(work, mine, first, last).share
        if both != (None, None):
            shares.append((unit.name, *both))
    return shares[:CHARTED]


def lines_of(work: Work, unit: UnitCard, first: date, last: date) -> Iterator[Line]:
    if unit.kind == "prison_group":
        yield from _of_prisons(work, read_model.below(work.session, unit.code) - {unit.code}, first, last)
    elif unit.kind == PRISON:
        yield from _of_prisons(work, {unit.code}, first, last)
    else:
        yield from _of_owner(work, unit, first, last)
    yield _last_audit(work, unit, last)


def _of_owner(work: Work, unit: UnitCard, first: date, last: date) -> Iterator[Line]:
    mine = select(Nominal.id).where(Nominal.owner_unit == unit.code)
    live = mine.where(Nominal.status == "live").subquery()
    yield Line("Live records", str(_count(work, live)), counted=NOW)
    yield _minutes(work, mine, first, last)
    yield _requests(work, mine, first, last)
    yield _unsigned(work, mine)
    opened = select(Access.id).where(Access.nominal_id.in_(mine), _within(Access.at, first, last))
    yield Line("Openings without partnership", str(_count(work, opened.subquery())))
    yield _spo(work, mine, first, last)
    moving = select(Transfer.id).where(Transfer.nominal_id.in_(mine), Transfer.state.in_(OPEN))
    yield Line("Transfers that are open", str(_count(work, moving.subquery())), counted=NOW)


def _of_prisons(work: Work, prisons: AbstractSet[str], first: date, last: date) -> Iterator[Line]:
    held = select(Nominal.id).where(Nominal.status == "live", Nominal.custody_prison.in_(prisons))
    yield Line("Live records of those held", str(_count(work, held.subquery())), counted=NOW)
    checked = select(Audit.unit).where(
        Audit.kind == "lead_check", Audit.unit.in_(prisons), _within(Audit.submitted_at, first, last)
    )
    done = _count(work, checked.distinct().subquery())
    yield share_of("Prisons whose lead checked minimum datasets", done, len(prisons))
    before = select(RotlCheck.id).where(
        RotlCheck.prison.in_(prisons), _within(RotlCheck.checked_at, first, last)
    )
    yield Line("Checks before temporary release", str(_count(work, before.subquery())))


def _within(moment: Any, first: date, last: date) -> ColumnElement[bool]:
    found: ColumnElement[bool] = moment.between(start_of_day(first), end_of_day(last))
    return found


def _count(work: Work, found: Any) -> int:
    return int(work.session.execute(select(func.count()).select_from(found)).scalar_one())


def _minutes(work: Work, mine: Any, first: date, last: date) -> Line:
    """Of the meetings whose minutes fell due in the time, or are there."""
    added = london_day_of(Meeting.minutes_added_at)
    fell = Meeting.minutes_due_on.between(first, _over(work, last))
    counted = select(func.count().filter(added <= Meeting.minutes_due_on), func.count()).where(
        Meeting.nominal_id.in_(mine), fell
    )
    good, total = work.session.execute(counted).one()
    return share_of(MINUTES, good, total)


def _requests(work: Work, mine: Any, first: date, last: date) -> Line:
    """Of the requests whose answer fell due in the time."""
    days = work.policy.period("deadline.D-06", work.today).amount
    asked = london_day_of(Request.requested_at)
    answered = london_day_of(Request.decided_at)
    fell = (asked + days).between(first, _over(work, last))
    counted = select(func.count().filter(answered <= asked + days), func.count()).where(
        Request.nominal_id.in_(mine), fell
    )
    good, total = work.session.execute(counted).one()
    return share_of(REQUESTS, good, total)


def _over(work: Work, last: date) -> date:
    """The last day that is over: what is due today may still be done."""
    return min(last, work.today - timedelta(days=1))


def _unsigned(work: Work, mine: Any) -> Line:
    late = select(RiskAssessment.id).where(
        RiskAssessment.nominal_id.in_(mine),
        RiskAssessment.kind == R10,
        RiskAssessment.state == AWAITING,
        RiskAssessment.added_at < work.now - timedelta(days=_UNSIGNED_DAYS),
    )
    number = _count(work, late.subquery())
    measure = "Risk assessments that wait for sign-off for more than a week"
    return Line(measure, str(number), state=LOOK if number else GOOD, counted=NOW)


def _spo(work: Work, mine: Any, first: date, last: date) -> Line:
    counted = select(func.count().filter(RecordCheck.differing == 0), func.count()).where(
        RecordCheck.nominal_id.in_(mine), _within(RecordCheck.checked_at, first, last)
    )
    good, total = work.session.execute(counted).one()
    return share_of("Record checks by SPOs without a difference", good, total)


def _last_audit(work: Work, unit: UnitCard, last: date) -> Line:
    """As it stood on the last day; a group audits each of its prisons."""
    audited = Audit.unit if unit.kind == PRISON else Audit.owner
    newest = select(func.max(Audit.signed_at)).where(
        audited == unit.code,
        Audit.kind == "audit",
        Audit.template_id.is_(None),
        Audit.state == "signed",
        Audit.signed_at <= end_of_day(last),
    )
    at = work.session.execute(newest).scalar_one()
    measure = "Last audit of minimum datasets, signed off"
    if at is None:
        return Line(measure, "Never", state=LOOK, counted=AT_END)
    until = due(at, work.policy.period("deadline.D-27", work.today), unit.jurisdiction).day
    state = GOOD if last <= until else LOOK
    return Line(measure, f"{london_day(at):%-d %B %Y}", state=state, counted=AT_END)
