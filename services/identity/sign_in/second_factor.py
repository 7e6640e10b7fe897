"""The second factor, wherever one is asked for: a one-time code or a passkey's answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.identity.passkeys.answering import takes
from services.identity.sign_in.spending import spend_code
from shared.work import Work


@dataclass(frozen=True)
class Proof:
    """What was sent: six digits, or a passkey's answer as JSON. A passkey is looked at where both are there."""

    code: str = ""
    passkey: str = ""


def proves(work: Work, person_id: UUID, proof: Proof, challenge: bytes | None) -> bool:
    """Whether it is taken; either counts once. `challenge` is what the passkey was asked."""
    if proof.passkey:
        return takes(work, person_id, proof.passkey, challenge)
    return spend_code(work, person_id, proof.code)
