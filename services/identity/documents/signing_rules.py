"""Who signs, what a signature says, and until when a changed document may stay unsigned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

# PF-7/SyOps.2: ticked apart from the name.
STATEMENT = "I have read and understood this document and will keep to it."
CONSEQUENCES = "I understand that contravening it could lead to disciplinary or legal action."
# PI-3.11, PSI-5.3.7
ACKNOWLEDGED = "I have been made aware of this document."
ON_PAPER = "Signed on paper; the scanned signature is kept with this entry."


def statement(signature: str) -> str:
    """What the name is put under; `signature` as a document has it."""
    return ACKNOWLEDGED if signature == "acknowledged" else STATEMENT


def asks_consequences(signature: str) -> bool:
    return signature == "required"


def whole_statement(signature: str) -> str:
    """As it is kept with the signature."""
    said = statement(signature)
    return f"{said} {CONSEQUENCES}" if asks_consequences(signature) else said


def is_own_name(typed: str, name: str) -> bool:
    """Case and spacing do not matter; another name does."""
    return typed.casefold().split() == name.casefold().split()


def who_signs(
    agency_kinds: Sequence[str], jurisdictions: Sequence[str], agency_kind: str, jurisdiction: str
) -> bool:
    """PF-4.16/D.2 to D.5, SC-17.11: empty means all."""
    return (not agency_kinds or agency_kind in agency_kinds) and (
        not jurisdictions or jurisdiction in jurisdictions
    )


def last_unsigned_day(
    published_on: date, *, signed_before: bool, joined_on: date, first_needed: bool, grace_days: int
) -> date | None:
    """The last day on which it may stay unsigned; None: not for a day.

    A revision has its grace from when it was published (PF-4.16/D.1); somebody new has it from when they joined, except
    for what is signed before anything else (PF-6.3).
    """
    if not signed_before and first_needed:
        return None
    begins = published_on if signed_before else max(published_on, joined_on)
    return begins + timedelta(days=grace_days)


def may_read(visibility: str, *, is_visor_user: bool, must_sign: bool) -> bool:
    """PF-0.5.2: what is Home Office property is for existing users, and for who has to sign it."""
    return visibility == "all_staff" or is_visor_user or must_sign
