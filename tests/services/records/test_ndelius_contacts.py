"""Contacts of nDelius in the log: pasted by hand or told by that system, each once, with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from services.records.ndelius_contacts.rules import ANOTHER, KNOWN, with_source
from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, NOW, World
from tests.services.records.conftest import Cast, Web, at_once, feed, refusal, told

TOLD, SETTLED = "records.ndelius_contact.told", "records.ndelius_contact.settled"
CRN = "X123456"
CONTACT = {
    "crn": CRN,
    "reference": "900123",
    "contact_on": "2026-03-30",
    "contact_type": "Office visit",
    "text": "Has a new telephone.\nSeemed calm.",
}
MESSAGE = CONTACT | {"unit": LEEDS, "registered": True, "include": True}
SOURCE = "From nDelius: Office visit, 30 March 2026, contact 900123"


@pytest.fixture
def nominal(records: World, cast: Cast) -> UUID:
    """Of the same manager, with the case number that nDelius knows."""
    return records.nominal(
        surname="Known",
        manager_id=cast.manager.person_id,
        partners=(cast.partner,),
        numbers={"crn": CRN},
    )


def paste(world: World, who: Principal, nominal: UUID, **changes: Any) -> Any:
    usual = {"for_attention": [], "important": False, "attachments": [], "to_inform": ""}
    nobody: dict[str, Any] = {"only_roles": [], "only_agencies": [], "only_people": []}
    return world.run("ndelius_contacts.paste", who, nominal_id=nominal, **usual | nobody | CONTACT | changes)


def hear(world: World, **changes: Any) -> str:
    usual = {"attachments": ["telecoms"], "to_inform": "Housing office"}
    heard = world.run("ndelius_contacts.hear", feed("integration.ndelius"), **MESSAGE | usual | changes)
    return str(heard["outcome"])


def log(world: World, who: Principal, nominal: UUID) -> list[Any]:
    found: list[Any] = world.ask("activity_log.read", who, nominal_id=nominal)["entries"]
    return found


def contacts(world: World, who: Principal, nominal: UUID) -> list[tuple[str, str]]:
    found = world.ask("ndelius_contacts.list", who, nominal_id=nominal)["contacts"]
    return [(one["reference"], one["state"]) for one in found]


@pytest.mark.clause("PF-4.17.1")
def test_a_pasted_contact_is_one_entry_that_says_where_it_comes_from(
    records: World, cast: Cast, nominal: UUID, web: Callable[[Principal], Web]
) -> None:
    page = f"/nominals/{nominal}/ndelius-contacts"
    day = {"contact_on-day": "30", "contact_on-month": "3", "contact_on-year": "2026"}
    typed = {name: text for name, text in CONTACT.items() if name != "contact_on"} | {"crn": "x 123456"}
    assert web(cast.manager).fill(f"{page}/new", **typed | day).status_code == 303
    [entry] = log(records, cast.partner, nominal)
    assert (entry.kind, entry.author_id) == ("ndelius_contact", cast.manager.person_id)
    assert entry.text.replace("\r", "") == f"{SOURCE}\n\nHas a new telephone.\nSeemed calm."
    shown = web(cast.partner).get(page).text
    assert "Office visit" in shown
    assert "On the activity log" in shown
    assert f"#entry-{entry.id}" in shown
    assert "Seemed calm" not in shown
    assert "Contact from nDelius" in web(cast.partner).get(f"/nominals/{nominal}/activity-log").text


@pytest.mark.clause("PF-4.17.1")
def test_the_same_contact_is_refused_a_second_time(records: World, cast: Cast, nominal: UUID) -> None:
    paste(records, cast.manager, nominal)
    with pytest.raises(Invalid) as again:
        paste(records, cast.partner, nominal, text="Typed anew.")
    assert again.value.errors == {"reference": [KNOWN]}
    paste(records, cast.partner, nominal, reference="900124")
    assert len(log(records, cast.manager, nominal)) == 2


def test_two_who_paste_the_same_contact_at_one_moment_add_one_entry(
    records: World, cast: Cast, nominal: UUID
) -> None:
    results = at_once(
        lambda: paste(records, cast.manager, nominal), lambda: paste(records, cast.partner, nominal)
    )
    assert sorted(type(one).__name__ for one in results if not isinstance(one, Mapping)) == ["Invalid"]
    assert len(log(records, cast.manager, nominal)) == 1


@pytest.mark.clause("PF-4.17.1")
def test_a_contact_of_another_person_or_of_tomorrow_is_refused_in_its_field(
    records: World, cast: Cast, nominal: UUID
) -> None:
    for wrong, field in (
        ({"crn": "X999999"}, "crn"),
        ({"crn": " "}, "crn"),
        ({"contact_on": "2026-04-02"}, "contact_on"),
    ):
        with pytest.raises(Invalid) as invalid:
            paste(records, cast.manager, nominal, **wrong)
        assert list(invalid.value.errors) == [field]
        if wrong == {"crn": "X999999"}:
            assert invalid.value.errors == {"crn": [ANOTHER]}
    for unfit in ({"reference": "see file"}, {"text": " \n"}, {"contact_type": " "}):
        with pytest.raises(ValidationError, match=next(iter(unfit))):
            paste(records, cast.manager, nominal, **unfit)
    assert log(records, cast.manager, nominal) == []


@pytest.mark.clause("PF-5.13.2", "PF-4.17.1")
def test_who_may_paste(records: World, cast: Cast, nominal: UUID, web: Callable[[Principal], Web]) -> None:
    new = f"/nominals/{nominal}/ndelius-contacts/new"
    given = {"nominal_id": nominal, **CONTACT}
    assert refusal(records, "ndelius_contacts.paste", cast.stranger, **given).code == "R14"
    assert refusal(records, "ndelius_contacts.paste", cast.admin, **given).code == "R11"
    assert refusal(records, "ndelius_contacts.list", cast.stranger, nominal_id=nominal).code == "R13"
    assert web(cast.stranger).get(new).status_code == 403
    without = web(cast.manager).get(f"/nominals/{cast.nominal}/ndelius-contacts/new")
    assert (without.status_code, "CRN" in without.text) == (409, True)


@pytest.mark.clause("PF-4.17.4", "PF-4.35")
def test_attachments_that_it_names_are_to_be_updated_and_whoever_it_is_for_is_told(
    records: World, cast: Cast, nominal: UUID
) -> None:
    more = {"for_attention": ["manager"], "attachments": ["telecoms"], "to_inform": "Housing office"}
    paste(records, cast.partner, nominal, **more)
    [entry] = log(records, cast.manager, nominal)
    assert [(need.folder, need.state) for need in entry.needs] == [("telecoms", "open")]
    assert entry.to_inform == "Housing office"
    assert told(records, "records.activity.notify_manager") == [("manager", "Mary Manager")]


def test_it_can_be_restricted_like_any_entry(records: World, cast: Cast, nominal: UUID) -> None:
    paste(records, cast.manager, nominal, only_roles=["manager"])
    [entry] = log(records, cast.partner, nominal)
    assert (entry.cleared, entry.text) == (False, None)


@pytest.mark.clause("PF-4.17.3", "PF-4.35")
def test_what_ndelius_tells_waits_until_somebody_has_read_it(
    records: World, cast: Cast, nominal: UUID, web: Callable[[Principal], Web]
) -> None:
    assert [hear(records), hear(records), hear(records, crn="X999999")] == ["taken", "known", "no_record"]
    assert told(records, TOLD) == [("manager", "Mary Manager")]
    assert log(records, cast.manager, nominal) == []
    [(sealed,)] = records.rows("SELECT text FROM ndelius_contact")
    assert b"telephone" not in bytes(sealed)

    manager, page = web(cast.manager), f"/nominals/{nominal}/ndelius-contacts"
    [(contact,)] = records.rows("SELECT id FROM ndelius_contact")
    shown = manager.get(f"{page}/{contact}/add").text
    assert "Has a new telephone." in shown
    assert 'value="telecoms" checked' in shown
    assert "Housing office" in shown
    for form in ("add", "leave-out"):
        assert SOURCE.removeprefix("From nDelius: ").strip() in manager.get(f"{page}/{contact}/{form}").text
    sent = manager.fill(f"{page}/{contact}/add", text=CONTACT["text"], attachments=["telecoms"])
    assert sent.status_code == 303
    [entry] = log(records, cast.manager, nominal)
    assert entry.text.startswith(SOURCE)
    assert [need.folder for need in entry.needs] == ["telecoms"]
    assert records.rows("SELECT text, to_inform, state FROM ndelius_contact") == [(None, None, "added")]
    assert records.events(SETTLED)[-1][0]["contact_id"] == str(contact)
    assert manager.get(f"{page}/{contact}/add").status_code == 409
    assert hear(records) == "known"


@pytest.mark.clause("PF-4.33", "PF-4.34.2", "PF-7/ViSOR registration.1")
def test_what_was_not_chosen_or_has_no_registration_is_never_taken(
    records: World, cast: Cast, nominal: UUID
) -> None:
    assert hear(records, include=False) == "not_included"
    client = feed("integration.ndelius")
    given = MESSAGE | {"registered": False}
    assert refusal(records, "ndelius_contacts.hear", client, **given).code == "R25"
    assert refusal(records, "ndelius_contacts.hear", feed(), **MESSAGE).code == "R11"
    for wrong in ({"unit": "area-34"}, {"contact_on": "2026-04-02"}, {"crn": "nonsense"}):
        with pytest.raises(Invalid):
            hear(records, **wrong)
    assert records.rows("SELECT count(*) FROM ndelius_contact") == [(0,)]


@pytest.mark.clause("PF-4.17.3")
def test_of_a_record_of_the_police_the_administrators_of_the_supervising_unit_are_told(
    records: World, cast: Cast
) -> None:
    records.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    records.nominal(
        surname="Theirs",
        category="1",
        owner_unit="force-13",
        owner_agency="police-13",
        managing_unit="force-13",
        numbers={"crn": CRN},
    )
    assert hear(records) == "taken"
    assert told(records, TOLD) == [("case_administrator", "Cass Admin")]


@pytest.mark.clause("PF-4.17.3")
def test_a_contact_is_left_out_with_the_reason_and_can_still_be_pasted(
    records: World, cast: Cast, nominal: UUID, web: Callable[[Principal], Web]
) -> None:
    hear(records)
    [(contact,)] = records.rows("SELECT id FROM ndelius_contact")
    page = f"/nominals/{nominal}/ndelius-contacts"
    assert web(cast.manager).fill(f"{page}/{contact}/leave-out", reason=" ").status_code == 422
    assert (
        web(cast.manager).fill(f"{page}/{contact}/leave-out", reason="Is there already.").status_code == 303
    )
    assert "Is there already." in web(cast.manager).get(page).text
    assert contacts(records, cast.partner, nominal) == [("900123", "left_out")]
    assert records.rows("SELECT text FROM ndelius_contact") == [(None,)]
    given = {"nominal_id": nominal, "contact_id": contact, "reason": "x"}
    assert refusal(records, "ndelius_contacts.leave_out", cast.manager, **given).code == "R34"
    assert refusal(records, "ndelius_contacts.leave_out", cast.stranger, **given).code == "R14"
    for wrong in ({"nominal_id": cast.nominal}, {"contact_id": new_id()}):
        with pytest.raises(NotFound):
            records.run("ndelius_contacts.leave_out", cast.partner, **given | wrong)
    paste(records, cast.partner, nominal)
    assert contacts(records, cast.partner, nominal) == [("900123", "added")]


@pytest.mark.clause("PF-4.36.2")
def test_a_contact_that_was_to_be_uploaded_first_is_off_that_queue(
    records: World, cast: Cast, nominal: UUID
) -> None:
    for reference in ("900123", "900124"):
        records.run("imminent_risk.flag_contact", cast.manager, nominal_id=nominal, reference=reference)
    paste(records, cast.manager, nominal)
    waiting = "SELECT reference FROM imminent_risk_contact WHERE handled_at IS NULL"
    assert records.rows(waiting) == [("900124",)]


def test_an_archived_record_takes_none_and_its_cpc_hears_of_it(records: World, cast: Cast) -> None:
    nominal = records.nominal(
        status="archived",
        manager_id=cast.manager.person_id,
        partners=(cast.manager,),
        numbers={"crn": CRN},
    )
    assert hear(records) == "archived"
    assert told(records, "records.archive.heard_of") == [("cpc", "Colin Cpc")]
    assert (
        refusal(records, "ndelius_contacts.paste", cast.manager, nominal_id=nominal, **CONTACT).code == "R27"
    )


def test_the_line_above_what_was_copied() -> None:
    line = with_source("It.", contact_type=" Home\n visit ", contact_on=NOW.date(), reference="C/1")
    assert line == "From nDelius: Home visit, 1 April 2026, contact C/1\n\nIt."
