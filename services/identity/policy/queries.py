"""Reading national policy: every value, one with its history, and the changes that people proposed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.identity.people.models import Person
from services.identity.policy.deciders import may_change
from services.identity.policy.models import PolicyChange
from services.identity.policy.schemas import (
    STATES,
    ChangeRead,
    ChangesAnswer,
    ChangesInput,
    ValuesAnswer,
    ValuesInput,
    WholeValueAnswer,
)
from services.identity.policy.shown import ShownValue, fits, names, shown_value, shown_values
from services.identity.service import service
from shared.declarations import Page
from shared.policy import Entry, Policy
from shared.policy.kinds import in_words, typed
from shared.refusals import NotFound
from shared.web.forms import form_view
from shared.web.schemas import Nothing
from shared.web.tables import Table
from shared.work import Work

PAGE = 25


@dataclass(frozen=True)
class ShownChange:
    """A change with what would stand without it, and its two people; unknown names are the change's own."""

    change: PolicyChange
    subject: str
    present: Any
    proposer: Person | None
    decider: Person | None
    may_confirm: bool
    may_withdraw: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.change, name)

    @property
    def words(self) -> str:
        return in_words(self.change.value)

    @property
    def present_words(self) -> str:
        return "Not in force" if self.present is None else in_words(self.present)

    @property
    def state_words(self) -> str:
        return dict(STATES)[self.change.state]


@service.query(
    "policy.values",
    path="/policy",
    input=ValuesInput,
    answer=ValuesAnswer,
    page=Page("National policy", "policy/values.html"),
)
def values(work: Work, *, text: str, group: str, show: str, page: int) -> dict[str, Any]:
    """Every value, as it stands today. It is no secret: whoever works by it may read it (PI-REIA.4)."""
    waiting = select(PolicyChange.key).where(PolicyChange.state == "proposed").distinct()
    keys = frozenset(work.session.execute(waiting).scalars())
    found = [each for each in shown_values(work.policy, work.today, keys) if fits(each, text, group, show)]
    pages = max(1, ceil(len(found) / PAGE))
    work.concerns(count=len(found))
    given = {"text": text, "group": group, "show": show}
    caption = f"{len(found)} {'value' if len(found) == 1 else 'values'}"
    return {
        "values": found[(page - 1) * PAGE : page * PAGE],
        "total": len(found),
        "page": page,
        "pages": pages,
        "waiting": len(keys),
        "table": Table(caption, (), (), "", page, pages, "/identity/policy", given),
        "filters": form_view(ValuesInput(exclude=("page",)), given),
    }


@dataclass(frozen=True)
class WholeValue:
    """Unknown names are those of the value itself."""

    shown: ShownValue
    choices: tuple[str, ...]
    history: list[tuple[Entry, str]]
    changes: list[ShownChange]
    may_change: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown, name)

    @property
    def entries(self) -> list[Entry]:
        return [entry for entry, _ in self.history]


@service.query(
    "policy.value",
    path="/policy/values/<string:key>",
    input=Nothing,
    answer=WholeValueAnswer,
    page=Page("Policy value", "policy/value.html"),
)
def value(work: Work, *, key: str) -> WholeValue:
    """One value: what stood when and by which source, and every change that was proposed."""
    policy = work.policy
    if key not in policy.subjects:
        raise NotFound
    found = select(PolicyChange).where(PolicyChange.key == key).order_by(PolicyChange.proposed_at.desc())
    changes = list(work.session.execute(found.limit(PAGE)).scalars())
    work.concerns(key=key)
    waiting = any(change.state == "proposed" for change in changes)
    return WholeValue(
        shown_value(policy, key, work.today, waiting=waiting),
        typed(policy, key).choices,
        [(entry, in_words(entry.value)) for entry in reversed(policy.entries[key])],
        _shown(work, policy, changes),
        may_change(work.principal),
    )


@service.query(
    "policy.changes",
    path="/policy/changes",
    input=ChangesInput,
    answer=ChangesAnswer,
    page=Page("Changes of national policy", "policy/changes.html"),
)
def changes(work: Work, *, state: str, page: int) -> dict[str, Any]:
    """Who proposed what, and what became of it; the newest first."""
    asked = () if state == "all" else (PolicyChange.state == state,)
    total = work.session.execute(select(func.count()).select_from(PolicyChange).where(*asked)).scalar_one()
    found = select(PolicyChange).where(*asked).order_by(PolicyChange.proposed_at.desc(), PolicyChange.id)
    rows = list(work.session.execute(found.offset((page - 1) * PAGE).limit(PAGE)).scalars())
    pages = max(1, ceil(total / PAGE))
    work.concerns(count=len(rows), total=total, state=state)
    caption = f"{total} {'change' if total == 1 else 'changes'}"
    return {
        "changes": _shown(work, work.policy, rows),
        "total": total,
        "page": page,
        "pages": pages,
        "table": Table(caption, (), (), "", page, pages, "/identity/policy/changes", {"state": state}),
        "filters": form_view(ChangesInput(exclude=("page",)), {"state": state}),
    }


@service.query(
    "policy.change",
    path="/policy/changes/<uuid:change_id>",
    input=Nothing,
    answer=ChangeRead,
    page=Page("Change of national policy", "policy/change.html"),
)
def change(work: Work, *, change_id: UUID) -> ShownChange:
    """One change, with what stands without it."""
    found = work.session.get(PolicyChange, change_id)
    if found is None:
        raise NotFound
    work.concerns(subject=("policy_change", found.id), key=found.key)
    return _shown(work, work.policy, [found])[0]


def _shown(work: Work, policy: Policy, rows: list[PolicyChange]) -> list[ShownChange]:
    people = names(work.session, rows)
    decides, me = may_change(work.principal), work.principal.person_id
    return [
        ShownChange(
            row,
            policy.subjects[row.key].text if row.key in policy.subjects else row.key,
            _before(policy, row),
            people.get(row.proposed_by),
            people.get(row.decided_by) if row.decided_by else None,
            may_confirm=decides and row.state == "proposed" and row.proposed_by != me,
            may_withdraw=decides and row.state == "proposed" and row.proposed_by == me,
        )
        for row in rows
    ]


def _before(policy: Policy, row: PolicyChange) -> Any:
    """What stands on the change's first day without it."""
    standing = [
        entry
        for entry in policy.entries.get(row.key, ())
        if entry.stands(row.in_force_from)
        and (entry.value, entry.in_force_from, entry.source) != (row.value, row.in_force_from, row.source)
    ]
    return standing[-1].value if standing else None
