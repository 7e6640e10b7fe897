"""What no capability tells, entered by a person or told by another system: that a duty began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import has_request_context

from services.notifications.deadlines import clocks, rules
from services.notifications.deadlines.catalogue import ByHand, Entry, catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.note_schemas import BegunAnswer, DayInput, MomentInput, ToldOccasion
from services.notifications.deadlines.tasks import own_task
from services.notifications.delivery.rules import PERSONAL, Named
from services.notifications.service import service
from services.notifications.todo.cards import lines
from shared.declarations import FormPage
from shared.directory import read_model
from shared.ids import derived_id, new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.calendars import start_of_day
from shared.web import guard
from shared.work import Work

FEED = "integration.deadlines"
_DONE = "The deadline has begun, and stands on the lists of those who must act."
_INTRO = "For what another system knows and no part of this one tells. Everything else starts its deadline by itself."


def _page(path: str, values: Callable[..., Any]) -> FormPage:
    return FormPage(
        title="Enter what starts a deadline",
        button="Start the deadline",
        done=_DONE,
        next="/deadlines/{id}",
        path=f"{path}/new",
        intro=_INTRO,
        values=values,
    )


def of_unit(_work: Work, *, duty: str) -> dict[str, Any]:
    """For the form: what is asked for. Raises NotFound for a duty that is not entered here."""
    entry, _ = _asked_for(duty, nominal=False, moment=False)
    return {"about": f"{entry.duty}: {_by_hand(entry).begins[:1].lower()}{_by_hand(entry).begins[1:]}"}


def day_of_nominal(work: Work, *, nominal_id: UUID, duty: str) -> dict[str, Any]:
    return _about_nominal(work, nominal_id, _asked_for(duty, nominal=True, moment=False)[0])


def moment_of_nominal(work: Work, *, nominal_id: UUID, duty: str) -> dict[str, Any]:
    return _about_nominal(work, nominal_id, _asked_for(duty, nominal=True, moment=True)[0])


_UNIT = "/deadlines/occasions/<string:duty>"
_DAY = "/nominals/<uuid:nominal_id>/deadlines/days/<string:duty>"
_MOMENT = "/nominals/<uuid:nominal_id>/deadlines/moments/<string:duty>"


@service.command(
    "deadlines.note",
    path=_UNIT,
    input=DayInput,
    answer=BegunAnswer,
    status=201,
    form=_page(_UNIT, of_unit),
)
def note(work: Work, *, duty: str, on: date) -> Clock:
    """A request for disclosure came: the clock of one's own unit begins with that day."""
    entry, variant = _asked_for(duty, nominal=False, moment=False)
    return _entered(work, entry, variant, "on", start_of_day(on), None)


@service.command(
    "deadlines.note_day",
    path=_DAY,
    input=DayInput,
    answer=BegunAnswer,
    status=201,
    form=_page(_DAY, day_of_nominal),
)
def note_day(work: Work, *, nominal_id: UUID, duty: str, on: date) -> Clock:
    """Something happened to a nominal on a day (an OASys was completed): what it asks of one's own unit begins."""
    entry, variant = _asked_for(duty, nominal=True, moment=False)
    _check_seen(work, nominal_id)
    return _entered(work, entry, variant, "on", start_of_day(on), nominal_id)


@service.command(
    "deadlines.note_moment",
    path=_MOMENT,
    input=MomentInput,
    answer=BegunAnswer,
    status=201,
    form=_page(_MOMENT, moment_of_nominal),
)
def note_moment(work: Work, *, nominal_id: UUID, duty: str, at: datetime) -> Clock:
    """The same where the minute counts: an appointment before which the record must have been checked."""
    entry, variant = _asked_for(duty, nominal=True, moment=True)
    _check_seen(work, nominal_id)
    return _entered(work, entry, variant, "at", at, nominal_id)


