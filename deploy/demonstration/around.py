"""Who stands round an invented nominal: manager and supervisor of the owning agency, partners of the others."""

from __future__ import annotations

import random
from dataclasses import dataclass

from deploy.demonstration.nominal import Around
from deploy.demonstration.shares import table
from deploy.demonstration.users import Staff

_MEETING_LEVELS = ("2", "3")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a nominal belongs, by unit: `managed_by` is one of `delivery_unit`, `force` and the national bodies."""

    managed_by: str
    delivery_unit: str
    force: str
    prison: str | None
    level: str | None
    supervised: bool


def around(chance: random.Random, staff: Staff, place: Place) -> Around:
    """Probation is partnered while it supervises (PF-4.26), police at level 2 and 3 (PI-3.4), the prison in custody."""
    managers, supervisor = _owners(staff, place.managed_by)
    manager = chance.choice(managers)
    practitioner = chance.choice(staff.holders(place.delivery_unit, "practitioner"))
    partners = [*chance.sample(managers, 1), *_prison_partners(chance, staff, place.prison)]
    if place.managed_by == place.delivery_unit:
        partners += [practitioner, *staff.holders(place.managed_by, "lpc", "lpc_deputy")]
        partners += _police_partners(chance, staff, place)
    elif place.supervised:
        administrators = staff.holders(place.delivery_unit, "mappa_administrator", "case_administrator")
        partners += [practitioner, chance.choice(administrators)]
    return Around(
        manager=manager,
        supervisor=supervisor,
        partners=tuple(dict.fromkeys(name for name in partners if name not in (manager, supervisor))),
        offender_manager=_offender_manager(chance, staff, place, practitioner),
    )


def _owners(staff: Staff, unit: str) -> tuple[tuple[str, ...], str]:
    """Those who may manage a record of the unit, and its supervisor."""
    managers = staff.holders(unit, "officer", "mappa_administrator", "case_administrator")
    return managers, staff.holders(unit, "supervisor", "spo")[0]


def _police_partners(chance: random.Random, staff: Staff, place: Place) -> list[str]:
    if place.level not in _MEETING_LEVELS:
        return []
    return [chance.choice(staff.holders(place.force, "officer")), *staff.holders(place.force, "supervisor")]


def _prison_partners(chance: random.Random, staff: Staff, prison: str | None) -> tuple[str, ...]:
    """All current users of the prison (PF-5.13), where its request has been granted."""
    if prison is None or chance.random() >= table()["parts"]["prison_partnered"]:
        return ()
    return staff.holders(prison, "case_administrator", "pom", "security", "visor_lead")


def _offender_manager(chance: random.Random, staff: Staff, place: Place, practitioner: str) -> str | None:
    if place.prison:
        return chance.choice(staff.holders(place.prison, "pom"))
    return practitioner if place.supervised else None
