"""Minutes in the folder of the plan, typed or as a file, and RPT-12."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.rules.test_office_files import document
from tests.servers.records import LEEDS, NOW, World
from tests.services.records.conftest import Cast, Web, at_once, told
from tests.services.records.test_attachment_files import arriving
from tests.services.records.test_attachments import add, change
from tests.services.records.test_meetings import minute, record

HELD, ADDED = "records.meeting.held", "records.minutes.added"
OWED_AGAIN = "records.minutes.owed_again"
TODAY = NOW.date()
ADD = "attachments.add.risk_management_plan"


def upload(world: World, cast: Cast, kind: str = "MAPPA level 3 minutes", **changes: Any) -> Any:
    said = {"entry_type": kind, "entry_date": TODAY.isoformat(), "received_date": TODAY.isoformat()}
    file = arriving(world, document(), "minutes.docx")
    return add(world, cast.manager, cast, "risk_management_plan", minutes_document=file, **said | changes)


def state(world: World) -> list[tuple[Any, ...]]:
    found = "SELECT level, minutes_added_at IS NOT NULL, minutes_entry_id IS NOT NULL FROM mapp_meeting"
    return [tuple(row) for row in world.rows(found + " ORDER BY held_on, level")]


@pytest.mark.clause("PF-4.20.1", "PF-4.20.2")
@pytest.mark.parametrize(
    ("kind", "level"),
    [("MAPPA level 2 minutes", 2), ("MAPPA level 3 minutes", 3), ("core group minutes", "core_group")],
)
def test_a_file_in_the_folder_of_the_plan_stops_the_clock(
    records: World, cast: Cast, web: Callable[[Principal], Web], kind: str, level: Any
) -> None:
    meeting = record(records, cast.manager, cast, level=level)
    upload(records, cast, kind)
    assert [(one[1], one[2]) for one in state(records)] == [(True, True)]
    assert [data["meeting_id"] for data, _ in records.events(ADDED)] == [meeting["id"]]
    page = web(cast.partner).get(f"/nominals/{cast.nominal}/meetings/{meeting['id']}").text
    assert "are a file in the" in page


@pytest.mark.clause("PF-4.20.1", "PF-3c")
def test_typed_minutes_are_an_entry_of_the_folder_of_the_plan(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """Once, with who wrote it and when, and read by whoever reads the folder, there and beside the meeting."""
    meeting = record(records, cast.manager, cast, level=2)
    minute(records, cast.partner, cast, meeting, minutes="Those present agreed.\n<b>All</b> of them.")
    assert state(records) == [(2, True, True)]
    assert len(records.events(HELD)) == len(records.events(ADDED)) == 1
    assert len(records.events("records.attachment.changed")) == 1
    [(entry, version, who)] = records.rows(
        "SELECT entry_id, number, written_by FROM attachment_version WHERE what = 'added'"
    )
    assert (version, who) == (1, cast.partner.person_id)
    given = {"nominal_id": cast.nominal, "entry_id": entry}
    [file] = records.ask("attachment_files.list", cast.manager, **given)["files"]
    assert (file.name, file.added_by) == ("Minutes of the level 2 meeting of 2026-04-01.txt", None)
    shown = web(cast.manager).get(f"/nominals/{cast.nominal}/attachments/entries/{entry}").text
    assert "MAPPA level 2 minutes" in shown
    for page in (
        f"/nominals/{cast.nominal}/meetings/{meeting['id']}",
        f"/nominals/{cast.nominal}/attachments/entries/{entry}/files/{file.file_id}",
    ):
        assert "Those present agreed.\n&lt;b&gt;All&lt;/b&gt; of them." in web(cast.manager).get(page).text
    assert (
        "Look at it"
        in web(cast.manager).get(f"/nominals/{cast.nominal}/attachments/entries/{entry}/files").text
    )
    records.run("attachments.remove", cast.cpc, **given, reason="Minutes of another person altogether.")
    assert state(records) == [(2, False, False)]
    assert len(records.events(OWED_AGAIN)) == 1
    page = web(cast.partner).get(f"/nominals/{cast.nominal}/meetings/{meeting['id']}").text
    assert "have not been added yet" in page
    minute(records, cast.manager, cast, meeting)
    assert state(records) == [(2, True, True)]


@pytest.mark.clause("PF-1.4.3", "PF-4.20.1")
def test_minutes_graded_higher_are_read_beside_the_meeting_by_nobody_else(records: World, cast: Cast) -> None:
    """Their entry with handling code C is the police's: beside the meeting the probation service reads nothing."""
    meeting = record(records, cast.manager, cast)
    minute(records, cast.partner, cast, meeting)
    [(entry,)] = records.rows("SELECT id FROM attachment_entry")
    graded = {"grading": "intelligence-handled", "handling_code": "C", "handling_conditions": "Police only."}
    said = {"entry_type": "MAPPA level 3 minutes", "entry_date": TODAY, "received_date": TODAY}
    change(
        records, cast.partner, cast, {"id": str(entry), "folder": "risk_management_plan"}, **said, **graded
    )
    given = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
    assert records.ask("meetings.minutes", cast.partner, **given).minutes == "Those present agreed."
    for who in (cast.manager, cast.cpc):
        assert records.ask("meetings.minutes", who, **given).minutes is None
    assert state(records) == [(3, True, True)]


@pytest.mark.clause("PF-4.20.1")
def test_minutes_of_a_meeting_that_nobody_entered_enter_it(records: World, cast: Cast) -> None:
    upload(records, cast)
    assert state(records) == [(3, True, True)]
    assert len(records.events(HELD)) == len(records.events(ADDED)) == 1
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    with pytest.raises(Invalid) as wrong:
        upload(records, cast, entry_date=tomorrow, received_date=tomorrow)
    assert set(wrong.value.errors) == {"entry_date"}
    assert state(records) == [(3, True, True)]


