"""One-time codes (RFC 6238): six digits, thirty seconds, one step of grace to either side, each once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

PURPOSE = "one-time codes"
STEP_SECONDS = 30
_GRACE = (0, -1, 1)


def new_secret() -> str:
    return pyotp.random_base32()


def code_at(secret: str, now: datetime) -> str:
    """The code of this moment: for a demonstration's page and for tests."""
    return pyotp.TOTP(secret).at(now)


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step whose code this is; None for a wrong one, or one of a step not later than the last taken."""
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    fits = [
        current + grace
        for grace in _GRACE
        if hmac.compare_digest(generator.generate_otp(current + grace).encode(), code.strip().encode())
    ]
    return next((step for step in fits if step > last_step), None)


def grouped(secret: str) -> str:
    """For people who type it: in fours."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def address_for_app(secret: str, username: str) -> str:
    """What an authenticator app reads from its QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="ViSOR")


def unspent_code(secret: str, now: datetime, last_step: int) -> str:
    """A code that would be taken now: this moment's, or the next one's where this one is spent."""
    step = max(int(now.timestamp()) // STEP_SECONDS, last_step + 1)
    return pyotp.TOTP(secret).generate_otp(step)
