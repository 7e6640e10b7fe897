"""Category and level: changed with the day from which they count, and ended by deregistration (PF-4.15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.records.access.authorise import Opened, authorise, facts
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.nominals import rules
from services.records.nominals.followed import AFTER_REGISTRATION, tell_level
from services.records.nominals.history import note_change
from services.records.nominals.models import AUTHORITY, Nominal
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.nominals.owners import kind_of_agency
from services.records.nominals.partners import add_police_partners
from services.records.nominals.schemas import (
    CategoriseInput,
    DeregisterInput,
    HeardAnswer,
    HeardDeregistration,
    RegisterAgainInput,
    StandingAnswer,
)
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.events.records.nominals import (
    LEVEL_CHANGED,
    NOMINAL_CHANGED,
    NOMINAL_DEREGISTERED,
    NOMINAL_REGISTERED_AGAIN,
)
from shared.ids import new_id
from shared.reference.identifiers import PARSERS, InvalidIdentifier
from shared.refusals import Invalid, Refusal
from shared.work import Work

ACTION = "nominals.categorise"
PATH = "/nominals/<uuid:nominal_id>"
# The access right of a client that brings nDelius's messages.
FEED = "integration.ndelius"
FIELDS = ("category", "level", "statutory_supervision", "lead_agency", "authority", "review_on")


@dataclass(frozen=True)
class Stands:
    nominal_id: UUID
    category: str
    level: int | None
    statutory_supervision: bool
    deregistered_on: date | None
    version: int


def stands(nominal: Nominal) -> Stands:
    return Stands(
        nominal.id,
        nominal.category,
        nominal.level,
        nominal.statutory_supervision,
        nominal.deregistered_on,
        nominal.version,
    )


def categorise_form(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """What stands; whoever may not change it hears so before typing."""
    opened = authorise(work, ACTION, nominal_id)
    nominal = work.session.get_one(Nominal, nominal_id)
    return {
        **values_of(work, nominal),
        **about(work, opened.record),
        "version": nominal.version,
        "effective_on": work.today,
    }


def values_of(work: Work, nominal: Nominal) -> dict[str, Any]:
    values = {name: getattr(nominal, name) for name in FIELDS}
    return {**values, "authority": opened_authority(work, nominal.id, nominal.authority)}


def opened_authority(work: Work, nominal_id: UUID, sealed: bytes | None) -> str | None:
    return work.runtime.readable(nominal_id, AUTHORITY, sealed) if sealed is not None else None


@service.command(
    ACTION,
    path=f"{PATH}/category",
    method="PUT",
    input=CategoriseInput,
    answer=StandingAnswer,
    edits=True,
    form=FormPage(
        title="Change category or level",
        button="Save",
        done="Category and level were changed.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/category/change",
        values=categorise_form,
    ),
)
def categorise(
    work: Work,
    *,
    nominal_id: UUID,
    version: int,
    category: str,
    level: int | None,
    statutory_supervision: bool | None,
    lead_agency: str | None,
    authority: str | None,
    review_on: date | None,
    effective_on: date,
    why: str,
    reason: str,
) -> Stands:
    """Change category, level or supervision from a day on. What would change the owner takes a transfer (R17)."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    nominal = work.session.get_one(Nominal, nominal_id)
    given = {
        "category": category,
        "level": level,
        "statutory_supervision": bool(statutory_supervision),
        "lead_agency": lead_agency,
        "authority": authority,
        "review_on": review_on,
    }
    before = values_of(work, nominal)
    work.expect_version(version, nominal.version, mine=given, theirs=before)
    _check(work, opened.record, nominal, given, statutory_supervision, effective_on, why)
    _write(work, nominal, given, before, effective_on, f"{rules.CHANGE_REASONS[why]}. {reason.strip()}")
    work.concerns(subject=("nominal", nominal_id), private=reason, category=category, level=level, why=why)
    _partner_police(work, opened, before, given)
    _tell(work, opened.record, before, given, effective_on)
    _follow(work, opened.record, nominal)
    return stands(nominal)


def _follow(work: Work, record: Record, nominal: Nominal) -> None:
    for follow in AFTER_REGISTRATION:
        follow(work, record, nominal)


