"""Telling people: the items of those who are there, and a word to the next rung where a role is vacant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.notifications.delivery.people import resolve, rung_holders
from services.notifications.delivery.rules import Addressee, Named, Recipients
from services.notifications.delivery.vacancies import note_vacant
from services.notifications.todo.items import raise_items
from services.notifications.todo.task import Task
from shared.work import Work

# Who is told of a vacant role where no ladder says who comes next.
NEXT_IN_LINE = ("cpc",)
# Whole words of a role's code that are names or written large.
_WORDS = {
    "visor": "ViSOR",
    **{name: name.upper() for name in ("cpc", "lpc", "mappa", "pdu", "pom", "spo", "sro")},
}


def tell(
    work: Work, task: Task, who: Iterable[Named], *, at: datetime | None = None
) -> tuple[Addressee, ...]:
    """Raise the task for whoever of these is there now (or comes next); returns them. `at`: see `raise_items`."""
    found = resolve(work, who)
    raise_items(work, task, found.people, at=at)
    report_vacant(work, found, NEXT_IN_LINE)
    return found.people


def report_vacant(work: Work, found: Recipients, next_roles: Sequence[str]) -> None:
    """Note each vacant role, and tell the next rung, once while it stays vacant.

    Nobody is told of a vacancy that leaves nobody to tell: it stands on the health page.
    """
    for role, unit in found.vacant:
        vacancy = note_vacant(work, role, unit)
        above = [next_role for next_role in next_roles if next_role != role]
        task = Task(
            kind="role_vacant",
            title=f"Nobody holds the role “{role_words(role)}”",
            cause=str(vacancy),
            clause="PF-4.8, PF-5.4",
            important=True,
            link="/notifications/vacant-roles",
            subject_kind="vacant_role",
            subject_id=vacancy,
        )
        raise_items(work, task, rung_holders(work, above, unit).people)


def role_words(role: str) -> str:
    """A role's code as people say it."""
    return " ".join(_WORDS.get(word, word) for word in role.split("_"))
