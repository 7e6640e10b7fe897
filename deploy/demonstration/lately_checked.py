"""What was checked lately: by prisons before temporary release, by leads, supervisors and auditors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from deploy.demonstration.act import Act
from deploy.demonstration.chance import chance_of
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.users import Staff
from services.records.demonstration import nominal_id

_LEAVE = 0.12  # of those in custody whose prison is partnered
_CHECKED = (1, 20)  # days ago
_FOUND = (
    ("no_risk", ""),
    ("no_risk", ""),
    ("risk", "Contact with his former partner is forbidden, and she lives in the town where he would go."),
    ("referred", "Please say whether the condition on the address still stands before we decide."),
)
_CHECKED_BY_SPO = 0.06  # of the records whose supervisor is an SPO
_AGREED = 0.8  # of those checks find the same risk level in OASys
_SAID = (
    "Risk factors from the log stand in the last assessment, and the plan follows them.",
    "The last entry by the police is not in the plan yet; agreed to add it this week.",
)


def before_leave(nominal: InventedNominal, staff: Staff, seed: int, today: date) -> Iterator[Act]:
    """A prison checked before temporary release, and most of its Governors then approved it (PF-5.23)."""
    chance = chance_of(seed, nominal.index, "leave")
    if nominal.custody is None or nominal.noms is None or chance.random() >= _LEAVE:
        return
    prison = nominal.custody.prison
    users = [name for name in staff.holders(prison, "case_administrator") if name in nominal.around.partners]
    if not users:
        return
    ago, (outcome, text) = chance.randint(*_CHECKED), chance.choice(_FOUND)
    given = {"nominal_id": nominal_id(nominal.index), "outcome": outcome, "text": text}
    yield Act(ago, users[0], "rotl.check", given)
    governors = staff.holders(prison, "governor")
    if outcome != "referred" and governors:
        leave = {"noms": nominal.noms, "leave_on": today + timedelta(days=chance.randint(1, 14))}
        yield Act(ago - 1, governors[0], "rotl.approve", leave)


def before_supervision(nominal: InventedNominal, staff: Staff, seed: int) -> Iterator[Act]:
    """An SPO compared the record with nDelius and OASys; now and then something differs (PF-4.37)."""
    chance = chance_of(seed, nominal.index, "record_check")
    spo = staff.by_username[nominal.around.supervisor]
    units = {one.scope for one in spo.roles if one.name == "spo"}
    if nominal.managing_unit not in units or chance.random() >= _CHECKED_BY_SPO:
        return
    level = int(nominal.level) if nominal.level else None
    given = {
        "nominal_id": nominal_id(nominal.index),
        "risk_level": nominal.risk if chance.random() < _AGREED else "medium",
        "address": f"{nominal.address}, {nominal.town}",
        "level": level,
        "oasys": None,
        "used": chance.choice(_SAID),
        "practitioner_id": None,
        "supervision_on": None,
    }
    yield Act(chance.randint(0, 20), nominal.around.supervisor, "quality.check_record", given)
