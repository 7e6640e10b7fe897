"""How a sample is drawn, what a check says, and who may sign what (section 19). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

STATES: Final[Mapping[str, str]] = {
    "assigned": "Being done",
    "submitted": "With the CPC",
    "returned": "Returned",
    "signed": "Signed off",
}
KINDS: Final[Mapping[str, str]] = {
    "audit": "Audit by sample",
    "lead_check": "Lead’s check",
    "recheck": "Check of a lead’s check",
}
VERDICTS: Final[Mapping[str, str]] = {"ok": "In order", "missing": "Missing", "stale": "Out of date"}
# To whom a CPC provides reports on request (PF-0.10).
RECIPIENTS: Final[Mapping[str, str]] = {
    "smb": "MAPPA Strategic Management Board",
    "governor": "Governor",
    "head_of_public_protection": "Head of Public Protection",
    "head_of_operations": "Head of Operations",
    "regional_director": "Regional Probation Director",
    "group_director": "Prison Group Director",
    "national_team": "National MAPPA team",
}
SAMPLE: Final = 10  # records, until somebody says otherwise
LARGEST_SAMPLE: Final = 100
LARGEST_SEED: Final = 2**62
LONGEST_QUESTIONS: Final = 40
# Minimum datasets of these agencies, by the kind of unit that is audited.
AGENCY_OF_UNIT: Final[Mapping[str, str]] = {
    "mappa_area": "probation",
    "delivery_unit": "probation",
    "force": "police",
    "national": "police",
    "prison_group": "prison",
    "prison": "prison",
}


def sample(ids: Iterable[UUID], seed: int, size: int) -> list[UUID]:
    """The same for the same seed and records, whoever draws it: those whose hash with the seed is smallest.

    The hash is SHA-256 over the seed in decimal digits, a colon, and the id as it is written with hyphens.
    """
    return sorted(set(ids), key=lambda one: sha256(f"{seed}:{one}".encode()).digest())[:size]


def recheck_size(checked: int, percent: int, fewest: int) -> int:
    """So many per cent, rounded up, the fewest at least, and never more than there are (PF-5.10.9)."""
    return min(checked, max(fewest, -(-checked * percent // 100)))


@dataclass(frozen=True, slots=True)
class Held:
    """What the record holds of one folder: the day on which an entry last changed, or None.

    `own`: rows of the register answer for the folder, which do not say when they changed (ADR 0063).
    """

    changed_on: date | None
    own: bool = False


def suggested(held: Held, today: date, stale_after: timedelta) -> str:
    """What the register itself would say of a folder; a person decides."""
    if held.changed_on is None:
        return "ok" if held.own else "missing"
    return "stale" if today - held.changed_on > stale_after else "ok"


def wrong_due(due_on: date | None, today: date) -> dict[str, list[str]]:
    if due_on is not None and due_on < today:
        return {"due_on": ["The report cannot be due before today"]}
    return {}


def wrong_answers(answers: Mapping[str, str], questions: Iterable[str]) -> dict[str, list[str]]:
    """Each question is answered once, and nothing else is."""
    asked = set(questions)
    wrong = {}
    if missing := [key for key in asked if key not in answers]:
        wrong["answers"] = [f"Answer every question: {len(missing)} left"]
    if set(answers) - asked or any(value not in VERDICTS for value in answers.values()):
        wrong["answers"] = ["Answer each question with in order, missing or out of date"]
    return wrong


def differences(theirs: Mapping[str, str], mine: Mapping[str, str]) -> int:
    """How many questions the two answered otherwise."""
    return sum(mine[key] != value for key, value in theirs.items() if key in mine)


def may_sign(state: str, *, own: bool, kind: str, rechecked: bool) -> str | None:
    """None, or why not: an auditor signs nothing of theirs; a lead's check is looked at again by sample first."""
    if state != "submitted":
        return "R34"
    if own:
        return "R23"
    return "recheck" if kind == "lead_check" and not rechecked else None


def looks_at(recheck: int, submission: int) -> bool:
    """Whether a re-check is of what was handed in last: once returned and handed in again it is another (PF-5.10.9)."""
    return recheck == submission


def may_recheck(state: str, *, own: bool, kind: str) -> str | None:
    """None, or the refusal's code: what a lead handed in is looked at again, by somebody else (PF-5.10.9)."""
    if kind != "lead_check" or state != "submitted":
        return "R34"
    return "R23" if own else None


# ---- The SPO's check of one record (PF-7/QA checks). ----

SHORTEST_POSTCODE: Final = 5
ITEMS: Final[Mapping[str, str]] = {
    "risk_level": "Risk level",
    "address": "Current address",
    "level": "MAPPA level",
    "oasys": "Latest OASys",
}
RESULTS: Final[Mapping[str, str]] = {
    "same": "The same",
    "differs": "Differs",
    "not_on_record": "Not on the record",
}


@dataclass(frozen=True, slots=True)
class Known:
    """The four items as one system has them; None where it has none."""

    risk_level: str | None
    address: str | None
    level: int | None
    oasys: date | None


def wrong_days(supervision_on: date | None, oasys: date | None, today: date) -> dict[str, list[str]]:
    """The check comes before the supervision, and after the OASys (PF-4.37)."""
    wrong = {}
    if supervision_on is not None and supervision_on < today:
        wrong["supervision_on"] = ["The check comes before the supervision: its date lies ahead"]
    if oasys is not None and oasys > today:
        wrong["oasys"] = ["The OASys must have been completed: its date cannot be in the future"]
    return wrong


def compared(record: Known, other: Known) -> dict[str, str]:
    """Item → result. An address is the same where its postcode is, or the whole text, whatever its case and spaces."""
    return {
        "risk_level": _result(record.risk_level, other.risk_level),
        "address": _result(_plain(record.address), _plain(other.address), _within),
        "level": _result(record.level, other.level),
        "oasys": _result(record.oasys, other.oasys),
    }


def _result(mine: object, theirs: object, same: object = None) -> str:
    if mine is None and theirs is not None:
        return "not_on_record"
    alike = mine == theirs or (callable(same) and same(mine, theirs))
    return "same" if alike else "differs"


def _plain(text: str | None) -> str | None:
    tidy = "".join(char for char in (text or "").casefold() if char.isalnum())
    return tidy or None


def _within(mine: object, theirs: object) -> bool:
    """A postcode typed alone is the end of the address that the record holds."""
    return (
        isinstance(mine, str)
        and isinstance(theirs, str)
        and len(theirs) >= SHORTEST_POSTCODE
        and mine.endswith(theirs)
    )
