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
