"""What a prison still has to do about who came and who left, as it is stated at night (D-07, D-22)."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.records.nominals.occasions import occasions
from shared.events.notifications import FACTS_MISSED
from tests.servers.records import PRISON, World
from tests.services.records.conftest import NOMS, Cast
from tests.services.records.test_attachments import add, change
from tests.services.records.test_reconciliation import hear

CAME, LEFT = "records.custody.received", "records.custody.left"
PENDING = "records.partnership.pending"
IN, OUT = "2026-03-02T10:00:00+00:00", "2026-03-30T10:00:00+00:00"


def waiting(records: World, fact: str) -> list[tuple[str, str]]:
    """Those of the register's only nominal, with whose business it is."""
    (occasion,) = [one for one in occasions() if one.fact == fact]
    with records.session() as session:
        return [(str(row.id), row.unit) for row in session.execute(occasion.waiting)]


def move(records: World, cast: Cast, kind: str, at: str) -> str:
    given = {"nominal_id": cast.nominal, "prison": PRISON, "kind": kind, "at": at}
    return str(records.run("custody.record", cast.manager, **given)["id"])


def test_a_reception_waits_until_the_prison_asks_for_partnership(records: World, cast: Cast) -> None:
    came = move(records, cast, "received", IN)
    assert waiting(records, CAME) == [(came, PRISON)]
    wish = {"nominal_id": cast.nominal, "whom": "unit", "reason": "In our prison."}
    records.run("partnership.request", cast.prison, **wish)
    assert waiting(records, CAME) == []


@pytest.mark.clause("PF-5.15")
def test_what_a_prison_asked_for_waits_to_be_looked_at_until_it_is_answered(
    records: World, cast: Cast
) -> None:
    """What others ask for is nothing to look at each day."""
    asked = records.run(
        "partnership.request", cast.prison, nominal_id=cast.nominal, whom="unit", reason="He came here today."
    )
    records.run(
        "partnership.request", cast.stranger, nominal_id=cast.nominal, whom="me", reason="We see him weekly."
    )
    assert waiting(records, PENDING) == [(str(asked["id"]), PRISON)]
    answer = {
        "nominal_id": cast.nominal,
        "request_id": UUID(asked["id"]),
        "answer": "No, not yet: he leaves soon.",
    }
    records.run("partnership.refuse", cast.manager, **answer)
    assert waiting(records, PENDING) == []


def test_a_reception_whose_prisoner_left_waits_no_more(records: World, cast: Cast) -> None:
    move(records, cast, "received", IN)
    move(records, cast, "released", OUT)
    assert (waiting(records, CAME), waiting(records, LEFT)) == ([], [])


def test_a_prison_that_is_partner_waits_for_the_date_of_leaving_alone(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    came = move(records, cast, "received", IN)
    assert waiting(records, CAME) == []
    move(records, cast, "released", OUT)
    assert waiting(records, LEFT) == [(came, PRISON)]
    period = {
        "establishment": PRISON,
        "noms_number": NOMS,
        "reception_date": "2026-03-02",
        "custody_status": "sentenced",
    }
    entry = add(records, cast.prison, cast, "custody", **period)
    assert waiting(records, LEFT) == [(came, PRISON)]
    left = period | {"transfer_date": "2026-03-30", "transferred_to": "prison-HLI"}
    change(records, cast.prison, cast, entry, **left)
    assert waiting(records, LEFT) == []


def test_a_reception_that_was_missed_is_told_again(records: World, cast: Cast) -> None:
    came = move(records, cast, "received", IN)
    hear(records, FACTS_MISSED, kinds=[CAME], field="reception_id", subjects=[UUID(came)])
    first, again = records.events(CAME)
    assert again == first
