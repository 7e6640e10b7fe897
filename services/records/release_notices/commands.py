"""Switching a prison's release notices on or off from a day on (PSI-6.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.records.release_notices.models import ReleaseNoticeSwitch
from services.records.release_notices.rules import may_switch, wrong_switch
from services.records.release_notices.schemas import SwitchAnswer, SwitchInput
from services.records.release_notices.switches import is_on
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.read_model import UnitCard
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PATH = "/release-notices"
PRISON = f"{PATH}/<string:prison>"
WHO = "this prison’s ViSOR lead or Governor, or the CPC of its group"


def the_prison(work: Work, code: str) -> UnitCard:
    """Raises NotFound for what is no prison, R32 for whom it is none of their business."""
    found = read_model.unit(work.session, code)
    if found is None or found.kind != "prison":
        raise NotFound
    work.concerns(prison=code)
    if not may_switch(work.principal, read_model.above(work.session, code)):
        raise Refusal("R32", role=WHO)
    return found


def _before_typing(work: Work, *, prison: str) -> dict[str, Any]:
    return {"about": the_prison(work, prison).name, "from_day": work.today}


@service.command(
    "release_notices.switch",
    path=PRISON,
    input=SwitchInput,
    answer=SwitchAnswer,
    form=FormPage(
        path=f"{PRISON}/switch",
        title="Switch release date notices",
        button="Save",
        done="Saved.",
        next=f"{PATH}/{{prison}}",
        intro="Switch them on once custody attachments are kept up here as agreed: police and probation then rely on"
        " the record in place of what the prison sent them by hand.",
        values=_before_typing,
    ),
)
def switch(work: Work, *, prison: str, on: str, from_day: date) -> ReleaseNoticeSwitch:
    """By the prison's ViSOR lead or Governor, or its group's CPC; what was told before stays."""
    the_prison(work, prison)
    wanted = on == "on"
    stands = is_on(work.session, prison, from_day)
    if wrong := wrong_switch(on=wanted, from_day=from_day, today=work.today, stands=stands):
        raise Invalid(wrong)
    said = {"on": wanted, "said_by": work.principal.person_id, "said_at": work.now}
    row = insert(ReleaseNoticeSwitch).values(prison=prison, from_day=from_day, **said)
    work.session.execute(row.on_conflict_do_update(index_elements=["prison", "from_day"], set_=said))
    work.concerns(on=wanted, from_day=from_day.isoformat())
    return work.session.get_one(ReleaseNoticeSwitch, (prison, from_day), populate_existing=True)
