"""When somebody wants e-mail: at which hours a digest, and whether urgent notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.delivery.letters import first_digest
from services.notifications.delivery.models import MailPreference
from services.notifications.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.web.schemas import Answer, Input
from shared.work import Work

# Every hour of a working day.
_CLOCK = [f"{hour:02}:00" for hour in range(7, 20)]


def _said(clock: str) -> str:
    hour = int(clock[:2])
    half = "am" if hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{(hour - 1) % 12 + 1}{half}"


class PreferencesInput(Input):
    times = fields.List(
        fields.String(validate=validate.OneOf(_CLOCK, [_said(one) for one in _CLOCK])),
        load_default=list,
        validate=validate.Length(max=6),
        metadata={
            "label": "When to get a digest",
            "hint": "It says how many items are new, and nothing else. Up to six times a day; none for no digest.",
            "widget": "checkboxes",
            "options": [(one, _said(one)) for one in _CLOCK],
        },
    )
    working_days_only = fields.Boolean(
        load_default=False, metadata={"label": "Only on working days", "widget": "checkbox"}
    )
    urgent = fields.Boolean(
        load_default=False,
        metadata={"label": "An e-mail at once for what is important", "widget": "checkbox"},
    )


class PreferencesAnswer(Answer):
    times = fields.List(fields.String())
    working_days_only = fields.Boolean()
    urgent = fields.Boolean()
    next_at = fields.AwareDateTime(allow_none=True)


def chosen(work: Work) -> dict[str, Any]:
    """What stands now; without a choice of one's own, urgent notes only."""
    mine = select(MailPreference).where(MailPreference.person_id == work.principal.person_id)
    row = work.session.execute(mine).scalar_one_or_none()
    if row is None:
        return {"times": [], "working_days_only": True, "urgent": True}
    return {"times": row.times, "working_days_only": row.working_days_only, "urgent": row.urgent}


@service.command(
    "delivery.prefer",
    path="/preferences",
    input=PreferencesInput,
    answer=PreferencesAnswer,
    form=FormPage(
        title="When you get e-mail",
        button="Save",
        done="Saved.",
        next="/preferences/new",
        path="/preferences/new",
        intro="E-mail goes to the address on your white-pages card. It never says what an item is about.",
        values=chosen,
    ),
)
def prefer(work: Work, *, times: Sequence[str], working_days_only: bool, urgent: bool) -> MailPreference:
    """PF-4.29.2: counts may be e-mailed, without nominal data, at the hours that the person chose."""
    me, hours = work.principal.person_id, sorted(set(times))
    values = {
        "times": hours,
        "working_days_only": working_days_only,
        "urgent": urgent,
        "next_at": first_digest(work, me, hours, working_days_only=working_days_only),
    }
    row = insert(MailPreference).values(person_id=me, counted_to=new_id(), **values)
    work.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))
    work.concerns(subject=("person", me), times=hours, urgent=urgent)
    kept = select(MailPreference).where(MailPreference.person_id == me)
    return work.session.execute(kept.execution_options(populate_existing=True)).scalar_one()
