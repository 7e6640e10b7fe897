"""Two of the caseload who are not as chance made them: one whose hundredth birthday comes, and one entered twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from deploy.demonstration import numbers
from deploy.demonstration.nominal import InventedNominal

# Who is so old; and whose record is a second one of the first, of the area of the story, who can have two.
OLDEST, TWICE = 235, 300
AREA = "area-53"
BORN = date(1926, 12, 20)


def oldest(one: InventedNominal) -> InventedNominal:
    """Archived, and soon to be reviewed (SC-17.12.3)."""
    return replace(one, date_of_birth=BORN, custody=None, status="archived", limited_access=False)


def can_be_twice(one: InventedNominal) -> bool:
    return one.status == "live" and not one.limited_access and one.owner_unit == AREA


def twice(one: InventedNominal, first: InventedNominal, seed: int) -> InventedNominal:
    """The same person as the first, entered again without the police's numbers and with the main name alone."""
    return replace(
        first,
        index=one.index,
        visor_number=one.visor_number,
        names=first.names[:1],
        pnc=None,
        cro=None,
        noms=numbers.noms(one.index, seed) if first.noms else None,
        crn=numbers.crn(one.index, seed) if first.crn else None,
        created_on=max(one.created_on, first.created_on),
    )
