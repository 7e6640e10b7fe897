"""Courses, trainers, sessions, what units need and who declared enough, so that training's pages are worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import insert

from services.identity.demonstration.invented import Unit, User
from services.identity.demonstration.rows import Row, person_id
from services.identity.people.models import Person
from services.identity.staffing.models import RegionPlan, StaffingDeclaration, StaffingTarget
from services.identity.staffing.plans import tell_kept
from services.identity.training.models import (
    Booking,
    Certificate,
    Course,
    CourseApproval,
    ELearning,
    Trainer,
    TrainingSession,
)
from shared.files import keep
from shared.ids import derived_id
from shared.time.calendars import is_working_day
from shared.work import NOBODY, Work

_REGIONS = ("region", "prison_group")
_DAY = timedelta(days=1)
_AREA, _CPC, _NEWCOMER = "area-53", "samuel.oyelade", "idris.farrell"
# code, title, kind, taught by, approved
_COURSES = (
    ("USER", "ViSOR end user", "user", "hmpps", True),
    ("CPC", "ViSOR CPC", "cpc", "hmpps", True),
    ("COP", "College of Policing ViSOR end user", "user", "college", True),
    ("LEAD", "ViSOR leads in prisons", "lead", "hmpps", False),
)
# Who has a place in Yorkshire's session to come, and who was at the one that has been.
_BOOKED = ((_NEWCOMER, True), ("liam.untrained", False))
_PROBATION = {"senior_probation_officer": 1, "case_administrator": 2, "mappa_administrator": 1}
_PRISON = {"homd": 1, "homs": 1, "prison_case_administrator": 2, "security_staff": 2}
_FACTORS = ("No probation LAN in one office until the spring", "Two administrators use assistive technology")
_PLAN = (
    "Each delivery unit has two administrators vetted and trained by the end of March; four courses are booked, and a"
    " unit that is short is covered by its neighbour until then."
)
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def add_training(work: Work, users: Sequence[User], units: Sequence[Unit]) -> None:
    """After the people; the same every time."""
    session = work.session
    listed = list(_trainers(work, users, units))
    for model, made in (
        (Course, _courses()),
        (CourseApproval, _approvals(work)),
        (Trainer, listed),
        (TrainingSession, _sessions(work, listed)),
        (StaffingTarget, _targets(work, users, units)),
        (StaffingDeclaration, _declarations(work, users, units)),
    ):
        if rows := list(made):
            session.execute(insert(model), rows)
    _plans(work, users)
    _one_of_each(work, users)


def _id(*parts: str) -> UUID:
    return derived_id("demonstration-training", *parts)


def _courses() -> Iterator[Row]:
    for code, title, kind, taught_by, _ in _COURSES:
        yield {"id": _id(code), "code": code, "title": title, "kind": kind, "taught_by": taught_by}


def _approvals(work: Work) -> Iterator[Row]:
    for code, *_, approved in _COURSES:
        if approved:
            yield {
                "id": _id(code, "approval"),
                "course_id": _id(code),
                "reference": f"NVTWG-DEMO-{code}",
                "first_day": work.today - timedelta(days=900),
                "recorded_by": NOBODY,
                "recorded_at": work.system_now,
            }


def _trainers(work: Work, users: Sequence[User], units: Sequence[Unit]) -> Iterator[Row]:
    """One for each region and prison group that has somebody."""
    above = _above(units)
    for number, region in enumerate(unit for unit in units if unit.kind in _REGIONS):
        found = next(
            (user for user in users if _may_teach(user) and region.code in above.get(user.unit, ())), None
        )
        if found is not None:
            yield {
                "id": _id(region.code, "trainer"),
                "person_id": person_id(found.username),
                "name": found.name,
                "employer": "hmpps",
                "region": region.code,
                "trained_on": work.today - timedelta(days=300 + number),
                "first_day": work.today - timedelta(days=290),
                "last_day": work.today + timedelta(days=60 + 40 * number),
                "recorded_by": NOBODY,
                "recorded_at": work.system_now,
            }


def _sessions(work: Work, listed: Iterable[Row]) -> Iterator[Row]:
    for number, trainer in enumerate(listed):
        for days, places in ((-21, 12), (6 + number, 10)):
            if trainer["last_day"] < work.today + timedelta(days=days):
                continue
            first = _two_working_days(work.today + timedelta(days=days))
            yield {
                "id": _id(trainer["region"], str(days > 0)),
                "course_id": _id("USER"),
                "trainer_id": trainer["id"],
                "region": trainer["region"],
                "starts_on": first,
                "starts_at": time(9, 30),
                "ends_on": first + _DAY,
                "venue": "Training room 2",
                "places": places,
                "booked": 0,
                "made_by": trainer["person_id"],
                "made_at": work.system_now,
            }


def _two_working_days(day: date) -> date:
    """The first of two working days together, everywhere in the country, from this one on."""
    while not all(is_working_day(one, "UK") for one in (day, day + _DAY)):
        day += _DAY
    return day


def _targets(work: Work, users: Sequence[User], units: Sequence[Unit]) -> Iterator[Row]:
    """Said by the CPC above: as many as there are and some more, here and there a lower number agreed."""
    counts: dict[str, int] = {}
    for user in users:
        if user.vetting is not None and user.courses and not user.disabled:
            counts[user.unit] = counts.get(user.unit, 0) + 1
    cpcs = {held.scope: user for user in users for held in user.tokens if held.name == "cpc"}
    for number, unit in enumerate(unit for unit in units if unit.kind in ("delivery_unit", "prison")):
        cpc = cpcs.get(unit.parent or "")
        if cpc is None or number % 5 == 0:
            continue
        posts = dict(_PRISON if unit.kind == "prison" else _PROBATION)
        most = "prison_offender_manager" if unit.kind == "prison" else "probation_officer"
        posts[most] = max(1, counts.get(unit.code, 0) - sum(posts.values()) + number % 4)
        less = number % 7 == 0
        yield {
            "id": _id(unit.code, "target"),
            "unit": unit.code,
            "posts": posts,
            "agreed": sum(posts.values()) - 1 if less else None,
            "factor": _FACTORS[number % 2] if less else None,
            "plan": "Vetting is under way for the next intake" if number % 3 == 0 else None,
            "recorded_by": person_id(cpc.username),
            "recorded_at": work.system_now,
        }


def _declarations(work: Work, users: Sequence[User], units: Sequence[Unit]) -> Iterator[Row]:
    """West Yorkshire's, where its CPC and a director are among the people."""
    region = next((unit.parent for unit in units if unit.code == _AREA), None)
    director = next(
        (
            user
            for user in users
            if any(held.name == "regional_probation_director" and held.scope == region for held in user.roles)
        ),
        None,
    )
    if director is not None and any(user.username == _CPC for user in users):
        yield {
            "id": _id(_AREA, "declaration"),
            "area": _AREA,
            "sufficient": True,
            "reason": "Nine in ten of those in listed posts are vetted and trained",
            "proposed_by": person_id(_CPC),
            "proposed_at": work.system_now - timedelta(days=90),
            "decided_by": person_id(director.username),
            "decided_at": work.system_now - timedelta(days=80),
            "outcome": "confirmed",
        }


