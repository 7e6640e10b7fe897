"""The kinds of vetting, and how two administrators change one (PF-4.3.2)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, token_in_force
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.models import VettingType, VettingTypeChange
from services.identity.vetting.records import accepted_days
from services.identity.vetting.schemas import ProposedAnswer, ProposeInput, TypesAnswer
from shared.declarations import FormPage, Page
from shared.events.identity.vetting import VETTING_TYPE_DECIDED, VETTING_TYPE_PROPOSED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

_DAYS = ("accepted_from", "accepted_to")
service.constraints["uq_vetting_type_change_open"] = lambda: Refusal(
    "R34", what="A change to this kind of vetting waits for its second person already."
)


def _first_shown(work: Work) -> dict[str, Any]:
    _only_admin(work)
    return {"scheme": "nppv2023"}


def _only_admin(work: Work) -> None:
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right


@service.query(
    "vetting.types",
    path="/vetting/types",
    input=Nothing,
    answer=TypesAnswer,
    page=Page("Kinds of vetting", "vetting/types.html"),
)
def types(work: Work) -> dict[str, Any]:
    """What each is worth and whether it counts today; what is proposed, for administrators."""
    found = list(
        work.session.execute(
            select(VettingType).order_by(VettingType.scheme.desc(), VettingType.name)
        ).scalars()
    )
    administers = work.principal.holds("admin")
    return {
        "types": [_type(work, one) for one in found],
        "proposals": _proposals(work) if administers else [],
        "may_propose": administers,
    }


@service.command(
    "vetting.propose_type",
    path="/vetting/types/changes",
    input=ProposeInput,
    answer=ProposedAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/vetting/types/changes/new",
        title="Propose a change to the kinds of vetting",
        button="Propose the change",
        done="The change has been proposed. It counts once another administrator has confirmed it.",
        next="/vetting/types",
        values=_first_shown,
    ),
)
def propose_type(
    work: Work,
    *,
    code: str,
    name: str,
    level: int,
    scheme: str,
    accepted_from: date,
    accepted_to: date | None,
    authority: str,
    needs_sro: bool,
    reason: str,
) -> VettingTypeChange:
    """Changes nothing until somebody else confirms it (R23)."""
    work.concerns(code=code)
    _only_admin(work)
    if accepted_to is not None and accepted_to < accepted_from:
        raise Invalid({"accepted_to": ["It must not end before it begins."]})
    made = VettingTypeChange(
        code=code,
        wanted={
            "name": name,
            "level": level,
            "scheme": scheme,
            "accepted_from": accepted_from.isoformat(),
            "accepted_to": accepted_to.isoformat() if accepted_to else None,
            "authority": authority,
            "needs_sro": needs_sro,
        },
        reason=reason,
        proposed_by=work.principal.person_id,
        proposed_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("vetting_type_change", made.id))
    _tell(work, VETTING_TYPE_PROPOSED, made, _other_administrators(work))
    return made


def _first_confirmed(work: Work, *, change_id: UUID) -> dict[str, Any]:
    return {"about": _to_confirm(work, change_id).code}


@service.command(
    "vetting.confirm_type",
    path="/vetting/types/changes/<uuid:change_id>/confirm",
    input=Nothing,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Confirm the change to the kinds of vetting",
        button="Confirm the change",
        done="The change has been confirmed and counts from now on.",
        next="/vetting/types",
        intro="Whoever no longer holds vetting that counts is disabled within a minute.",
        values=_first_confirmed,
    ),
)
def confirm_type(work: Work, *, change_id: UUID) -> None:
    """By another administrator than who proposed it; of two at once one (R34)."""
    change = _to_confirm(work, change_id, lock=True)
    wanted = {**change.wanted, **{day: _day(change.wanted[day]) for day in _DAYS}}
    work.session.merge(VettingType(code=change.code, **wanted))
    _decide(work, change, "confirmed")


def _to_confirm(work: Work, change_id: UUID, *, lock: bool = False) -> VettingTypeChange:
    change = _open_change(work, change_id, lock=lock)
    if change.proposed_by == work.principal.person_id:
        raise Refusal("R23", subject="proposal")
    return change


def _first_rejected(work: Work, *, change_id: UUID) -> dict[str, Any]:
    return {"about": _open_change(work, change_id).code}


@service.command(
    "vetting.reject_type",
    path="/vetting/types/changes/<uuid:change_id>/reject",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Reject the change to the kinds of vetting",
        button="Reject the change",
        done="The change has been rejected.",
        next="/vetting/types",
        values=_first_rejected,
    ),
)
def reject_type(work: Work, *, change_id: UUID) -> None:
    """Also by whoever proposed it, who thereby takes it back."""
    _decide(work, _open_change(work, change_id, lock=True), "rejected")


def _open_change(work: Work, change_id: UUID, *, lock: bool = False) -> VettingTypeChange:
    work.concerns(subject=("vetting_type_change", change_id))
    _only_admin(work)
    found = work.session.get(VettingTypeChange, change_id, with_for_update=lock)
    if found is None:
        raise NotFound
    if found.decided_at is not None:
        raise Refusal("R34", what="This change has been decided already.")
    return found


def _decide(work: Work, change: VettingTypeChange, outcome: str) -> None:
    change.decided_by, change.decided_at = work.principal.person_id, work.system_now
    change.outcome = outcome
    work.concerns(code=change.code, outcome=outcome)
    proposer = work.session.get_one(Person, change.proposed_by)
    _tell(work, VETTING_TYPE_DECIDED, change, [proposer])


def _tell(work: Work, kind: Any, change: VettingTypeChange, people: list[Person]) -> None:
    to = [Concerned(one.id, "admin", one.unit, one.agency) for one in people]
    data = {"change_id": change.id, "code": change.code}
    work.emit(kind, data, aggregate=("vetting_type_change", change.id), to=to)


def _other_administrators(work: Work) -> list[Person]:
    found = (
        select(Person)
        .join(TokenGrant, TokenGrant.person_id == Person.id)
        .where(TokenGrant.token == "admin", token_in_force(), ACTIVE)  # noqa: S105 - an access right's name
        .where(Person.id != work.principal.person_id)
        .distinct()
    )
    return list(work.session.execute(found).scalars())


def _type(work: Work, one: VettingType) -> dict[str, Any]:
    columns = (*("code", "name", "level", "scheme", "authority", "needs_sro", "beside"), *_DAYS)
    accepted = any(days.hold(work.today) for days in accepted_days(one, work.policy))
    return {**{name: getattr(one, name) for name in columns}, "accepted": accepted}


def _proposals(work: Work) -> list[dict[str, Any]]:
    found = (
        select(VettingTypeChange, Person)
        .join(Person, Person.id == VettingTypeChange.proposed_by)
        .where(VettingTypeChange.decided_at.is_(None))
        .order_by(VettingTypeChange.proposed_at)
    )
    return [
        {
            "id": change.id,
            "code": change.code,
            "wanted": change.wanted,
            "reason": change.reason,
            "proposer": cards(work.session, [person])[0],
            "proposed_at": change.proposed_at,
            "may_decide": person.id != work.principal.person_id,
        }
        for change, person in work.session.execute(found)
    ]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
