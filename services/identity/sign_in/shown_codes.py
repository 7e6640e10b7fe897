"""Codes shown on a page: in a database marked as demonstration, and in no other."""

from __future__ import annotations

from uuid import UUID

from services.identity.sign_in import one_time_codes
from services.identity.sign_in.models import Credential
from services.identity.sign_in.password_step import ACTION, find_step
from shared.refusals import NotFound
from shared.runtime import Runtime
from shared.work import Work


def shown_code(work: Work, credential: Credential) -> str:
    """A code that would be taken now. Raises NotFound outside a demonstration."""
    if not work.runtime.demonstration:
        raise NotFound
    secret = work.runtime.decrypt(None, one_time_codes.PURPOSE, credential.code_secret)
    return one_time_codes.unspent_code(secret, work.system_now, credential.last_step)


def code_of_person(runtime: Runtime, person_id: UUID) -> str | None:
    """Of somebody who is signed in; None outside a demonstration."""
    if not runtime.demonstration:
        return None
    with runtime.system_work(ACTION) as work:
        credential = work.session.get(Credential, person_id)
        return shown_code(work, credential) if credential else None


def code_of_step(runtime: Runtime, step: str) -> str | None:
    """The code that this step of a sign-in waits for; None outside a demonstration."""
    if not runtime.demonstration:
        return None
    with runtime.system_work(ACTION) as work:
        found = find_step(work, step)
        credential = work.session.get(Credential, found.person_id) if found else None
        return shown_code(work, credential) if credential else None
