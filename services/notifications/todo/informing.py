"""Telling a practitioner without an account that there is something new: "see your administrator" (PF-4.27)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import func, select

from services.notifications.delivery.letters import mails, write_to_address
from services.notifications.service import service
from services.notifications.todo.changes import mark_read
from services.notifications.todo.models import Change
from services.notifications.todo.standings import stood_to
from shared.declarations import FormPage
from shared.directory.tables import DIRECTORY
from shared.refusals import Invalid, NotFound
from shared.web.schemas import Done, Input
from shared.work import Work

_person = DIRECTORY.person
_PATH = "/changes/<uuid:nominal_id>/practitioner"


class PractitionerInput(Input):
    address = fields.Email(
        required=True,
        validate=validate.Length(max=200),
        metadata={
            "label": "E-mail address of the practitioner",
            "hint": "An address of your own agency",
            "noun": "the practitioner’s e-mail address",
            "widget": "email",
        },
    )


def may_inform(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever stands to the record; it looks to all others as if there were none."""
    _check(work, nominal_id)
    return {}


@service.command(
    "changes.inform",
    path=_PATH,
    input=PractitionerInput,
    answer=Done,
    form=FormPage(
        title="Tell the practitioner",
        button="Send",
        done="The practitioner is told by e-mail to see you. The changes are marked as read.",
        next="/changes",
        path=f"{_PATH}/new",
        intro="For a practitioner without an account. The message says only that information about somebody they work"
        " with was updated, and to see their administrator: no name, and nothing of what changed.",
        values=may_inform,
    ),
)
def inform(work: Work, *, nominal_id: UUID, address: str) -> None:
    """The administrator confirms by it that the practitioner is to be told of what changed up to now."""
    _check(work, nominal_id)
    if not mails(work):
        raise Invalid({"address": ["No mail server is set here, so no e-mail can be sent"]})
    if not _of_own_agency(work, address):
        raise Invalid({"address": ["Enter an address of your own agency"]})
    through = _newest(work, nominal_id)
    write_to_address(work, f"changes:{nominal_id}:{through}:{address.lower()}", address)
    mark_read(work, work.principal.person_id, nominal_id, through)
    work.concerns(nominal_id=nominal_id, private=address, through=through)


def _check(work: Work, nominal_id: UUID) -> None:
    mine = stood_to(work.principal.person_id).subquery()
    stands = select(mine.c.nominal_id).where(mine.c.nominal_id == nominal_id).limit(1)
    if work.session.execute(stands).first() is None:
        raise NotFound


def _newest(work: Work, nominal_id: UUID) -> int:
    newest = select(func.coalesce(func.max(Change.number), 0)).where(Change.nominal_id == nominal_id)
    return work.session.execute(newest).scalar_one()


def _of_own_agency(work: Work, address: str) -> bool:
    """The part after the @ is that of some colleague's address."""
    domain = address.rpartition("@")[2].lower()
    same = func.lower(func.split_part(_person.c.email, "@", 2)) == domain
    found = select(_person.c.id).where(_person.c.agency == work.principal.agency, same).limit(1)
    return work.session.execute(found).first() is not None
