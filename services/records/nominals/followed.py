"""What later capabilities do when a record is created, changed or looked at, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.records.access.authorise import Opened
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from services.records.referrals.models import Referral
from shared.work import Work

Follow = Callable[[Work, Nominal, Referral], None]
F = TypeVar("F", bound=Follow)
AFTER_CREATION: list[Follow] = []


def after_creation(function: F) -> F:
    """Called with the new record, in the session already, before everybody concerned is told of it."""
    AFTER_CREATION.append(function)
    return function


Changed = Callable[[Work, Record], None]
G = TypeVar("G", bound=Changed)
AFTER_CHANGE: list[Changed] = []


def after_change(function: G) -> G:
    """Called when what the summary shows was changed and written, in the same transaction."""
    AFTER_CHANGE.append(function)
    return function


def tell_change(work: Work, record: Record) -> None:
    for function in AFTER_CHANGE:
        function(work, record)


Noted = Callable[[Work, UUID, Mapping[str, tuple[Any, Any]]], None]
H = TypeVar("H", bound=Noted)
AFTER_NOTE: list[Noted] = []


def after_note(function: H) -> H:
    """Called with (work, nominal_id, {field: (old, new)}) for each change that the history keeps.

    The change itself may not be written yet: whoever follows asks the database without flushing.
    """
    AFTER_NOTE.append(function)
    return function


Seen = Callable[[Work, Opened], None]
J = TypeVar("J", bound=Seen)
WHEN_SEEN: list[Seen] = []


def when_seen(function: J) -> J:
    """Called when somebody was let in to the summary."""
    WHEN_SEEN.append(function)
    return function


def tell_seen(work: Work, opened: Opened) -> None:
    for function in WHEN_SEEN:
        function(work, opened)


Registered = Callable[[Work, Record, Nominal], None]
R = TypeVar("R", bound=Registered)
AFTER_REGISTRATION: list[Registered] = []


def after_registration(function: R) -> R:
    """Called when category, level or registration of a record has changed, with its row as it stands now."""
    AFTER_REGISTRATION.append(function)
    return function


Signed = Callable[[Session, UUID], bool]
K = TypeVar("K", bound=Signed)
_SIGNED: list[Signed] = []


def says_risk_is_signed(function: K) -> K:
    """Whether the risk level goes by an assessment that is signed off: then nobody changes it by hand."""
    _SIGNED.append(function)
    return function


def risk_is_signed(session: Session, nominal_id: UUID) -> bool:
    return any(function(session, nominal_id) for function in _SIGNED)


AFTER_LEVEL: list[Changed] = []


def after_level(function: G) -> G:
    """Called when category or level was set anew."""
    AFTER_LEVEL.append(function)
    return function


def tell_level(work: Work, record: Record) -> None:
    for function in AFTER_LEVEL:
        function(work, record)
