"""An R10 is added, signed off or returned; the summary goes by the latest that is signed (section 15)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import NOW, World
from tests.services.messaging.kit import eventually
from tests.services.records.conftest import Cast, Web, at_once_behind, codes, refusal, told

TODAY = NOW.date().isoformat()
ADDED, SIGNED = "records.assessment.added", "records.assessment.signed_off"
R10: dict[str, Any] = {
    "source": "visit",
    "source_date": TODAY,
    "tool": "OASys R10",
    "assessment_date": "2026-03-20",
    "overall_risk": "very high",
    "who_is_at_risk": "Known adults.",
    "nature_of_risk": "Violence.",
    "when_risk_greatest": "After drinking.",
    "increase_factors": "Alcohol.",
    "reduction_factors": "Work.",
    "is_termination_assessment": False,
}
R11 = {"source": "visit", "source_date": TODAY, "entry_type": "R11 plan", "entry_date": "2026-03-20"}


def add(world: World, who: Principal, cast: Cast, **changes: Any) -> UUID:
    """The assessment's id."""
    entry = world.run("attachments.add.risk_assessment", who, nominal_id=cast.nominal, **{**R10, **changes})
    (row,) = world.rows("SELECT id FROM risk_assessment WHERE entry_id = :id", id=entry["id"])
    return UUID(str(row.id))


def level(world: World, cast: Cast) -> Any:
    return tuple(world.rows("SELECT risk_level, risk_since FROM nominal WHERE id = :id", id=cast.nominal)[0])


def given(cast: Cast, assessment: UUID, **more: Any) -> dict[str, Any]:
    return {"nominal_id": cast.nominal, "assessment_id": assessment, **more}


@pytest.mark.clause("PF-7/Supervisor.1", "PF-7/QA checks.1", "PF-4.18.1")
def test_the_supervisor_signs_and_the_summary_goes_by_it(records: World, cast: Cast) -> None:
    assessment = add(records, cast.manager, cast)
    assert told(records, ADDED) == [("supervisor", "Sue Supervisor")]
    assert level(records, cast) == (None, None)
    records.run("risk.sign_off", cast.supervisor, **given(cast, assessment))
    assert level(records, cast)[0] == "very_high"
    assert str(level(records, cast)[1]) == "2026-03-20"
    assert told(records, SIGNED) == [("author", "Mary Manager")]
    older = add(records, cast.manager, cast, assessment_date="2025-01-01", overall_risk="low")
    records.run("risk.sign_off", cast.supervisor, **given(cast, older))
    assert level(records, cast)[0] == "very_high"


@pytest.mark.clause("PF-7/Supervisor.1")
def test_nobody_else_signs_and_nobody_their_own(records: World, cast: Cast) -> None:
    assessment = add(records, cast.partner, cast)
    other = records.person("pdu-N55LEE", "supervisor", "partner", name="Una Supervisor")
    for who in (cast.manager, cast.partner, cast.cpc, cast.lpc, cast.prison, cast.stranger, other):
        for name, more in (("risk.sign_off", {}), ("risk.return", {"comment": "No."})):
            assert refusal(records, name, who, **given(cast, assessment, **more)).code == "R20"
    own = add(records, cast.supervisor, cast, assessment_date="2026-03-21")
    assert refusal(records, "risk.sign_off", cast.supervisor, **given(cast, own)).code == "R23"


@pytest.mark.clause("PF-7/Supervisor.1")
def test_who_changed_an_assessment_last_does_not_sign_it_off(records: World, cast: Cast) -> None:
    """Whoever added it first: the words and the level are the supervisor's own now."""
    entry = records.run("attachments.add.risk_assessment", cast.manager, nominal_id=cast.nominal, **R10)
    (row,) = records.rows("SELECT id FROM risk_assessment")
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    lower = {**R10, "overall_risk": "low"}
    records.run("attachments.change.risk_assessment", cast.supervisor, **ids, version=1, **lower)
    assert refusal(records, "risk.sign_off", cast.supervisor, **given(cast, row.id)).code == "R23"
    assert level(records, cast) == (None, None)
    records.run("attachments.change.risk_assessment", cast.manager, **ids, version=2, **R10)
    records.run("risk.sign_off", cast.supervisor, **given(cast, row.id))
    assert level(records, cast)[0] == "very_high"


