"""Older rules that still stand, and what a record is made of: read from the outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.records.attachments.catalogue import catalogue
from services.records.nominals.commands import create_form
from services.records.partnership.rules import STAFF_GROUPS
from shared.access.principal import Principal
from shared.policy import published_policy
from shared.reference import mappa
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE_POLICE, World
from tests.services.records.conftest import Cast, Web, refusal, told

REQUESTED = "records.partnership.requested"
TYPES = (("1", 1), ("2", 2), ("3", 2), ("4", 3), ("PDP", None), ("SOC", None))


@pytest.mark.clause("PF-1.3.1")
def test_every_type_of_nominal_and_the_marking_on_its_record(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """Violent, sexual, terrorist and other dangerous people, also those who are not managed under MAPPA."""
    for category, level in TYPES:
        nominal = records.nominal(category=category, level=level, manager_id=cast.manager.person_id)
        page = web(cast.manager).get(f"/nominals/{nominal}").text
        assert mappa.categories()[category].name in page
        assert page.count("OFFICIAL – SENSITIVE") >= 2


@pytest.mark.clause("PF-7/ViSOR Nominal record", "PF-7/Attachments.1")
def test_a_record_is_its_summary_its_log_and_47_attachments(
    cast: Cast, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}"
    summary = web(cast.manager).get(base).text
    for part in ("activity-log", "attachments"):
        assert f'href="/records{base}/{part}"' in summary
    folders = web(cast.manager).get(f"{base}/attachments").text
    linked = [key for key in catalogue() if f'href="/records{base}/attachments/{key}"' in folders]
    assert len(linked) == 47


@pytest.mark.clause("PF-7/Manager.1")
def test_the_manager_is_an_administrator_and_the_practitioner_somebody_else(
    records: World, web: Callable[[Principal], Web]
) -> None:
    ada = records.person(LEEDS, "manager", "partner", roles=("case_administrator",), name="Ada Administrator")
    cora = records.person(LEEDS, "partner", roles=("practitioner",), name="Cora Com")
    nominal = records.nominal(manager_id=ada.person_id, com_id=cora.person_id)
    records.run("activity_log.add", ada, nominal_id=nominal, kind="information", text="OASys was copied.")
    summary = records.ask("nominals.summary", ada, nominal_id=nominal)
    assert summary["manager"]["name"] == "Ada Administrator"
    assert summary["offender_manager"]["name"] == "Cora Com"


@pytest.mark.clause("PF-7/Supervisor.2")
def test_the_units_senior_probation_officer_is_proposed_and_another_can_be_chosen(records: World) -> None:
    ada = records.person(LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Ada")
    steve = records.person(LEEDS, "supervisor", roles=("spo",), name="Steve Spo")
    other = records.person(LEEDS, "supervisor", name="Olive Other")
    with records.runtime.work(ada, "test") as work:
        assert create_form(work)["supervisor_id"] == steve.person_id
    given = {"surname": "Chosen", "date_of_birth": "1980-01-02", "category": "2", "level": 2}
    made = records.run("nominals.create", ada, **given, managing_unit=LEEDS, supervisor_id=other.person_id)
    kept = records.rows("SELECT supervisor_id FROM nominal WHERE id = :id", id=made["nominal_id"])
    assert kept == [(other.person_id,)]
    records.person(LEEDS, "supervisor", roles=("spo",), name="Second Spo")
    with records.runtime.work(ada, "test") as work:
        assert create_form(work)["supervisor_id"] is None


@pytest.mark.clause("PI-3.2.1", "PSI-5.2.1", "PI-GEIA.7")
@pytest.mark.parametrize("owner", ["police", "probation"])
def test_a_prison_asks_whoever_owns_the_record_whatever_its_category(
    records: World, cast: Cast, owner: str
) -> None:
    """Category 1 of the police as well as category 2 of probation, while the person is in custody."""
    police = records.person(WEST_YORKSHIRE_POLICE, "manager", "partner", name="Pat Police")
    whose: dict[str, Any] = {"manager_id": cast.manager.person_id}
    if owner == "police":
        whose = {"category": "1", "level": 1, "owner_agency": "police-13", "manager_id": police.person_id}
        whose |= {"owner_unit": WEST_YORKSHIRE_POLICE, "managing_unit": WEST_YORKSHIRE_POLICE}
    nominal = records.nominal(custody_prison=PRISON, **whose)
    given = {"nominal_id": nominal, "whom": "unit", "reason": "He is in our prison."}
    request = records.run("partnership.request", cast.prison, **given)["id"]
    manager = police if owner == "police" else cast.manager
    assert ("manager", manager.name) in told(records, REQUESTED)
    records.run("partnership.grant", manager, nominal_id=nominal, request_id=UUID(str(request)))
    records.run("activity_log.add", cast.prison, nominal_id=nominal, kind="custody", text="Moved to B wing.")


@pytest.mark.clause("PI-3.4.1", "PI-3.4.2")
def test_police_made_partner_by_rule_put_in_information_and_intelligence(records: World, cast: Cast) -> None:
    officer = records.person(WEST_YORKSHIRE_POLICE, "partner", name="Olga Officer")
    ada = records.person(LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Ada")
    given = {"surname": "Levelled", "date_of_birth": "1980-01-02", "category": "2", "level": 3}
    nominal = UUID(str(records.run("nominals.create", ada, **given, managing_unit=LEEDS)["nominal_id"]))
    records.run("activity_log.add", officer, nominal_id=nominal, kind="risk", text="Seen near the school.")
    report = {
        "source": "police", "source_date": NOW.date().isoformat(), "report_reference": "IR 12/26",
        "originating_agency": "police", "report_date": "2026-03-30", "source_grade": "1",
        "information_grade": "A", "handling_code": "P", "sanitised": True, "content": "He has a new car.",
    }  # fmt: skip
    records.run("attachments.add.intelligence", officer, nominal_id=nominal, **report)


@pytest.mark.clause("PI-3.5.2")
@pytest.mark.parametrize(("kept_off", "outcome"), [(True, "sent"), (False, "R14")])
def test_send_to_police_without_partnership_only_under_the_policy_of_2009(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch, kept_off: bool, outcome: str
) -> None:
    monkeypatch.setattr("shared.policy.policy.Policy.flag", lambda *_: not kept_off)
    police = records.person(WEST_YORKSHIRE_POLICE, "manager", "partner", name="Pat Police")
    place: dict[str, Any] = {"owner_unit": WEST_YORKSHIRE_POLICE, "owner_agency": "police-13"}
    place |= {"category": "1", "level": 1}
    nominal = records.nominal(**place, managing_unit=WEST_YORKSHIRE_POLICE, manager_id=police.person_id)
    notice = {"nominal_id": nominal, "text": "He moves to Harrogate on Friday."}
    if outcome != "sent":
        assert refusal(records, "activity_log.send_to_police", cast.stranger, **notice).code == outcome
        return
    sent = records.run("activity_log.send_to_police", cast.stranger, **notice)
    assert (sent["kind"], sent["important"]) == ("police_notice", True)
    assert told(records, "records.activity.notify_manager") == [("manager", "Pat Police")]
    level_2 = {**notice, "nominal_id": records.nominal(**{**place, "level": 2}, surname="Second")}
    for who, given in ((cast.stranger, level_2), (cast.colleague, notice)):
        assert refusal(records, "activity_log.send_to_police", who, **given).code == "R14"


@pytest.mark.clause("PF-7/Attachments.4")
def test_intelligence_of_partner_agencies_is_folder_2() -> None:
    folder = catalogue()["intelligence"]
    assert (folder.number, folder.grading) == (2, "intelligence-handled")
    bodies = {choice.code for choice in folder.fields["originating_agency"].choices}
    assert {"police", "probation", "prison"} <= bodies


@pytest.mark.clause("PSI-2.6.3")
def test_the_staff_groups_that_become_partners_are_named(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """Those of prisons in the instruction: administrators, offender management, security, police liaison."""
    assert {"prison_administrator", "pom", "security", "police_liaison"} <= STAFF_GROUPS.keys()
    records.person(PRISON, "partner", roles=("security",), name="Sid Security")
    records.person(PRISON, "partner", roles=("police_liaison",), name="Pam Liaison")
    form = web(cast.prison).get(f"/nominals/{cast.nominal}/partnership/requests/new").text
    for text in ("Sid Security", STAFF_GROUPS["security"], STAFF_GROUPS["police_liaison"]):
        assert text in form


@pytest.mark.clause("PI-3.1.3")
def test_england_and_wales_have_four_categories_now_where_2009_had_three() -> None:
    assert [one.code for one in mappa.categories_of("ENG") if one.is_mappa] == ["1", "2", "3", "4"]


@pytest.mark.clause("PI-3.3.1", "PI-GEIA.7")
def test_all_of_category_1_is_the_polices_whatever_the_level_and_category_2_probations() -> None:
    for supervised in (True, False):
        assert mappa.ownership("1", supervised=supervised).owner == "police"
        assert mappa.ownership("2", supervised=supervised).owner == "probation"
    assert all(mappa.level_allowed("1", level) for level in ("1", "2", "3"))


@pytest.mark.clause("PSI-5.3.p2")
def test_records_for_levels_2_and_3_alone_is_a_rule_of_2009_that_is_over() -> None:
    policy = published_policy()
    assert policy.flag("creation.category_2_level_1", date(2010, 1, 1)) is False
    assert policy.flag("creation.category_2_level_1", NOW.date()) is True
