"""Setting, reviewing and ending Limited Access, and keeping its list (PF-4.16l.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import Opened, authorise
from services.records.access.concerned import concerned
from services.records.access.looks import LIMIT_ENDED, LIMIT_REASON
from services.records.access.models import Limit, Listed, Opening
from services.records.access.picture import standing_changed
from services.records.limited_access.rules import review_problem
from services.records.limited_access.schemas import (
    EndInput,
    LimitedAnswer,
    LimitInput,
    ListInput,
    ReviewInput,
)
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory.tables import DIRECTORY
from shared.events.records.access import LIMITED_ACCESS
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.calendars import add_months
from shared.web.schemas import Nothing
from shared.work import Work

ACTION = "nominals.limit_access"
PATH = "/nominals/<uuid:nominal_id>/limited-access"
HERE = "/nominals/{nominal_id}/limited-access"
_person = DIRECTORY.person.c


def _already() -> Refusal:
    return Refusal("R34", what="Access to this record is limited already.")


service.constraints["uq_limited_access_nominal_id"] = _already


@dataclass(frozen=True)
class Limited:
    nominal_id: UUID
    limited: bool
    review_on: date | None
    listed: int


def first_values(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not hears so before typing; manager and supervisor are on the list unless they are taken off."""
    record = authorise(work, ACTION, nominal_id).record
    named = [str(one) for one in (record.manager_id, record.supervisor_id) if one]
    review_on = add_months(work.today, _months(work))
    return {**about(work, record), "people": named, "review_on": review_on}


def about_it(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, ACTION, nominal_id).record))


