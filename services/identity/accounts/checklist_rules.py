"""The steps from a nomination to a first sign-in: which are done, what is missing, and who acts (PF-4.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.identity.accounts.rules import NO_ACCOUNT_YET

_AFTER_REQUEST = frozenset({"requested", "authorised", "created", "active"})
_AFTER_AUTHORISATION = _AFTER_REQUEST - {"requested"}


@dataclass(frozen=True)
class Newcomer:
    """How far somebody has come. `level` is the vetting level that counts today, 0 for none."""

    state: str
    level: int
    expired_on: date | None
    trained: bool
    signed: bool
    credentials: bool
    card_missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """`missing` is empty where it is done. `who` acts, as a role."""

    key: str
    title: str
    who: str
    clause: str
    done: bool
    missing: str = ""


@dataclass(frozen=True)
class _Known:
    key: str
    title: str
    who: str
    clause: str
    missing: Callable[[Newcomer], str]


def steps(newcomer: Newcomer) -> list[Step]:
    """In the order in which they are taken: SyOPs before training, all of it before the CPC's word (C-25)."""
    made = []
    for known in _STEPS:
        missing = known.missing(newcomer)
        made.append(Step(known.key, known.title, known.who, known.clause, not missing, missing))
    return made


def next_step(newcomer: Newcomer) -> Step | None:
    """The first that is missing; None for somebody who has arrived."""
    return next((step for step in steps(newcomer) if not step.done), None)


def _vetting(newcomer: Newcomer) -> str:
    if newcomer.level:
        return ""
    if newcomer.expired_on:
        return "Vetting has expired: it must be renewed"
    return "NPPV level 2 or 3 must be cleared and recorded"


def _unless(done: bool, missing: str) -> str:
    return "" if done else missing


_STEPS = (
    _Known("vetting", "Vetting", "The CPC records it", "PF-4.3.1", _vetting),
    _Known(
        "syops",
        "Sign SyOPs",
        "The newcomer",
        "PF-6.3",
        lambda one: _unless(one.signed, "SyOPs must be read and signed, before training"),
    ),
    _Known(
        "training",
        "Training",
        "The newcomer, with an approved trainer",
        "PF-6.2.1",
        lambda one: _unless(one.trained, "An accredited ViSOR course must be passed"),
    ),
    _Known(
        "request",
        "Request",
        "The CPC or their nominee",
        "PF-4.16/A.6",
        lambda one: _unless(one.state in _AFTER_REQUEST, "Nobody has asked for the account yet"),
    ),
    _Known(
        "authorisation",
        "Authorisation",
        "The CPC",
        "PF-4.16a.1",
        lambda one: _unless(one.state in _AFTER_AUTHORISATION, "The CPC has not authorised the account yet"),
    ),
    _Known(
        "card",
        "Contact card",
        "An administrator",
        "PF-7/white pages.1",
        lambda one: _unless(not one.card_missing, f"The card lacks: {', '.join(one.card_missing)}"),
    ),
    _Known(
        "account",
        "Account",
        "An administrator",
        "PF-7/CPC Probation.6",
        lambda one: _unless(one.state not in NO_ACCOUNT_YET, "An administrator has to make the account"),
    ),
    _Known(
        "credentials",
        "Password and one-time codes",
        "An administrator hands them over",
        "PI-A.2",
        lambda one: _unless(one.credentials, "No password has been set yet with an administrator’s code"),
    ),
    _Known(
        "first_sign_in",
        "First sign-in",
        "The newcomer, at an approved place",
        "PSI-5.3.4.2",
        lambda one: _unless(one.state == "active", "The first whole session makes the account active"),
    ),
)


def card_missing(name: str, role: str, email: str, telephone: str) -> tuple[str, ...]:
    """PF-7/white pages.1: all four before the first log-on."""
    fields = (("name", name), ("role", role), ("e-mail address", email), ("telephone number", telephone))
    return tuple(label for label, value in fields if not value.strip())
