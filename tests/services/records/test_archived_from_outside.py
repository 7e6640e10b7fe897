"""What other systems tell of somebody whose record is archived: nothing is written there, whichever way it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from sqlalchemy import text

from services.records.nominals.keepers import EXEMPT, keepers
from services.records.service import service
from shared.access.principal import Principal
from tests.servers.records import LEEDS, NOW, PRISON, World
from tests.services.records.acts_to_kill import ACTS
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_killed_acts import changed, contents

CRN, INSIDE = "X123456", "A7777ZZ"
NAMED: Final = {"full_name": "Olive Officer", "email": "olive@example.invalid", "telephone": "0113 496 0001"}
# Those that no act makes ready for a record.
FURTHER: Final[Mapping[str, tuple[Principal, dict[str, Any]]]] = {
    "imminent_risk.hear_contact": (feed("integration.ndelius"), {"crn": CRN, "reference": "C-9"}),
    "offender_managers.hear_com": (feed("integration.ndelius"), {"crn": CRN, "unit": LEEDS} | NAMED),
    "offender_managers.hear_pom": (feed(), {"noms": INSIDE} | NAMED),
}
ELSEWHERE: Final[Mapping[str, str]] = {
    "referrals.hear": "begins with somebody who has no record",
    "rotl.hear_approval": "the prison decides on a temporary release of an archived record's person too (PF-5.23.1)",
}
HEARD: Final = [name for name, one in service.declarations.commands.items() if one.audience == "integration"]


@pytest.mark.clause("SC-17.12.2")
@pytest.mark.parametrize("name", [name for name in HEARD if name not in ELSEWHERE])
def test_nothing_is_written_in_an_archived_record(records: World, cast: Cast, name: str) -> None:
    who, given = FURTHER[name] if name in FURTHER else ACTS[name].ready(records, cast)
    if name in FURTHER:
        held: dict[str, Any] = {"custody_prison": PRISON, "custody_since": NOW.date()}
        records.nominal(surname="Known", numbers={"crn": CRN, "noms": INSIDE}, **held)
    of_records = {one.name for one in keepers()} | EXEMPT.keys() | {"nominal"}
    stand(records, "archived")
    before = contents(records)
    answer = records.run(name, who, **given)
    assert changed(before, contents(records)) & of_records == set(), answer
    assert answer["outcome"] in ("archived", "known", "off"), answer

    stand(records, "live")
    before = contents(records)
    answer = records.run(name, who, **given)
    told = {"audit_entry", "outbox", "aggregate_version"}
    assert changed(before, contents(records)) - told, "it would change a live record"


def stand(world: World, status: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE nominal SET status = :status"), {"status": status})
