"""Reports on request with their watermark, the compliance pack, and how soon records are created."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import update

from services.records.nominals.models import Nominal
from shared.access.principal import Principal
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import Cast, Web, refusal

TODAY = NOW.date()
ASKED: dict[str, Any] = {
    "report": "RPT-24",
    "recipient": "smb",
    "recipient_name": "West Yorkshire board",
    "asked_on": TODAY.isoformat(),
    "purpose": "For the meeting in April.",
}


@pytest.mark.clause("PF-0.10")
@pytest.mark.parametrize(
    "recipient",
    [
        "smb",
        "governor",
        "head_of_public_protection",
        "head_of_operations",
        "regional_director",
        "group_director",
        "national_team",
    ],
)
def test_the_seven_who_may_ask(records: World, cast: Cast, recipient: str) -> None:
    one = records.run("quality.request_report", cast.cpc, **ASKED | {"recipient": recipient})
    assert (one["recipient"], one["issues"]) == (recipient, 0)


@pytest.mark.clause("PF-0.10")
def test_a_report_is_issued_with_its_recipient_on_each_page_and_logged(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    one = records.run("quality.request_report", cast.cpc, **ASKED)
    paper = web(cast.cpc).http.get(f"/records/quality/report-requests/{one['id']}/paper")
    assert paper.status_code == 200, paper.text
    assert paper.headers["content-type"] == "application/pdf"
    pages = list(pypdfium2.PdfDocument(BytesIO(paper.content)))
    texts = [page.get_textpage().get_text_bounded() for page in pages]
    assert all("Issued to West Yorkshire board, 1 April 2026" in text for text in texts)
    assert ("quality.issue_report", "viewed", None) in records.audit()
    [row] = records.ask("quality.report_requests", cast.cpc)["requests"]
    assert (row.issues, row.issued_by) == (1, cast.cpc.person_id)
    assert "West Yorkshire board" in web(cast.cpc).get("/quality/report-requests").text


def test_only_the_cpc_enters_and_issues(records: World, cast: Cast) -> None:
    assert refusal(records, "quality.request_report", cast.manager, **ASKED).code == "R24"
    assert refusal(records, "quality.report_requests", cast.lpc).code == "R24"
    one = records.run("quality.request_report", cast.cpc, **ASKED)
    with pytest.raises(NotFound):
        records.ask("quality.issue_report", cast.prison_cpc, request_id=UUID(one["id"]))
    for wrong in (
        {"report": "RPT-99"},
        {"asked_on": (TODAY + timedelta(days=1)).isoformat()},
    ):
        with pytest.raises(Invalid) as said:
            records.run("quality.request_report", cast.cpc, **ASKED | wrong)
        assert set(said.value.errors) == set(wrong)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"report", "recipient", "recipient_name", "asked_on", "purpose"}),
        (ASKED | {"recipient": "press", "purpose": "    x", "more": 1}, {"recipient", "more"}),
        (ASKED | {"recipient_name": "   ", "asked_on": "soon"}, {"recipient_name", "asked_on"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.cpc).send("/quality/report-requests", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields


def pack(
    web: Callable[[Principal], Web], who: Principal, asked: str = ""
) -> dict[tuple[str, str], tuple[str, Any, str]]:
    rows = web(who).http.get(f"/records/api/reports/rpt-24{asked}").json()["rows"]
    return {(row["unit_name"], row["measure"]): (row["figure"], row["share"], row["state"]) for row in rows}


@pytest.mark.clause("PF-0.10")
def test_the_compliance_pack(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    for day, minutes in (("2026-03-02", False), ("2026-03-20", True)):
        held = {"nominal_id": cast.nominal, "level": 3, "held_on": day}
        meeting = records.run("meetings.record", cast.manager, **held)
        if minutes:
            typed = {"received_on": "2026-03-30", "minutes": "Agreed."}
            ids = {"nominal_id": cast.nominal, "meeting_id": UUID(meeting["id"])}
            records.run("meetings.add_minutes", cast.manager, **ids, **typed)
    names = dict(records.rows("SELECT code, name FROM directory_unit"))
    area, group = names[WEST_YORKSHIRE], names["group-YRKS"]
    mine = pack(web, cast.cpc)
    assert mine[area, "Live records"] == ("1", None, "")
    assert mine[area, "Minutes added in time"] == ("0 of 2", 0, "Look at it")
    assert mine[area, "Last audit of minimum datasets, signed off"] == ("Never", None, "Look at it")
    assert {unit for unit, _ in mine} == {area}
    audit = records.run("quality.begin", cast.cpc, unit=LEEDS, sample=1)
    first: dict[str, Any] = {"audit_id": UUID(audit["id"]), "place": 1}
    said = {key: "ok" for key, _ in records.ask("quality.item", cast.cpc, **first)["questions"]}
    records.run("quality.answer", cast.cpc, **first, answers=said, comment="")
    records.run("quality.submit", cast.cpc, audit_id=UUID(audit["id"]), words="")
    assert pack(web, cast.cpc)[area, "Last audit of minimum datasets, signed off"] == (
        "1 April 2026",
        None,
        "In order",
    )
    theirs = pack(web, cast.prison_cpc)
    assert theirs[group, "Live records of those held"] == ("0", None, "")
    assert theirs[group, "Prisons whose lead checked minimum datasets"][0].startswith("0 of ")
    assert web(cast.manager).http.get("/records/api/reports/rpt-24").status_code == 403
    assert web(cast.cpc).get("/reports/rpt-24").status_code == 200
    assert web(cast.cpc).http.get("/records/reports/rpt-24/chart").status_code == 200


@pytest.mark.clause("PSI-1.2", "PI-1.1", "PSI-5.1")
def test_the_compliance_pack_is_of_any_dates_and_of_a_governors_own_prison(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    records.run("meetings.record", cast.manager, nominal_id=cast.nominal, level=3, held_on="2026-03-02")
    due = "2026-03-09"
    names = dict(records.rows("SELECT code, name FROM directory_unit"))
    area, minutes = names[WEST_YORKSHIRE], "Minutes added in time"
    assert records.rows("SELECT minutes_due_on FROM mapp_meeting")[0][0].isoformat() == due
    assert pack(web, cast.cpc, f"?since={due}&until={due}")[area, minutes] == ("0 of 1", 0, "Look at it")
    for dates in ("?since=2026-03-01&until=2026-03-08", "?since=2026-03-10"):
        assert pack(web, cast.cpc, dates)[area, minutes] == ("None", None, "")
    governor = records.person(PRISON, roles=("governor",), name="Gus Governor")
    with records.session() as session, session.begin():
        session.execute(update(Nominal).values(custody_prison=PRISON))
    theirs = pack(web, governor)
    assert {unit for unit, _ in theirs} == {names[PRISON]}
    assert theirs[names[PRISON], "Live records of those held"] == ("1", None, "")
    assert theirs[names[PRISON], "Prisons whose lead checked minimum datasets"] == ("0 of 1", 0, "Look at it")
    for wrong, field in (("?since=2026-03-02&until=2026-03-01", "until"), ("?since=0001-01-01", "since")):
        answer = web(cast.cpc).http.get(f"/records/api/reports/rpt-24{wrong}")
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {field})


@pytest.mark.clause("PF-4.10.2", "PF-2.4.1")
def test_who_waits_for_a_record_and_who_got_one_in_time(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    tasked = records.person(LEEDS, "create", roles=("tasked_with_creation",), name="Tess Tasked")
    person = {
        "category": "2",
        "level": 2,
        "statutory_supervision": True,
        "surname": "Waits",
        "forenames": "Example",
        "date_of_birth": "1980-01-01",
        "registered_on": (TODAY - timedelta(days=9)).isoformat(),
        "unit": LEEDS,
    }
    records.run("referrals.register", tasked, **person)
    records.run(
        "referrals.register", tasked, **person | {"surname": "Fresh", "registered_on": TODAY.isoformat()}
    )
    rows = web(cast.cpc).http.get("/records/api/reports/rpt-10").json()["rows"]
    assert [(row["state"], row["duty"], row["due_on"], row["days"]) for row in rows] == [
        ("Overdue", "D-01", (TODAY - timedelta(days=4)).isoformat(), 9),
        ("Waiting", "D-01", (TODAY + timedelta(days=5)).isoformat(), 0),
    ]
    with records.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE referral SET status = 'created', nominal_id = '{cast.nominal}' WHERE surname = 'Waits'"
        )
    rows = web(tasked).http.get("/records/api/reports/rpt-10?show=created").json()["rows"]
    assert [(row["state"], row["created_on"]) for row in rows] == [("Late", TODAY.isoformat())]
    assert "Waits" not in web(cast.cpc).get("/reports/rpt-10").text, "no name of anybody"
    assert web(cast.manager).http.get("/records/api/reports/rpt-10").status_code == 403
    assert web(cast.cpc).http.get("/records/reports/rpt-10/chart").status_code == 200
