"""How far newcomers have come, in a handful of queries however many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.checklist_rules import Newcomer, card_missing
from services.identity.documents.models import SYOPS, Signature
from services.identity.documents.signed import current_version
from services.identity.people.models import Person
from services.identity.sign_in.models import Credential
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.records import clearances_of
from services.identity.vetting.rules import expired_on, level_held
from shared.work import Work


def progress(work: Work, people: Sequence[Person]) -> Mapping[UUID, Newcomer]:
    ids = [person.id for person in people]
    vetting = clearances_of(work.session, ids, work.policy)
    trained, signed, credentials = _trained(work, ids), _signed(work, ids), _credentials(work, ids)
    return {
        person.id: Newcomer(
            state=person.state,
            level=level_held(vetting[person.id], work.today),
            expired_on=expired_on(vetting[person.id], work.today),
            trained=person.id in trained,
            signed=person.id in signed,
            credentials=person.id in credentials,
            card_missing=card_missing(person.name, person.job_title, person.email, person.telephone),
        )
        for person in people
    }


def _trained(work: Work, ids: list[UUID]) -> set[UUID]:
    found = select(TrainingRecord.person_id).where(TrainingRecord.person_id.in_(ids), passed(work.today))
    return set(work.session.execute(found).scalars())


def _signed(work: Work, ids: list[UUID]) -> set[UUID]:
    version = current_version(work.session, SYOPS)
    if version is None:
        return set()
    signed = select(Signature.person_id).where(
        Signature.version_id == version.id, Signature.person_id.in_(ids)
    )
    return set(work.session.execute(signed).scalars())


def _credentials(work: Work, ids: list[UUID]) -> set[UUID]:
    handed_over = select(Credential.person_id).where(Credential.person_id.in_(ids))
    return set(work.session.execute(handed_over).scalars())
