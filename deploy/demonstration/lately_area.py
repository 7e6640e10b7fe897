"""What the CPC of the story finds in the reports of the area: what others did there lately (RPT-05 to 29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from deploy.demonstration.act import Act
from deploy.demonstration.alike import TWICE
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.registering import registered
from deploy.demonstration.users import Staff
from services.identity.demonstration import person_id
from services.records.demonstration import nominal_id
from shared.clock import LONDON
from shared.time.calendars import add_months

AREA, FORCE, BESIDE = "area-53", "force-13", "area-52"
ELSEWHERE = "pdu-N55KIR"  # a delivery unit of the area that has no part in the story
_USED = "What the police wrote in October is in the plan; the new telephone number is not yet, and will be this week."
_BEFORE_ALL = 13  # days ago: what others did lately to a record at level 1 came after
_MISSING = (
    "Named as the driver in a report of a missing girl; we need his addresses and vehicles before tonight."
)
_ALLOCATED = "He moves into our delivery unit next week and his case was allocated to my team this morning."
_VISITS = "He will be released to my beat, and I shall do the home visits; we need to read and write the log."
_FAMILY = "A member of staff of the area is related to him; until it is settled only those who work with him see it."
_MOVED = (
    "He was released to his sister's address in Sheffield and reports there; everything else stays as it is."
)
_THREAT = "Said on the telephone that somebody will wait for his former partner at her work tomorrow. Police were told."
_OVER = (
    "The man whom he had called was arrested; her employer was told, and she stays with her family for now."
)


def reported(
    caseload: Iterable[InventedNominal], waiting: Sequence[InventedNominal], staff: Staff, today: date
) -> Iterator[Act]:
    """Only about records that nobody of the story manages; fewer where a small caseload has not enough of them."""
    story = {user.username for user in staff.users if user.part}
    others = [one for one in caseload if _is_plain(one) and one.around.manager not in story]
    yield from _registered(waiting, staff, today)
    # At level 1: others may owe minutes, and no record that owes any is transferred (R29).
    at_large = [one for one in others if one.custody is None and one.level == "1"]
    held = [one for one in others if one.custody is not None]
    yield from _moving(at_large[:1], staff)
    for act, nominal in zip((_limited, _opened, _asked, _threatened, _checked), held, strict=False):
        yield from act(nominal, staff, today)


def _is_plain(nominal: InventedNominal) -> bool:
    if nominal.owner_unit != AREA or nominal.status != "live":
        return False
    return not nominal.limited_access and nominal.index != TWICE


def _about(nominal: InventedNominal) -> dict[str, Any]:
    return {"nominal_id": nominal_id(nominal.index)}


def _opened(nominal: InventedNominal, staff: Staff, _today: date) -> Iterator[Act]:
    """A police officer and a practitioner of another unit, neither of them partnered, looked him up (RPT-05)."""
    for ago, who, kind, reason in (
        (6, _free(staff, FORCE, "officer", nominal), "other", _MISSING),
        (2, _free(staff, ELSEWHERE, "practitioner", nominal), "allocated", _ALLOCATED),
    ):
        if who is not None:
            sought = {"surname": nominal.main_name.surname, "forename": nominal.main_name.forenames}
            yield Act(ago, who, "search.nominals", sought)
            yield Act(ago, who, "access.open", {**_about(nominal), "reason_type": kind, "reason": reason})


def _asked(nominal: InventedNominal, staff: Staff, _today: date) -> Iterator[Act]:
    """A request that was granted in time (RPT-11)."""
    who = _free(staff, FORCE, "officer", nominal)
    if who is not None:
        granted = Act(3, nominal.around.manager, "partnership.grant", _about(nominal))
        given = {**_about(nominal), "whom": "me", "reason": _VISITS}
        yield Act(5, who, "partnership.request", given, granted, "request_id")


def _limited(nominal: InventedNominal, staff: Staff, today: date) -> Iterator[Act]:
    """RPT-16; manager and supervisor stay on the list."""
    people = [person_id(name) for name in (nominal.around.manager, nominal.around.supervisor)]
    given = {**_about(nominal), "reason": _FAMILY, "review_on": add_months(today, 2), "people": people}
    # After everything else: whoever is not on the list writes nothing there any more.
    yield Act(0, staff.holders(AREA, "cpc")[0], "limited_access.set", {**given, "others": []})


def _checked(nominal: InventedNominal, _staff: Staff, _today: date) -> Iterator[Act]:
    """The SPO compared the record with nDelius and OASys before supervision (RPT-07)."""
    given = {
        **_about(nominal),
        "risk_level": nominal.risk,
        "address": f"{nominal.address}, {nominal.town}",
        "level": int(nominal.level) if nominal.level else None,
        "oasys": None,
        "used": _USED,
        "practitioner_id": None,
        "supervision_on": None,
    }
    yield Act(7, nominal.around.supervisor, "quality.check_record", given)


def _moving(nominals: Iterable[InventedNominal], staff: Staff) -> Iterator[Act]:
    """A transfer that waits for the other area's CPC (RPT-13), asked for before anything that would block it (R29)."""
    cpc = staff.holders(AREA, "cpc")[0]
    for nominal in nominals:
        given = {**_about(nominal), "to_unit": BESIDE, "reason": _MOVED}
        yield Act(_BEFORE_ALL, cpc, "transfers.request", given)


def _threatened(nominal: InventedNominal, _staff: Staff, today: date) -> Iterator[Act]:
    """Line manager and police were told, then it was entered; the supervisor read it and stood it down (RPT-29)."""
    told_at = datetime.combine(today - timedelta(days=9), time(10, 40), LONDON)
    given = {
        **_about(nominal),
        "line_manager_id": person_id(nominal.around.supervisor),
        "line_manager_name": "",
        "line_manager_how": "telephone",
        "line_manager_at": told_at,
        "police_id": None,
        "police_name": "Duty inspector",
        "police_how": "telephone",
        "police_at": told_at,
        "concerning": ["victims"],
        "text": _THREAT,
    }
    about, supervisor = _about(nominal), nominal.around.supervisor
    over = Act(8, supervisor, "imminent_risk.stand_down", {**about, "reason": _OVER})
    read = Act(9, supervisor, "imminent_risk.acknowledge", about, over, "risk_id", time(11, 20))
    yield Act(9, nominal.around.manager, "imminent_risk.raise", given, read, "risk_id", time(10, 55))


def _registered(waiting: Sequence[InventedNominal], staff: Staff, today: date) -> Iterator[Act]:
    """Three people of the area who have no record yet: one overdue, one at level 1 (RPT-10)."""
    administrator = staff.holders(ELSEWHERE, "mappa_administrator")[0]
    without = [one for one in waiting if one.category == "2" and one.crn is not None]
    for (ago, level, release_on), person in zip(
        ((11, 2, None), (2, 1, today + timedelta(days=60)), (1, 2, None)), reversed(without), strict=False
    ):
        yield registered(
            person, administrator, ELSEWHERE, today, days_ago=ago, level=level, release_on=release_on
        )


def _free(staff: Staff, unit: str, post: str, nominal: InventedNominal) -> str | None:
    """The first there who stands in no relation to the record, and has no part in the story."""
    near = {nominal.around.manager, nominal.around.supervisor, *nominal.around.partners}
    return next(
        (name for name in staff.holders(unit, post) if name not in near and not staff.by_username[name].part),
        None,
    )
