"""Recording and revoking vetting, and noting that it was applied for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import first_authority, person_or_404, require_authority
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.vetting.consequences import after_vetting_changed
from services.identity.vetting.ends import settle_ends
from services.identity.vetting.models import (
    VettingApplication,
    VettingRecord,
    VettingType,
)
from services.identity.vetting.rules import wrong_dates
from services.identity.vetting.schemas import (
    ApplyInput,
    DecideInput,
    RecordInput,
    RevokeInput,
)
from services.identity.vetting.telling import last_expiry
from shared.declarations import FormPage
from shared.events.identity.vetting import VETTING_RENEWED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Concerned, Work

OF_PERSON = "/people/<uuid:person_id>/vetting"
service.constraints["uq_vetting_application_open"] = lambda: Refusal(
    "R34", what="Vetting has been applied for already."
)


@service.command(
    "vetting.record",
    path=OF_PERSON,
    input=RecordInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        values=first_authority("vetting"),
        path=f"{OF_PERSON}/record",
        title="Record vetting",
        button="Record vetting",
        done="The vetting has been recorded.",
        next="/people/{person_id}/vetting",
    ),
)
def record(
    work: Work,
    *,
    person_id: UUID,
    kind: str,
    reference: str,
    vetting_force: str,
    evidence: str | None,
    sro_reference: str | None,
    cleared_on: date,
    expires_on: date,
) -> None:
    """PF-6.1.1. Renewal opens an account that was disabled for want of vetting, with its tokens (PF-4.16/A.2)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), kind=kind, expires_on=expires_on.isoformat())
    require_authority(work, person, "vetting")
    known, wrong = _kind(work, kind), wrong_dates(cleared_on, expires_on, work.today)
    if known is None:
        wrong["kind"] = ["There is no vetting of this kind."]
    elif known.needs_sro and not sro_reference:
        # PF-4.16/A.1
        wrong["sro_reference"] = [
            "Vetting other than NPPV counts only with the authorisation of the senior responsible owner."
        ]
    if wrong:
        raise Invalid(wrong)
    made = VettingRecord(
        person_id=person.id,
        kind=kind,
        reference=reference,
        vetting_force=vetting_force,
        evidence=evidence,
        sro_reference=sro_reference,
        cleared_on=cleared_on,
        expires_on=expires_on,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)
    _close_application(work, person, "cleared", cleared_on)
    work.session.flush()
    after_vetting_changed(work, person, "vetting_expired")
    _tell_renewed(work, person, made)
    log.changed(work, people=[person.id])


def _first_revoked(work: Work, *, vetting_id: UUID) -> dict[str, str]:
    """Says whose vetting it is, and refuses before anybody types."""
    return {"about": about(_to_revoke(work, vetting_id)[1])}


@service.command(
    "vetting.revoke",
    path="/vetting/<uuid:vetting_id>/revoke",
    input=RevokeInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Revoke vetting",
        button="Revoke vetting",
        done="The vetting has been revoked. Nothing of ViSOR opens for this person any more.",
        next="/people",
        intro="The person's sessions end within seconds, and the account is disabled unless other vetting counts.",
        values=_first_revoked,
    ),
)
def revoke(work: Work, *, vetting_id: UUID, reason: str) -> None:
    """PF-4.16/A.1: only people with current vetting have access, from one moment to the next."""
    work.concerns(private=reason)
    found, person = _to_revoke(work, vetting_id, lock=True)
    work.session.refresh(found)
    if found.revoked_at is not None:
        return
    found.revoked_at, found.revoked_by = work.system_now, work.principal.person_id
    found.revoked_reason = reason
    work.session.flush()
    after_vetting_changed(work, person, "vetting_revoked")
    settle_ends(work, person.id)
    log.changed(work, people=[person.id])


def _to_revoke(work: Work, vetting_id: UUID, *, lock: bool = False) -> tuple[VettingRecord, Person]:
    found = work.session.get(VettingRecord, vetting_id)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id, lock=lock)
    work.concerns(subject=("person", person.id))
    require_authority(work, person, "vetting")
    return found, person


@service.command(
    "vetting.apply",
    path=f"{OF_PERSON}/applications",
    input=ApplyInput,
    answer=Done,
    form=FormPage(
        values=first_authority("vetting"),
        path=f"{OF_PERSON}/applications/new",
        title="Note that vetting has been applied for",
        button="Note the application",
        done="The application has been noted.",
        next="/people/{person_id}/vetting",
    ),
)
def apply(work: Work, *, person_id: UUID, kind: str, vetting_force: str, applied_on: date) -> None:
    """PF-4.3.1: under way from here, until it is cleared, refused or withdrawn. One at a time (R34)."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id), kind=kind)
    require_authority(work, person, "vetting")
    wrong = {}
    if _kind(work, kind) is None:
        wrong["kind"] = ["There is no vetting of this kind."]
    if applied_on > work.today:
        wrong["applied_on"] = ["The day it was applied for must not be in the future."]
    if wrong:
        raise Invalid(wrong)
    work.session.add(
        VettingApplication(
            person_id=person.id,
            kind=kind,
            vetting_force=vetting_force,
            applied_on=applied_on,
            recorded_by=work.principal.person_id,
        )
    )
    work.session.flush()


@service.command(
    "vetting.close_application",
    path=f"{OF_PERSON}/applications/decide",
    input=DecideInput,
    answer=Done,
    form=FormPage(
        values=first_authority("vetting"),
        title="Note what became of the application",
        button="Note it",
        done="Noted.",
        next="/people/{person_id}/vetting",
        intro="Vetting that was cleared is recorded as such: that closes the application by itself.",
    ),
)
def close_application(work: Work, *, person_id: UUID, outcome: str, decided_on: date) -> None:
    """PF-4.3.1: refused vetting is counted as such."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id), outcome=outcome)
    require_authority(work, person, "vetting")
    if decided_on > work.today:
        raise Invalid({"decided_on": ["The day it was decided must not be in the future."]})
    if not _close_application(work, person, outcome, decided_on):
        raise Refusal("R34", what="No application for vetting is under way.")


def _kind(work: Work, code: str) -> VettingType | None:
    return work.session.get(VettingType, code)


def _close_application(work: Work, person: Person, outcome: str, decided_on: date) -> bool:
    """False where none is under way."""
    under_way = select(VettingApplication).where(
        VettingApplication.person_id == person.id, VettingApplication.outcome.is_(None)
    )
    found = work.session.execute(under_way.with_for_update()).scalar_one_or_none()
    if found is None:
        return False
    found.outcome, found.decided_on = outcome, decided_on
    return True


def _tell_renewed(work: Work, person: Person, made: VettingRecord) -> None:
    """Takes back the news of the expiry; the clocks of what it outlasts stop."""
    settle_ends(work, person.id)
    expiry = last_expiry(work.session, person.id)
    data = {"person_id": person.id, "vetting_id": made.id, "expiry_id": expiry}
    to = [Concerned(person.id, "person", person.unit, person.agency)]
    work.emit(VETTING_RENEWED, data, aggregate=("person", person.id), to=to)
