"""Somebody registered under category 2 who has no record yet, as an administrator enters it."""

from __future__ import annotations

from datetime import date, timedelta

from deploy.demonstration.act import Act
from deploy.demonstration.nominal import InventedNominal


def registered(
    person: InventedNominal,
    administrator: str,
    unit: str,
    today: date,
    *,
    days_ago: int,
    level: int,
    release_on: date | None = None,
) -> Act:
    given = {
        "category": "2",
        "level": level,
        "statutory_supervision": True,
        "release_on": release_on,
        "surname": person.main_name.surname,
        "forenames": person.main_name.forenames,
        "date_of_birth": person.date_of_birth,
        "sex": person.sex,
        "noms": person.noms,
        "crn": person.crn,
        "registered_on": today - timedelta(days=days_ago),
        "unit": unit,
    }
    return Act(days_ago, administrator, "referrals.register", given)
