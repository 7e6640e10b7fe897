"""How far somebody's vetting has come, as a condition over `Person` and in words (PF-4.3.1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Case, ColumnElement, case, or_, select

from services.identity.accounts.models import Onboarding
from services.identity.people.models import Person
from services.identity.tokens.holders import role_in_force
from services.identity.tokens.models import RoleGrant
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered, excepted, vetted
from services.identity.vetting.models import VettingApplication, VettingRecord
from shared.policy import Policy

# In the order of what to look at first.
STATUSES = ("expired", "refused", "not_started", "in_progress", "excepted", "cleared")
WORDS = {
    "expired": "Expired or revoked",
    "refused": "Refused",
    "not_started": "Not started",
    "in_progress": "In progress",
    "excepted": "Exception",
    "cleared": "Cleared",
}


def status(policy: Policy, today: date) -> Case[str]:
    """One of `STATUSES`."""
    once = select(VettingRecord.id).where(VettingRecord.person_id == Person.id).exists()
    return case(
        (vetted(policy, today), "cleared"),
        (excepted(today), "excepted"),
        (_application(VettingApplication.outcome.is_(None)), "in_progress"),
        (_application(VettingApplication.outcome == "refused"), "refused"),
        (once, "expired"),
        else_="not_started",
    )


def without_vetting(policy: Policy, today: date) -> ColumnElement[bool]:
    return ~covered(policy, today)


def has_priority() -> ColumnElement[bool]:
    """PS-8.1: senior probation officers, and whom their onboarding names as business critical."""
    named = select(Onboarding.person_id).where(
        Onboarding.person_id == Person.id, Onboarding.priority.is_not(None)
    )
    officer = select(RoleGrant.id).where(
        RoleGrant.person_id == Person.id, RoleGrant.role == "spo", role_in_force()
    )
    return or_(named.exists(), officer.exists())


def has_trained(today: date) -> ColumnElement[bool]:
    found = select(TrainingRecord.id).where(TrainingRecord.person_id == Person.id, passed(today))
    return found.exists()


def _application(outcome: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(VettingApplication.id).where(VettingApplication.person_id == Person.id, outcome).exists()
