"""Facts that the register keeps too: its rows follow the folder, and no entry contradicts the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.records.access.authorise import facts
from services.records.meetings.models import MINUTES
from services.records.nominals.parts import gathered
from shared.refusals import Invalid
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import NOMS, Cast, refusal
from tests.services.records.test_attachments import ABOUT, add, change

TODAY = NOW.date().isoformat()
ALIAS = {"name_type": "alias", "forenames": "Danny", "surname": "Sample"}
HOME = {
    "address_type": "main",
    "address_lines": "1 Example Street\nLeeds",
    "postcode": "ls1 1ur",
    "verified": "visited",
    "from_date": "2026-01-02",
}
BORN = {
    "date_of_birth": "1979-04-04",
    "sex": "male",
    "ethnicity": "W1",
    "nationality": "British",
    "interpreter_needed": False,
}
MARKER = {
    "marker": "WE",
    "reason": "Carries a knife",
    "source_agency": "police",
    "from_date": "2026-01-02",
    "review_date": "2027-01-02",
}
MANAGED = {
    "category": "2",
    "level": "2",
    "lead_agency": "probation",
    "registration_date": "2026-01-02",
    "next_review_date": "2026-07-02",
}


def lines(world: World, cast: Cast, folder: str) -> list[str]:
    wanted = {"agency": None, "unit": None, "state": None, "before": None}
    answer = world.ask("attachments.folder", cast.manager, nominal_id=cast.nominal, folder=folder, **wanted)
    return [line.text for line in answer["kept"]]


def summary(world: World, cast: Cast) -> Any:
    return world.ask("nominals.summary", cast.manager, nominal_id=cast.nominal)


def parts_of(world: World, cast: Cast) -> Any:
    with world.runtime.system_work("test") as work:
        work.principal = cast.partner
        return gathered(work, facts(work, cast.nominal))


def end(world: World, cast: Cast, entry: Any) -> None:
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    world.run("attachments.end", cast.manager, **ids, ended_on=TODAY)


def test_a_current_alias_is_a_name_of_the_record_until_it_ends(records: World, cast: Cast) -> None:
    assert lines(records, cast, "names_and_aliases") == ["Darren Alan Example (main name)"]
    entry = add(records, cast.manager, cast, "names_and_aliases", **ALIAS)
    assert summary(records, cast)["aliases"] == ["Danny Sample"]
    assert lines(records, cast, "names_and_aliases") == ["Darren Alan Example (main name)"]
    change(records, cast.manager, cast, entry, **ALIAS | {"surname": "Samson"})
    assert summary(records, cast)["aliases"] == ["Danny Samson"]
    end(records, cast, entry)
    assert summary(records, cast)["aliases"] == []


def test_a_graded_entry_is_not_on_the_summary_that_everybody_reads(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast, "names_and_aliases", **ALIAS, grading="victim-sensitive")
    add(records, cast.manager, cast, "addresses", **HOME, grading="victim-sensitive")
    assert summary(records, cast)["aliases"] == []
    assert summary(records, cast)["address"] is None


def test_a_number_is_one_person_s(records: World, cast: Cast) -> None:
    assert lines(records, cast, "reference_numbers") == [f"NOMS {NOMS}"]
    number = {"number_type": "CRN", "value": "x123456", "is_primary": True}
    entry = add(records, cast.manager, cast, "reference_numbers", **number)
    found = {one["kind"]: one["value"] for one in summary(records, cast)["identifiers"]}
    assert found == {"crn": "X123456", "noms": NOMS}
    assert lines(records, cast, "reference_numbers") == [f"NOMS {NOMS}"]
    records.nominal(surname="Other", numbers={"crn": "X654321"})
    taken = {"nominal_id": cast.nominal, **ABOUT, **number, "value": "X654321"}
    assert refusal(records, "attachments.add.reference_numbers", cast.manager, **taken).code == "R18"
    with pytest.raises(Invalid) as wrong:
        add(records, cast.manager, cast, "reference_numbers", **number | {"value": "12"})
    assert set(wrong.value.errors) == {"value"}
    end(records, cast, entry)
    assert [one["kind"] for one in summary(records, cast)["identifiers"]] == ["noms"]


def test_the_current_main_address_is_the_summary_s(records: World, cast: Cast) -> None:
    first = add(records, cast.manager, cast, "addresses", **HOME)
    assert summary(records, cast)["address"] == "1 Example Street Leeds, LS1 1UR"
    assert lines(records, cast, "addresses") == []
    second = add(records, cast.partner, cast, "addresses", **HOME | {"address_lines": "2 Sample Road"})
    assert summary(records, cast)["address"] == "2 Sample Road, LS1 1UR"
    states = records.rows("SELECT id, state FROM attachment_entry ORDER BY id")
    assert [(str(row.id), row.state) for row in states] == [
        (first["id"], "superseded"),
        (second["id"], "current"),
    ]
    end(records, cast, second)
    assert summary(records, cast)["address"] is None
    acts = records.rows("SELECT act, fields FROM nominal_change ORDER BY id")
    assert [(row.act, row.fields) for row in acts] == [("summary", ["address"])] * 3


def test_personal_details_are_the_record_s_and_there_is_one_entry(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast, "personal_details", **BORN)
    now = summary(records, cast)
    assert (str(now["date_of_birth"]), now["sex"]) == ("1979-04-04", "male")
    with pytest.raises(Invalid) as twice:
        add(records, cast.partner, cast, "personal_details", **BORN)
    assert "current entry" in twice.value.errors["source"][0]
    with pytest.raises(Invalid) as young:
        add(records, cast.partner, cast, "personal_details", **BORN | {"date_of_birth": "2020-01-01"})
    assert set(young.value.errors) == {"date_of_birth"}


@pytest.mark.clause("PF-4.24")
def test_an_offender_manager_shows_on_the_summary_or_in_its_comments(records: World, cast: Cast) -> None:
    known = {
        "role": "COM",
        "name": "Mary Manager",
        "is_visor_user": True,
        "user": str(cast.manager.person_id),
        "email": "m@example.org",
        "telephone": "0113 496 0001",
        "unit": "pdu-N55LEE",
        "from_date": "2026-01-02",
    }
    add(records, cast.manager, cast, "offender_managers", **known)
    now = summary(records, cast)
    assert (now["offender_manager"]["name"], now["offender_manager_role"]) == ("Mary Manager", "COM")
    other = known | {"is_visor_user": False, "name": "Peter Pom", "role": "POM"}
    with pytest.raises(Invalid) as wrong:
        add(records, cast.manager, cast, "offender_managers", **known | {"user": None})
    assert set(wrong.value.errors) == {"user"}
    del other["user"]
    add(records, cast.manager, cast, "offender_managers", **other)
    assert (
        summary(records, cast)["general_comments"]
        == "POM (no ViSOR user): Peter Pom; m@example.org; 01134960001"
    )


def test_a_marker_is_the_summary_s_too(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast, "warning_markers", **MARKER)
    assert summary(records, cast)["markers"] == ["Weapons"]
    end(records, cast, entry)
    assert summary(records, cast)["markers"] == []


def test_the_front_page_says_that_a_review_s_day_has_passed(records: World, cast: Cast) -> None:
    """The day itself is not over yet."""

    def reviews(day: date) -> list[str]:
        entries = (
            add(records, cast.manager, cast, "warning_markers", **MARKER | {"review_date": str(day)}),
            add(records, cast.manager, cast, "mappa_management", **MANAGED | {"next_review_date": str(day)}),
        )
        parts = parts_of(records, cast)
        for entry in entries:
            end(records, cast, entry)
        return [
            parts["warning_markers"]["markers"][0]["detail"],
            dict(parts["mappa"]["rows"])["Next MAPPA review"],
        ]

    today = date.fromisoformat(TODAY)
    said = f"{today.day} {today:%b %Y}", f"{today.day} {today:%B %Y}"
    assert reviews(today) == [f"review {said[0]}", said[1]]
    past = today - timedelta(days=1)
    said = f"{past.day} {past:%b %Y}", f"{past.day} {past:%B %Y}"
    assert reviews(past) == [f"review {said[0]} (passed)", f"{said[1]} (passed)"]


def test_category_and_level_are_not_contradicted(records: World, cast: Cast) -> None:
    stands = MANAGED
    assert lines(records, cast, "mappa_management")[0].startswith("Category 2")
    for wrong in ({"category": "1"}, {"level": "3"}):
        with pytest.raises(Invalid) as said:
            add(records, cast.manager, cast, "mappa_management", **stands | wrong)
        assert set(said.value.errors) == set(wrong)
    # What is over may have been different.
    over = stands | {
        "category": "1",
        "deregistered_date": "2026-03-01",
        "deregistration_reason": "End of licence",
    }
    add(records, cast.manager, cast, "mappa_management", **over)
    add(records, cast.manager, cast, "mappa_management", **stands)


@pytest.mark.clause("PF-5.18")
def test_custody_does_not_name_another_prison_than_the_record(records: World, cast: Cast) -> None:
    held = records.nominal(surname="Held", manager_id=cast.manager.person_id, custody_prison=PRISON)
    period = {
        "establishment": "prison-HLI",
        "noms_number": "A1234BC",
        "reception_date": "2026-01-02",
        "custody_status": "sentenced",
    }
    given = {"nominal_id": held, **ABOUT}
    with pytest.raises(Invalid) as wrong:
        records.run("attachments.add.custody", cast.manager, **given, **period)
    assert "Leeds" in wrong.value.errors["establishment"][0]
    left = period | {"transfer_date": "2026-02-01", "transferred_to": PRISON}
    records.run("attachments.add.custody", cast.manager, **given, **left)
    records.run("attachments.add.custody", cast.manager, **given, **period | {"establishment": PRISON})


@pytest.mark.clause("PF-4.20.1")
def test_minutes_of_recorded_meetings_stand_in_the_plan_s_folder(records: World, cast: Cast) -> None:
    assert lines(records, cast, "risk_management_plan") == []
    of = {"nominal_id": cast.nominal}
    meeting = records.run("meetings.record", cast.manager, **of, level=3, held_on=TODAY)
    assert lines(records, cast, "risk_management_plan") == []
    given = of | {"meeting_id": UUID(meeting["id"]), "received_on": TODAY, "minutes": "Those present agreed."}
    records.run("meetings.add_minutes", cast.manager, **given)
    assert lines(records, cast, "risk_management_plan") == [], "they are an entry of it, and not there twice"
    [(entry,)] = records.rows("SELECT id FROM attachment_entry WHERE folder = 'risk_management_plan'")
    assert records.rows("SELECT minutes_entry_id FROM mapp_meeting") == [(entry,)]


@pytest.mark.clause("PF-4.20.1")
def test_minutes_that_were_typed_before_they_went_there_stand_in_the_folder_too(
    records: World, cast: Cast
) -> None:
    of = {"nominal_id": cast.nominal}
    meeting = UUID(records.run("meetings.record", cast.manager, **of, level=3, held_on=TODAY)["id"])
    sealed = records.runtime.encrypt(cast.nominal, MINUTES, "Those present agreed.")
    with records.engine.begin() as connection:
        typed = "UPDATE mapp_meeting SET minutes = :sealed, minutes_added_at = now()"
        connection.execute(text(typed), {"sealed": sealed})
    assert lines(records, cast, "risk_management_plan") == ["Minutes of the level 3 meeting of 1 April 2026"]
    whole = records.ask("meetings.minutes", cast.partner, **of, meeting_id=meeting)
    assert whole.minutes == "Those present agreed."


@pytest.mark.clause("PF-5.18")
def test_the_day_of_leaving_on_the_custody_attachment_is_told_for_its_reception(
    records: World, cast: Cast
) -> None:
    records.partner(cast.nominal, cast.prison)
    move = {"nominal_id": cast.nominal, "prison": PRISON}
    came = records.run(
        "custody.record", cast.manager, **move, kind="received", at="2026-03-02T10:00:00+00:00"
    )
    records.run("custody.record", cast.manager, **move, kind="released", at="2026-03-30T10:00:00+00:00")
    [(left, copies)] = records.events("records.custody.left")
    assert (left["reception_id"], left["partnered"]) == (came["id"], True)
    assert [one["as"] for copy in copies for one in copy["people"]] == ["prison_administrator"]
    period = {
        "establishment": PRISON,
        "noms_number": NOMS,
        "reception_date": "2026-03-02",
        "custody_status": "sentenced",
    }
    entry = add(records, cast.prison, cast, "custody", **period)
    assert records.events("records.attachment.transfer_dated") == []
    change(
        records, cast.prison, cast, entry, **period, transfer_date="2026-03-30", transferred_to="prison-HLI"
    )
    [(data, _)] = records.events("records.attachment.transfer_dated")
    assert data["reception_id"] == came["id"]


def test_a_prison_that_is_no_partner_owes_no_date(records: World, cast: Cast) -> None:
    move = {"nominal_id": cast.nominal, "prison": PRISON}
    records.run("custody.record", cast.manager, **move, kind="received", at="2026-03-02T10:00:00+00:00")
    records.run("custody.record", cast.manager, **move, kind="released", at="2026-03-30T10:00:00+00:00")
    [(left, copies)] = records.events("records.custody.left")
    assert (left["partnered"], [copy["people"] for copy in copies]) == (False, [[]])


def test_what_the_summary_shows_of_the_folders(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast, "warning_markers", **MARKER)
    add(records, cast.manager, cast, "warning_markers", **MARKER | {"marker": "AG"})
    found = parts_of(records, cast)
    assert [one["text"] for one in found["warning_markers"]["markers"]] == ["Alleges (AG)", "Weapons (WE)"]
    assert found["mappa"] is None
