"""What a ViSOR lead assures each month, and the register of local practices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.identity.coverage.asking import tell_given
from services.identity.coverage.models import ONE_ASSURANCE, LeadAssurance, LocalPractice
from services.identity.coverage.rules import wrong_month
from services.identity.coverage.schemas import AssureInput, KeptAnswer, PracticeInput
from services.identity.people.models import Unit
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

UNIT_HEADS = ("governor", "head_of_pdu")
service.constraints[ONE_ASSURANCE] = lambda: Refusal(
    "R34", what="The assurance of this month has been written already."
)


def may_assure(principal: Principal, code: str) -> bool:
    """PF-7/ViSOR Lead.2: the lead of this prison."""
    return code in principal.units_with_role("visor_lead")


def may_note(principal: Principal, code: str) -> bool:
    """PF-0.4.1: Governors, Directors and heads of delivery units, each for their own."""
    return code in principal.units_with_role(*UNIT_HEADS)


def unit_or_404(work: Work, code: str) -> Unit:
    unit = work.session.get(Unit, code)
    if unit is None:
        raise NotFound
    return unit


def _assuring(work: Work, *, unit: str) -> dict[str, Any]:
    found = _lead_s(work, unit)
    return {"about": found.name, "month": work.today}


def _lead_s(work: Work, code: str) -> Unit:
    unit = unit_or_404(work, code)
    if not may_assure(work.principal, code):
        raise Refusal("R32", role="the ViSOR lead of this prison")
    return unit


@service.command(
    "coverage.assure",
    path="/coverage/<unit>/assurances",
    input=AssureInput,
    answer=KeptAnswer,
    form=FormPage(
        title="Assure that tasks are completed",
        button="Record the assurance",
        done="Recorded for the Governor and the CPC.",
        next="/coverage/{unit}",
        path="/coverage/<unit>/assurances/new",
        intro="Once a month, for the Governor and the CPC.",
        values=_assuring,
    ),
)
def assure(work: Work, *, unit: str, month: date, completed: bool, note: str) -> LeadAssurance:
    """PF-7/ViSOR Lead.2: the lead gives assurance that tasks are being completed; where they are not, says why."""
    _lead_s(work, unit)
    wrong = wrong_month(month, work.today)
    if not completed and not note:
        wrong["note"] = ["Say what is not being completed, and why."]
    if wrong:
        raise Invalid(wrong)
    kept = LeadAssurance(
        unit=unit,
        month=month.replace(day=1),
        completed=completed,
        note=note,
        written_by=work.principal.person_id,
        written_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    tell_given(work, kept)
    work.concerns(subject=("lead_assurance", kept.id), unit=unit, completed=completed)
    return kept


def _noting(work: Work, *, unit: str) -> dict[str, Any]:
    return {"about": _head_s(work, unit).name, "in_force_from": work.today}


def _head_s(work: Work, code: str) -> Unit:
    unit = unit_or_404(work, code)
    if not may_note(work.principal, code):
        raise Refusal("R32", role="the Governor, Director or head of this unit")
    return unit


@service.command(
    "coverage.note_practice",
    path="/coverage/<unit>/practices",
    input=PracticeInput,
    answer=KeptAnswer,
    form=FormPage(
        title="Add a local practice",
        button="Add practice",
        done="The practice is in the register.",
        next="/coverage/{unit}",
        path="/coverage/<unit>/practices/new",
        values=_noting,
    ),
)
def note_practice(
    work: Work,
    *,
    unit: str,
    title: str,
    text: str,
    in_force_from: date,
    complies: bool,
    equality_checked: bool,
) -> LocalPractice:
    """PF-0.4.1: new local practices comply with legislation, the Equality Act 2010 included; who says so is kept."""
    _head_s(work, unit)
    missing = {"complies": complies, "equality_checked": equality_checked}
    if wrong := {name: ["Check this first, then tick it."] for name, ticked in missing.items() if not ticked}:
        raise Invalid(wrong)
    kept = LocalPractice(
        unit=unit,
        title=title,
        text=text,
        in_force_from=in_force_from,
        complies=complies,
        equality_checked=equality_checked,
        written_by=work.principal.person_id,
        written_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    work.concerns(subject=("local_practice", kept.id), unit=unit)
    return kept


@service.command(
    "coverage.end_practice",
    path="/coverage/practices/<uuid:practice_id>/end",
    input=Nothing,
    answer=KeptAnswer,
    form=FormPage(
        title="End a local practice",
        button="End the practice",
        done="The practice has ended.",
        next="/coverage/{unit}",
        cancel="/local-practices",
        intro="It stays in the register, with the day it ended.",
        values=lambda work, *, practice_id: {"about": _practice(work, practice_id).title},
    ),
)
def end_practice(work: Work, *, practice_id: UUID) -> LocalPractice:
    """A practice that ended stays in the register."""
    kept = _practice(work, practice_id)
    if kept.ended_on is None:
        kept.ended_on, kept.ended_by = work.today, work.principal.person_id
    work.concerns(subject=("local_practice", kept.id), unit=kept.unit)
    return kept


def _practice(work: Work, practice_id: UUID) -> LocalPractice:
    kept = work.session.get(LocalPractice, practice_id, with_for_update=True)
    if kept is None:
        raise NotFound
    _head_s(work, kept.unit)
    return kept
