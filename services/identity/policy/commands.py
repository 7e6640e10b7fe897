"""Changing a value of national policy: one person proposes, another confirms or rejects (section 31)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.identity.people.models import Person
from services.identity.policy.deciders import others, require_decider
from services.identity.policy.models import PolicyChange
from services.identity.policy.schemas import ChangeAnswer, ProposeInput, RejectInput
from services.identity.service import service
from shared.declarations import FormPage
from shared.events.identity.policy import POLICY_CHANGED, POLICY_DECIDED, POLICY_PROPOSED
from shared.ids import new_id
from shared.policy import rules
from shared.policy.kinds import in_words, typed
from shared.policy.rules import Change
from shared.policy.tables import ONE_A_DAY
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Concerned, Work

KIND = "policy_change"
_THIS = "/policy/changes/<uuid:change_id>"


def _same_day() -> Refusal:
    return Refusal("R34", what="Another change of this value, from the same day on, is confirmed already.")


# Two changes of one value for one day were confirmed at the same moment, and this was the second.
service.constraints[ONE_A_DAY] = _same_day


def propose_values(work: Work, *, key: str) -> dict[str, Any]:
    """What the form begins with; refuses before anybody types."""
    require_decider(work)
    subject = work.policy.subjects.get(key)
    if subject is None:
        raise NotFound
    of = typed(work.policy, key)
    present = (
        in_words(work.policy.value(key, work.today)) if work.policy.is_in_force(key, work.today) else "none"
    )
    wanted = f"made of: {', '.join(of.choices)}" if of.choices else f"to be {of.kind}"
    return {
        "about": f"{subject.text} (now {present}; {wanted})",
        "value": "" if present == "none" else present,
        "in_force_from": work.today + timedelta(days=1),
    }


@service.command(
    "policy.propose",
    path="/policy/values/<string:key>/changes",
    input=ProposeInput,
    answer=ChangeAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/policy/values/<string:key>/change",
        title="Propose a change of national policy",
        button="Propose the change",
        done="Proposed. It stands when a second person has confirmed it.",
        values=propose_values,
        next="/policy/changes/{id}",
        cancel="/policy/values/{key}",
        intro="It holds for the whole country, and only once a second person has confirmed it. Deadlines that run"
        " already are counted anew on its first day, and say so.",
    ),
)
def propose(
    work: Work, *, key: str, value: str, in_force_from: date, in_force_to: date | None, source: str
) -> PolicyChange:
    """A national administrator or the SRO; never by area (PI-REIA.4)."""
    require_decider(work)
    if key not in work.policy.subjects:
        raise NotFound
    try:
        parsed = typed(work.policy, key).parse(value)
    except ValueError as error:
        raise Invalid({"value": [str(error)]}) from error
    asked = Change(key, parsed, in_force_from, source, work.principal.person_id, in_force_to)
    rules.propose(work.policy, asked, work.today)
    made = PolicyChange(
        id=new_id(),
        key=key,
        value=parsed,
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        source=source.strip(),
        state="proposed",
        proposed_by=work.principal.person_id,
        proposed_at=work.system_now,
        decision="",
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=(KIND, made.id), key=key, in_force_from=in_force_from.isoformat())
    who = others(work.session, work.principal.person_id)
    work.emit(POLICY_PROPOSED, {"change_id": made.id, "key": key}, aggregate=(KIND, made.id), to=who)
    return made


def _to_decide(work: Work, change_id: UUID) -> PolicyChange:
    """Locked, so that of two who decide at one moment the second finds it decided. Raises R32, R34 or NotFound."""
    require_decider(work)
    change = work.session.get(PolicyChange, change_id, with_for_update=True)
    if change is None:
        raise NotFound
    work.concerns(subject=(KIND, change.id), key=change.key)
    if change.state != "proposed":
        raise Refusal("R34", what="This change has been decided already.")
    return change


def _may_decide(work: Work, change_id: UUID) -> dict[str, Any]:
    change = _to_decide(work, change_id)
    subject = work.policy.subjects[change.key].text
    first = f"{change.in_force_from.day} {change.in_force_from:%B %Y}"
    return {"about": f"{subject}: {in_words(change.value)} from {first}"}


@service.command(
    "policy.confirm",
    path=f"{_THIS}/confirm",
    input=Nothing,
    answer=ChangeAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Confirm a change of national policy",
        button="Confirm the change",
        done="Confirmed. Every service goes by it from its first day on.",
        values=_may_decide,
        next="/policy/changes/{change_id}",
        intro="From its first day it holds for the whole country, and deadlines that run are counted anew.",
    ),
)
def confirm(work: Work, *, change_id: UUID) -> PolicyChange:
    """The second person, never the one who proposed it (R23). All services are told."""
    change = _to_decide(work, change_id)
    rules.confirm(work.policy, _asked(change), work.principal.person_id, work.today)
    _decide(work, change, "confirmed")
    work.runtime.policy.changed_in(work.session)
    told = {
        "change_id": change.id,
        **{
            name: getattr(change, name) for name in ("key", "value", "in_force_from", "in_force_to", "source")
        },
        "proposed_by": change.proposed_by,
        "proposed_at": change.proposed_at,
        "confirmed_by": change.decided_by,
        "confirmed_at": change.decided_at,
    }
    work.emit(POLICY_CHANGED, told, aggregate=(KIND, change.id))
    return change


@service.command(
    "policy.reject",
    path=f"{_THIS}/reject",
    input=RejectInput,
    answer=ChangeAnswer,
    form=FormPage(
        title="Reject a change of national policy",
        button="Reject the change",
        done="Rejected. What stands goes on to stand.",
        values=_may_decide,
        next="/policy/changes/{change_id}",
    ),
)
def reject(work: Work, *, change_id: UUID, decision: str) -> PolicyChange:
    """The second person, too: whoever proposed it withdraws it."""
    change = _to_decide(work, change_id)
    if change.proposed_by == work.principal.person_id:
        raise Refusal("R23", subject="policy change")
    _decide(work, change, "rejected", decision)
    return change


@service.command(
    "policy.withdraw",
    path=f"{_THIS}/withdraw",
    input=Nothing,
    answer=ChangeAnswer,
    form=FormPage(
        title="Withdraw your change of national policy",
        button="Withdraw it",
        done="Withdrawn.",
        values=_may_decide,
        next="/policy/changes/{change_id}",
    ),
)
def withdraw(work: Work, *, change_id: UUID) -> PolicyChange:
    """Whoever proposed it, while nobody has decided."""
    change = _to_decide(work, change_id)
    if change.proposed_by != work.principal.person_id:
        raise Refusal("R32", role="the person who proposed it")
    _decide(work, change, "withdrawn")
    return change


def _decide(work: Work, change: PolicyChange, state: str, decision: str = "") -> None:
    change.state, change.decision = state, decision.strip()
    change.decided_by, change.decided_at = work.principal.person_id, work.system_now
    work.session.flush()
    data = {"change_id": change.id, "key": change.key}
    told = others(work.session, change.proposed_by)
    proposer = [] if state == "withdrawn" else [_proposer(work, change)]
    agencies = {one.agency for one in told}
    work.emit(POLICY_DECIDED, data, aggregate=(KIND, change.id), to=proposer, agencies=agencies)


def _proposer(work: Work, change: PolicyChange) -> Concerned:
    person = work.session.get_one(Person, change.proposed_by)
    return Concerned(person.id, "user", person.unit, person.agency)


def _asked(change: PolicyChange) -> Change:
    return Change(
        change.key, change.value, change.in_force_from, change.source, change.proposed_by, change.in_force_to
    )
