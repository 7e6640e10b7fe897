"""What the log and what follows from it show of the last weeks: corrections, imminent risk, prisoners who left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from deploy.demonstration.act import SYSTEM, Act
from deploy.demonstration.chance import chance_of
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.users import Staff
from services.records.demonstration import nominal_id
from shared.clock import LONDON

_RISK = 0.012  # of the nominals
_RISK_ENTERED = (1, 4)  # days ago
_TOLD_AT, _ENTERED_AT = time(9, 5), time(9, 20)
_CONTACT = 0.006
_CHOSEN = 0.06
_CHOSEN_LATELY = (0, 3)
_LEFT = 0.05  # of those in custody
_LEFT_LATELY = (0, 2)
_MOVE_EACH = 9
_NAMED_EACH = 23
_NAMED = {
    "full_name": "Helen Marsh",
    "email": "helen.marsh@probation.example.org",
    "telephone": "01632 960 441",
}
_ODDS = {"important": 0.25, "attachments": 0.2, "only_roles": 0.12}
_SAID = "Sent messages to a former partner saying that he knows where she lives now. Police are on their way to her."
_OVER = "Arrested and held in custody; the former partner was moved and told."
_VISITED = "Seen at home with a colleague. Nobody else was there. A new mobile telephone lay on the table."
_CORRECTED = "Correction: the visit was a day earlier than I wrote. Nothing else changes."


def marks(chance: Any) -> dict[str, Any]:
    """What an entry says of itself beside its text."""
    given = {
        "important": True,
        "attachments": ["telecoms"],
        "only_roles": ["manager", "supervisor", "cpc"],
    }
    return {name: value for name, value in given.items() if chance.random() < _ODDS[name]}


def corrected(nominal: InventedNominal, username: str, days_ago: int) -> Act:
    given = {
        "nominal_id": nominal_id(nominal.index),
        "text": _CORRECTED,
        "for_attention": [],
        "important": False,
    }
    return Act(days_ago, username, "activity_log.correct", given)


def imminent_risk(nominal: InventedNominal, supervisor_id: Any, seed: int, today: date) -> Iterator[Act]:
    """Line manager and police were told, then it was entered; what is older than a day is stood down (PF-4.36)."""
    chance = chance_of(seed, nominal.index, "imminent")
    about = {"nominal_id": nominal_id(nominal.index)}
    if chance.random() < _CONTACT:
        reference = f"C{nominal.index:06d}"
        flag = {**about, "reference": reference}
        yield Act(0, nominal.around.manager, "imminent_risk.flag_contact", flag)
    if chance.random() >= _RISK:
        return
    ago = chance.randint(*_RISK_ENTERED)
    before = datetime.combine(today - timedelta(days=ago), _TOLD_AT, LONDON)
    given = {
        **about,
        "line_manager_id": supervisor_id,
        "line_manager_name": "",
        "line_manager_how": "telephone",
        "line_manager_at": before,
        "police_id": None,
        "police_name": "Duty inspector",
        "police_how": "telephone",
        "police_at": before,
        "concerning": ["victims"],
        "text": _SAID,
    }
    over = None
    if ago > 1:
        over = Act(ago - 1, nominal.around.supervisor, "imminent_risk.stand_down", {**about, "reason": _OVER})
    yield Act(ago, nominal.around.manager, "imminent_risk.raise", given, over, "risk_id", _ENTERED_AT)


def left(nominal: InventedNominal, users: Sequence[str], seed: int, today: date) -> Iterator[Act]:
    """A prisoner left, and the removal of the prison's partners waits to be sent (PF-5.9.7)."""
    chance = chance_of(seed, nominal.index, "left")
    if nominal.custody is None or not set(users) & set(nominal.around.partners) or chance.random() >= _LEFT:
        return
    ago = chance.randint(*_LEFT_LATELY)
    given = {
        "nominal_id": nominal_id(nominal.index),
        "kind": "released",
        "prison": nominal.custody.prison,
        "at": _just_after_midnight(today, ago),
    }
    yield Act(ago, nominal.around.manager, "custody.record", given)


def move_booked(nominal: InventedNominal, staff: Staff, today: date) -> Iterator[Act]:
    """The prison's partner booked a move to another prison before anybody left (PF-5.9.6)."""
    if nominal.custody is None or nominal.index % _MOVE_EACH:
        return
    prison = nominal.custody.prison
    there = [name for name in nominal.around.partners if staff.by_username[name].unit == prison]
    if not there or not staff.by_username[there[0]].can_sign_in(today):
        return
    leaves = datetime.combine(today + timedelta(days=4 + nominal.index % 10), time(9), LONDON)
    to = "prison-WSI" if prison != "prison-WSI" else "prison-LEI"
    given = {"nominal_id": nominal_id(nominal.index), "to_prison": to, "departs_at": leaves}
    yield Act(_LEFT_LATELY[1] + 1, there[0], "prison_moves.book", given)


def another_manager(nominal: InventedNominal) -> Iterator[Act]:
    """The case has another community offender manager in nDelius than on the record, who is no user (PF-4.24)."""
    if nominal.crn is None or nominal.index % _NAMED_EACH or not nominal.managing_unit.startswith("pdu-"):
        return
    given = {"crn": nominal.crn, "unit": nominal.managing_unit, **_NAMED}
    yield Act(nominal.index % 5, SYSTEM, "offender_managers.hear_com", given)


def contact_chosen(nominal: InventedNominal, seed: int, today: date) -> Iterator[Act]:
    """A practitioner marked a contact for ViSOR, and nDelius told of it; it waits to be read and added (PF-4.17)."""
    chance = chance_of(seed, nominal.index, "contact")
    if nominal.crn is None or not nominal.managing_unit.startswith("pdu-") or chance.random() >= _CHOSEN:
        return
    ago = chance.randint(*_CHOSEN_LATELY)
    given = {
        "crn": nominal.crn,
        "unit": nominal.managing_unit,
        "registered": True,
        "include": True,
        "reference": f"N{nominal.index:06d}",
        "contact_on": today - timedelta(days=ago),
        "contact_type": "Home visit",
        "text": _VISITED,
        "attachments": ["telecoms"] if chance.random() < _ODDS["attachments"] else [],
        "to_inform": "",
    }
    yield Act(ago, SYSTEM, "ndelius_contacts.hear", given)


def _just_after_midnight(today: date, ago: int) -> datetime:
    """Before any moment at which the suite is filled on that day."""
    return datetime.combine(today - timedelta(days=ago), time(0, 1), UTC)
