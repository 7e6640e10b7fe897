"""Who may create which nominal, and what a new one must look like. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.access.principal import Principal
from shared.reference import mappa

MARKERS: Mapping[str, str] = {
    "violent": "Violent",
    "weapons": "Weapons",
    "firearms": "Firearms",
    "escaper": "Escaper",
    "conceals": "Conceals",
    "self_harm": "Self-harm",
    "mental_health": "Mental health",
    "alcohol": "Alcohol",
    "drugs": "Drugs",
    "ailment": "Ailment",
    "dangerous_animal": "Dangerous animal",
    "staff_at_risk": "Risk to staff",
}
SEXES: Mapping[str, str] = {"male": "Male", "female": "Female", "other": "Other", "not_known": "Not known"}
RISK_LEVELS: Mapping[str, str] = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}
CREATING_ROLES = ("tasked_with_creation", "mappa_administrator", "case_administrator")
# Probation makes police a partner to these (PI-3.4); level 1 is managed by one agency.
POLICE_PARTNERED = ("2", frozenset({2, 3}))


YOUNGEST, OLDEST = 10, 120


@dataclass(frozen=True)
class Refused:
    """A refusal's code and what fills its message."""

    code: str
    fills: Mapping[str, str]


def may_create(principal: Principal, category: str, *, supervised: bool) -> Refused | None:
    """None where the principal may create a record of this category; refusals in the order of section 4.2.

    Prisons never own (R30), the category decides the agency (R17), `create` is needed (R11), and in probation the
    task of creation (R32, PF-4.10.1).
    """
    if principal.agency_kind == "prison":
        return Refused("R30", {})
    owner = mappa.ownership(category, supervised=supervised)
    if principal.agency_kind != owner.owner:
        return Refused("R17", {"category": category, "agency": owner.label})
    if not principal.holds("create"):
        return Refused("R11", {"token": "create"})
    if principal.agency_kind == "probation" and not principal.has_role(*CREATING_ROLES):
        return Refused("R32", {"role": "tasked with the creation of records"})
    return None


def level_problem(category: str, level: int | None) -> str | None:
    """What is wrong with the level, in words for the form; None where it fits."""
    if mappa.level_allowed(category, None if level is None else str(level)):
        return None
    allowed = mappa.categories()[category].levels
    if not allowed:
        return f"{mappa.categories()[category].name} has no level"
    return f"{mappa.categories()[category].name} is managed at level {' or '.join(allowed)}"


def birth_problem(date_of_birth: date, today: date) -> str | None:
    """A nominal is at least ten, the age of criminal responsibility, and not older than 120."""
    if date_of_birth > today:
        return "The date of birth is in the future"
    age = age_on(date_of_birth, today)
    if age < YOUNGEST:
        return f"The date of birth makes the person younger than {YOUNGEST}"
    return f"The date of birth makes the person older than {OLDEST}" if age > OLDEST else None


def age_on(date_of_birth: date, day: date) -> int:
    """In whole years; who was born on 29 February grows older on 1 March in other years."""
    return day.year - date_of_birth.year - ((day.month, day.day) < (date_of_birth.month, date_of_birth.day))


def category_choices() -> list[tuple[str, str, str]]:
    """(code, name, meaning) of every category, for forms."""
    return [(row.code, row.name, row.meaning) for row in mappa.categories().values()]


def category_name(code: str) -> str:
    """As on the summary: name and meaning."""
    row = mappa.categories()[code]
    return f"{row.name} – {row.meaning[0].lower()}{row.meaning[1:]}"


def needs_police_partner(category: str, level: int | None) -> bool:
    """PI-3.4.1."""
    wanted, levels = POLICE_PARTNERED
    return category == wanted and level in levels