def about_person(work: Work, *, nominal_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Raises NotFound for somebody who is not on the list."""
    record = authorise(work, ACTION, nominal_id).record
    here = select(Listed.id).where(Listed.nominal_id == nominal_id, Listed.person_id == person_id)
    if work.session.execute(here).first() is None:
        raise NotFound
    return dict(about(work, record))


@service.command(
    "limited_access.set",
    path=PATH,
    input=LimitInput,
    answer=LimitedAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        title="Limit access to this record",
        button="Limit access",
        done="Access to the record is limited.",
        next=HERE,
        path=f"{PATH}/set",
        intro=(
            "Only you, who acts for you and the people named here will see this record. Everybody else finds that it"
            " exists and whom to contact, even if they give a reason, and you are told of each attempt."
        ),
        values=first_values,
    ),
)
def limit(
    work: Work,
    *,
    nominal_id: UUID,
    reason: str,
    review_on: date,
    people: list[UUID],
    others: list[str],
) -> Limited:
    """Close the record to all but its CPC and a named list, from now on."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    _check_review(work, review_on)
    if opened.record.limited_access:
        raise _already()
    row = Limit(
        id=new_id(),
        nominal_id=nominal_id,
        reason=work.runtime.encrypt(nominal_id, LIMIT_REASON, reason),
        review_on=review_on,
        set_at=work.now,
        set_by=work.principal.person_id,
    )
    work.session.add(row)
    work.session.flush()
    _list(work, nominal_id, [*people, *_known(work, others)])
    _switch(work, nominal_id, limited=True)
    # Whoever has it open with a reason has it open no longer.
    work.session.execute(delete(Opening).where(Opening.nominal_id == nominal_id))
    return _told(work, opened, limited=True, review_on=review_on, private=reason)


@service.command(
    "limited_access.review",
    path=f"{PATH}/review",
    input=ReviewInput,
    answer=LimitedAnswer,
    form=FormPage(
        title="Review Limited Access",
        button="Save the review",
        done="The review was saved.",
        next=HERE,
        path=f"{PATH}/review",
        values=about_it,
    ),
)
def review(work: Work, *, nominal_id: UUID, reason: str, review_on: date) -> Limited:
    """Access stays limited: why, and when it is looked at again."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    _check_review(work, review_on)
    row = _current(work, nominal_id)
    row.reason = work.runtime.encrypt(row.origin_nominal_id, LIMIT_REASON, reason)
    row.review_on = review_on
    return _told(work, opened, limited=True, review_on=review_on, private=reason)


@service.command(
    "limited_access.end",
    path=f"{PATH}/end",
    input=EndInput,
    answer=LimitedAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="End Limited Access",
        button="End Limited Access",
        done="Access to the record is not limited any more.",
        next=HERE,
        path=f"{PATH}/end",
        intro="Everybody who could see the record before will see it again. The named list is emptied.",
        values=about_it,
    ),
)
def end(work: Work, *, nominal_id: UUID, reason: str) -> Limited:
    """Open the record again to whoever stands to it."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    row = _current(work, nominal_id)
    row.ended_at, row.ended_by = work.now, work.principal.person_id
    row.end_reason = work.runtime.encrypt(row.origin_nominal_id, LIMIT_ENDED, reason)
    work.session.flush()
    work.session.execute(delete(Listed).where(Listed.nominal_id == nominal_id))
    _switch(work, nominal_id, limited=False)
    return _told(work, opened, limited=False, review_on=None, private=reason)


@service.command(
    "limited_access.list",
    path=f"{PATH}/people",
    input=ListInput,
    answer=LimitedAnswer,
    form=FormPage(
        title="Add people to the list",
        button="Add to the list",
        done="The list was changed.",
        next=HERE,
        path=f"{PATH}/people/add",
        values=about_it,
    ),
)
def put_on_list(work: Work, *, nominal_id: UUID, others: list[str]) -> Limited:
    """Let these people see the record as they stand to it; who does not, gives a reason as for any other."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    row = _current(work, nominal_id)
    _list(work, nominal_id, _known(work, others))
    return _told(work, opened, limited=True, review_on=row.review_on)


@service.command(
    "limited_access.unlist",
    path=f"{PATH}/people/<uuid:person_id>/remove",
    input=Nothing,
    answer=LimitedAnswer,
    form=FormPage(
        title="Take this person off the list",
        button="Take off the list",
        done="The list was changed.",
        next=HERE,
        path=f"{PATH}/people/<uuid:person_id>/remove",
        values=about_person,
    ),
)
def take_off_list(work: Work, *, nominal_id: UUID, person_id: UUID) -> Limited:
    """From now on the record is closed to this person. Raises NotFound for somebody who is not on the list."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    row = _current(work, nominal_id)
    gone = delete(Listed).where(Listed.nominal_id == nominal_id, Listed.person_id == person_id)
    if work.session.execute(gone.returning(Listed.id)).first() is None:
        raise NotFound
    work.session.execute(
        delete(Opening).where(Opening.nominal_id == nominal_id, Opening.person_id == person_id)
    )
    return _told(work, opened, limited=True, review_on=row.review_on)


def _months(work: Work) -> int:
    return work.policy.number("limited_access.review_months", work.today)


def _check_review(work: Work, review_on: date) -> None:
    latest = add_months(work.today, _months(work))
    if problem := review_problem(review_on, work.today, latest):
        raise Invalid({"review_on": [problem]})


def _current(work: Work, nominal_id: UUID) -> Limit:
    """Raises NotFound where access is not limited."""
    found = select(Limit).where(Limit.nominal_id == nominal_id, Limit.ended_at.is_(None))
    row = work.session.execute(found).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _known(work: Work, emails: Iterable[str]) -> list[UUID]:
    """Active users by their work e-mail address; raises Invalid with those that nobody has."""
    wanted = {email.strip().casefold() for email in emails}
    found = select(_person.id, func.lower(_person.email).label("email")).where(
        func.lower(_person.email).in_(wanted), _person.active
    )
    rows = work.session.execute(found).all()
    if missing := sorted(wanted - {row.email for row in rows}):
        raise Invalid({"others": [f"No active user has this e-mail address: {', '.join(missing)}"]})
    return [row.id for row in rows]


def _list(work: Work, nominal_id: UUID, people: Iterable[UUID]) -> None:
    wanted = list(dict.fromkeys(people))
    active = set(
        work.session.execute(select(_person.id).where(_person.id.in_(wanted), _person.active)).scalars()
    )
    if set(wanted) - active:
        raise Invalid({"people": ["Choose people from the list"]})
    rows = [
        {
            "id": new_id(),
            "nominal_id": nominal_id,
            "origin_nominal_id": nominal_id,
            "person_id": person_id,
            "listed_at": work.now,
            "listed_by": work.principal.person_id,
        }
        for person_id in wanted
    ]
    if rows:
        work.session.execute(insert(Listed).values(rows).on_conflict_do_nothing())


def _switch(work: Work, nominal_id: UUID, *, limited: bool) -> None:
    switched = update(Nominal).where(Nominal.id == nominal_id).values(limited_access=limited)
    work.session.execute(switched, execution_options={"synchronize_session": False})


def _told(
    work: Work, opened: Opened, *, limited: bool, review_on: date | None, private: str | None = None
) -> Limited:
    """Those who work with the record hear of it, notifications of who now stands how."""
    record = replace(opened.record, limited_access=limited)
    count = select(func.count()).select_from(Listed).where(Listed.nominal_id == record.id)
    listed = int(work.session.execute(count).scalar_one())
    work.concerns(subject=("nominal", record.id), private=private, limited=limited, listed=listed)
    if limited != opened.record.limited_access:
        data = {"nominal_id": record.id, "limited": limited, "review_on": review_on}
        work.emit(
            LIMITED_ACCESS,
            data,
            aggregate=("nominal", record.id),
            to=concerned(work, record, "manager", "supervisor", "cpc"),
        )
    standing_changed(work, record)
    return Limited(record.id, limited, review_on, listed)