@pytest.mark.clause("PF-7/Supervisor.1")
def test_what_comes_back_is_put_right_and_signed(records: World, cast: Cast) -> None:
    entry = records.run("attachments.add.risk_assessment", cast.manager, nominal_id=cast.nominal, **R10)
    (row,) = records.rows("SELECT id, round_id FROM risk_assessment")
    comment = "The police’s information of 2 March is missing."
    records.run("risk.return", cast.supervisor, **given(cast, row.id, comment=comment))
    assert told(records, "records.assessment.returned") == [("author", "Mary Manager")]
    [shown] = records.ask("risk.list", cast.manager, nominal_id=cast.nominal)["assessments"]
    assert (shown["state"], shown["comment"]) == ("returned", comment)
    assert refusal(records, "risk.sign_off", cast.supervisor, **given(cast, row.id)).code == "R34"

    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "version": 1}
    changed = {**R10, "nature_of_risk": "Violence; threats in March."}
    records.run("attachments.change.risk_assessment", cast.manager, **ids, **changed)
    (again,) = records.rows("SELECT id, round_id, state FROM risk_assessment")
    assert (again.id, again.state) == (row.id, "awaiting")
    assert again.round_id != row.round_id
    records.run("risk.sign_off", cast.supervisor, **given(cast, row.id))
    assert level(records, cast)[0] == "very_high"


@pytest.mark.clause("PF-7/Supervisor.1")
def test_nobody_signs_off_words_that_they_have_not_read(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """The entry was changed while the supervisor had the page open: the level would count unseen."""
    entry = records.run("attachments.add.risk_assessment", cast.manager, nominal_id=cast.nominal, **R10)
    (row,) = records.rows("SELECT id FROM risk_assessment")
    page = f"/nominals/{cast.nominal}/risk/{row.id}"
    supervisor = web(cast.supervisor)
    opened = {name: fields(supervisor.get(f"{page}/{name}").text) for name in ("sign-off", "return")}
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "version": 1}
    records.run("attachments.change.risk_assessment", cast.manager, **ids, **{**R10, "overall_risk": "low"})
    comment: dict[str, Any] = {"sign-off": {}, "return": {"comment": "The police’s information is missing."}}
    for name, hidden in opened.items():
        answer = supervisor.http.post(f"/records{page}/{name}", data=hidden | comment[name])
        assert answer.status_code == 409, answer.text
        assert "was changed after you had opened it" in answer.text
    assert (level(records, cast), records.rows("SELECT state FROM risk_assessment")) == (
        (None, None),
        [("awaiting",)],
    )
    assert (
        supervisor.fill(f"{page}/sign-off", **fields(supervisor.get(f"{page}/sign-off").text)).status_code
        == 303
    )
    assert level(records, cast)[0] == "low"


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_what_is_changed_after_it_was_signed_awaits_a_signature_again(records: World, cast: Cast) -> None:
    entry = records.run("attachments.add.risk_assessment", cast.manager, nominal_id=cast.nominal, **R10)
    (row,) = records.rows("SELECT id FROM risk_assessment")
    records.run("risk.sign_off", cast.supervisor, **given(cast, row.id))
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "version": 1}
    records.run("attachments.change.risk_assessment", cast.manager, **ids, **{**R10, "overall_risk": "low"})
    assert level(records, cast)[0] == "very_high"  # until it is signed
    assert records.events("records.assessment.withdrawn")
    records.run("risk.sign_off", cast.supervisor, **given(cast, row.id))
    assert level(records, cast)[0] == "low"


