"""The 47 folders: adding, changing, reading, and what stays of it (PF-7/Attachments)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from services.records.activity_log.folders import FOLDERS
from services.records.attachments.catalogue import catalogue
from shared.access.principal import Principal
from shared.refusals import Invalid, Stale
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, refusal, statements

TODAY = NOW.date().isoformat()
CHANGED = "records.attachment.changed"
ABOUT: dict[str, Any] = {"source": "visit", "source_date": TODAY}
PHONE = {
    "telecom_type": "mobile",
    "number_or_address": "07700 900 123",
    "from_date": "2026-01-02",
    "status": "current",
}


def add(world: World, who: Principal, cast: Cast, folder: str = "telecoms", **given: Any) -> Any:
    first = PHONE if folder == "telecoms" else {}
    return world.run(f"attachments.add.{folder}", who, nominal_id=cast.nominal, **{**ABOUT, **first, **given})


def change(world: World, who: Principal, cast: Cast, entry: Any, **given: Any) -> Any:
    whole = {**ABOUT, **PHONE, **given} if entry["folder"] == "telecoms" else {**ABOUT, **given}
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    return world.run(f"attachments.change.{entry['folder']}", who, **ids, **{"version": 1, **whole})


def read(world: World, who: Principal, cast: Cast, entry: Any) -> Any:
    return world.ask("attachments.entry", who, nominal_id=cast.nominal, entry_id=UUID(entry["id"]))


@pytest.mark.clause("PF-7/Manager.3", "PF-7/Attachments.2")
def test_a_new_phone_number_goes_into_telecoms_and_changes_make_versions(records: World, cast: Cast) -> None:
    entry = add(records, cast.partner, cast)
    assert entry["values"]["number_or_address"] == "07700900123"
    later = change(records, cast.manager, cast, entry, number_or_address="07700 900456")
    assert later["version"] == 2
    whole = read(records, cast.supervisor, cast, entry)
    assert [one.version.number for one in whole["versions"]] == [2, 1]
    assert whole["changes"][0] == [("Number or address", "07700900123", "07700900456")]
    assert [str(one.by.name) for one in whole["versions"]] == ["Mary Manager", "Paul Police"]
    assert records.audit()[-1] == ("attachments.entry", "viewed", None)


@pytest.mark.clause("PF-5.13.2")
def test_who_may_write_and_read(records: World, cast: Cast) -> None:
    for who in (cast.manager, cast.supervisor, cast.partner, cast.cpc):
        entry = add(records, who, cast)
    for who, code in ((cast.lpc, "R14"), (cast.stranger, "R14"), (cast.prison, "R14"), (cast.admin, "R11")):
        given = {"nominal_id": cast.nominal, **ABOUT, **PHONE}
        assert refusal(records, "attachments.add.telecoms", who, **given).code == code
        late = {**given, "entry_id": UUID(entry["id"]), "version": 1}
        assert refusal(records, "attachments.change.telecoms", who, **late).code == code
    archived = records.nominal(status="archived", partners=(cast.partner,))
    given = {"nominal_id": archived, **ABOUT, **PHONE}
    assert refusal(records, "attachments.add.telecoms", cast.partner, **given).code == "R27"
    for name in ("attachments.folders", "attachments.folder"):
        given = {"nominal_id": cast.nominal} | ({"folder": "telecoms"} if name.endswith("folder") else {})
        assert refusal(records, name, cast.stranger, **given).code == "R13"
        records.ask(name, cast.lpc, **given)


def test_what_is_entered_lies_encrypted_and_is_gone_with_the_nominals_key(records: World, cast: Cast) -> None:
    entry = add(records, cast.partner, cast, provider="Example Telecom")
    [(kept,)] = records.rows("SELECT open_values FROM attachment_version")
    assert b"07700" not in bytes(kept)
    assert b"Example" not in bytes(kept)
    records.runtime.keys.destroy(cast.nominal)
    assert read(records, cast.manager, cast, entry)["entry"].headline == "No longer readable"


@pytest.mark.clause("PF-7/Attachments.2")
def test_a_version_is_never_overwritten(records: World, cast: Cast) -> None:
    add(records, cast.partner, cast)
    for column in ("written_at = now()", "number = 7", "open_values = 'x'", "changed = '[]'"):
        with pytest.raises(Exception, match="never changed"), records.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE attachment_version SET {column}")


@pytest.mark.clause("PF-7/To do list.1")
def test_everybody_with_a_relationship_hears_of_a_change(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast)
    [(data, copies)] = records.events(CHANGED)
    assert (data["folder"], data["entry_id"], data["what"]) == ("telecoms", entry["id"], "attachment")
    assert agencies(records, CHANGED) == ["police-13", "probation-service"]
    assert {copy["detail"] for copy in copies} == {"full"}
    add(records, cast.manager, cast, "modus_operandi", grading="victim-sensitive", **MODUS)
    (data, copies) = records.events(CHANGED)[-1]
    assert (data["folder"], data["entry_id"], data["what"]) == (None, None, "restricted_update")
    assert {copy["detail"] for copy in copies} == {"restricted"}


MODUS = {
    "offence_type": "Burglary",
    "approach_method": "burglary",
    "victim_profile": "Older women",
    "internet_used": False,
}


def test_a_late_edit_is_refused_with_both_texts(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast)
    change(records, cast.partner, cast, entry, provider="Theirs")
    with pytest.raises(Stale) as stale:
        change(records, cast.manager, cast, entry, provider="Mine")
    assert (stale.value.mine["provider"], stale.value.theirs["provider"]) == ("Mine", "Theirs")
    assert stale.value.by is not None
    assert stale.value.by.name == "Paul Police"


def test_two_who_act_at_one_moment(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast)
    both = at_once(
        lambda: change(records, cast.manager, cast, entry, provider="One"),
        lambda: change(records, cast.partner, cast, entry, provider="Two"),
    )
    assert sum(isinstance(one, Stale) for one in both) == 1
    assert records.rows("SELECT count(*) FROM attachment_version") == [(2,)]


@pytest.mark.parametrize(
    ("folder", "given", "fields"),
    [
        ("telecoms", PHONE | {"number_or_address": "twelve"}, {"number_or_address"}),
        ("telecoms", PHONE | {"to_date": "2026-01-01"}, {"to_date"}),
        ("telecoms", PHONE | {"source_date": "2026-04-02"}, {"source_date"}),
        ("modus_operandi", MODUS | {"grading": "intelligence-handled"}, {"handling_code"}),
    ],
)
@pytest.mark.clause("PSI-2.1.2", "PI-2.1.2")
def test_what_one_field_alone_cannot_tell(
    records: World, cast: Cast, folder: str, given: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        add(records, cast.manager, cast, folder, **given)
    assert set(wrong.value.errors) == fields
    assert records.rows("SELECT count(*) FROM attachment_entry") == [(0,)]


def test_the_pages(cast: Cast, web: Callable[[Principal], Web]) -> None:
    there = web(cast.manager)
    base = f"/nominals/{cast.nominal}/attachments"
    listed = there.get(base).text
    assert "Marks, scars and tattoos" in listed
    assert "Telecoms" not in there.get(f"{base}?find=passport").text
    typed = {
        "telecom_type": "mobile",
        "number_or_address": "07700 900123",
        "from_date-day": "2",
        "from_date-month": "1",
        "from_date-year": "2026",
        "status": "current",
        "source": "nominal",
        "source_date-day": "1",
        "source_date-month": "4",
        "source_date-year": "2026",
        "grading": "open",
    }
    again = there.fill(f"{base}/telecoms/new", **typed | {"number_or_address": "x"})
    assert again.status_code == 422
    assert "Enter a telephone number" in again.text
    sent = there.fill(f"{base}/telecoms/new", **typed)
    assert sent.status_code == 303, sent.text
    folder = there.get(f"{base}/telecoms")
    assert "07700900123" in folder.text
    assert "Mary Manager" in folder.text
    entry = next(part for part in folder.text.split('"') if "/attachments/entries/" in part)
    whole = there.get(entry.removeprefix("/records"))
    assert "Versions" in whole.text
    entry_id = entry.rsplit("/", 1)[1]
    changed = there.fill(f"{base}/telecoms/{entry_id}/change", **typed | {"provider": "Example"})
    assert changed.status_code == 303, changed.text


def test_every_folder_has_a_form_that_opens(cast: Cast, web: Callable[[Principal], Web]) -> None:
    there = web(cast.manager)
    for key, folder in catalogue().items():
        page = there.get(f"/nominals/{cast.nominal}/attachments/{key}/new")
        assert page.status_code == 200, (key, page.text[:500])
        assert folder.title.split(",")[0] in page.text
        assert there.get(f"/nominals/{cast.nominal}/attachments/{key}").status_code == 200


def test_the_list_and_a_folder_cost_as_many_statements_however_much_is_in_them(
    records: World, cast: Cast
) -> None:
    def costs() -> list[int]:
        found = []
        for name, given in (("attachments.folders", {"find": ""}), ("attachments.folder", IN_RELATIONSHIPS)):
            with statements(records) as sent:
                answer = records.ask(name, cast.manager, nominal_id=cast.nominal, **given)
            found.append(len(sent))
        seen.append(len(answer["entries"]))
        return found

    seen: list[int] = []
    others = [records.nominal(surname=f"Other {number}") for number in range(3)]
    numbers = [
        records.rows("SELECT visor_number FROM nominal WHERE id = :id", id=one)[0][0] for one in others
    ]
    add(records, cast.manager, cast, "relationships", **KNOWN, linked_nominal=numbers[0])
    few = costs()
    for number in (*numbers, *numbers):
        add(records, cast.partner, cast, "relationships", **KNOWN, linked_nominal=number)
    assert costs() == few
    assert few[0] <= 8
    assert seen == [1, 7]


KNOWN: dict[str, Any] = {
    "relationship_class": "personal",
    "relationship_type": "friend",
    "person_name": "Alex Other",
    "lives_with_nominal": False,
}
IN_RELATIONSHIPS: dict[str, Any] = {
    "folder": "relationships",
    "agency": None,
    "unit": None,
    "state": None,
    "before": None,
}


@pytest.mark.clause("PF-7/Attachments.3")
def test_another_nominal_is_named_only_to_who_may_know_of_the_record(records: World, cast: Cast) -> None:
    limited = records.nominal(surname="Hidden", limited_access=True, listed=(cast.partner,))
    [(number,)] = records.rows("SELECT visor_number FROM nominal WHERE id = :id", id=limited)
    with pytest.raises(Invalid) as wrong:
        add(records, cast.manager, cast, "relationships", **KNOWN, linked_nominal=number)
    assert set(wrong.value.errors) == {"linked_nominal"}
    add(records, cast.partner, cast, "relationships", **KNOWN, linked_nominal=number)
    for who, said in ((cast.partner, number), (cast.manager, "A nominal whose record is limited")):
        [one] = records.ask("attachments.folder", who, nominal_id=cast.nominal, **IN_RELATIONSHIPS)["entries"]
        texts = {part.name: str(part.text) for part in one.fields}
        assert said in texts["linked_nominal"]
        assert ("Hidden" in texts["linked_nominal"]) == (who is cast.partner)
    with pytest.raises(Invalid):
        add(records, cast.manager, cast, "relationships", **KNOWN, linked_nominal="V00000001")


@pytest.mark.clause("PF-5.24")
def test_a_folder_is_filtered_by_agency_and_by_prison(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    for who in (cast.manager, cast.prison, cast.partner):
        add(records, who, cast, "relationships", **KNOWN)

    def found(**wanted: Any) -> list[str]:
        given = IN_RELATIONSHIPS | wanted
        answer = records.ask("attachments.folder", cast.lpc, nominal_id=cast.nominal, **given)
        return [one.version.unit for one in answer["entries"]]

    assert found() == ["force-13", "prison-LEI", "pdu-N55LEE"]
    assert found(agency="prison-service") == ["prison-LEI"]
    assert found(unit="pdu-N55LEE") == ["pdu-N55LEE"]
    assert found(state="past") == []
    with pytest.raises(ValidationError):
        found(state="sideways")


@pytest.mark.clause("PF-7/Manager.2")
def test_what_the_log_says_needs_updating_is_settled_by_the_change(records: World, cast: Cast) -> None:
    records.run(
        "activity_log.add",
        cast.partner,
        nominal_id=cast.nominal,
        kind="information",
        text="He has a new telephone.",
        attachments=["telecoms"],
    )

    def due() -> bool:
        lines = records.ask("attachments.folders", cast.manager, nominal_id=cast.nominal, find="telecoms")[
            "folders"
        ]
        return any(line.needs_updating for line in lines if line.key == "telecoms")

    assert due()
    add(records, cast.manager, cast, "relationships", **KNOWN)
    assert due()
    add(records, cast.manager, cast)
    assert not due()
    [(data, _)] = records.events("records.attachment.need_settled")
    assert (data["folder"], data["state"]) == ("telecoms", "updated")


def test_the_log_names_the_same_folders() -> None:
    assert {key: folder.title for key, folder in catalogue().items()} == FOLDERS


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"surprise": 1},
        {**ABOUT, **PHONE, "number_or_address": "\x00"},
        {**ABOUT, **PHONE, "number_or_address": "\ud800"},
        {**ABOUT, **PHONE, "known_to_be_shared": 10**30},
        {**ABOUT, **PHONE, "from_date": "0001-01-01"},
        {**ABOUT, **PHONE, "telecom_type": ["mobile"]},
        {**ABOUT, **PHONE, "grading": None},
        {**ABOUT, **PHONE, "source": {"a": 1}},
        {**ABOUT, **PHONE, "provider": "x" * 400},
        [],
    ],
)
def test_bad_input_changes_nothing_and_says_where(
    cast: Cast, web: Callable[[Principal], Web], body: Any
) -> None:
    answer = web(cast.manager).send(f"/nominals/{cast.nominal}/attachments/telecoms", body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


def test_the_openapi_document_names_the_fields_of_every_folder(
    cast: Cast, web: Callable[[Principal], Web]
) -> None:
    document = web(cast.manager).http.get("/records/api/openapi.json")
    assert document.status_code == 200
    schemas = document.json()["components"]["schemas"]
    for key, folder in catalogue().items():
        name = "".join(part.capitalize() for part in key.split("_"))
        for schema in (f"attachments.Add{name}", f"attachments.Change{name}.Partial"):
            assert set(folder.fields) <= set(schemas[schema]["properties"]), schema
        assert set(folder.fields) == set(schemas[f"attachments.{name}Values"]["properties"])
