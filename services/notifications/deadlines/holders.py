"""Who is reminded and told by role: of a record's own people those of that record, of all others those of the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.deadlines.models import Clock
from services.notifications.delivery.people import not_revoked, rung_holders
from services.notifications.delivery.rules import OF_RECORD, Addressee, Recipients
from services.notifications.todo.items import raise_items
from services.notifications.todo.standings import holders_of
from services.notifications.todo.task import Task
from services.notifications.todo.telling import role_words
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Holders:
    """`here`: the people, and the roles that the unit has nobody for; `missing`: those that only the record lacks."""

    here: Recipients
    missing: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[Addressee, ...]:
        return self.here.people


def holders(work: Work, clock: Clock, roles: Sequence[str]) -> Holders:
    """At this moment. A stranger who holds the token is no supervisor of the record, nor is whom it is closed to."""
    if clock.unit is None:
        return Holders(Recipients((), ()))
    own = [role for role in roles if role in OF_RECORD] if clock.nominal_id is not None else []
    rest = [role for role in roles if role not in own]
    found = rung_holders(work, rest, clock.unit) if rest else Recipients((), ())
    people = {one.person_id: one for one in found.people}
    vacant, missing = list(found.vacant), []
    for role in own:
        theirs = _own(work, clock, role)
        people |= {one.person_id: one for one in theirs if one.person_id not in people}
        if not theirs and rung_holders(work, [role], clock.unit).people:
            missing.append(role)
        elif not theirs:
            vacant.append((role, clock.unit))
    return Holders(Recipients(tuple(people.values()), tuple(vacant)), tuple(missing))


def report_missing(work: Work, clock: Clock, missing: Sequence[str], next_roles: Sequence[str]) -> None:
    """The token has its holders, and the record none of them: whoever comes next hears of it, once for a deadline."""
    for role in missing:
        task = Task(
            kind="role_vacant",
            title=f"The record has no {role_words(role)} who is there",
            cause=f"{clock.id}:{role}",
            clause="PF-4.8, PF-5.4",
            important=True,
            link=f"/records/nominals/{clock.nominal_id}",
            subject_kind=clock.subject_kind,
            subject_id=clock.subject_id,
            nominal_id=clock.nominal_id,
        )
        raise_items(work, task, holders(work, clock, next_roles).people)


def _own(work: Work, clock: Clock, role: str) -> list[Addressee]:
    """Whoever stands so to the record, as records told it last, and is there."""
    if clock.nominal_id is None:
        return []
    found = not_revoked(work, holders_of(work.session, clock.nominal_id, role))
    return [Addressee(person_id, role, clock.unit) for person_id in found]
