"""People on their way to an account, and on their way out, so that a CPC's lists of a demonstration are not empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from services.identity.accounts.leaving import leave
from services.identity.accounts.models import Onboarding, RequestNominee
from services.identity.accounts.nominating import priority_of
from services.identity.demonstration.invented import User
from services.identity.demonstration.rows import person_id
from services.identity.directory import log
from services.identity.documents.models import DocumentVersion, Signature
from services.identity.documents.signing_rules import STATEMENT
from services.identity.people.models import Person
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord
from shared.work import NOBODY, Work

_LEEDS, _AREA = "pdu-N55LEE", "area-53"
_LONG_AGO = timedelta(days=124)


@dataclass(frozen=True)
class _Newcomer:
    """`come` is how far: nominated, vetted, signed or trained, requested, authorised."""

    name: str
    unit: str
    agency: str
    position: str
    job_title: str
    by: str
    come: str
    days_ago: int

    @property
    def username(self) -> str:
        return self.name.lower().replace(" ", ".")


_PROBATION, _PRISON = "probation-service", "prison-service"
_NEWCOMERS = (
    _Newcomer(
        "Bethany Holdsworth",
        _LEEDS,
        _PROBATION,
        "senior_probation_officer",
        "Senior probation officer",
        "malcolm.sugden",
        "nominated",
        3,
    ),
    _Newcomer(
        "Idris Farrell",
        _LEEDS,
        _PROBATION,
        "probation_officer",
        "Probation officer",
        "joanna.kaczmarek",
        "signed",
        41,
    ),
    _Newcomer(
        "Moira Tennant",
        _LEEDS,
        _PROBATION,
        "mappa_administrator",
        "MAPPA administrator",
        "malcolm.sugden",
        "requested",
        60,
    ),
    _Newcomer(
        "Desmond Okoro",
        _AREA,
        _PROBATION,
        "case_administrator",
        "Case administrator",
        "samuel.oyelade",
        "authorised",
        75,
    ),
    _Newcomer(
        "Leonie Baptiste",
        "prison-WSI",
        _PRISON,
        "prison_offender_manager",
        "Prison offender manager",
        "",
        "vetted",
        20,
    ),
)
_ORDER = ("nominated", "vetted", "signed", "trained", "requested", "authorised")


def add_newcomers(work: Work, users: Sequence[User], syops: DocumentVersion) -> None:
    """Only in units that were loaded; whoever nominated them is one of the cast, or the prison's lead."""
    here = {user.unit for user in users}
    known = {user.username for user in users}
    leads = {held.scope: user.username for user in users for held in user.roles if held.name == "visor_lead"}
    for one in _NEWCOMERS:
        by = one.by or leads.get(one.unit, "")
        if one.unit in here and by in known:
            _add(work, one, person_id(by), syops)
    if {"malcolm.sugden", "samuel.oyelade"} <= known:
        _name_nominee(work)
        _on_the_way_out(work)
    _line_managers(work, users)


def _add(work: Work, one: _Newcomer, by: UUID, syops: DocumentVersion) -> None:
    now = work.system_now
    at = now - timedelta(days=one.days_ago)
    come = _ORDER.index(one.come)
    state = one.come if one.come in {"requested", "authorised"} else "nominated"
    person = Person(
        id=person_id(one.username),
        username=one.username,
        name=one.name,
        position=one.position,
        job_title=one.job_title,
        email=f"{one.username}@example.invalid",
        telephone="0113 496 0100",
        agency=one.agency,
        unit=one.unit,
        state=state,
        created_at=at,
    )
    work.session.add(person)
    work.session.flush()
    row = Onboarding(person_id=person.id, nominated_by=by, nominated_at=at, as_deputy=False)
    row.priority = priority_of(one.position)
    if come >= _ORDER.index("requested"):
        row.requested_by, row.requested_at, row.request_id = by, now - timedelta(days=1), person.id
        row.reason = "Joins the team"
    if one.come == "authorised":
        row.authorised_by, row.authorised_at = person_id("samuel.oyelade"), now
        person.authority = "Demonstration"
    work.session.add(row)
    work.session.add_all(_has(work, one, person, syops))
    work.session.flush()


def _has(work: Work, one: _Newcomer, person: Person, syops: DocumentVersion) -> Iterable[object]:
    come = _ORDER.index(one.come)
    if come >= _ORDER.index("vetted"):
        yield _vetting(work, person)
    if come >= _ORDER.index("signed"):
        yield Signature(
            person_id=person.id,
            version_id=syops.id,
            typed_name=one.name,
            statement=STATEMENT,
            text_hash=syops.text_hash,
            signed_at=work.system_now - timedelta(days=10),
            session_id=NOBODY,
        )
    if come >= _ORDER.index("trained"):
        yield _training(work, person)


def _vetting(work: Work, person: Person) -> VettingRecord:
    return VettingRecord(
        person_id=person.id,
        kind="nppv2",
        reference="Demonstration",
        vetting_force="Demonstration vetting unit",
        cleared_on=work.today - timedelta(days=18),
        expires_on=work.today + timedelta(days=1000),
        recorded_by=NOBODY,
        recorded_at=work.system_now,
    )


def _training(work: Work, person: Person) -> TrainingRecord:
    return TrainingRecord(
        person_id=person.id,
        course="ViSOR end user",
        course_kind="user",
        approval_reference="NVTWG-DEMO",
        provider="HMPPS",
        trainer="Demonstration trainer",
        delivered_on=work.today - timedelta(days=5),
        passed=True,
    )


def _name_nominee(work: Work) -> None:
    work.session.add(
        RequestNominee(
            person_id=person_id("malcolm.sugden"),
            unit=_AREA,
            named_by=person_id("samuel.oyelade"),
            named_at=work.system_now,
        )
    )


def _line_managers(work: Work, users: Sequence[User]) -> None:
    """A unit's first senior probation officer is everybody's line manager there."""
    managers: dict[str, UUID] = {}
    for user in sorted(users, key=lambda one: (not one.part, one.username)):
        if any(held.name == "spo" and held.scope == user.unit for held in user.roles):
            managers.setdefault(user.unit, person_id(user.username))
    for unit, manager in managers.items():
        mine = update(Person).where(Person.unit == unit, Person.id != manager)
        work.session.execute(mine.values(line_manager=manager))


def _on_the_way_out(work: Work) -> None:
    """One account of Leeds that nobody used for long, and one whose holder has left."""
    unused, left = (_add_colleague(work, name) for name in ("Hector Voss", "Rosalind Peake"))
    log.changed(work, people=[unused.id])
    leave(work, left, work.today - timedelta(days=2), "spo")


def _add_colleague(work: Work, name: str) -> Person:
    """Somebody who could sign in, and never did; nothing else of the demonstration is by them."""
    username, since = name.lower().replace(" ", "."), work.system_now - _LONG_AGO
    person = Person(
        id=person_id(username),
        username=username,
        name=name,
        position="probation_officer",
        job_title="Probation officer",
        email=f"{username}@example.invalid",
        telephone="0113 496 0100",
        agency=_PROBATION,
        unit=_LEEDS,
        state="active",
        created_at=since,
        activated_at=since,
    )
    work.session.add(person)
    work.session.flush()
    work.session.add_all([_vetting(work, person), _training(work, person)])
    work.session.flush()
    return person
