"""MAPP meetings and their minutes (PF-4.20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import BRADFORD, LEEDS, NOW, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, codes, refusal, told

pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")

HELD, ADDED, COPIED = "records.meeting.held", "records.minutes.added", "records.meeting.copied"
TODAY = NOW.date()
DAY = {"held_on-day": "30", "held_on-month": "3", "held_on-year": "2026"}


def record(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    given = {"nominal_id": cast.nominal, "level": 3, "held_on": TODAY.isoformat()} | changes
    return world.run("meetings.record", who, **given)


def minute(world: World, who: Principal, cast: Cast, meeting: Any, **changes: Any) -> Any:
    given = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
    typed = {"received_on": TODAY.isoformat(), "minutes": "Those present agreed."}
    return world.run("meetings.add_minutes", who, **given | typed | changes)


@pytest.mark.clause("PF-4.20.3", "PF-4.20.4", "PF-4.20.5")
@pytest.mark.parametrize("level", [2, 3])
def test_who_manages_the_person_owes_the_minutes(records: World, cast: Cast, level: int) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    record(records, cast.partner, cast, level=level)
    [(data, _)] = records.events(HELD)
    assert (data["level"], data["held_on"], data["managing_unit"]) == (level, TODAY.isoformat(), LEEDS)
    assert data["jurisdiction"] == "ENG"
    assert told(records, HELD) == [("mappa_administrator", "Mina Mappa")]
    assert records.audit()[-1] == ("meetings.record", "done", None)


@pytest.mark.clause("PF-4.20.5")
def test_administrators_of_other_units_who_are_partners_hear_of_it(records: World, cast: Cast) -> None:
    mina, otto, _elsewhere = (
        records.person(unit, "partner", roles=("mappa_administrator",), name=name)
        for unit, name in ((LEEDS, "Mina Mappa"), (BRADFORD, "Otto Other"), (BRADFORD, "Ella Elsewhere"))
    )
    records.partner(cast.nominal, mina)
    records.partner(cast.nominal, otto)
    record(records, cast.partner, cast)
    assert told(records, HELD) == [("mappa_administrator", "Mina Mappa")], "the unit that manages owes them"
    assert told(records, COPIED) == [("mappa_administrator", "Otto Other")]
    hidden = records.nominal(
        surname="Hidden", limited_access=True, listed=(cast.partner,), partners=(cast.partner, otto)
    )
    held = {"nominal_id": hidden, "level": 2, "held_on": TODAY.isoformat()}
    records.run("meetings.record", cast.partner, **held)
    assert len(records.events(HELD)) == 2
    assert len(records.events(COPIED)) == 1, "nobody else hears of a record to which access is limited"


@pytest.mark.clause("PF-4.20.1", "PF-4.20.2")
def test_a_core_group_owes_its_minutes_without_a_period(records: World, cast: Cast) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    meeting = record(records, cast.manager, cast, level="core_group")
    assert (meeting["level"], meeting["minutes_due_on"]) == (None, None)
    assert told(records, HELD) == [("mappa_administrator", "Mina Mappa")]
    with pytest.raises(Invalid):
        record(records, cast.manager, cast, level="core_group")
    record(records, cast.manager, cast, level=2)
    minute(records, cast.manager, cast, meeting)
    assert len(records.events(ADDED)) == 1


@pytest.mark.clause("PF-4.20.2")
def test_minutes_that_came_are_owed_by_who_manages_the_person(records: World, cast: Cast) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    meeting = record(records, cast.manager, cast)
    given = {
        "nominal_id": cast.nominal,
        "meeting_id": UUID(meeting["id"]),
        "received_on": TODAY.isoformat(),
    }
    records.run("meetings.receive_minutes", cast.manager, **given)
    assert told(records, "records.minutes.received") == [("mappa_administrator", "Mina Mappa")]
    assert refusal(records, "meetings.receive_minutes", cast.manager, **given).code == "R34"
    minute(records, cast.manager, cast, meeting)
    other = record(records, cast.manager, cast, level=2)
    early = given | {
        "meeting_id": UUID(other["id"]),
        "received_on": (TODAY - timedelta(days=1)).isoformat(),
    }
    with pytest.raises(Invalid):
        records.run("meetings.receive_minutes", cast.manager, **early)
    assert refusal(records, "meetings.receive_minutes", cast.lpc, **early).code == "R14"


@pytest.mark.clause("SC-17.4.3")
def test_a_record_in_scotland_keeps_its_minutes_too(records: World) -> None:
    isla = records.person("force-scotland", "manager", name="Isla Manager")
    nominal = records.nominal(
        category="RSO",
        jurisdiction="SCT",
        owner_unit="force-scotland",
        owner_agency="police-scotland",
        managing_unit="force-scotland",
        manager_id=isla.person_id,
    )
    held = {"nominal_id": nominal, "level": 3, "held_on": "2026-04-01"}
    meeting = records.run("meetings.record", isla, **held)
    # Good Friday is a bank holiday in both, Easter Monday not in Scotland.
    assert meeting["minutes_due_on"] == "2026-04-09"
    typed = {"received_on": TODAY.isoformat(), "minutes": "Agreed at the conference."}
    records.run("meetings.add_minutes", isla, nominal_id=nominal, meeting_id=UUID(meeting["id"]), **typed)
    whole = records.ask("meetings.minutes", isla, nominal_id=nominal, meeting_id=UUID(meeting["id"]))
    assert whole.minutes == "Agreed at the conference."


def test_nobody_to_write_the_minutes_is_reported(records: World, cast: Cast) -> None:
    record(records, cast.partner, cast)
    assert told(records, HELD) == [("mappa_administrator", "nobody")]


@pytest.mark.clause("PF-4.20.1", "PF-4.20.2", "PF-3c")
def test_minutes_are_added_once_and_each_reading_is_audited(records: World, cast: Cast) -> None:
    meeting = record(records, cast.manager, cast)
    minute(records, cast.manager, cast, meeting)
    assert records.events(ADDED)[0][0]["meeting_id"] == meeting["id"]
    assert agencies(records, ADDED) == ["police-13", "probation-service"]

    given = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
    again = given | {"received_on": TODAY.isoformat(), "minutes": "Others."}
    assert refusal(records, "meetings.add_minutes", cast.manager, **again).code == "R34"
    whole = records.ask("meetings.minutes", cast.partner, **given)
    assert whole.minutes == "Those present agreed."
    assert records.audit()[-1] == ("meetings.minutes", "viewed", None)


def test_minutes_lie_encrypted_and_are_gone_with_the_nominals_key(records: World, cast: Cast) -> None:
    meeting = record(records, cast.manager, cast)
    minute(records, cast.manager, cast, meeting, minutes="A child was named.")
    assert records.rows("SELECT minutes FROM mapp_meeting") == [(None,)]
    [(file_id,)] = records.rows("SELECT id FROM stored_file")
    with records.runtime.files.open(file_id) as kept:
        assert b"child" not in kept.read()
    records.runtime.keys.destroy(cast.nominal)
    given = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
    assert records.ask("meetings.minutes", cast.partner, **given).minutes == "No longer readable"


def test_who_may_record_and_read(records: World, cast: Cast) -> None:
    for number, who in enumerate((cast.manager, cast.supervisor, cast.partner, cast.cpc)):
        meeting = record(records, who, cast, held_on=(TODAY - timedelta(days=number)).isoformat())
    new = {"nominal_id": cast.nominal, "level": 2, "held_on": TODAY.isoformat()}
    late = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
    typed = {"received_on": TODAY.isoformat(), "minutes": "x"}
    for who, code in ((cast.lpc, "R14"), (cast.stranger, "R14"), (cast.prison, "R14"), (cast.admin, "R11")):
        assert refusal(records, "meetings.record", who, **new).code == code
        assert refusal(records, "meetings.add_minutes", who, **late | typed).code == code
    archived = records.nominal(status="archived", partners=(cast.partner,))
    assert refusal(records, "meetings.record", cast.partner, **new | {"nominal_id": archived}).code == "R27"
    for name, given in (("meetings.list", {"nominal_id": cast.nominal}), ("meetings.minutes", late)):
        assert refusal(records, name, cast.stranger, **given).code == "R13"
        records.ask(name, cast.lpc, **given)


@pytest.mark.parametrize(
    ("held_on", "says"), [(TODAY + timedelta(days=1), "future"), ("2001-03-31", "April 2001")]
)
def test_a_meeting_was_held(records: World, cast: Cast, held_on: Any, says: str) -> None:
    with pytest.raises(Invalid) as wrong:
        record(records, cast.manager, cast, held_on=str(held_on))
    assert says in wrong.value.errors["held_on"][0]


@pytest.mark.parametrize("days", [1, -2])
def test_minutes_come_after_the_meeting_and_not_tomorrow(records: World, cast: Cast, days: int) -> None:
    meeting = record(records, cast.manager, cast, held_on=(TODAY - timedelta(days=1)).isoformat())
    with pytest.raises(Invalid) as wrong:
        minute(records, cast.manager, cast, meeting, received_on=(TODAY + timedelta(days=days)).isoformat())
    assert set(wrong.value.errors) == {"received_on"}


def test_one_meeting_is_recorded_once(records: World, cast: Cast) -> None:
    record(records, cast.manager, cast)
    with pytest.raises(Invalid) as wrong:
        record(records, cast.partner, cast)
    assert set(wrong.value.errors) == {"held_on"}
    record(records, cast.manager, cast, level=2)


def test_two_who_act_at_one_moment(records: World, cast: Cast) -> None:
    results = at_once(
        lambda: record(records, cast.manager, cast), lambda: record(records, cast.partner, cast)
    )
    assert sum(isinstance(one, Invalid) or codes([one]) == ["R34"] for one in results) == 1
    [meeting] = [one for one in results if not isinstance(one, Exception)]
    both = at_once(
        lambda: minute(records, cast.manager, cast, meeting),
        lambda: minute(records, cast.partner, cast, meeting),
    )
    assert codes(both) == ["R34", "done"]
    assert len(records.events(ADDED)) == 1


def test_a_meeting_of_another_record_is_not_found(records: World, cast: Cast) -> None:
    meeting = record(records, cast.manager, cast)
    other = records.nominal(surname="Other", manager_id=cast.manager.person_id)
    for given in (
        {"nominal_id": other, "meeting_id": UUID(meeting["id"])},
        {"nominal_id": cast.nominal, "meeting_id": new_id()},
    ):
        with pytest.raises(NotFound):
            records.ask("meetings.minutes", cast.manager, **given)
        with pytest.raises(NotFound):
            minute(records, cast.manager, cast, meeting, **given)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"level", "held_on"}),
        ({"level": 1, "held_on": "30/03/2026"}, {"level", "held_on"}),
        ({"level": "three", "held_on": None, "surprise": 1}, {"level", "held_on", "surprise"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.manager).send(f"/nominals/{cast.nominal}/meetings", body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields


@pytest.mark.parametrize("minutes", [None, "", " \n", "x" * 50_001, 7, "a\u0000b"])
def test_bad_minutes_are_refused(
    records: World, cast: Cast, web: Callable[[Principal], Web], minutes: Any
) -> None:
    meeting = record(records, cast.manager, cast)
    path = f"/nominals/{cast.nominal}/meetings/{meeting['id']}/minutes"
    answer = web(cast.manager).send(path, {"received_on": TODAY.isoformat(), "minutes": minutes})
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == {"minutes"}


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/meetings"
    manager = web(cast.manager)
    assert "No meeting is recorded." in manager.get(base).text
    assert 'value="2" checked' in manager.get(f"{base}/new").text

    sent = manager.fill(f"{base}/new", level="3", **DAY)

    assert sent.status_code == 303
    shown = manager.get(sent.headers["location"].removeprefix("/records")).text
    assert "minutes are owed now" in shown
    assert "Awaited" in shown
    [(meeting,)] = records.rows("SELECT id FROM mapp_meeting")
    assert "not been added yet" in manager.get(f"{base}/{meeting}").text
    typed = {"received_on-day": "1", "received_on-month": "4", "received_on-year": "2026"}
    wrong = manager.fill(f"{base}/{meeting}/minutes/new", **typed)
    assert wrong.status_code == 422
    assert manager.fill(f"{base}/{meeting}/minutes/new", minutes="Agreed.", **typed).status_code == 303
    assert "Agreed." in manager.get(f"{base}/{meeting}").text
    assert manager.get(f"{base}/{meeting}/minutes/new").status_code == 409
    reader = web(cast.lpc)
    assert "Record a meeting" not in reader.get(base).text
    assert reader.get(f"{base}/new").status_code == 403
