"""What later capabilities do when a record is created from a referral, or changed, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
