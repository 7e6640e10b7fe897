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
_PLACES: Mapping[str, str] = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}


@dataclass(frozen=True)
class Refused:
    """A refusal's code and what fills its message."""

    code: str
    fills: Mapping[str, str]


def may_create(principal: Principal, category: str, *, supervised: bool) -> Refused | None:
    """None where the principal may create a record of this category; refusals in the order of section 4.2.

    Prisons never own (R30), the category decides between the agencies that do (R17), `create` is needed (R11), and in
    probation the task of creation (R32, PF-4.10.1). Of an agency that owns nothing, an administrator's, no category is
    the wrong one: who has no `create` there hears that.
    """
    kind = principal.agency_kind
    if kind == "prison":
        return Refused("R30", {})
    owner = mappa.ownership(category, supervised=supervised)
    owns_some = any(kind in row.kinds for row in mappa.ownership_table())
    if kind not in owner.kinds and (owns_some or principal.holds("create")):
        return Refused("R17", {"category": category, "agency": owner.label})
    if not principal.holds("create"):
        return Refused("R11", {"token": "create"})
    if kind == "probation" and not principal.has_role(*CREATING_ROLES):
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


def category_problem(category: str, jurisdiction: str) -> str | None:
    """Each jurisdiction has its own set (SC-17.4.6, C-19); PDP and SOC are in all."""
    if category in {one.code for one in mappa.categories_of(jurisdiction)}:
        return None
    return f"{mappa.categories()[category].name} is not a category of {_PLACES[jurisdiction]}"


def supervision_problem(category: str, supervised: bool | None) -> str | None:
    """For category 3 it decides who owns the record, so it must be said (PF-7/nominal record owner.3)."""
    if supervised is None and mappa.supervision_decides(category):
        return "Say whether the person is under statutory probation supervision"
    return None


def standing_problems(
    category: str,
    *,
    lead_agency: str | None,
    authority: str | None,
    review_on: date | None,
    today: date,
    known_review: date | None = None,
) -> dict[str, str]:
    """By field: what is beside MAPPA needs an authority and a day of review, Scotland's groups a lead agency.

    PF-1.3.2: potentially dangerous persons and serious organised crime; SC-17.10: the lead agency.
    """
    wrong = {}
    row = mappa.categories()[category]
    if not row.is_mappa and not (authority or "").strip():
        wrong["authority"] = f"Enter who authorised the record: {row.name} is not MAPPA eligible"
    if not row.is_mappa and review_on is None:
        wrong["review_on"] = "Enter the day on which the authority is reviewed"
    if review_on is not None and review_on <= today and review_on != known_review:
        wrong["review_on"] = "The day of review must be in the future"
    if row.used_in == mappa.SCOTLAND and lead_agency is None:
        wrong["lead_agency"] = "Choose the lead agency"
    if row.used_in not in {mappa.SCOTLAND, mappa.ALL} and lead_agency is not None:
        wrong["lead_agency"] = f"Leave the lead agency out: {row.name} is not a group of Scotland"
    return wrong


@dataclass(frozen=True)
class Standing:
    """A record's category, level and statutory supervision."""

    category: str
    level: int | None
    supervised: bool


CONTINUING = "continuing_category_3"
CHANGE_REASONS: Mapping[str, str] = {
    "assessment": "A new assessment or MAPP meeting",
    CONTINUING: "Licence or order ended: continuing category 3 at level 2 or 3",
    "court": "A sentence or order of a court",
    "correction": "What was recorded was wrong",
}


def may_recategorise(owner_kind: str, before: Standing, after: Standing, why: str) -> Refused | None:
    """R17 where the new category would belong to another kind of agency: that takes a transfer.

    But who moved from category 2 to 3 at the end of licence stays with probation until deregistered (PF-4.15.1).
    """
    if (before.category, before.supervised) == (after.category, after.supervised):
        return None
    owner = mappa.ownership(after.category, supervised=after.supervised)
    if owner_kind in owner.kinds or (why == CONTINUING and is_continuing(before, after)):
        return None
    return Refused("R17", {"category": after.category, "agency": owner.label})


def is_continuing(before: Standing, after: Standing) -> bool:
    """From category 2 to 3 without supervision any more, still at level 2 or 3."""
    return before.category == "2" and after.category == "3" and not after.supervised


def reason_problem(before: Standing, after: Standing, why: str) -> str | None:
    if before == after:
        return None
    if why == CONTINUING and not is_continuing(before, after):
        return "This reason is for a move from category 2 to category 3 when supervision has ended"
    return None


def deregistration_problem(day: date, created: date, today: date, already: date | None) -> str | None:
    """None where the day may be the end of MAPPA management (PF-4.15.2)."""
    if already is not None:
        return "The record is deregistered already"
    if day > today:
        return "The day of deregistration is in the future"
    return "The day of deregistration is before the record was created" if day < created else None


def risk_problems(before: str | None, now: str | None, why: str, *, signed: bool) -> dict[str, list[str]]:
    """Field → messages: who signs assessments decides the level (PF-7/QA checks.1); before the first, a reason does."""
    if before == now:
        return {}
    if signed:
        return {
            "risk_level": ["It goes by the latest assessment that is signed off: add one, and have it signed"]
        }
    if not why.strip():
        return {"risk_reason": ["Say why the risk level is changed without a signed assessment"]}
    return {}


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
