"""Keeping a card right: one's own telephone, e-mail and job title; a name, by an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.identity.accounts.finding import by_user_name, person_or_404, require_authority
from services.identity.directory import log
from services.identity.people.changing_schemas import (
    ChangedAnswer,
    LineManagerInput,
    NameInput,
    OwnCardInput,
)
from services.identity.people.models import Person
from services.identity.service import service
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work


def own_card(work: Work) -> dict[str, Any]:
    person = person_or_404(work, work.principal.person_id)
    return {**_own_fields(person), "version": person.version}


@service.command(
    "people.change_own",
    path="/my-card",
    method="PUT",
    input=OwnCardInput,
    answer=ChangedAnswer,
    edits=True,
    form=FormPage(
        path="/my-card/change",
        title="Change your contact card",
        button="Save",
        done="Your contact card has been changed.",
        next="/people/{id}",
        cancel="/my-access",
        values=own_card,
        intro="Your name is changed by an administrator.",
    ),
)
def change_own(work: Work, *, job_title: str, email: str, telephone: str, version: int) -> Person:
    """PF-7/white pages.2: others reach one by it, so everybody keeps their own right."""
    person = person_or_404(work, work.principal.person_id, lock=True)
    mine = {"job_title": job_title, "email": email, "telephone": telephone}
    _change(work, person, mine, _own_fields(person), version)
    return person


def name_of(work: Work, *, person_id: UUID) -> dict[str, Any]:
    person = person_or_404(work, person_id)
    _may_rename(work, person)
    return {"about": about(person), "name": person.name, "version": person.version}


def _may_rename(work: Work, person: Person) -> None:
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right
    if person.id == work.principal.person_id:
        raise Refusal("R23", subject="account")


@service.command(
    "people.rename",
    path="/people/<uuid:person_id>/name",
    method="PUT",
    input=NameInput,
    answer=ChangedAnswer,
    edits=True,
    form=FormPage(
        path="/people/<uuid:person_id>/name/change",
        title="Change the name",
        button="Save",
        done="The name has been changed. Old entries show the new name too.",
        next="/people/{person_id}",
        values=name_of,
    ),
)
def rename(work: Work, *, person_id: UUID, name: str, authority: str, version: int) -> Person:
    """By a holder of `admin`: a signature must be in the name that the card shows (PF-7/SyOps.1)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), private=authority)
    _may_rename(work, person)
    _change(work, person, {"name": name}, {"name": person.name}, version)
    return person


def manager_of(work: Work, *, person_id: UUID) -> dict[str, Any]:
    person = person_or_404(work, person_id)
    require_authority(work, person, "account")
    manager = work.session.get(Person, person.line_manager) if person.line_manager else None
    return {"about": about(person), "line_manager": manager.username if manager else ""}


@service.command(
    "people.set_line_manager",
    path="/people/<uuid:person_id>/line-manager",
    input=LineManagerInput,
    answer=Done,
    form=FormPage(
        title="Line manager",
        button="Save",
        done="The line manager has been saved.",
        next="/people/{person_id}",
        values=manager_of,
    ),
)
def set_line_manager(work: Work, *, person_id: UUID, line_manager: str) -> None:
    """PF-4.39: line managers say who left; the CPC and administrators say who they are."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    require_authority(work, person, "account")
    manager = by_user_name(work, line_manager, "line_manager")
    if manager is not None and manager.id == person.id:
        raise Invalid({"line_manager": ["Nobody is their own line manager."]})
    person.line_manager = manager.id if manager else None


def _own_fields(person: Person) -> dict[str, str]:
    return {"job_title": person.job_title, "email": person.email, "telephone": person.telephone}


def _change(
    work: Work, person: Person, mine: Mapping[str, str], theirs: Mapping[str, str], version: int
) -> None:
    work.concerns(subject=("person", person.id))
    work.expect_version(version, person.version, mine=mine, theirs=theirs)
    for name, value in mine.items():
        setattr(person, name, value.strip())
    work.session.flush()
    log.changed(work, people=[person.id])
