"""Recording and revoking vetting."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.identity.accounts.finding import person_or_404, require_authority
from services.identity.directory import log
from services.identity.service import service
from services.identity.vetting.consequences import after_vetting_changed
from services.identity.vetting.models import VettingRecord
from services.identity.vetting.rules import LEVELS
from services.identity.vetting.schemas import RecordInput, RevokeInput
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound
from shared.web.schemas import Done
from shared.work import Work


@service.command(
    "vetting.record",
    path="/people/<uuid:person_id>/vetting",
    input=RecordInput,
    answer=Done,
    form=FormPage(
        path="/people/<uuid:person_id>/vetting/record",
        title="Record vetting",
        button="Record vetting",
        done="The vetting has been recorded.",
        template="accounts/person_form.html",
        next="/people/{person_id}/access",
    ),
)
def record(
    work: Work,
    *,
    person_id: UUID,
    kind: str,
    reference: str,
    vetting_force: str,
    sro_reference: str | None,
    cleared_on: date,
    expires_on: date,
) -> None:
    """PF-6.1.1. Renewal opens an account that was disabled for want of vetting, with its tokens (PF-4.16/A.2)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), kind=kind, expires_on=expires_on.isoformat())
    require_authority(work, person, "vetting")
    if cleared_on > work.today:
        raise Invalid({"cleared_on": ["The day it was cleared must not be in the future."]})
    work.session.add(
        VettingRecord(
            person_id=person.id,
            kind=kind,
            level=LEVELS[kind],
            reference=reference,
            vetting_force=vetting_force,
            sro_reference=sro_reference,
            cleared_on=cleared_on,
            expires_on=expires_on,
            recorded_by=work.principal.person_id,
            recorded_at=work.system_now,
        )
    )
    work.session.flush()
    after_vetting_changed(work, person, "vetting_expired")
    log.changed(work, people=[person.id])


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
    ),
)
def revoke(work: Work, *, vetting_id: UUID, reason: str) -> None:
    """PF-4.16/A.1: only people with current vetting have access, from one moment to the next."""
    found = work.session.get(VettingRecord, vetting_id)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id, lock=True)
    work.concerns(subject=("person", person.id), private=reason)
    require_authority(work, person, "vetting")
    work.session.refresh(found)
    if found.revoked_at is not None:
        return
    found.revoked_at, found.revoked_by = work.system_now, work.principal.person_id
    found.revoked_reason = reason
    work.session.flush()
    after_vetting_changed(work, person, "vetting_revoked")
    log.changed(work, people=[person.id])
