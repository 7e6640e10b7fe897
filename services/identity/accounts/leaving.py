"""Leavers: reported, disabled at once, confirmed by the CPC, and archived when all is handed over."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.identity.accounts import telling
from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.accounts.leavers import open_leaver
from services.identity.accounts.leaving_schemas import HrLeaverAnswer, HrLeaverInput, LeaverInput
from services.identity.accounts.models import Leaver
from services.identity.accounts.rules import NO_ACCOUNT_YET, REPORTERS, reporting_as
from services.identity.accounts.states import disable
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from services.identity.tokens.models import TokenOrder
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_LEAVING
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Work

# The access right of an HR system that tells of leavers.
FEED = "integration.hr"
service.constraints["uq_leaver_open"] = lambda: Refusal(
    "R34", what="It was reported a moment ago that this person left."
)
PAGE = "/people/{person_id}/leaving"


def _whom(work: Work, *, person_id: UUID) -> dict[str, str]:
    """Named on the form, for whoever may send it: what it closes is closed at once."""
    person = person_or_404(work, person_id)
    _may_report(work, person)
    return {"about": about(person, after=f", {person.job_title}")}


@service.command(
    "accounts.report_leaver",
    path="/people/<uuid:person_id>/leaver",
    input=LeaverInput,
    answer=Done,
    form=FormPage(
        title="Report a leaver",
        button="Report that they left",
        done="The account is disabled. The CPC is told, and archives it when all is handed over.",
        next="/people/{person_id}",
        values=_whom,
        intro="The account is disabled at once, and the person’s sessions end within seconds.",
    ),
)
def report_leaver(work: Work, *, person_id: UUID, left_on: date) -> None:
    """PF-4.38.1, PF-4.39: by the SPO, line manager or ViSOR lead, or by whoever looks after the account."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    reported_as = _may_report(work, person)
    if left_on > work.today:
        raise Invalid({"left_on": ["The last day must not be in the future: the account closes at once."]})
    if person.state == "archived" or open_leaver(work, person):
        contact = cpc_contact(work, person.unit)
        raise Refusal("R34", contact=contact, what=f"It is known already that {person.name} left.")
    leave(work, person, left_on, reported_as)


def _may_report(work: Work, person: Person) -> str:
    """As what the principal reports this person; raises Refusal R32, or R23 for oneself."""
    contact = cpc_contact(work, person.unit)
    mine = person.line_manager == work.principal.person_id
    reported_as = reporting_as(reach_of(work, person), line_manager=mine)
    if reported_as is None:
        raise Refusal("R32", contact=contact, role=REPORTERS)
    if person.id == work.principal.person_id:
        raise Refusal("R23", contact=contact, subject="account")
    return reported_as


@service.command(
    "accounts.hear_leaver",
    path="/integrations/hr/leavers",
    input=HrLeaverInput,
    answer=HrLeaverAnswer,
    status=202,
    audience="integration",
)
def hear_leaver(work: Work, *, reference: str, username: str, left_on: date) -> dict[str, str]:
    """PF-4.38.1: an HR system tells that somebody left. The same reference twice is as good as once.

    A last day still to come is kept as it is, and closes the account all the same: HR tells on the day.
    """
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    told = select(Leaver.id).where(Leaver.reference == reference)
    if work.session.execute(told).first():
        return {"outcome": "known"}
    named = select(Person).where(Person.username == username.strip().lower()).with_for_update()
    person = work.session.execute(named).scalar_one_or_none()
    if person is None:
        return {"outcome": "unknown"}
    work.concerns(subject=("person", person.id))
    if person.state == "archived" or open_leaver(work, person):
        return {"outcome": "known"}
    leave(work, person, left_on, "hr", reference)
    return {"outcome": "disabled"}


def _first_confirmed(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody confirms."""
    person = person_or_404(work, person_id)
    _reported(work, person, lock=False)
    return {"about": about(person)}


def _reported(work: Work, person: Person, *, lock: bool) -> Leaver:
    """What the CPC or deputy may confirm; raises Refusal for anybody else, and where nothing was reported."""
    reach = reach_of(work, person)
    contact = cpc_contact(work, person.unit)
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=contact)
    if person.id == work.principal.person_id:
        raise Refusal("R23", contact=contact, subject="account")
    found = open_leaver(work, person, lock=lock)
    if found is None:
        raise Refusal("R34", contact=contact, what="Nobody has reported that this person left.")
    return found


@service.command(
    "accounts.confirm_leaver",
    path="/people/<uuid:person_id>/leaver/confirm",
    input=Nothing,
    answer=Done,
    form=FormPage(
        values=_first_confirmed,
        title="Confirm that they left",
        button="Confirm",
        done="Confirmed. The account can be archived when all is handed over.",
        next=PAGE,
    ),
)
def confirm_leaver(work: Work, *, person_id: UUID) -> None:
    """PF-4.38.3: nothing is archived before the CPC has confirmed."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    found = _reported(work, person, lock=True)
    if found.confirmed_at is None:
        confirm(work, found)


def leave(
    work: Work, person: Person, left_on: date, reported_as: str, reference: str | None = None
) -> Leaver:
    """Closes the account and asks the other services what its holder still has."""
    found = Leaver(
        person_id=person.id,
        left_on=left_on,
        reported_by=work.principal.person_id,
        reported_as=reported_as,
        reported_at=work.system_now,
        reference=reference,
    )
    work.session.add(found)
    if reported_as == "cpc":
        confirm(work, found)
    _close(work, person)
    _take_back_orders(work, person)
    person.left_on = left_on
    work.session.flush()
    told = [telling.cpc(work, person), *telling.leads(work.session, person)]
    telling.tell_dated(work, ACCOUNT_LEAVING, person, told, left_on=left_on, leaver_id=found.id)
    log.changed(work, people=[person.id])
    return found


def _take_back_orders(work: Work, person: Person) -> None:
    """No administrator sets a token that a CPC authorised for somebody who has left."""
    mine = update(TokenOrder).where(TokenOrder.person_id == person.id, TokenOrder.state == "open")
    settled = {"settled_by": work.principal.person_id, "settled_at": work.system_now}
    work.session.execute(mine.values(**settled, state="declined", settled_reason="Has left the role"))


def _close(work: Work, person: Person) -> None:
    """A newcomer who leaves before the account was made is disabled like anybody."""
    if person.state in NO_ACCOUNT_YET:
        person.state = "created"
    if person.state == "disabled":
        person.disabled_reason = "left"
    disable(work, person, "left")


def confirm(work: Work, found: Leaver) -> None:
    found.confirmed_by, found.confirmed_at = work.principal.person_id, work.system_now
