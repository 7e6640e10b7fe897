"""Invented nominals, one after another; the same people for the same seed.

Names, numbers, places and people round a nominal depend on the seed alone; the dates of what is going on (custody, the
record's creation) lie as far from `today` on whatever day the caseload is made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from deploy.demonstration import alike, numbers
from deploy.demonstration.aliases import names_of
from deploy.demonstration.around import Place, around
from deploy.demonstration.chance import chance_of
from deploy.demonstration.estate import delivery_unit_for, force_for, home_for, prison_for
from deploy.demonstration.nominal import InventedCustody, InventedNominal
from deploy.demonstration.shares import areas, even, kinds, levels, risks, table
from deploy.demonstration.users import Staff
from shared.reference.mappa import categories, ownership
from shared.time.calendars import add_calendar_days

# What the police national computer warns of, in words of our own.
MARKERS = (
    "ailment",
    "alcohol",
    "conceals",
    "dangerous animal",
    "drugs",
    "escaper",
    "firearms",
    "mental health",
    "self-harm",
    "violent",
    "weapons",
)
_HOW_MANY_MARKERS = (0, 0, 0, 1, 1, 2, 3)
_AGES = (19, 91, 36)
# Who somebody is does not change with the day on which the caseload is made; what is going on does.
_BORN_BEFORE = date(2026, 1, 1)
_DAYS_KNOWN = (5, 4700, 5)
_DAYS_IN_CUSTODY = (1, 2200)
_DAYS_TO_RELEASE = (5, 2600)
_AGE_AT_FIRST_NUMBER = (14, 30)
# Of West Yorkshire's people this part lives where the people of the story work, so that these have a caseload.
_STORY_PART = 0.7
SCOTLAND = "force-scotland"
_SCOTTISH_TOWNS = ("Glasgow", "Edinburgh", "Dundee", "Aberdeen", "Inverness")
_STORY_AREA, _STORY_UNIT, _STORY_PRISON = "53", "pdu-N55LEE", "prison-WSI"


def nominals(
    seed: int, count: int, today: date, staff: Staff, *, after: int = 0
) -> Iterator[InventedNominal]:
    """The first `count` after so many; a longer caseload begins with the shorter one.

    Raises `ValueError` above a million.
    """
    if not 0 <= count <= numbers.CAPACITY - after:
        raise ValueError(f"A caseload has between 0 and {numbers.CAPACITY} nominals.")
    return (_as_told(seed, index, today, staff) for index in range(after, after + count))


def _as_told(seed: int, index: int, today: date, staff: Staff) -> InventedNominal:
    one = _nominal(seed, index, today, staff)
    if index == alike.OLDEST:
        return alike.oldest(one)
    first = _first_of_two(seed, today, staff) if index == alike.TWICE else None
    return alike.twice(one, first, seed) if first is not None else one


def _first_of_two(seed: int, today: date, staff: Staff) -> InventedNominal | None:
    """The first who can have a record twice, should there be one among so many."""
    before = (_as_told(seed, index, today, staff) for index in range(alike.TWICE))
    return next(filter(alike.can_be_twice, before), None)


def _nominal(seed: int, index: int, today: date, staff: Staff) -> InventedNominal:
    chance = chance_of(seed, index)
    start = chance_of(seed).random()
    category = kinds().at(even(index, "kind", start))
    level = levels(category).at(even(index, "level", start)) if categories()[category].is_mappa else None
    area = areas().at(even(index, "area", start))
    story = area == _STORY_AREA and chance_of(seed, index, "story").random() < _STORY_PART
    sex = "female" if chance.random() < table()["female"][category] else "male"
    born = _BORN_BEFORE - timedelta(days=int(chance.triangular(*_AGES) * 365.25))
    inside = even(index, "custody", start) < table()["custody"][category]
    scottish = categories()[category].used_in == "SCOTLAND"
    supervised = not scottish and (inside or category in ("2", "4") or _part(chance, "supervised"))
    unit = _STORY_UNIT if story else delivery_unit_for(chance, area)
    force = SCOTLAND if scottish else force_for(chance, area)
    owner_unit, owner_agency = _owner(chance, category, area, force, supervised=supervised)
    managed_by = unit if owner_agency == "probation-service" else owner_unit
    custody = _custody(chance, area, sex, today, _STORY_PRISON if story else None) if inside else None
    place = Place(managed_by, unit, force, custody.prison if custody else None, level, supervised)
    address, town = home_for(chance, area)
    town = _SCOTTISH_TOWNS[index % len(_SCOTTISH_TOWNS)] if scottish else town
    return InventedNominal(
        index=index,
        visor_number=numbers.visor_number(index),
        names=names_of(chance, sex, born.year),
        sex=sex,
        date_of_birth=born,
        pnc=numbers.pnc(index, seed, _first_year(chance, born)) if _part(chance, "pnc") else None,
        cro=numbers.cro(index, seed, _first_year(chance, born)) if _part(chance, "cro") else None,
        noms=numbers.noms(index, seed) if inside or _part(chance, "noms") else None,
        crn=numbers.crn(index, seed) if supervised or _part(chance, "crn") else None,
        category=category,
        level=level,
        supervised=supervised,
        area=area,
        owner_unit=owner_unit,
        owner_agency=owner_agency,
        managing_unit=managed_by,
        around=around(chance, staff, place),
        custody=custody,
        risk=risks().at(even(index, "risk", start)),
        markers=tuple(sorted(chance.sample(MARKERS, chance.choice(_HOW_MANY_MARKERS)))),
        address=address,
        town=town,
        created_on=today - timedelta(days=int(chance.triangular(*_DAYS_KNOWN))),
        status="archived" if not inside and _part(chance, "archived") else "live",
        limited_access=_part(chance, "limited_access"),
    )


def _part(chance: random.Random, name: str) -> bool:
    return chance.random() < float(table()["parts"][name])


def _owner(
    chance: random.Random, category: str, area: str, force: str, *, supervised: bool
) -> tuple[str, str]:
    """Unit and agency that own the record, as the ownership table has it."""
    if category == "4" and _part(chance, "police_ct"):
        return "police-ct", "police-ct"
    if category == "SOC" and _part(chance, "nca"):
        return "nca", "nca"
    if categories()[category].used_in == "SCOTLAND":
        return SCOTLAND, "police-scotland"
    if ownership(category, supervised=supervised).owner == "probation":
        return f"area-{area}", "probation-service"
    return force, force.replace("force-", "police-")


def _custody(chance: random.Random, area: str, sex: str, today: date, prison: str | None) -> InventedCustody:
    release_on = add_calendar_days(today, chance.randrange(*_DAYS_TO_RELEASE))
    return InventedCustody(
        prison=prison if prison and sex == "male" else prison_for(chance, area, sex),
        received_on=add_calendar_days(today, -chance.randrange(*_DAYS_IN_CUSTODY)),
        release_on=release_on if _part(chance, "release_date_known") else None,
    )


def _first_year(chance: random.Random, born: date) -> int:
    """The year in which a number was given: from 14 years of age on."""
    return min(_BORN_BEFORE.year - 1, born.year + chance.randint(*_AGE_AT_FIRST_NUMBER))
