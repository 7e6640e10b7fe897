"""The quality assurance package on My Learning, which probation staff complete after training (PF-4.7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, cpc_contact
from services.identity.training.models import ELearning
from services.identity.training.passing import tell_owed
from services.identity.training.rules import wrong_completion
from services.identity.training.schemas import CompletedInput
from shared.declarations import FormPage
from shared.events.identity.training import E_LEARNING_COMPLETED, E_LEARNING_LATE
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.calendars import london_day
from shared.time.periods import Period, due
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import About, Concerned, Work

_AT_ONCE = 50


def _first_completed(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = person_or_404(work, person_id)
    _check_near(work, person)
    return {"about": about(person)}


def _check_near(work: Work, person: Person) -> None:
    reach = reach_of(work, person)
    near = {person.id, person.line_manager}
    if not (work.principal.person_id in near or reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))


@service.command(
    "training.complete_e_learning",
    path="/people/<uuid:person_id>/training/e-learning",
    input=CompletedInput,
    answer=Done,
    form=FormPage(
        values=_first_completed,
        title="Quality assurance e-learning completed",
        button="Record it",
        done="Recorded: the e-learning is completed.",
        next="/people/{person_id}/training",
        intro="The package is on My Learning. Complete it there, then give the day here.",
    ),
)
def complete(work: Work, *, person_id: UUID, completed_on: date) -> None:
    """By the person, their line manager or CPC (PF-4.7.1); ends the reminders."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id), completed_on=completed_on.isoformat())
    found = select(ELearning).where(ELearning.person_id == person.id).with_for_update()
    owed = work.session.execute(found).scalar_one_or_none()
    if owed is None:
        raise NotFound
    _check_near(work, person)
    if owed.completed_on is not None:
        raise Refusal("R34", what="It is recorded already that this e-learning is completed.")
    if wrong := wrong_completion(completed_on, owed.owed_from, work.today):
        raise Invalid(wrong)
    owed.completed_on, owed.completed_by = completed_on, work.principal.person_id
    data = {"person_id": person.id, "e_learning_id": owed.id}
    work.emit(E_LEARNING_COMPLETED, data, aggregate=("person", person.id))


@service.each_tick
def tell_newcomers(work: Work) -> int:
    """Whoever passed before they had an account is told once they have one."""
    found = (
        select(ELearning, Person)
        .join(Person, Person.id == ELearning.person_id)
        .where(ELearning.told_at.is_(None), ELearning.completed_on.is_(None), ACTIVE)
        .limit(_AT_ONCE)
        .with_for_update(of=ELearning, skip_locked=True)
    )
    told = list(work.session.execute(found))
    for owed, person in told:
        tell_owed(work, person, owed)
        work.audit("training.tell_e_learning", About("person", person.id))
    return len(told)


@service.each_tick
def tell_line_managers(work: Work) -> int:
    """D-44: when it is late the line manager is told first, whom no role names and only identity knows."""
    period = work.policy.period("deadline.D-44", work.today)
    found = (
        select(ELearning, Person)
        .join(Person, Person.id == ELearning.person_id)
        .where(ELearning.told_at < work.now - timedelta(days=period.amount))
        .where(ELearning.late_at.is_(None), ELearning.completed_on.is_(None))
        .where(Person.line_manager.is_not(None), ACTIVE)
        .order_by(ELearning.told_at)
        .limit(_AT_ONCE)
        .with_for_update(of=ELearning, skip_locked=True)
    )
    late = [(owed, person) for owed, person in work.session.execute(found) if _is_late(work, owed, period)]
    for owed, person in late:
        manager = work.session.get_one(Person, person.line_manager)
        owed.late_at = work.now
        data = {"person_id": person.id, "e_learning_id": owed.id}
        to = [Concerned(manager.id, "line_manager", person.unit, manager.agency)]
        work.emit(E_LEARNING_LATE, data, aggregate=("person", person.id), to=to)
        work.audit("training.e_learning_late", About("person", person.id))
    return len(late)


def _is_late(work: Work, owed: ELearning, period: Period) -> bool:
    return owed.told_at is not None and london_day(work.now) > due(owed.told_at, period, "ENG").day
