"""Invented users as rows of identity's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from services.identity.demonstration.invented import Unit, User
from services.identity.documents.models import DocumentVersion
from services.identity.documents.signing_rules import whole_statement
from services.identity.estate import NATIONAL
from services.identity.opaque_ids import hashed
from shared.ids import derived_id, new_id
from shared.work import NOBODY

Row = dict[str, Any]

_ROOMS = (
    ("01", "Offender Management Unit", "approved"),
    ("02", "Security", "approved"),
    ("03", "Visits", "assessed"),
)
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


def networks(units: Iterable[Unit]) -> Iterator[Row]:
    """Each building's LAN and Wi-Fi, in ranges that nothing outside it has."""
    for number, unit in enumerate(units):
        for kind, first in (("lan", 0), ("wifi", 100)):
            yield {
                "id": derived_id("demonstration-network", unit.code, kind),
                "addresses": f"10.{first + number // 256}.{number % 256}.0/24",
                "kind": kind,
                "unit": unit.code,
                "building": f"{unit.name}, {'Wi-Fi' if kind == 'wifi' else 'LAN'}",
            }


def terminals(units: Iterable[Unit], now: datetime) -> Iterator[Row]:
    """In each prison two approved terminals and one that is not."""
    for unit in units:
        if unit.kind != "prison":
            continue
        short = unit.code.removeprefix("prison-")
        for number, room, status in _ROOMS:
            tag = f"{short}-{number}"
            yield {
                "id": derived_id("demonstration-terminal", tag),
                "asset_tag": tag,
                "unit": unit.code,
                "room": room,
                # Nobody has the key of an invented terminal.
                "device_key_hash": hashed(str(new_id())),
                "status": status,
                "approved_at": now if status == "approved" else None,
            }
