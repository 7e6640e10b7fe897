"""The first people and what they hold: rows that from then on only pages make."""

from __future__ import annotations

from uuid import UUID

from services.identity.bootstrap.shapes import FirstPerson
from services.identity.people.models import Person, Unit
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord
from shared.work import Work

_SAYS = "As the authority says"


def add_person(work: Work, given: FirstPerson, document: str, job_title: str) -> Person:
    """With vetting to level 3 and the end-user course, as the document says; SyOPs are still to be signed."""
    person = Person(
        username=given.username,
        name=given.name,
        job_title=given.job_title or job_title,
        email=given.email,
        telephone=given.telephone,
        agency=work.session.get_one(Unit, given.unit).agency,
        unit=given.unit,
        state="created",
        created_at=work.system_now,
        authority=document,
    )
    work.session.add(person)
    work.session.flush()
    work.session.add(_vetting(work, person, given))
    work.session.add(_training(work, person, "user", given.training_reference))
    if given.cpc_training_reference:
        work.session.add(_training(work, person, "cpc", given.cpc_training_reference))
    return person


def add_token(work: Work, person: Person, token: str, unit: str, granted_by: UUID, document: str) -> None:
    work.session.add(
        TokenGrant(
            token=token,
            person_id=person.id,
            unit=unit,
            valid_from=work.today,
            granted_by=granted_by,
            granted_at=work.system_now,
            started_at=work.system_now,
            reason="At the start of this deployment",
            authority=document,
        )
    )


def add_role(work: Work, person: Person, role: str, unit: str, granted_by: UUID, document: str) -> None:
    work.session.add(
        RoleGrant(
            role=role,
            person_id=person.id,
            unit=unit,
            valid_from=work.today,
            granted_by=granted_by,
            granted_at=work.system_now,
            started_at=work.system_now,
            reason="At the start of this deployment",
            authority=document,
        )
    )


def _vetting(work: Work, person: Person, given: FirstPerson) -> VettingRecord:
    return VettingRecord(
        person_id=person.id,
        kind="nppv3",
        reference=given.vetting_reference,
        vetting_force=_SAYS,
        cleared_on=work.today,
        expires_on=given.vetting_expires_on,
        recorded_by=person.id,
        recorded_at=work.system_now,
    )


def _training(work: Work, person: Person, kind: str, reference: str) -> TrainingRecord:
    return TrainingRecord(
        person_id=person.id,
        course="ViSOR CPC" if kind == "cpc" else "ViSOR end user",
        course_kind=kind,
        approval_reference=reference,
        provider=_SAYS,
        trainer=_SAYS,
        delivered_on=work.today,
        passed=True,
    )