@pytest.mark.clause("PF-7/QA checks.1", "PF-7/Supervisor.1")
def test_nobody_changes_the_level_by_hand_beside_signed_assessments(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    change = {"nominal_id": cast.nominal, "version": 1, "risk_level": "low", "markers": []}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.change", cast.manager, **change)
    assert list(wrong.value.errors) == ["risk_reason"]
    version = records.run("nominals.change", cast.manager, **change, risk_reason="The panel's view.")[
        "version"
    ]
    assert level(records, cast)[0] == "low"
    [first] = records.ask("nominals.history", cast.manager, nominal_id=cast.nominal)["changes"]
    assert first["reason"] == "The panel's view."

    records.run("risk.sign_off", cast.supervisor, **given(cast, add(records, cast.manager, cast)))
    later = {"version": version + 1, "risk_level": "low", "risk_reason": "I think so."}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.change", cast.manager, **change | later)
    assert list(wrong.value.errors) == ["risk_level"]
    now = level(records, cast)[0]
    same = {"version": version + 1, "risk_level": now, "address": "1 High Street"}
    records.run("nominals.change", cast.manager, **change | same)
    form = web(cast.manager).get(f"/nominals/{cast.nominal}/change").text
    assert form.count('name="risk_level"') == 1


def test_two_decisions_at_one_moment(records: World, cast: Cast) -> None:
    assessment = add(records, cast.manager, cast)
    both = at_once_behind(
        records,
        "SELECT FROM risk_assessment",
        lambda: records.run("risk.sign_off", cast.supervisor, **given(cast, assessment)),
        lambda: records.run("risk.return", cast.supervisor, **given(cast, assessment, comment="Not yet.")),
    )
    assert codes(both) == ["R34", "done"]


def test_whoever_signs_waits_for_the_record_before_its_assessment(records: World, cast: Cast) -> None:
    """In the order of whoever changes the entry: else each of the two would hold what the other waits for."""
    assessment = add(records, cast.manager, cast)
    sign = partial(records.run, "risk.sign_off", cast.supervisor, **given(cast, assessment))
    blocked = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with ThreadPoolExecutor() as beside, records.engine.begin() as changing:
        changing.execute(text("SELECT FROM nominal FOR UPDATE"))
        signing = beside.submit(sign)
        eventually(lambda: records.rows(blocked))
        changing.execute(text("SELECT FROM risk_assessment FOR UPDATE NOWAIT"))
        changing.rollback()
        assert signing.result()["state"] == "signed_off"


@pytest.mark.clause("PF-4.18.2")
def test_r11_lies_in_the_other_folder_and_awaits_nothing(records: World, cast: Cast) -> None:
    records.run("attachments.add.risk_management_plan", cast.manager, nominal_id=cast.nominal, **R11)
    assert records.rows("SELECT kind, state FROM risk_assessment") == [("plan", "signed_off")]
    assert records.ask("risk.list", cast.manager, nominal_id=cast.nominal)["assessments"] == []


@pytest.mark.clause("PS-8.2")
def test_an_arms_informed_assessment_is_uploaded_and_signed_like_the_r10_that_cites_it(
    records: World, cast: Cast
) -> None:
    arms = add(records, cast.manager, cast, tool="ARMS", overall_risk="high")
    cites = "ARMS of 18 March informs this R10."
    r10 = add(records, cast.manager, cast, assessment_date="2026-03-21", nature_of_risk=cites)
    for assessment in (arms, r10):
        records.run("risk.sign_off", cast.supervisor, **given(cast, assessment))
    signed = records.rows("SELECT count(*) FROM risk_assessment WHERE state = 'signed_off'")
    assert [tuple(row) for row in signed] == [(2,)]
    assert level(records, cast)[0] == "very_high"


@pytest.mark.clause("PF-7/Supervisor.1")
def test_after_a_hand_over_only_the_new_supervisor_signs(records: World, cast: Cast) -> None:
    assessment = add(records, cast.manager, cast)
    other = records.person("pdu-N55LEE", "supervisor", name="Una Supervisor")
    to = {"role": "supervisor", "to_id": other.person_id, "reason": "She takes the team over."}
    records.run("hand_over.one", cast.supervisor, nominal_id=cast.nominal, **to)
    assert refusal(records, "risk.sign_off", cast.supervisor, **given(cast, assessment)).code == "R20"
    records.run("risk.sign_off", other, **given(cast, assessment))


@pytest.mark.clause("PF-1.4.2")
def test_assessments_of_each_agency_stand_side_by_side(records: World, cast: Cast) -> None:
    add(records, cast.manager, cast)
    add(records, cast.partner, cast, tool="RM2000", overall_risk="high")
    shown = records.ask("risk.list", cast.manager, nominal_id=cast.nominal)["assessments"]
    assert {one["agency"] for one in shown} == {"police-13", "probation-service"}
    assert refusal(records, "risk.list", cast.stranger, nominal_id=cast.nominal).code == "R13"


@pytest.mark.clause("PF-4.28.1", "PF-4.28.3")
def test_category_1_goes_to_the_police_only_with_its_termination_oasys(records: World, cast: Cast) -> None:
    new = {
        "nominal_id": cast.nominal,
        "to_unit": "force-13",
        "category": "1",
        "reason": "Registered for notification; the force manages him.",
    }
    assert refusal(records, "transfers.request", cast.cpc, **new).code == "R21"
    assessment = add(records, cast.manager, cast, is_termination_assessment=True)
    assert refusal(records, "transfers.request", cast.cpc, **new).code == "R29"  # to be signed off
    records.run("risk.sign_off", cast.supervisor, **given(cast, assessment))
    assert refusal(records, "transfers.request", cast.cpc, **new).code == "R21"
    records.run("attachments.add.risk_management_plan", cast.manager, nominal_id=cast.nominal, **R11)
    records.run("transfers.request", cast.cpc, **new)


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}"
    supervisor = web(cast.supervisor)
    assert "No risk assessment is recorded." in supervisor.get(f"{base}/risk").text
    assessment = add(records, cast.manager, cast)
    shown = supervisor.get(f"{base}/risk").text
    assert "Awaiting sign-off" in shown
    assert "Sign off" in shown
    assert "Awaiting sign-off" in supervisor.get(base).text
    assert supervisor.fill(f"{base}/risk/{assessment}/return", comment=" ").status_code == 422
    assert supervisor.fill(f"{base}/risk/{assessment}/sign-off").status_code == 303
    assert "Signed off" in web(cast.manager).get(f"{base}/risk").text
    assert supervisor.get(f"{base}/risk/{assessment}/sign-off").status_code == 409
