"""Invented buildings, networks and terminals as rows: where the invented users sign in from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.identity.demonstration.invented import Unit, User
from services.identity.estate.national import national_estate
from services.identity.opaque_ids import hashed
from services.identity.terminals.checklist import every_item
from shared.ids import derived_id, new_id

Row = dict[str, Any]

# Room, status, whether a requirement is not met; the third is for trying what is refused (R09).
_ROOMS = (
    ("01", "Offender Management Unit", "approved"),
    ("02", "Security", "approved"),
    ("03", "Visits", "assessed"),
)
# Of every twenty terminals one is overdue and one due within the month.
_CYCLE = 20
_YEAR = timedelta(days=365)


def flags(unit: Unit) -> Row:
    """Who runs a prison and whom it holds, as the national list has it."""
    known = national_estate().units.get(unit.code)
    return {"contracted": bool(known and known.contracted), "under_18": bool(known and known.under_18)}


def buildings(units: Iterable[Unit], now: datetime) -> Iterator[Row]:
    """One for each unit; a delivery unit's stand for former CRC sites as well (PS-11)."""
    for unit in units:
        yield {
            "id": _building_id(unit),
            "unit": unit.code,
            "name": unit.name,
            "address": f"{unit.name}, an invented address",
            "registered_at": now,
            "version": 1,
        }


def networks(units: Iterable[Unit], now: datetime) -> Iterator[Row]:
    """Each building's LAN and Wi-Fi, in ranges that nothing outside it has."""
    for number, unit in enumerate(units):
        for kind, first in (("lan", 0), ("wifi", 100)):
            yield {
                "id": derived_id("demonstration-network", unit.code, kind),
                "addresses": f"10.{first + number // 256}.{number % 256}.0/24",
                "kind": kind,
                "unit": unit.code,
                "building": unit.name,
                "building_id": _building_id(unit),
                "registered_at": now,
            }


def terminals(units: Iterable[Unit], now: datetime, today: date) -> Iterator[Row]:
    """In each prison two approved terminals and one that waits for the CPC."""
    number = 0
    for unit in units:
        if unit.kind != "prison":
            continue
        for short, room, status in _ROOMS:
            number += 1
            tag = f"{unit.code.removeprefix('prison-')}-{short}"
            approved = status == "approved"
            yield {
                "id": _terminal_id(unit, short),
                "asset_tag": tag,
                "unit": unit.code,
                "room": room,
                # Nobody has the key of an invented terminal.
                "device_key_hash": hashed(str(new_id())) if approved else None,
                "enrolled_at": now if approved else None,
                "status": status,
                "registered_at": now - _YEAR,
                "approved_at": now if approved else None,
                "reassure_by": _assured_until(number, today) if approved else None,
            }


def assessments(units: Iterable[Unit], users: Iterable[User], now: datetime) -> Iterator[Row]:
    """Each by a ViSOR lead of the prison, approved by the CPC of its group; the one that waits is not decided."""
    leads, cpcs = _holders(users)
    for unit in units:
        if unit.kind != "prison" or unit.code not in leads:
            continue
        for short, room, status in _ROOMS:
            decided = status == "approved"
            yield {
                "id": derived_id("demonstration-assessment", unit.code, short),
                "terminal_id": _terminal_id(unit, short),
                "room": room,
                "answers": {item.code: True for item in every_item()},
                "standards": ["syops", "psi-23-2008", "pso-9020"],
                "note": "Invented for the demonstration.",
                "assessed_by": leads[unit.code],
                "assessed_as": "lead",
                "assessed_at": now - (timedelta(days=30) if decided else timedelta(days=3)),
                "decided_by": cpcs.get(unit.parent or "") if decided else None,
                "decided_at": now - timedelta(days=28) if decided else None,
                "outcome": "approved" if decided else None,
            }


def wifi_grants(users: Iterable[User], now: datetime, today: date) -> Iterator[Row]:
    """One that has ended and one that has not begun, so that the page shows both and Wi-Fi stays refused (R10)."""
    sros = [user for user in users if any(held.name == "sro" for held in user.roles)]
    for user in sros[:1]:
        by = {
            "unit": "area-53",
            "provision": "Always-on VPN on managed laptops while the cabling is renewed.",
            "granted_by": derived_id("demonstration-person", user.username),
        }
        yield by | {
            "id": derived_id("demonstration-wifi"),
            "valid_from": today - timedelta(days=60),
            "valid_to": today - timedelta(days=30),
            "granted_at": now - timedelta(days=61),
            "ended_at": now - timedelta(days=30),
            "end_reason": "Its last day has passed",
        }
        yield by | {
            "id": derived_id("demonstration-wifi", "to come"),
            "valid_from": today + timedelta(days=30),
            "valid_to": today + timedelta(days=44),
            "granted_at": now - timedelta(days=1),
            "ended_at": None,
            "end_reason": None,
        }


def _holders(users: Iterable[User]) -> tuple[Mapping[str, UUID], Mapping[str, UUID]]:
    """A lead of each prison, and the CPC of each group."""
    leads: dict[str, UUID] = {}
    cpcs: dict[str, UUID] = {}
    for user in users:
        person = derived_id("demonstration-person", user.username)
        leads |= {held.scope: person for held in user.roles if held.name == "visor_lead"}
        cpcs |= {held.scope: person for held in user.tokens if held.name == "cpc"}
    return leads, cpcs


def _assured_until(number: int, today: date) -> date:
    if number % _CYCLE == 1:
        return today - timedelta(days=12)
    if number % _CYCLE == 2:  # noqa: PLR2004 - the second of the cycle
        return today + timedelta(days=20)
    return today + timedelta(days=60 + number * 7 % 300)


def _building_id(unit: Unit) -> UUID:
    return derived_id("demonstration-building", unit.code)


def _terminal_id(unit: Unit, short: str) -> UUID:
    return derived_id("demonstration-terminal", f"{unit.code.removeprefix('prison-')}-{short}")
