"""Who reads what of the attachments: intelligence by its handling code, what concerns victims after a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import ORIGINS, readers_of
from shared.access.principal import Principal
from shared.reference.estate import agencies as agencies_of_the_estate
from shared.refusals import Invalid, NotFound
from tests.servers.records import NOW, World, again
from tests.services.records.conftest import Cast, Web, agencies, at_once, codes, refusal
from tests.services.records.test_attachments import MODUS, PHONE, add, change, read

TODAY = NOW.date().isoformat()
REPORT: dict[str, Any] = {
    "report_reference": "IR-2026-001",
    "originating_agency": "prison",
    "report_date": "2026-03-30",
    "source_grade": "1",
    "information_grade": "B",
    "handling_code": "P",
    "sanitised": True,
    "content": "Seen with others near the gate.",
    "grading": "intelligence-handled",
}
CONDITIONS = {"handling_code": "C", "handling_conditions": "Ask the prison first"}
VICTIM: dict[str, Any] = {
    "victim_reference": "AB",
    "name_encrypted": "Alice Byron",
    "relationship_to_nominal": "Former partner",
    "victim_contact_scheme": "opted in",
    "grading": "victim-sensitive",
}
REASON = "For the safety plan of the meeting today"


def listed(world: World, who: Principal, cast: Cast, folder: str) -> Any:
    wanted = {"agency": None, "unit": None, "state": None, "before": None}
    return world.ask("attachments.folder", who, nominal_id=cast.nominal, folder=folder, **wanted)["entries"]


def count(world: World, who: Principal, cast: Cast, folder: str) -> tuple[int, int]:
    lines = world.ask("attachments.folders", who, nominal_id=cast.nominal, find="")["folders"]
    return next((line.current, line.total) for line in lines if line.key == folder)


def reveal(world: World, who: Principal, cast: Cast, entry: Any, reason: str = REASON) -> Any:
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    return world.run("attachments.reveal", who, **ids, reason=reason)


@pytest.mark.clause("PF-5.26.1")
def test_a_report_that_is_not_sanitised_is_refused(records: World, cast: Cast) -> None:
    given = {
        "nominal_id": cast.nominal,
        "source": "agency",
        "source_date": TODAY,
        **REPORT,
        "sanitised": False,
    }
    assert refusal(records, "attachments.add.intelligence", cast.partner, **given).code == "R19"
    assert records.rows("SELECT count(*) FROM attachment_entry") == [(0,)]
    entry = add(records, cast.partner, cast, "intelligence", **REPORT)
    version = read(records, cast.partner, cast, entry)["entry"].version
    assert (version.written_by, version.written_at) == (cast.partner.person_id, NOW)
    [(actor,)] = records.rows(
        "SELECT actor FROM audit_entry WHERE action = 'attachments.add.intelligence' AND outcome = 'done'"
    )
    assert actor == cast.partner.person_id


@pytest.mark.clause("PF-1.4.3", "PI-3.4.3", "PF-5.26.2", "SC-17.4.1")
def test_code_p_is_read_by_all_and_code_c_by_the_originating_agency_and_named_readers(
    records: World, cast: Cast
) -> None:
    add(records, cast.partner, cast, "intelligence", **REPORT)
    entry = add(records, cast.partner, cast, "intelligence", **REPORT | CONDITIONS)
    records.partner(cast.nominal, cast.prison)
    for who, seen in ((cast.partner, 2), (cast.prison, 2), (cast.manager, 1), (cast.cpc, 1)):
        assert len(listed(records, who, cast, "intelligence")) == seen
        assert count(records, who, cast, "intelligence") == (seen, seen)
    with pytest.raises(NotFound):
        read(records, cast.manager, cast, entry)
    with pytest.raises(NotFound):
        change(records, cast.manager, cast, entry, **REPORT)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    records.run("attachments.name_reader", cast.partner, **ids, person_id=cast.manager.person_id)
    assert read(records, cast.manager, cast, entry)["readers"][0].name == "Mary Manager"
    assert len(listed(records, cast.cpc, cast, "intelligence")) == 1
    change(records, cast.manager, cast, entry, **REPORT | CONDITIONS | {"content": "Corrected."})
    assert read(records, cast.manager, cast, entry)["entry"].version.number == 2


def test_only_code_c_has_readers_and_only_users_can_be_named(records: World, cast: Cast) -> None:
    entry = add(records, cast.partner, cast, "intelligence", **REPORT)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    with pytest.raises(NotFound):
        records.run("attachments.name_reader", cast.partner, **ids, person_id=cast.manager.person_id)
    other = add(records, cast.partner, cast, "intelligence", **REPORT | CONDITIONS)
    with pytest.raises(Invalid):
        records.run(
            "attachments.name_reader",
            cast.partner,
            nominal_id=cast.nominal,
            entry_id=UUID(other["id"]),
            person_id=cast.nominal,
        )


def test_code_c_needs_its_conditions(records: World, cast: Cast) -> None:
    with pytest.raises(Invalid) as wrong:
        add(records, cast.partner, cast, "intelligence", **REPORT | {"handling_code": "C"})
    assert set(wrong.value.errors) == {"handling_conditions"}


def test_a_folder_s_grading_is_never_lowered_and_can_be_raised(records: World, cast: Cast) -> None:
    with pytest.raises(Invalid) as wrong:
        add(records, cast.partner, cast, "intelligence", **REPORT | {"grading": "open"})
    assert set(wrong.value.errors) == {"grading"}
    entry = add(records, cast.partner, cast, "modus_operandi", **MODUS)
    change(records, cast.partner, cast, entry, **MODUS | {"grading": "victim-sensitive"})
    whole = read(records, cast.manager, cast, entry)
    # What the grading masks now is masked in the version before as well.
    assert [one.masked for one in whole["versions"]] == [True, True]
    assert "Older women" not in str([[part.text for part in one.fields] for one in whole["versions"]])
    assert whole["entry"].values["victim_profile"] is None


def test_what_concerns_a_victim_is_masked_until_a_reason_is_given(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast, "victims", **VICTIM)
    assert entry["values"]["name_encrypted"] is None
    [one] = listed(records, cast.partner, cast, "victims")
    assert one.masked
    assert all(part.masked for part in one.fields)
    assert "Alice" not in str(one.fields) + one.headline
    given = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    with pytest.raises(ValidationError):
        reveal(records, cast.partner, cast, entry, " " * 12)
    reveal(records, cast.partner, cast, entry)
    assert read(records, cast.partner, cast, entry)["entry"].values["name_encrypted"] == "Alice Byron"
    # It is for this session, this person and half an hour.
    assert read(records, again(cast.partner), cast, entry)["entry"].masked
    assert read(records, cast.manager, cast, entry)["entry"].masked
    records.later(minutes=31)
    assert read(records, cast.partner, cast, entry)["entry"].masked
    assert refusal(records, "attachments.reveal", cast.stranger, **given, reason=REASON).code == "R50"
    shown = records.ask("attachments.reveals", cast.cpc, nominal_id=cast.nominal, before=None)["reveals"]
    assert [(str(one["by"].name), one["reason"]) for one in shown] == [("Paul Police", REASON)]
    assert (
        refusal(records, "attachments.reveals", cast.partner, nominal_id=cast.nominal, before=None).code
        == "R11"
    )
    entries = records.rows(
        "SELECT facts FROM audit_entry WHERE action = 'attachments.reveal' AND outcome = 'done'"
    )
    assert [row.facts["folder"] for row in entries] == ["victims"]


def test_whoever_changes_what_is_masked_must_have_had_it_shown(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast, "victims", **VICTIM)
    given = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "version": 1}
    about = {"source": "police", "source_date": TODAY}
    assert (
        refusal(records, "attachments.change.victims", cast.partner, **given, **about, **VICTIM).code == "R47"
    )
    reveal(records, cast.partner, cast, entry)
    assert change(records, cast.partner, cast, entry, **VICTIM | {"wishes": "No contact"})["version"] == 2


def test_a_single_field_is_masked_in_an_open_entry(records: World, cast: Cast) -> None:
    account = {
        "account_type": "current",
        "institution": "Example Bank",
        "sort_code": "30 94 30",
        "account_or_card_number": "12345678",
        "name_on_account": "D Example",
    }
    entry = add(records, cast.manager, cast, "bank_accounts_cards", **account)
    [one] = listed(records, cast.partner, cast, "bank_accounts_cards")
    texts = {part.name: part.text for part in one.fields}
    assert (texts["account_or_card_number"], texts["sort_code"]) == ("•••• 5678", "30-94-30")
    assert one.values["account_or_card_number"] is None
    reveal(records, cast.partner, cast, entry)
    assert read(records, cast.partner, cast, entry)["entry"].values["account_or_card_number"] == "12345678"


def test_masked_values_lie_apart_and_no_search_finds_them(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast, grading="victim-sensitive")
    add(records, cast.manager, cast, grading="intelligence-handled", **CONDITIONS)
    assert records.rows("SELECT count(*) FROM search_key") == [(0,)]
    add(records, cast.manager, cast)
    assert records.rows("SELECT count(*) FROM search_key") == [(1,)]


@pytest.mark.clause("PF-4.16j")
def test_a_cpc_corrects_any_entry_of_the_area_and_says_why(records: World, cast: Cast) -> None:
    entry = add(records, cast.partner, cast)
    with pytest.raises(Invalid) as wrong:
        change(records, cast.cpc, cast, entry, provider="Other")
    assert set(wrong.value.errors) == {"correction"}
    change(records, cast.cpc, cast, entry, provider="Other", correction="The provider was mistyped")
    whole = read(records, cast.partner, cast, entry)
    assert [one.version.what for one in whole["versions"]] == ["corrected", "added"]
    assert whole["reasons"] == ["The provider was mistyped", None]
    assert whole["changes"][0] == [("Provider", "", "Other")]


@pytest.mark.clause("PF-4.16j")
def test_only_a_cpc_removes_an_entry_and_it_is_kept_for_her(records: World, cast: Cast) -> None:
    entry = add(records, cast.partner, cast)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    why = "It belongs to another person"
    for who, code in ((cast.partner, "R11"), (cast.prison_cpc, "R30"), (cast.stranger, "R11")):
        assert refusal(records, "attachments.remove", who, **ids, reason=why).code == code
    before = replace(cast.cpc, auth_time=NOW.replace(hour=8))
    assert refusal(records, "attachments.remove", before, **ids, reason=why).code == "R31"
    records.run("attachments.remove", cast.cpc, **ids, reason=why)
    assert listed(records, cast.partner, cast, "telecoms") == []
    assert count(records, cast.partner, cast, "telecoms") == (0, 0)
    with pytest.raises(NotFound):
        read(records, cast.partner, cast, entry)
    kept = read(records, cast.cpc, cast, entry)
    assert [one.version.what for one in kept["versions"]] == ["removed", "added"]
    assert kept["reasons"][0] == why
    assert kept["entry"].values["number_or_address"] == "07700900123"
    assert records.rows("SELECT count(*) FROM search_key") == [(0,)]
    assert refusal(records, "attachments.remove", cast.cpc, **ids, reason=why).code == "R34"
    given = ids | {"version": 2, "source": "visit", "source_date": TODAY, "correction": "Back again", **PHONE}
    assert refusal(records, "attachments.change.telecoms", cast.cpc, **given).code == "R34"


def test_an_entry_ends_once(records: World, cast: Cast) -> None:
    entry = add(records, cast.manager, cast)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    for day, says in (("2026-04-02", "future"), ("2026-01-01", "before it began")):
        with pytest.raises(Invalid, match="1 fields") as wrong:
            records.run("attachments.end", cast.manager, **ids, ended_on=day)
        assert says in wrong.value.errors["ended_on"][0]
    both = at_once(
        lambda: records.run("attachments.end", cast.manager, **ids, ended_on=TODAY),
        lambda: records.run("attachments.end", cast.partner, **ids, ended_on=TODAY),
    )
    assert codes(both) == ["R34", "done"]
    assert count(records, cast.manager, cast, "telecoms") == (0, 1)
    [one] = listed(records, cast.manager, cast, "telecoms")
    assert (one.state, one.values["to_date"]) == ("ended", TODAY)


def test_an_entry_whose_last_day_is_over_has_ended_by_itself(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast, to_date="2026-04-03")
    assert count(records, cast.manager, cast, "telecoms") == (1, 1)
    records.later(days=2)
    assert count(records, cast.manager, cast, "telecoms") == (0, 1)
    assert [one.state for one in listed(records, cast.manager, cast, "telecoms")] == ["ended"]


def test_an_agency_says_with_a_date_that_nothing_is_known(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "folder": "vehicles"}
    with pytest.raises(Invalid):
        records.run("attachments.nothing_known", cast.partner, **given, looked_on="2026-04-02")
    with pytest.raises(NotFound):
        records.run(
            "attachments.nothing_known", cast.partner, **given | {"folder": "no_such"}, looked_on=TODAY
        )
    records.run("attachments.nothing_known", cast.partner, **given, looked_on="2026-03-01")
    records.run("attachments.nothing_known", cast.partner, **given, looked_on=TODAY)
    records.run("attachments.nothing_known", cast.manager, **given, looked_on=TODAY)
    lines = records.ask("attachments.folders", cast.manager, nominal_id=cast.nominal, find="vehicles")[
        "folders"
    ]
    assert {agency: str(day) for agency, day in lines[0].nothing_known.items()} == {
        "police-13": TODAY,
        "probation-service": TODAY,
    }
    assert not lines[0].is_gap
    assert agencies(records, "records.attachment.changed") == ["police-13", "probation-service"]
    add(records, cast.manager, cast)
    held = {"nominal_id": cast.nominal, "folder": "telecoms", "looked_on": TODAY}
    assert refusal(records, "attachments.nothing_known", cast.manager, **held).code == "R34"
    assert refusal(records, "attachments.nothing_known", cast.stranger, **held).code == "R14"


def test_the_pages_of_masking(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    entry = add(records, cast.manager, cast, "victims", **VICTIM)
    there = web(cast.partner)
    base = f"/nominals/{cast.nominal}/attachments"
    page = f"{base}/entries/{entry['id']}"
    assert "Alice" not in there.get(page).text
    assert "Masked" in there.get(f"{base}/victims").text
    assert "Alice" not in json_of(there, page)
    assert there.fill(f"{page}/reveal", reason=REASON).status_code == 303
    assert "Alice Byron" in there.get(page).text
    assert there.get(f"{base}/victims/{entry['id']}/change").status_code == 200
    assert REASON in web(cast.cpc).get(f"{base}/reveals").text
    for act, typed in (("end", {}), ("reveal", {"reason": "x"})):
        assert there.get(f"{page}/{act}").status_code == 200, typed
    assert there.get(f"{base}/vehicles/nothing-known").status_code == 200
    assert web(cast.cpc).get(f"{page}/removal").status_code == 200


def json_of(there: Web, path: str) -> str:
    answer = there.http.get(f"/records/api{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.clause("PF-1.4.3")
def test_whoever_is_shown_no_report_with_code_c_is_told_whom_to_ask(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """The owning CPC, too; and the page is the same whether there is such a report or not."""
    base = f"/nominals/{cast.nominal}/attachments"
    without = web(cast.cpc).get(f"{base}/intelligence").text
    assert "not even the CPC who owns the record" in without
    assert 'href="/identity/people"' in without
    add(records, cast.partner, cast, "intelligence", **REPORT | CONDITIONS)
    uncounted = re.compile(r'name="(csrf_token|_once)" value="[^"]*"')
    assert uncounted.sub("", web(cast.cpc).get(f"{base}/intelligence").text) == uncounted.sub("", without)
    assert "handling code C" not in web(cast.cpc).get(f"{base}/telecoms").text


@pytest.mark.clause("PF-1.4.3")
@pytest.mark.parametrize(
    ("origin", "readers"),
    [
        ("police", {"kind:police"}),
        ("NCA", {"agency:nca"}),
        ("CT police", {"agency:police-ct"}),
        ("MOD", {"agency:police-mdp", "agency:police-rmp"}),
        ("other", {"agency:probation-service"}),
    ],
)
def test_each_origin_of_a_report_with_code_c_has_its_readers(origin: str, readers: set[str]) -> None:
    """Whoever names none of them keeps it within their own agency; every agency named is one of the estate."""
    found = readers_of("C", origin, "probation-service", None)
    assert found is not None
    assert set(found) == readers
    known = {agency.code for agency in agencies_of_the_estate()}
    assert {one.partition(":")[2] for one in found if one.startswith("agency:")} <= known


def test_every_origin_that_a_report_can_name_is_known_or_the_writers_own() -> None:
    choices = {choice.code for choice in catalogue()["intelligence"].fields["originating_agency"].choices}
    assert choices - ORIGINS.keys() == {"other"}