@service.command(
    "deadlines.hear",
    path="/integrations/occasions",
    input=ToldOccasion,
    answer=BegunAnswer,
    status=202,
    audience="integration",
)
def hear(
    work: Work,
    *,
    duty: str,
    unit: str,
    at: datetime,
    reference: UUID,
    nominal_id: UUID | None,
    done: bool,
) -> Clock:
    """What another system knows: that a duty began, or (`done`) that it was done. Told twice, it counts once."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    entry, variant = _heard(duty)
    subject = derived_id("occasion", work.principal.person_id, entry.code, reference)
    if wrong := rules.wrong_beginning(at, work.now, ahead=_by_hand(entry).ahead and not done):
        raise Invalid({"at": [wrong]})
    if done:
        clocks.meet(work, entry, subject, at)
        return clocks.locked(work, entry, subject)
    if read_model.unit(work.session, unit) is None:
        raise Invalid({"unit": ["No unit has this code"]})
    if _by_hand(entry).nominal and nominal_id is None:
        raise Invalid({"nominal_id": ["Say which record it is about"]})
    return _begin(work, entry, variant, unit, at, nominal_id, subject)


def _entered(
    work: Work, entry: Entry, variant: str, name: str, at: datetime, nominal_id: UUID | None
) -> Clock:
    if wrong := rules.wrong_beginning(at, work.now, ahead=_by_hand(entry).ahead):
        raise Invalid({name: [wrong]})
    return _begin(work, entry, variant, work.principal.unit, at, nominal_id, new_id())


def _begin(
    work: Work, entry: Entry, variant: str, unit: str, at: datetime, nominal_id: UUID | None, subject: UUID
) -> Clock:
    card = read_model.unit(work.session, unit)
    ahead = _by_hand(entry).ahead
    begin = clocks.Beginning(
        entry=entry,
        subject_id=subject,
        started_at=work.now if ahead else at,
        unit=unit,
        jurisdiction=card.jurisdiction if card else "ENG",
        nominal_id=nominal_id,
        until=rules.Until.of(at, before=True) if ahead else None,
        variant=variant,
    )
    clock = clocks.start(work, begin, own_task(entry, subject), _in_person(work, entry))
    work.concerns(nominal_id=nominal_id, subject=("deadline", clock.id), code=entry.code, unit=unit)
    return clock


def _in_person(work: Work, entry: Entry) -> list[Named]:
    """A duty of the practitioner, or of the manager who decides, is that of whoever enters it."""
    if work.principal.scope != "full":
        return []
    whose = [role for role in entry.reminded if role in PERSONAL]
    return [Named(work.principal.person_id, role, work.principal.unit) for role in whose]


def _heard(duty: str) -> tuple[Entry, str]:
    code, _, variant = duty.partition(".")
    entry = catalogue().get(code)
    known = entry is not None and entry.runs and entry.by_hand is not None and entry.by_hand.begins
    if entry is None or not known or (variant or "") not in (entry.variants or ("",)):
        raise Invalid({"duty": ["No duty with this code is told here"]})
    return entry, variant


def _asked_for(duty: str, *, nominal: bool, moment: bool) -> tuple[Entry, str]:
    """Raises NotFound for a code that is none, or is entered elsewhere."""
    try:
        entry, variant = _heard(duty)
    except Invalid:
        raise NotFound from None
    if (_by_hand(entry).nominal, _by_hand(entry).moment) != (nominal, moment):
        raise NotFound
    return entry, variant


def _by_hand(entry: Entry) -> ByHand:
    return entry.by_hand or ByHand()


def _about_nominal(work: Work, nominal_id: UUID, entry: Entry) -> dict[str, Any]:
    card = _check_seen(work, nominal_id)
    begins = _by_hand(entry).begins
    return {"about": f"{card}: {begins[:1].lower()}{begins[1:]}"}


def _check_seen(work: Work, nominal_id: UUID) -> str:
    """Whoever may not see the record enters nothing about it: records is asked, as the person who asks.

    Raises NotFound, as for a record that there is not.
    """
    credential = guard.credential() if has_request_context() else None
    card = lines(work.runtime, [nominal_id], credential)[nominal_id]
    if card.name is None:
        raise NotFound
    work.concerns(nominal_id=nominal_id)
    return f"{card.visor_number}, {card.name}"
