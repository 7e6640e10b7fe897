"""A fact that is committed arrives, once, over either transport."""

from __future__ import annotations

import threading

from sqlalchemy.orm import Session

from shared.events.envelope import Event
from tests.services.messaging.kit import (
    NOTED,
    URGENT,
    Spine,
    eventually,
    listening,
    note,
    subscription,
    write,
)


def test_facts_arrive_in_their_order(any_spine: Spine) -> None:
    any_spine.start()
    any_spine.tell(*range(50))
    any_spine.tell(*range(50, 60), kind=URGENT)
    eventually(lambda: len(any_spine.receiver.handled()) == 60)
    normal = [n for n in any_spine.receiver.handled() if n < 50]
    assert normal == list(range(50))
    eventually(lambda: any_spine.sender.value("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0)


def test_a_fact_that_is_rolled_back_is_never_told(any_spine: Spine) -> None:
    any_spine.start()
    with any_spine.sender.participant.session() as session:
        write(session, NOTED, 1)
        session.rollback()
    any_spine.tell(2)
    eventually(lambda: any_spine.receiver.handled() == [2])


def test_what_is_urgent_passes_a_long_row_that_is_being_told(any_spine: Spine) -> None:
    """A night's statements must not keep a door open that somebody has just been shut out of."""
    began, urgent = threading.Event(), 1000

    def slowly(session: Session, event: Event) -> None:
        note(session, event)
        if not began.is_set():
            began.set()
            eventually(lambda: any_spine.sender.value("SELECT count(*) FROM outbox WHERE urgent") == 1)

    any_spine.receiver = listening(any_spine.receiver, subscription(NOTED, slowly), subscription(URGENT))
    any_spine.tell(*range(urgent))
    any_spine.start()
    assert began.wait(20)
    any_spine.tell(urgent, kind=URGENT)

    eventually(lambda: len(any_spine.receiver.handled()) == urgent + 1)
    before = any_spine.receiver.handled().index(urgent)
    assert before < urgent / 2, f"{before} facts of the row went before what is urgent"
