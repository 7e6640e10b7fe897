"""A demonstration is loaded past the facts: notifications must know of it what the facts would have told."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from deploy.assembly import conninfo
from deploy.demonstration import standings
from services.records.access.authorise import facts
from services.records.access.picture import whole_picture
from services.records.demonstration import load
from services.records.demonstration.rows import nominal_id
from tests.servers.records import WEST_YORKSHIRE, World
from tests.services.test_records_nominals_demonstration import USERS, person_id, several, somebody

OF_A_CONFLICT = 333  # the demonstration declares one with every so many, in its partner's name


@pytest.mark.clause("PF-4.16l.1")
def test_it_knows_of_each_record_whom_the_facts_would_tell(records: World) -> None:
    """Else the first night finds a difference for each record that is closed to somebody."""
    for username in USERS:
        records.enter(somebody(username))
    records.person(WEST_YORKSHIRE, "cpc", name="Cora Central")
    plain, limited, closed = several(3)
    load(
        records.runtime,
        [plain, replace(limited, limited_access=True), replace(closed, index=OF_A_CONFLICT)],
        USERS,
        person_id,
    )
    assert records.rows("SELECT count(*) FROM conflict_of_interest") == [(1,)]
    with psycopg.connect(conninfo(records.runtime.database)) as source:
        told = {(row[0], row[3], row[1], row[2]) for row in source.execute(standings.STANDING)}
        limited_ones = [row[0] for row in source.execute(standings.LIMITED)]
    assert told == stated(records)
    assert len({row[2] for row in told}) == len(USERS) + 1
    assert limited_ones == [nominal_id(1)]


def stated(records: World) -> set[tuple[object, ...]]:
    """(nominal, agency, person, standing), as records states it at night."""
    ids = [nominal_id(index) for index in (0, 1, OF_A_CONFLICT)]
    with records.runtime.system_work("test.picture") as work:
        return {
            (one, agency, person, standing)
            for one in ids
            for agency, stands in whole_picture(work, facts(work, one)).items()
            for person, standing in stands
        }