def _one_of_each(work: Work, users: Sequence[User]) -> None:
    """A booking, one whose result is owed, a certificate that waits, and an e-learning that is owed."""
    cpc = next((user for user in users if user.username == _CPC), None)
    if cpc is None:
        return
    by = {"booked_by": person_id(_CPC), "booked_at": work.system_now}
    for who, ahead in _BOOKED:
        held = work.session.get(TrainingSession, _id("region-N55", str(ahead)))
        if held is not None and work.session.get(Person, person_id(who)) is not None:
            held.booked += 1
            place = Booking(id=_id("booking", who), session_id=held.id, person_id=person_id(who), **by)
            work.session.add(place)
    work.session.add(
        Certificate(
            id=_id("certificate"),
            person_id=person_id(_NEWCOMER),
            course_id=_id("COP"),
            number="COP/2024/0815",
            awarded_on=work.today - timedelta(days=420),
            file_id=_file(work, "College of Policing certificate.pdf"),
            brought_by=person_id(_NEWCOMER),
            brought_at=work.system_now - timedelta(days=2),
        )
    )
    owes = next((user for user in users if user.unit == "pdu-N55LEE" and _may_teach(user)), None)
    if owes is not None:
        since = work.today - timedelta(days=9)
        work.session.add(ELearning(id=_id("e-learning"), person_id=person_id(owes.username), owed_from=since))
    work.session.flush()


def _plans(work: Work, users: Sequence[User]) -> None:
    """Of each region that has a director but the last; of one the review is overdue."""
    directors = {
        role.scope: user.username
        for user in users
        for role in user.roles
        if role.name == "regional_probation_director"
    }
    for number, region in enumerate(sorted(directors)[:-1]):
        plan = RegionPlan(
            id=_id(region, "plan"),
            region=region,
            says=_PLAN,
            file_id=_file(work, "Plan for enough staff.pdf"),
            review_on=work.today + timedelta(days=30 * number - 10),
            recorded_by=person_id(directors[region]),
            recorded_at=work.system_now - timedelta(days=200),
        )
        work.session.add(plan)
        tell_kept(work, plan)


def _file(work: Work, name: str) -> UUID:
    arriving = work.runtime.files.arrive(name, len(_PDF))
    arriving.write(_PDF)
    return keep(work, arriving)


def _may_teach(user: User) -> bool:
    """Nobody of the story: their lists are what it tells of."""
    return bool(user.courses) and user.vetting is not None and not user.disabled and not user.part


def _above(units: Sequence[Unit]) -> Mapping[str, frozenset[str]]:
    parents = {unit.code: unit.parent for unit in units}

    def chain(code: str | None) -> Iterator[str]:
        while code is not None:
            yield code
            code = parents.get(code)

    return {code: frozenset(chain(code)) for code in parents}
