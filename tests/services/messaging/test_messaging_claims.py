"""What PostgreSQL writes for the relay is what the envelope itself would write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest

from shared.events.envelope import Aggregate, Copy, Duty, Event
from shared.ids import new_id
from shared.messaging import claims, outbox
from shared.messaging.tables import SPINE
from tests.services.messaging.kit import NOTED, URGENT, Side, Spine

SUMMER = datetime(2026, 7, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
BARE = Event(new_id(), NOTED.name, NOTED.version, datetime(2026, 4, 1, tzinfo=UTC), {"n": 1})
WHOLE = replace(
    BARE,
    id=new_id(),
    occurred_at=SUMMER,
    data={"n": 2, "text": 'ŵ "quoted" %s {braces} \\ \n', "list": [None, True, 1.5]},
    aggregate=Aggregate("nominal", new_id(), 7),
    actor=new_id(),
    correlation_id=new_id(),
)
COPIES = (
    Copy("police-13", (Duty(new_id(), "manager", "area-53"), Duty(None, "cpc", "area-53")), "restricted"),
    Copy("nca"),
)


def leaving(side: Side) -> list[claims.Claim]:
    with psycopg.connect(side.participant.conninfo) as connection:
        return claims.claim(connection, 10)


@pytest.mark.parametrize("event", [BARE, WHOLE], ids=["bare", "whole"])
def test_each_copy_reads_as_the_event_that_was_told(local_spine: Spine, event: Event) -> None:
    with local_spine.sender.work() as session:
        outbox.write(session, SPINE, event, COPIES)
    [claim] = leaving(local_spine.sender)
    assert claim.agencies == [copy.agency for copy in COPIES]
    for copy, message in zip(COPIES, claim.messages, strict=True):
        told = Event.from_json(message.body)
        assert told == Event.from_json(event.copy_for(copy).to_json()) == event.copy_for(copy)
        assert (message.message_id, message.routing_key) == (told.message_id, told.routing_key)


def test_what_was_taken_is_left_out_and_a_log_entry_leaves_without_a_message(local_spine: Spine) -> None:
    with local_spine.sender.work() as session:
        outbox.write(session, SPINE, BARE, [])
        outbox.write(session, SPINE, WHOLE, COPIES)
    with psycopg.connect(local_spine.sender.participant.conninfo) as connection:
        connection.execute("UPDATE outbox SET taken = '[\"police-13\"]' WHERE id = %s", [WHOLE.id])
    assert [one.agencies for one in leaving(local_spine.sender)] == [[], ["nca"]]


def test_urgent_facts_come_first_and_no_more_than_were_asked_for(local_spine: Spine) -> None:
    urgent = replace(BARE, id=new_id(), type=URGENT.name, version=URGENT.version)
    others = [replace(BARE, id=new_id()) for _ in range(12)]
    with local_spine.sender.work() as session:
        for event in (*others, urgent):
            outbox.write(session, SPINE, event, [Copy("nca")])
    keys = [message.routing_key for claim in leaving(local_spine.sender) for message in claim.messages]
    assert keys == [urgent.copy_for(Copy("nca")).routing_key] + [f"{NOTED.name}.nca"] * 9
