"""Risk information of the prisons' own system becomes a task for who adds it to the record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from tests.servers.records import LEEDS, PRISON, World
from tests.services.records.conftest import Cast, feed, refusal, told

TOLD = "records.prison_risk.told"


@pytest.fixture
def held(records: World, cast: Cast) -> UUID:
    pom = records.person(PRISON, "partner", name="Polly Pom")
    return records.nominal(custody_prison=PRISON, pom_id=pom.person_id, numbers={"noms": "A0007AA"})


def hear(records: World, **changes: Any) -> str:
    message = {"noms": "a0007aa", "kind": "alert", "type": "x", "reference": "alert-77"}
    return str(records.run("prison_risk.hear", feed(), **message | changes)["outcome"])


@pytest.mark.clause("PF-5.22.1", "PF-5.22.2")
def test_a_listed_alert_or_case_note_is_a_task_for_administrators_and_the_offender_manager(
    records: World, held: UUID
) -> None:
    assert hear(records) == "taken"
    assert told(records, TOLD) == [("pom", "Polly Pom"), ("prison_administrator", "Petra Prison")]
    assert hear(records) == "known"
    assert hear(records, kind="case_note", type="security", reference="note-1") == "taken"
    assert len(records.events(TOLD)) == 2
    assert UUID(records.events(TOLD)[0][0]["nominal_id"]) == held
    kept = records.rows("SELECT fact, event_type FROM incoming_message")
    assert not any("A0007AA" in row.fact for row in kept)


@pytest.mark.clause("PF-5.22.1")
def test_what_is_not_listed_or_nobody_here_is_no_task(records: World, held: UUID, cast: Cast) -> None:
    assert hear(records, type="E", reference="1") == "not_listed"
    assert hear(records, noms="Z9999ZZ", reference="2") == "no_record"
    outside = records.nominal(managing_unit=LEEDS, numbers={"noms": "A0008AA"})
    assert hear(records, noms="A0008AA", reference="3") == "not_in_custody"
    records.nominal(status="archived", custody_prison=PRISON, numbers={"noms": "A0006AA"})
    assert hear(records, noms="A0006AA", reference="4") == "archived"
    assert [data["what"] for data, _ in records.events("records.archive.heard_of")] == ["prison_risk"]
    assert records.events(TOLD) == []
    assert outside
    message = {"noms": "A0007AA", "kind": "alert", "type": "X", "reference": "1"}
    assert refusal(records, "prison_risk.hear", cast.prison, **message).code == "R11"
    with pytest.raises(ValidationError):
        hear(records, kind="letter")