def test_an_entry_changed_to_another_day_leaves_its_meeting_owing(records: World, cast: Cast) -> None:
    held = record(records, cast.manager, cast, held_on=(TODAY - timedelta(days=3)).isoformat())
    entry = upload(records, cast, entry_date=(TODAY - timedelta(days=3)).isoformat())
    said = {"entry_type": "MAPPA level 3 minutes", "received_date": TODAY.isoformat()}
    change(records, cast.manager, cast, entry, entry_date=(TODAY - timedelta(days=2)).isoformat(), **said)
    assert state(records) == [(3, False, False), (3, True, True)]
    [(owed, _)] = records.events(OWED_AGAIN)
    assert owed["meeting_id"] == held["id"]


@pytest.mark.clause("PF-4.20.2")
def test_minutes_whose_entry_is_removed_are_owed_again_each_time(records: World, cast: Cast) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    meeting = record(records, cast.manager, cast, level=3)
    for number in (1, 2):
        entry = upload(records, cast)
        given = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
        records.run("attachments.remove", cast.cpc, **given, reason="Minutes of another person altogether.")
        assert state(records) == [(3, False, False)]
        assert told(records, OWED_AGAIN) == [("mappa_administrator", "Mina Mappa")]
        assert len(records.events(OWED_AGAIN)) == number
    (first, _), (second, _) = records.events(OWED_AGAIN)
    assert first["owed_again_id"] != second["owed_again_id"]
    assert (second["meeting_id"], second["owed_by"]) == (meeting["id"], "2026-04-10"), "Easter lies between"
    upload(records, cast)
    added = [data["owed_again_id"] for data, _ in records.events(ADDED)]
    assert added == [None, first["owed_again_id"], second["owed_again_id"]]
    assert len(records.events(OWED_AGAIN)) == 2


def test_two_uploads_at_one_moment_enter_one_meeting(records: World, cast: Cast) -> None:
    results = at_once(lambda: upload(records, cast), lambda: upload(records, cast))
    assert len(state(records)) == 1
    assert len(records.events(ADDED)) == 1
    assert any(not isinstance(one, Exception) for one in results)


@pytest.mark.clause("PF-4.21")
def test_a_polygraph_report_goes_into_its_folder_with_its_file(records: World, cast: Cast) -> None:
    said = {
        "test_date": "2026-03-05",
        "test_type": "maintenance",
        "examiner": "Petra Examiner",
        "outcome": "inconclusive",
    }
    with pytest.raises(ValidationError) as wrong:
        add(records, cast.manager, cast, "polygraph_tests", **said)
    assert set(wrong.value.messages) == {"report"}
    report = arriving(records, document(), "report.docx")
    entry = add(records, cast.manager, cast, "polygraph_tests", report=report, **said)
    files = records.ask(
        "attachment_files.list", cast.partner, nominal_id=cast.nominal, entry_id=UUID(entry["id"])
    )["files"]
    assert [one.name for one in files] == ["report.docx"]
    assert records.rows("SELECT folder FROM attachment_entry") == [("polygraph_tests",)]


@pytest.mark.clause("PSI-2.1.1", "PI-2.1.1")
def test_three_agencies_write_assessments_and_plans_side_by_side(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    for who, kind in ((cast.manager, "R11 plan"), (cast.partner, "police plan"), (cast.prison, "R11 plan")):
        said = {"source": "visit", "source_date": TODAY.isoformat(), "entry_date": TODAY.isoformat()}
        records.run(ADD, who, nominal_id=cast.nominal, entry_type=kind, supervision="Weekly.", **said)
    rows = records.rows("SELECT agency, state FROM attachment_entry WHERE folder = 'risk_management_plan'")
    assert sorted(tuple(row) for row in rows) == [
        ("police-13", "current"),
        ("prison-service", "current"),
        ("probation-service", "current"),
    ]


@pytest.mark.clause("PF-4.20.2", "PF-4.20.3", "PF-4.20.4")
def test_the_report_says_what_came_in_time(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    record(records, cast.manager, cast, level=3, held_on="2026-03-02")  # due on 9 March
    record(records, cast.manager, cast, level=2, held_on="2026-03-25")  # due on 10 April, over Easter
    upload(records, cast, "MAPPA level 3 minutes", entry_date="2026-03-20")  # due on 27 March, added today
    upload(records, cast, "MAPPA level 2 minutes", entry_date="2026-03-20")
    record(records, cast.manager, cast, level="core_group", held_on="2026-03-02")
    rows = web(cast.cpc).http.get("/records/api/reports/rpt-12").json()["rows"]
    assert {(row["meeting"], row["held_on"]): (row["state"], row["due_on"], row["days"]) for row in rows} == {
        ("Level 3", "2026-03-02"): ("Overdue", "2026-03-09", 30),
        ("Level 2", "2026-03-25"): ("Awaited", "2026-04-10", 7),
        ("Level 3", "2026-03-20"): ("Late", "2026-03-27", 12),
        ("Level 2", "2026-03-20"): ("In time", "2026-04-07", 12),
        ("Core group", "2026-03-02"): ("Awaited", None, 30),
    }
    assert rows[0]["state"] == "Overdue"
    assert web(cast.stranger).http.get("/records/api/reports/rpt-12").status_code == 403
    assert web(cast.manager).get("/reports/rpt-12?state=Overdue").status_code == 200
    assert web(cast.cpc).http.get("/records/reports/rpt-12/chart").status_code == 200
