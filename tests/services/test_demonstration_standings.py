"""A demonstration is loaded past the facts: notifications must know of it what the facts would have told."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from deploy.assembly import conninfo
from deploy.demonstration import standings
from services.records.access.authorise import facts
from services.records.access.picture import whole_picture
from services.records.demonstration import load
from services.records.demonstration.rows import nominal_id
from shared.events.records.reconciliation import STANDINGS_STATED
from tests.servers.records import WEST_YORKSHIRE, World
from tests.services.notifications.conftest import (
    notifications_keys,
    notifications_settings,
    notifications_template,
    office,
)
from tests.services.notifications.office import Office
from tests.services.notifications.test_reconciliation import differences
from tests.services.records.test_reconciliation import state, told
from tests.services.test_records_nominals_demonstration import USERS, person_id, several, somebody

__all__ = ["notifications_keys", "notifications_settings", "notifications_template", "office"]
OF_A_CONFLICT = 333  # the demonstration declares one with every so many, in its partner's name
PLAIN, LIMITED, CLOSED = nominal_id(0), nominal_id(1), nominal_id(OF_A_CONFLICT)


def invent(records: World) -> None:
    """Three nominals: one as any other, one under Limited Access, one that is closed to somebody."""
    for username in USERS:
        records.enter(somebody(username))
    records.person(WEST_YORKSHIRE, "cpc", name="Cora Central")
    plain, limited, closed = several(3)
    invented = [plain, replace(limited, limited_access=True), replace(closed, index=OF_A_CONFLICT)]
    load(records.runtime, invented, USERS, person_id)


@pytest.mark.clause("PF-4.16l.1")
def test_it_knows_of_each_record_whom_the_facts_would_tell(records: World) -> None:
    """Else the first night finds a difference for each record that is closed to somebody."""
    invent(records)
    assert records.rows("SELECT count(*) FROM conflict_of_interest") == [(1,)]
    with psycopg.connect(conninfo(records.runtime.database)) as source:
        copied = {(row[0], row[3], row[1], row[2]) for row in source.execute(standings.STANDING)}
        limited_ones = [row[0] for row in source.execute(standings.LIMITED)]
    assert copied == stated(records)
    assert len({row[2] for row in copied}) == len(USERS) + 1
    assert limited_ones == [LIMITED]


def stated(records: World) -> set[tuple[object, ...]]:
    """(nominal, agency, person, standing), as records states it at night."""
    ids = [PLAIN, LIMITED, CLOSED]
    with records.runtime.system_work("test.picture") as work:
        return {
            (one, agency, person, standing)
            for one in ids
            for agency, stands in whole_picture(work, facts(work, one)).items()
            for person, standing in stands
        }


def first_night(records: World, office: Office) -> set[object]:
    """The nominals that notifications finds to differ from what records states of them."""
    state(records)
    for row in told(records, "records.standings.stated"):
        for one in row.copies:
            office.deliver(STANDINGS_STATED, STANDINGS_STATED.load(row.data), agency=one["agency"])
    return {nominal for _kind, nominal, _seen, mended in differences(office) if not mended}


@pytest.mark.clause("PF-4.16l.1")
def test_the_first_night_after_the_copy_finds_no_difference(records: World, office: Office) -> None:
    invent(records)
    standings.copy(records.runtime, office.runtime)
    assert first_night(records, office) == set()


@pytest.mark.parametrize(
    ("lost", "of"),
    [
        ("DELETE FROM standing WHERE nominal_id = :id AND standing = 'manager'", PLAIN),
        ("DELETE FROM standing_picture WHERE nominal_id = :id", PLAIN),
        ("UPDATE record_state SET limited = false WHERE nominal_id = :id", LIMITED),
        ("DELETE FROM closed_record WHERE nominal_id = :id", CLOSED),
    ],
)
def test_whatever_it_copies_would_be_missed(records: World, office: Office, lost: str, of: object) -> None:
    """Else the test above could not fail."""
    invent(records)
    standings.copy(records.runtime, office.runtime)
    with office.runtime.database.engine.begin() as connection:
        connection.execute(text(lost), {"id": of})
    assert first_night(records, office) == {of}
