"""Invented users as rows of identity's tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from services.identity.demonstration.invented import User
from services.identity.documents.models import DocumentVersion
from services.identity.documents.signing_rules import whole_statement
from services.identity.estate import NATIONAL
from shared.ids import derived_id, new_id
from shared.work import NOBODY

Row = dict[str, Any]

_NATIONALLY_HELD = frozenset({"admin", "sro"})


def person_id(username: str) -> UUID:
    """The same for the same user in every demonstration, so that a caseload can be made beside it."""
    return derived_id("demonstration-person", username)


def person(user: User, now: datetime) -> Row:
    return {
        "id": person_id(user.username),
        "username": user.username,
        "name": user.name,
        "job_title": user.job_title,
        "email": user.email,
        "telephone": user.telephone,
        "agency": user.agency,
        "unit": user.unit,
        "state": "disabled" if user.disabled else "active",
        "disabled_reason": "suspended" if user.disabled else None,
        "created_at": now,
        "activated_at": now,
        "authority": "Demonstration",
        "version": 1,
    }


def vetting(user: User, now: datetime) -> Iterator[Row]:
    if user.vetting is not None:
        kind = user.vetting.level.lower()
        yield {
            "id": new_id(),
            "person_id": person_id(user.username),
            "kind": kind,
            "reference": user.vetting.reference,
            "vetting_force": "Demonstration vetting unit",
            "cleared_on": user.vetting.cleared_on,
            "expires_on": user.vetting.expires_on,
            "recorded_by": NOBODY,
            "recorded_at": now,
        }


def training(user: User) -> Iterator[Row]:
    for course, passed_on in user.courses:
        yield {
            "id": new_id(),
            "person_id": person_id(user.username),
            "course": "ViSOR CPC" if course == "cpc" else "ViSOR end user",
            "course_kind": "cpc" if course == "cpc" else "user",
            "approval_reference": "NVTWG-DEMO",
            "provider": "HMPPS",
            "trainer": "Demonstration trainer",
            "delivered_on": passed_on,
            "passed": True,
        }


def signatures(user: User, syops: DocumentVersion) -> Iterator[Row]:
    if user.syops_signed_on is not None:
        yield {
            "id": new_id(),
            "person_id": person_id(user.username),
            "version_id": syops.id,
            "typed_name": user.name,
            "statement": whole_statement("required"),
            "text_hash": syops.text_hash,
            "signed_at": datetime.combine(user.syops_signed_on, time(10), UTC),
            "session_id": NOBODY,
        }


def tokens(user: User, now: datetime) -> Iterator[Row]:
    for held in user.tokens:
        yield {"token": held.name, **_grant(user, held.name, held.scope, now)}


def roles(user: User, now: datetime) -> Iterator[Row]:
    for held in user.roles:
        yield {"role": held.name, **_grant(user, held.name, held.scope, now)}


def _grant(user: User, name: str, scope: str, now: datetime) -> Row:
    return {
        "id": new_id(),
        "person_id": person_id(user.username),
        "unit": NATIONAL if name in _NATIONALLY_HELD else scope,
        "valid_from": now.date(),
        "granted_by": NOBODY,
        "granted_at": now,
        "started_at": now,
        "reason": "Demonstration",
    }
