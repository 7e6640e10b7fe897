"""A fact that is committed arrives, once, over either transport."""

from __future__ import annotations

from tests.services.messaging.kit import NOTED, URGENT, Spine, eventually, write


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
