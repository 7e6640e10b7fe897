"""What follows from a course that was passed and counts."""

from __future__ import annotations

from sqlalchemy import exists, select

from services.identity.people.models import Agency, Person, Unit
from services.identity.training.models import ELearning, TrainingRecord
from services.identity.training.rules import owes_e_learning
from shared.events.identity.training import E_LEARNING_OWED, TRAINING_PASSED
from shared.work import EVERY_AGENCY, Concerned, Work


def tell_passed(work: Work, person: Person, record: TrainingRecord) -> None:
    """The fact, and for probation the e-learning at once (PF-4.7.1); others never see it (PF-4.7.2)."""
    data = {
        "person_id": person.id,
        "record_id": record.id,
        "course_kind": record.course_kind,
        "passed_on": record.delivered_on,
    }
    work.emit(TRAINING_PASSED, data, aggregate=("person", person.id), agencies=(EVERY_AGENCY,))
    kind = work.session.get_one(Agency, person.agency).kind
    before = work.session.execute(select(exists().where(ELearning.person_id == person.id))).scalar_one()
    if owes_e_learning(kind, record.course_kind, owed_before=before):
        owed = ELearning(person_id=person.id, owed_from=record.delivered_on)
        work.session.add(owed)
        work.session.flush()
        if person.is_active:
            tell_owed(work, person, owed)


def tell_owed(work: Work, person: Person, owed: ELearning) -> None:
    """To the person alone; the clock counts from today, for a newcomer the day the account was made."""
    owed.told_at = work.now
    unit = work.session.get_one(Unit, person.unit)
    data = {
        "person_id": person.id,
        "e_learning_id": owed.id,
        "owed_from": work.today,
        "unit": unit.code,
        "jurisdiction": unit.jurisdiction,
    }
    to = [Concerned(person.id, "person", person.unit, person.agency)]
    work.emit(E_LEARNING_OWED, data, aggregate=("person", person.id), to=to)