def _check(
    work: Work,
    record: Record,
    nominal: Nominal,
    given: dict[str, Any],
    supervised: bool | None,
    effective_on: date,
    why: str,
) -> None:
    before = rules.Standing(nominal.category, nominal.level, nominal.statutory_supervision)
    after = rules.Standing(given["category"], given["level"], bool(supervised))
    wrong = rules.standing_problems(
        after.category,
        lead_agency=given["lead_agency"],
        authority=given["authority"],
        review_on=given["review_on"],
        known_review=nominal.review_on,
        today=work.today,
    )
    problems = {
        "category": rules.category_problem(after.category, record.jurisdiction),
        "level": rules.level_problem(after.category, after.level),
        "statutory_supervision": rules.supervision_problem(after.category, supervised),
        "effective_on": "The day is in the future" if effective_on > work.today else None,
        "why": rules.reason_problem(before, after, why),
        **wrong,
    }
    if found := {field: [text] for field, text in problems.items() if text}:
        raise Invalid(found)
    refused = rules.may_recategorise(kind_of_agency(record.owner_agency), before, after, why)
    if refused is not None:
        cpc = contact("Owning CPC", read_model.owning_cpc(work.session, record.owner_unit))
        fills: dict[str, Any] = dict(refused.fills)
        raise Refusal(refused.code, contact=cpc, nominal_id=record.id, **fills)


def _write(
    work: Work,
    nominal: Nominal,
    given: dict[str, Any],
    before: dict[str, Any],
    effective_on: date,
    reason: str,
) -> None:
    changed = {name: (before[name], given[name]) for name in FIELDS}
    note_change(work, nominal.id, "mappa", changed, effective_on=effective_on, reason=reason)
    if given == before:
        return
    for name in FIELDS:
        if name != "authority":
            setattr(nominal, name, given[name])
    if given["authority"] != before["authority"]:
        text = given["authority"]
        nominal.authority = work.runtime.encrypt(nominal.id, AUTHORITY, text) if text else None
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()


def _partner_police(work: Work, opened: Opened, before: dict[str, Any], given: dict[str, Any]) -> None:
    """PI-3.4.1: who rises to level 2 or 3 of category 2 gets police partners, as one created there has."""
    needed = rules.needs_police_partner(given["category"], given["level"])
    if needed and not rules.needs_police_partner(before["category"], before["level"]):
        add_police_partners(work, opened.record)
        standing_changed(work, opened.record)


def _tell(
    work: Work, record: Record, before: dict[str, Any], given: dict[str, Any], effective_on: date
) -> None:
    told = agencies_told(work.session, record)
    moved = (before["category"], before["level"]) != (given["category"], given["level"])
    if moved:
        data = {
            "nominal_id": record.id,
            "category": given["category"],
            "level": given["level"],
            "was_category": before["category"],
            "was_level": before["level"],
            "effective_on": effective_on,
        }
        work.emit(LEVEL_CHANGED, data, aggregate=("nominal", record.id), agencies=told)
        tell_level(work, record)
    if before != given:
        _tell_changed(work, record, told)


def _tell_changed(work: Work, record: Record, told: list[str]) -> None:
    changed = {"nominal_id": record.id, "what": "mappa", "standing_version": record.standing_version}
    work.emit(NOMINAL_CHANGED, changed, aggregate=("nominal", record.id), agencies=told)


