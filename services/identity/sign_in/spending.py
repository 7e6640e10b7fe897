"""Taking a one-time code, wherever one is asked for."""

from __future__ import annotations

from uuid import UUID

from services.identity.sign_in import one_time_codes
from services.identity.sign_in.models import Credential
from shared.work import Work


def spend_code(work: Work, person_id: UUID, code: str) -> bool:
    """Whether the code was taken: under the credential's lock, so that of two who send it at once one is refused."""
    credential = work.session.get(Credential, person_id, with_for_update=True)
    if credential is None:  # they sign in elsewhere
        return False
    secret = work.runtime.decrypt(None, one_time_codes.PURPOSE, credential.code_secret)
    taken = one_time_codes.step_of(secret, code, work.system_now, credential.last_step)
    if taken is None:
        return False
    credential.last_step = taken
    return True
