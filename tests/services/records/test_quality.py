"""Audits by sample, leads' checks and the CPC's of them, and the SPO's checks of records (section 19)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.quality.rules import sample
from shared.access.principal import Principal
from shared.events.records.quality import dataset_round
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import Cast, Web, at_once_behind, codes, refusal, told

# What the register answers by itself of each of those whom the prison holds.
OWN = {"names_and_aliases", "mappa_management", "custody"}
SUBMITTED, SIGNED, ROUND = "records.quality.submitted", "records.quality.signed", "records.quality.round_done"
TODAY = NOW.date()


@dataclass
class House:
    """Who audits, leads and answers for it."""

    lead: Principal
    auditor: Principal
    group_cpc: Principal
    governor: Principal
    held: list[UUID]


@pytest.fixture
def house(records: World, cast: Cast) -> House:
    return prison_of(records, cast)


def prison_of(records: World, cast: Cast) -> House:
    lead = records.person(PRISON, "partner", roles=("visor_lead",), name="Lou Lead")
    held = [
        records.nominal(custody_prison=PRISON, surname=f"Held{number}", partners=(lead, cast.prison_cpc))
        for number in range(12)
    ]
    return House(
        lead=lead,
        auditor=records.person(WEST_YORKSHIRE, "partner", name="Art Auditor"),
        group_cpc=cast.prison_cpc,
        governor=records.person(PRISON, roles=("governor",), name="Gus Governor"),
        held=held,
    )


def items(world: World, audit: Any) -> list[Any]:
    found = "SELECT * FROM quality_item WHERE audit_id = :audit ORDER BY place"
    return world.rows(found, audit=UUID(str(audit["id"])))


def check_all(world: World, who: Principal, audit: Any, **changes: str) -> None:
    """Answer every question of every record: in order, but for those in `changes`."""
    for row in items(world, audit):
        ids = {"audit_id": UUID(str(audit["id"])), "place": row.place}
        shown = world.ask("quality.item", who, **ids)
        said = {key: changes.get(key, "ok") for key, _ in shown["questions"]}
        world.run("quality.answer", who, **ids, answers=said, comment="")


def lead_check(world: World, house: House, size: int = 12) -> Any:
    audit = world.run("quality.begin_lead_check", house.lead, sample=size)
    check_all(world, house.lead, audit)
    return world.run("quality.submit", house.lead, audit_id=UUID(audit["id"]), words="All well.")


def begin(world: World, who: Principal, **changes: Any) -> Any:
    return world.run("quality.begin", who, **{"unit": WEST_YORKSHIRE, "sample": 3} | changes)


@pytest.mark.clause("PF-4.16e.1", "PF-0.8")
def test_a_cpc_audits_a_sample_of_her_area_and_its_round_is_over(records: World, cast: Cast) -> None:
    others = [records.nominal(surname=f"More{n}", partners=(cast.cpc,)) for n in range(5)]
    records.nominal(surname="Hidden", limited_access=True)
    audit = begin(records, cast.cpc)
    assert audit["population"] == 6
    drawn = [row.nominal_id for row in items(records, audit)]
    assert drawn == sample([*others, cast.nominal], audit["seed"], 3)
    early = {"audit_id": UUID(audit["id"]), "words": ""}
    assert refusal(records, "quality.submit", cast.cpc, **early).code == "R34"
    check_all(records, cast.cpc, audit, addresses="missing")
    done = records.run("quality.submit", cast.cpc, **early | {"words": "Addresses are missing."})
    assert (done["state"], done["signed_by"]) == ("signed", str(cast.cpc.person_id))
    [(data, copies)] = records.events(ROUND)
    assert data["round_id"] == str(dataset_round(WEST_YORKSHIRE))
    assert [copy["agency"] for copy in copies] == ["probation-service"]


@pytest.mark.clause("PF-0.9.1")
def test_whom_the_cpc_assigns_reports_back_and_she_signs(records: World, cast: Cast, house: House) -> None:
    for nominal in (*house.held, cast.nominal):
        records.partner(nominal, house.auditor)
    audit = begin(records, cast.cpc, auditor_id=house.auditor.person_id, due_on=TODAY + timedelta(days=14))
    ids = {"audit_id": UUID(audit["id"])}
    assert told(records, "records.quality.assigned") == [("auditor", "Art Auditor")]
    check_all(records, house.auditor, audit)
    records.run("quality.submit", house.auditor, **ids, words="Two folders are out of date.")
    assert told(records, SUBMITTED) == [("cpc", "Colin Cpc")]
    assert records.events(ROUND) == [], "not before it is signed"
    for who, code in ((house.auditor, "R24"), (cast.manager, "R24"), (house.group_cpc, "R24")):
        assert refusal(records, "quality.sign", who, **ids).code == code
    records.run("quality.return", cast.cpc, **ids, words="Say which two.")
    assert told(records, "records.quality.returned") == [("auditor", "Art Auditor")]
    assert records.ask("quality.audit", house.auditor, **ids)["answer"] == "Say which two."
    records.run("quality.submit", house.auditor, **ids, words="Addresses and telecoms.")
    records.run("quality.sign", cast.cpc, **ids)
    assert told(records, SIGNED) == [("auditor", "Art Auditor")]
    assert len(records.events(ROUND)) == 1
    with pytest.raises(NotFound):
        records.ask("quality.audit", cast.manager, **ids)


@pytest.mark.clause("PF-4.16e.2")
def test_another_formal_audit_tool(records: World, cast: Cast) -> None:
    given = {"title": "Contact audit", "questions": "Is each contact written up?\n\n Is it sanitised? \n"}
    assert refusal(records, "quality.write_template", cast.manager, **given).code == "R24"
    tool = records.run("quality.write_template", cast.cpc, **given)
    assert tool["questions"] == ["Is each contact written up?", "Is it sanitised?"]
    audit = begin(records, cast.cpc, template_id=UUID(tool["id"]))
    check_all(records, cast.cpc, audit, q2="stale")
    records.run("quality.submit", cast.cpc, audit_id=UUID(audit["id"]), words="")
    assert records.events(ROUND) == [], "another tool is no audit of the minimum dataset"
    records.run("quality.retire_template", cast.cpc, template_id=UUID(tool["id"]))
    assert refusal(records, "quality.retire_template", cast.cpc, template_id=UUID(tool["id"])).code == "R34"
    with pytest.raises(Invalid):
        begin(records, cast.cpc, template_id=UUID(tool["id"]))


@pytest.mark.clause("PF-5.9.2.1", "PF-5.9.2.2")
def test_a_lead_checks_minimum_datasets_and_reports_to_the_cpc(records: World, house: House) -> None:
    audit = records.run("quality.begin_lead_check", house.lead, sample=4)
    assert (audit["population"], len(items(records, audit))) == (12, 4)
    ids = {"audit_id": UUID(audit["id"]), "place": 1}
    shown = records.ask("quality.item", house.lead, **ids)
    said = shown["suggested"]
    assert {key for key in OWN if said[key] == "ok"} == OWN, "the register keeps these in rows of its own"
    assert {said[key] for key in said.keys() - OWN} == {"missing"}, "nothing else is recorded of them"
    asked = {key for key, _ in shown["questions"]}
    assert "custody" in asked
    with pytest.raises(Invalid) as wrong:
        records.run("quality.answer", house.lead, **ids, answers={"custody": "ok"}, comment="")
    assert set(wrong.value.errors) == {"answers"}
    check_all(records, house.lead, audit, custody="missing")
    records.run("quality.submit", house.lead, audit_id=UUID(audit["id"]), words="Custody is missing.")
    assert told(records, SUBMITTED) == [("cpc", "Pia Cpc")]
    assert refusal(records, "quality.begin_lead_check", house.governor, sample=3).code == "R32"


@pytest.mark.clause("PF-5.10.9")
def test_the_cpc_looks_at_a_random_tenth_again_three_at_least(records: World, house: House) -> None:
    audit = lead_check(records, house)
    ids = {"audit_id": UUID(audit["id"])}
    assert refusal(records, "quality.sign", house.group_cpc, **ids).code == "R34"
    again = records.run("quality.recheck", house.group_cpc, **ids)
    assert (again["population"], again["of_id"]) == (12, audit["id"])
    early = refusal(records, "quality.sign", house.group_cpc, **ids)
    assert early.code == "R34", "not while the sample is being looked at"
    drawn = [row.nominal_id for row in items(records, again)]
    assert drawn == sample(house.held, again["seed"], 3)
    check_all(records, house.group_cpc, again, custody="stale")
    done = records.run("quality.submit", house.group_cpc, audit_id=UUID(again["id"]), words="")
    assert (done["state"], done["differing"]) == ("signed", 3)
    records.run("quality.sign", house.group_cpc, **ids)
    assert refusal(records, "quality.recheck", house.group_cpc, **ids).code == "R34"


@pytest.mark.clause("PF-5.10.9")
def test_what_was_returned_and_handed_in_again_is_looked_at_again(
    records: World, house: House, web: Callable[[Principal], Web]
) -> None:
    audit = lead_check(records, house, 3)
    ids = {"audit_id": UUID(audit["id"])}
    first = look_again(records, house, audit)
    records.run("quality.return", house.group_cpc, **ids, words="Custody is out of date in all three.")
    assert refusal(records, "quality.recheck", house.group_cpc, **ids).code == "R34", "it is with the lead"
    check_all(records, house.lead, audit, custody="stale")
    records.run("quality.submit", house.lead, **ids, words="Now it is said.")
    no = refusal(records, "quality.sign", house.group_cpc, **ids)
    assert (no.code, "again first" in no.message) == ("R34", True), "what was looked at is not this"
    page = f"/quality/audits/{audit['id']}"
    assert "Check a sample again" in web(house.group_cpc).get(page).text
    second = look_again(records, house, audit)
    assert second["id"] != first["id"]
    assert refusal(records, "quality.recheck", house.group_cpc, **ids).code == "R34", "once is enough"
    shown = web(house.group_cpc).get(page).text
    assert (first["id"] in shown, second["id"] in shown) == (True, True)
    assert records.run("quality.sign", house.group_cpc, **ids)["state"] == "signed"


def look_again(world: World, house: House, audit: Any) -> Any:
    again = world.run("quality.recheck", house.group_cpc, audit_id=UUID(audit["id"]))
    check_all(world, house.group_cpc, again)
    return world.run("quality.submit", house.group_cpc, audit_id=UUID(again["id"]), words="")


@pytest.mark.clause("PF-5.10.9")
def test_two_who_look_at_one_check_again_at_one_moment(records: World, house: House) -> None:
    audit = lead_check(records, house, 3)
    deputy = records.person("group-YRKS", "lpc", name="Dee Deputy", deputy_for=("group-YRKS",))
    both = at_once_behind(
        records,
        "SELECT FROM quality_audit",
        *(
            lambda who=who: records.run("quality.recheck", who, audit_id=UUID(audit["id"]))
            for who in (house.group_cpc, deputy)
        ),
    )
    assert codes(both) == ["R34", "done"]


@pytest.mark.clause("PF-0.9.1")
def test_one_signs_while_the_other_returns(records: World, cast: Cast, house: House) -> None:
    records.partner(cast.nominal, house.auditor)
    audit = begin(records, cast.cpc, unit=LEEDS, sample=1, auditor_id=house.auditor.person_id)
    for nominal in house.held:
        records.partner(nominal, house.auditor)
    check_all(records, house.auditor, audit)
    ids = {"audit_id": UUID(audit["id"])}
    records.run("quality.submit", house.auditor, **ids, words="Done.")
    deputy = records.person(LEEDS, "lpc", name="Dee Deputy", deputy_for=(WEST_YORKSHIRE,))
    both = at_once_behind(
        records,
        "SELECT FROM quality_audit",
        lambda: records.run("quality.sign", cast.cpc, **ids),
        lambda: records.run("quality.return", deputy, **ids, words="Once more, please."),
    )
    assert codes(both) == ["R34", "done"]


def test_what_was_answered_is_read_by_whom_it_is_for(
    records: World, house: House, web: Callable[[Principal], Web]
) -> None:
    audit = records.run("quality.begin_lead_check", house.lead, sample=1)
    ids: dict[str, Any] = {"audit_id": UUID(audit["id"]), "place": 1}
    said = {key: "ok" for key, _ in records.ask("quality.item", house.lead, **ids)["questions"]}
    records.run(
        "quality.answer", house.lead, **ids, answers=said | {"custody": "stale"}, comment="Moved in May."
    )
    records.run("quality.submit", house.lead, audit_id=ids["audit_id"], words="")
    page = f"/quality/audits/{audit['id']}/items/1"
    text = web(house.group_cpc).get(page).text
    assert "Moved in May." in text
    assert "Out of date" in text
    assert "<form" not in text.partition("<main")[2].partition("</main")[0]
    assert web(house.auditor).get(page).status_code == 404
    assert refusal(records, "quality.answer", house.lead, **ids, answers=said, comment="").code == "R34"


def test_a_record_archived_or_hidden_after_the_draw_keeps_nobody_from_handing_in(
    records: World, house: House
) -> None:
    audit = records.run("quality.begin_lead_check", house.lead, sample=3)
    ids = {"audit_id": UUID(audit["id"])}
    hidden, archived, left = (row.nominal_id for row in items(records, audit))
    with records.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE nominal SET limited_access = true WHERE id = '{hidden}'")
        connection.exec_driver_sql(f"UPDATE nominal SET status = 'archived' WHERE id = '{archived}'")
    assert records.ask("quality.audit", house.lead, **ids)["left"] == 1
    assert refusal(records, "quality.submit", house.lead, **ids, words="").code == "R34"
    said = {key: "ok" for key, _ in records.ask("quality.item", house.lead, **ids, place=3)["questions"]}
    records.run("quality.answer", house.lead, **ids, place=3, answers=said, comment="")
    assert records.run("quality.submit", house.lead, **ids, words="")["state"] == "submitted"
    again = records.run("quality.recheck", house.group_cpc, **ids)
    assert [row.nominal_id for row in items(records, again)] == [left], (
        "what nobody checked is not looked at again"
    )


@pytest.mark.clause("PF-5.10.9")
def test_who_checked_does_not_look_at_it_again(records: World, house: House) -> None:
    both = records.person(
        PRISON, "partner", roles=("visor_lead",), name="Bo Both", deputy_for=("group-YRKS",)
    )
    for nominal in house.held:
        records.partner(nominal, both)
    audit = records.run("quality.begin_lead_check", both, sample=1)
    check_all(records, both, audit)
    ids = {"audit_id": UUID(audit["id"])}
    records.run("quality.submit", both, **ids, words="")
    assert refusal(records, "quality.recheck", both, **ids).code == "R23"
    assert refusal(records, "quality.sign", both, **ids).code == "R23"


def test_an_auditor_opens_a_record_like_anybody_else(records: World, cast: Cast, house: House) -> None:
    audit = begin(records, cast.cpc, sample=1, auditor_id=house.auditor.person_id)
    ids = {"audit_id": UUID(audit["id"]), "place": 1}
    assert refusal(records, "quality.item", house.auditor, **ids).code == "R13"
    with pytest.raises(NotFound):
        records.ask("quality.item", cast.manager, **ids)
    with pytest.raises(NotFound):
        records.ask("quality.item", house.auditor, **ids | {"place": 9})


COMPARED = {
    "risk_level": "high",
    "address": "LS1 4AP",
    "level": 2,
    "oasys": "2026-03-20",
    "used": "In each plan.",
}


@pytest.fixture
def spo(records: World, cast: Cast) -> Principal:
    spo = records.person(LEEDS, "partner", roles=("spo",), name="Sam Spo")
    records.partner(cast.nominal, spo)
    return spo


def compare(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    return world.run("quality.check_record", who, **{"nominal_id": cast.nominal} | COMPARED | changes)


@pytest.mark.clause("PF-7/QA checks.2", "PF-7/QA checks.3", "PF-4.37.2", "PF-4.37.3")
def test_an_spo_compares_the_record_with_ndelius_and_oasys(
    records: World, cast: Cast, spo: Principal
) -> None:
    with records.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE nominal SET risk_level = 'high', risk_since = '2026-03-20', address = '12 Elm Row, LS1 4AP'"
        )
    one = compare(records, spo, cast, supervision_on=TODAY.isoformat())
    assert one["results"] == {
        "risk_level": "same",
        "address": "same",
        "level": "same",
        "oasys": "not_on_record",
    }
    assert (one["differing"], one["supervision_on"]) == (1, TODAY.isoformat())
    [(held, used)] = records.rows("SELECT held, used FROM record_check")
    assert b"Elm" not in bytes(held)
    assert b"plan" not in bytes(used)
    shown = records.ask(
        "quality.record_check", cast.manager, nominal_id=cast.nominal, check_id=UUID(one["id"])
    )
    assert (shown["used"], shown["record"]["address"]) == ("In each plan.", "12 Elm Row, LS1 4AP")
    for who, code in ((cast.manager, "R32"), (cast.stranger, "R13")):
        given = {"nominal_id": cast.nominal} | COMPARED
        assert refusal(records, "quality.check_record", who, **given).code == code
    other = records.person(PRISON, roles=("practitioner",), name="Pat Practitioner")
    wrongs = ({"supervision_on": "2026-03-31"}, {"oasys": "2026-04-02"}, {"practitioner_id": other.person_id})
    for wrong in wrongs:
        with pytest.raises(Invalid) as said:
            compare(records, spo, cast, **wrong)
        assert set(said.value.errors) == set(wrong)


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/quality/audits", {}, {"unit"}),
        ("/quality/audits", {"unit": "x" * 99, "sample": 0, "more": 1}, {"unit", "sample", "more"}),
        (
            "/quality/audits",
            {"unit": WEST_YORKSHIRE, "sample": 3, "auditor_id": str(new_id())},
            {"auditor_id"},
        ),
        ("/quality/templates", {"title": " ", "questions": "\n \n"}, {"title", "questions"}),
        ("/quality/templates", {"title": "Long", "questions": "\n".join(["q"] * 41)}, {"questions"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World,
    cast: Cast,
    web: Callable[[Principal], Web],
    path: str,
    body: dict[str, Any],
    fields: set[str],
) -> None:
    answer = web(cast.cpc).send(path, body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields


@pytest.mark.clause("PF-4.16-H", "PF-5.9.2.1", "PF-5.10.9")
def test_the_pages_of_audits(
    records: World, house: House, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    lead, cpc = web(house.lead), web(house.group_cpc)
    assert "No audit has been begun." in lead.get("/quality").text
    sent = lead.fill("/quality/lead-checks/new", sample="3")
    place = sent.headers["location"].removeprefix("/records").partition("?")[0]
    assert "3 records are still to be checked." in lead.get(place).text
    form = lead.get(f"{place}/items/1").text
    assert "What the register itself would say" in form
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf_token|_once)" value="([^"]*)"', form))
    wrong = lead.http.post(f"/records{place}/items/1", data=hidden)
    assert wrong.status_code == 422
    assert "Answer every question" in wrong.text
    audit = {"id": place.rpartition("/")[2]}
    check_all(records, house.lead, audit)
    asked = {
        f"answer.{key}": "ok"
        for key, _ in records.ask("quality.item", house.lead, audit_id=UUID(audit["id"]), place=1)[
            "questions"
        ]
    }
    assert lead.fill(f"{place}/items/1", **asked, comment="Look at custody.").status_code == 303
    assert lead.fill(f"{place}/submit", words="All well.").status_code == 303
    assert "With you to be signed off" in cpc.get("/quality").text
    again = cpc.fill(f"{place}/recheck/new")
    other = again.headers["location"].removeprefix("/records").partition("?")[0]
    check_all(records, house.group_cpc, {"id": other.rpartition("/")[2]})
    assert cpc.fill(f"{other}/submit", words="").status_code == 303
    assert cpc.fill(f"{place}/sign").status_code == 303
    assert "Signed off" in lead.get(place).text
    rows = web(house.governor).http.get("/records/api/reports/rpt-06-audits").json()["rows"]
    assert [(row["kind_name"], row["drawn"], row["in_order"]) for row in rows] == [
        ("Check of a lead’s check", 3, 100),
        ("Lead’s check", 3, 100),
    ]
    assert cpc.get("/reports/rpt-06-audits").status_code == 200
    assert cpc.http.get("/records/reports/rpt-06-audits/chart").status_code == 200


@pytest.mark.clause("PF-7/QA checks.2", "PF-4.37.2")
def test_the_pages_of_record_checks_and_their_report(
    records: World, cast: Cast, spo: Principal, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}/record-checks"
    assert "No check of this record is kept." in web(cast.manager).get(base).text
    assert web(cast.manager).get(f"{base}/new").status_code == 403
    typed = {"risk_level": "high", "address": "LS1 4AP", "level": "2", "used": "In each plan."}
    sent = web(spo).fill(f"{base}/new", **typed)
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"].removeprefix("/records").partition("?")[0]
    assert "Not on the record" in web(spo).get(place).text
    assert "of 4 differ" in web(spo).get(base).text
    for who in (spo, cast.supervisor, cast.cpc):
        (row,) = web(who).http.get("/records/api/reports/rpt-07").json()["rows"]
        assert (row["level"], row["risk_level"], row["differing"]) == ("The same", "Not on the record", 2)
    assert web(cast.stranger).http.get("/records/api/reports/rpt-07").status_code == 403
    assert web(spo).get("/reports/rpt-07?show=differing").status_code == 200
    assert web(spo).http.get("/records/reports/rpt-07/chart").status_code == 200