def may_deregister(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    opened = authorise(work, ACTION, nominal_id)
    nominal = work.session.get_one(Nominal, nominal_id)
    if nominal.deregistered_on is not None:
        raise Refusal("R34", what=ALREADY, nominal_id=nominal_id)
    return {**about(work, opened.record), "deregistered_on": work.today}


ALREADY = "The record is deregistered already."
NOT_DEREGISTERED = "The record is not deregistered."


@service.command(
    "nominals.deregister",
    path=f"{PATH}/deregistration",
    input=DeregisterInput,
    answer=StandingAnswer,
    status=201,
    form=FormPage(
        title="Deregister",
        button="Deregister",
        done="Deregistered. The record’s manager and CPC have been told that it is to be archived.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/deregister",
        intro="The person is no longer managed under MAPPA at level 2 or 3. The record is to be archived.",
        values=may_deregister,
    ),
)
def deregister(work: Work, *, nominal_id: UUID, deregistered_on: date, reason: str) -> Stands:
    """End MAPPA management of the person (PF-4.15.2); it starts the time in which to archive (D-17, PF-4.15.3)."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    nominal = work.session.get_one(Nominal, nominal_id)
    if nominal.deregistered_on is not None:
        raise Refusal("R34", what=ALREADY, nominal_id=nominal_id)
    problem = rules.deregistration_problem(deregistered_on, nominal.created_at.date(), work.today, None)
    if nominal.level is None:
        problem = "The person is not managed under MAPPA"
    if problem:
        raise Invalid({"deregistered_on": [problem]})
    work.concerns(subject=("nominal", nominal_id), private=reason, deregistered_on=str(deregistered_on))
    _deregister(work, opened.record, nominal, deregistered_on, reason)
    return stands(nominal)


def _deregister(work: Work, record: Record, nominal: Nominal, day: date, reason: str) -> None:
    nominal.deregistered_on, nominal.deregistration_id = day, new_id()
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    note_change(
        work, nominal.id, "deregistered", {"deregistered_on": (None, day)}, effective_on=day, reason=reason
    )
    work.session.flush()
    data = {
        "nominal_id": nominal.id,
        "deregistration_id": nominal.deregistration_id,
        "deregistered_on": day,
        "owner_unit": nominal.owner_unit,
        "jurisdiction": nominal.jurisdiction,
    }
    told = agencies_told(work.session, record)
    work.emit(NOMINAL_DEREGISTERED, data, aggregate=("nominal", nominal.id), agencies=told)
    _tell_changed(work, record, told)
    _follow(work, record, nominal)


def may_register_again(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    opened = authorise(work, ACTION, nominal_id)
    if work.session.get_one(Nominal, nominal_id).deregistered_on is None:
        raise Refusal("R34", what=NOT_DEREGISTERED, nominal_id=nominal_id)
    return dict(about(work, opened.record))


@service.command(
    "nominals.register_again",
    path=f"{PATH}/deregistration",
    method="DELETE",
    input=RegisterAgainInput,
    answer=StandingAnswer,
    form=FormPage(
        title="Register again",
        button="Register again",
        done="The person is managed again. The record need not be archived.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/register-again",
        values=may_register_again,
    ),
)
def register_again(work: Work, *, nominal_id: UUID, reason: str) -> Stands:
    """The deregistration was a mistake, or the person is managed again: nobody need archive the record."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    nominal = work.session.get_one(Nominal, nominal_id)
    if nominal.deregistered_on is None:
        raise Refusal("R34", what=NOT_DEREGISTERED, nominal_id=nominal_id)
    ended = {"nominal_id": nominal_id, "deregistration_id": nominal.deregistration_id}
    note_change(
        work,
        nominal_id,
        "registered_again",
        {"deregistered_on": (nominal.deregistered_on, None)},
        reason=reason,
    )
    nominal.deregistered_on = nominal.deregistration_id = None
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()
    work.concerns(subject=("nominal", nominal_id), private=reason)
    told = agencies_told(work.session, opened.record)
    work.emit(NOMINAL_REGISTERED_AGAIN, ended, aggregate=("nominal", nominal_id), agencies=told)
    _tell_changed(work, opened.record, told)
    _follow(work, opened.record, nominal)
    return stands(nominal)


@service.command(
    "nominals.hear_deregistration",
    path="/integrations/ndelius/deregistrations",
    input=HeardDeregistration,
    answer=HeardAnswer,
    status=202,
    audience="integration",
)
def hear_deregistration(work: Work, *, crn: str, deregistered_on: date) -> dict[str, Any]:
    """Take a deregistration from nDelius, by the case reference number (PF-4.15.2). Told twice, it counts once."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    nominal_id = _by_crn(work, crn)
    if nominal_id is None:
        work.concerns(no_record=True)
        return {"outcome": "no_record", "nominal_id": None}
    record = facts(work, nominal_id, lock=True)
    nominal = work.session.get_one(Nominal, nominal_id)
    work.concerns(nominal_id=nominal_id, subject=("nominal", nominal_id))
    if nominal.deregistered_on is not None or record.status != "live":
        return {"outcome": "known", "nominal_id": nominal_id}
    problem = rules.deregistration_problem(deregistered_on, nominal.created_at.date(), work.today, None)
    if problem:
        raise Invalid({"deregistered_on": [problem]})
    _deregister(work, record, nominal, deregistered_on, "Told by nDelius")
    return {"outcome": "taken", "nominal_id": nominal_id}


def _by_crn(work: Work, crn: str) -> UUID | None:
    try:
        value = PARSERS["crn"](crn, work.today)
    except InvalidIdentifier as error:
        raise Invalid({"crn": [str(error)]}) from error
    return whose(work, "crn", value)
