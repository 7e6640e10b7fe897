"""The list of approved trainers, region by region."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.identity.accounts.finding import by_user_name, unit_or_invalid
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.training.authority import KEEPERS, listed, may_keep, refuse_oneself, require_keeper
from services.identity.training.choices import REGIONS
from services.identity.training.models import Trainer
from services.identity.training.rules import Listed, wrong_listing
from services.identity.training.schemas import MadeAnswer, RemoveTrainerInput, TrainerInput
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

service.constraints["uq_trainer_person"] = lambda: Refusal("R34", what="This person is on the list already.")


def _first_added(work: Work) -> dict[str, Any]:
    """Refuses before anybody types whoever keeps no list."""
    if not may_keep(work):
        raise Refusal("R32", role=KEEPERS)
    return {}


@service.command(
    "training.add_trainer",
    path="/training/trainers",
    input=TrainerInput,
    answer=MadeAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        values=_first_added,
        path="/training/trainers/new",
        title="Add an approved trainer",
        button="Add the trainer",
        done="The trainer is on the list.",
        next="/training/trainers",
    ),
)
def add_trainer(
    work: Work,
    *,
    username: str,
    name: str,
    employer: str,
    region: str,
    trained_on: date,
    first_day: date,
    last_day: date,
) -> Trainer:
    """PF-6.2.3, PF-4.5.1: after Train the Trainer, by the region's CPC or director, never for oneself (R23)."""
    if unit_or_invalid(work, region).kind not in REGIONS:
        raise Invalid({"region": ["Select the region, prison group or force from the list"]})
    work.concerns(region=region)
    require_keeper(work, region)
    person = by_user_name(work, username, "username")
    wrong = wrong_listing(trained_on, Listed(first_day, last_day), work.today)
    if wrong := wrong | _wrong_name(person, name):
        raise Invalid(wrong)
    if person is not None:
        refuse_oneself(work.principal, person.id)
    made = Trainer(
        person_id=person.id if person else None,
        name=person.name if person else name,
        employer=employer,
        region=region,
        trained_on=trained_on,
        first_day=first_day,
        last_day=last_day,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("trainer", made.id))
    return made


def _first_removed(work: Work, *, trainer_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    trainer = _to_remove(work, trainer_id)
    user = work.session.get(Person, trainer.person_id) if trainer.person_id else None
    return {"about": about(user) if user else trainer.name}


@service.command(
    "training.remove_trainer",
    path="/training/trainers/<uuid:trainer_id>/remove",
    input=RemoveTrainerInput,
    answer=Done,
    form=FormPage(
        title="Take a trainer off the list",
        button="Take off the list",
        done="The trainer is off the list from that day. What was delivered before counts.",
        next="/training/trainers",
        values=_first_removed,
    ),
)
def remove_trainer(work: Work, *, trainer_id: UUID, removed_on: date, reason: str) -> None:
    """Sessions after that day need another trainer: their results could not count."""
    work.concerns(private=reason)
    trainer = _to_remove(work, trainer_id, lock=True)
    if removed_on < trainer.first_day:
        raise Invalid({"removed_on": ["This is before the trainer came onto the list."]})
    trainer.removed_on = removed_on


def _to_remove(work: Work, trainer_id: UUID, *, lock: bool = False) -> Trainer:
    trainer = work.session.get(Trainer, trainer_id, with_for_update=lock)
    if trainer is None:
        raise NotFound
    work.concerns(subject=("trainer", trainer.id))
    require_keeper(work, trainer.region)
    if trainer.removed_on is not None:
        raise Refusal("R34", what="This trainer is off the list already.")
    return trainer


def trainer_or_invalid(work: Work, trainer_id: UUID) -> tuple[Trainer, Listed]:
    found = work.session.get(Trainer, trainer_id)
    if found is None:
        raise Invalid({"trainer_id": ["Select the trainer from the list"]})
    return found, listed(found)


def _wrong_name(person: Person | None, name: str) -> dict[str, list[str]]:
    if person is not None and name:
        return {"name": ["Give one of the two, not both."]}
    return (
        {} if person is not None or name else {"username": ["Choose the trainer, or enter the name below."]}
    )
