"""Imminent risk: what must be known before it is entered, who is told, who acknowledges, who stands it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, NOW, World
from tests.services.records.conftest import Cast, Web, at_once, codes, feed, refusal, told

pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")

SHEFFIELD = "pdu-N55SHF"
RAISED, ACKNOWLEDGED = "records.imminent_risk.raised", "records.imminent_risk.acknowledged"
STOOD_DOWN = "records.imminent_risk.stood_down"
FLAGGED, HANDLED = "records.imminent_risk.contact_flagged", "records.imminent_risk.contact_handled"
OVER = "He was arrested this morning."
BEFORE = (NOW - timedelta(minutes=10)).isoformat()


def entered(cast: Cast, **changes: Any) -> dict[str, Any]:
    told_before = {
        "line_manager_id": str(cast.supervisor.person_id),
        "line_manager_how": "telephone",
        "line_manager_at": BEFORE,
        "police_name": "Sergeant Example, Leeds",
        "police_how": "in_person",
        "police_at": BEFORE,
    }
    return told_before | {"concerning": ["victims", "public"], "text": "He said he will go there."} | changes


def raise_risk(world: World, who: Principal, cast: Cast, **changes: Any) -> UUID:
    answer = world.run("imminent_risk.raise", who, nominal_id=cast.nominal, **entered(cast, **changes))
    return UUID(answer["id"])


def act(world: World, name: str, who: Principal, cast: Cast, risk: UUID, **more: Any) -> Any:
    return world.run(f"imminent_risk.{name}", who, nominal_id=cast.nominal, risk_id=risk, **more)


def read(world: World, who: Principal, cast: Cast, risk: UUID) -> dict[str, Any]:
    found: dict[str, Any] = world.ask("imminent_risk.read", who, nominal_id=cast.nominal, risk_id=risk)
    return found


@pytest.mark.clause("PF-4.30.2", "PF-4.36.1")
def test_everybody_who_works_with_the_record_is_told_at_once(records: World, cast: Cast) -> None:
    risk = raise_risk(records, cast.partner, cast)
    assert told(records, RAISED) == [
        ("cpc", "Colin Cpc"),
        ("lpc", "Lena Lpc"),
        ("manager", "Mary Manager"),
        ("supervisor", "Sue Supervisor"),
    ]
    assert records.rows("SELECT DISTINCT urgent FROM outbox WHERE kind = :kind", kind=RAISED) == [(True,)]
    page = read(records, cast.manager, cast, risk)
    assert page["text"] == "He said he will go there."
    assert (page["line_manager"]["who"], page["police"]["who"]) == (
        "Sue Supervisor",
        "Sergeant Example, Leeds",
    )
    assert (page["waiting"], len(page["told"])) == (4, 4)
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert (entry.kind, entry.important, entry.text) == ("imminent_risk", True, "He said he will go there.")
    kept = records.rows("SELECT police_name FROM imminent_risk")[0][0]
    assert b"Sergeant" not in bytes(kept)


@pytest.mark.clause("PF-4.30.2")
def test_partners_and_the_police_counterpart_are_told_and_who_left_is_not(records: World, cast: Cast) -> None:
    counterpart = records.person("force-13", "partner", name="Pia Counterpart")
    gone = records.person("prison-LEI", "partner", name="Gone Partner", active=False)
    for who in (cast.prison, gone):
        records.partner(cast.nominal, who)
    raise_risk(records, cast.manager, cast, police_name="", police_id=str(counterpart.person_id))
    assert told(records, RAISED) == [
        ("cpc", "Colin Cpc"),
        ("lpc", "Lena Lpc"),
        ("partner", "Paul Police"),
        ("partner", "Petra Prison"),
        ("police_counterpart", "Pia Counterpart"),
        ("supervisor", "Sue Supervisor"),
    ]


@pytest.mark.clause("PF-4.16l.2")
def test_of_a_limited_record_only_its_list_and_its_cpc_are_told(records: World, cast: Cast) -> None:
    limited = records.nominal(
        surname="Limited",
        limited_access=True,
        manager_id=cast.manager.person_id,
        partners=(cast.partner, cast.prison),
        listed=(cast.partner, cast.manager),
    )
    records.run("imminent_risk.raise", cast.manager, nominal_id=limited, **entered(cast))
    assert told(records, RAISED) == [("cpc", "Colin Cpc"), ("partner", "Paul Police")]


@pytest.mark.clause("PF-4.36.1")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"line_manager_id": None}, "line_manager_id"),
        ({"line_manager_id": None, "line_manager_name": " "}, "line_manager_id"),
        ({"line_manager_id": str(new_id())}, "line_manager_id"),
        ({"line_manager_at": (NOW + timedelta(seconds=1)).isoformat()}, "line_manager_at"),
        ({"police_name": ""}, "police_id"),
        ({"police_name": "x" * 201}, "police_name"),
        ({"police_at": "9999-12-31T23:59:59+00:00"}, "police_at"),
        ({"police_at": "soon"}, "police_at"),
        ({"police_at": None}, "police_at"),
        ({"police_how": "by pigeon"}, "police_how"),
        ({"line_manager_how": None}, "line_manager_how"),
        ({"concerning": []}, "concerning"),
        ({"concerning": ["the moon"]}, "concerning"),
        ({"text": "\n "}, "text"),
        ({"text": "x\u0000"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_it_cannot_be_entered_before_both_were_told(
    records: World, cast: Cast, web: Callable[[Principal], Web], changes: dict[str, Any], field: str
) -> None:
    answer = web(cast.manager).send(f"/nominals/{cast.nominal}/imminent-risk", entered(cast, **changes))
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [field]
    assert records.rows(
        "SELECT (SELECT count(*) FROM imminent_risk) + (SELECT count(*) FROM activity_entry)"
    ) == [(0,)]


@pytest.mark.clause("PF-4.36.1")
def test_nobody_names_themselves_and_the_very_moment_is_early_enough(records: World, cast: Cast) -> None:
    with pytest.raises(Invalid) as wrong:
        raise_risk(records, cast.manager, cast, line_manager_id=str(cast.manager.person_id))
    assert list(wrong.value.errors) == ["line_manager_id"]
    raise_risk(records, cast.manager, cast, line_manager_at=NOW.isoformat(), police_at=NOW.isoformat())


def test_who_may_enter_one(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, **entered(cast)}
    for who, code in ((cast.stranger, "R14"), (cast.prison, "R14"), (cast.lpc, "R14"), (cast.admin, "R11")):
        assert refusal(records, "imminent_risk.raise", who, **given).code == code
    archived = records.nominal(status="archived", partners=(cast.partner,))
    assert (
        refusal(records, "imminent_risk.raise", cast.partner, **given | {"nominal_id": archived}).code
        == "R27"
    )


@pytest.mark.clause("PF-4.30.2")
def test_the_banner_stands_on_the_record_until_it_is_stood_down(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}"
    risk = raise_risk(records, cast.partner, cast)
    for page in ("", "/activity-log", "/partners"):
        assert "Deal with it immediately" in web(cast.manager).get(f"{base}{page}").text
    act(records, "stand_down", cast.manager, cast, risk, reason=OVER)
    for page in ("", "/activity-log", "/partners"):
        assert "Deal with it immediately" not in web(cast.manager).get(f"{base}{page}").text
    shown = read(records, cast.partner, cast, risk)
    assert (shown["stood_down_reason"], shown["stood_down_by"]) == (OVER, cast.manager.person_id)
    assert told(records, STOOD_DOWN) == [
        ("cpc", "Colin Cpc"),
        ("lpc", "Lena Lpc"),
        ("supervisor", "Sue Supervisor"),
    ]


def test_who_may_stand_it_down_and_only_once(records: World, cast: Cast) -> None:
    risk = raise_risk(records, cast.partner, cast)
    given = {"nominal_id": cast.nominal, "risk_id": risk, "reason": OVER}
    for who in (cast.partner, cast.stranger, cast.admin):
        assert refusal(records, "imminent_risk.stand_down", who, **given).code == "R11"
    for who in (cast.manager, cast.cpc):
        other = records.nominal(surname="Other", manager_id=cast.manager.person_id)
        with pytest.raises(NotFound):
            records.run("imminent_risk.stand_down", who, **given | {"nominal_id": other})
    results = at_once(
        *[
            lambda who=who: act(records, "stand_down", who, cast, risk, reason=OVER)
            for who in (cast.manager, cast.supervisor, cast.lpc)
        ]
    )
    assert codes(results) == ["R34", "R34", "done"]
    assert len(records.events(STOOD_DOWN)) == 1
    assert refusal(records, "imminent_risk.stand_down", cast.cpc, **given).code == "R34"
    given.pop("reason")
    assert refusal(records, "imminent_risk.acknowledge", cast.manager, **given).code == "R34"


@pytest.mark.clause("PF-4.30.2")
def test_each_person_told_acknowledges_and_the_last_one_is_said_to_be_the_last(
    records: World, cast: Cast
) -> None:
    risk = raise_risk(records, cast.partner, cast)
    people = (cast.manager, cast.supervisor, cast.lpc, cast.cpc)
    for minutes, who in enumerate(people):
        records.later(minutes=minutes)
        act(records, "acknowledge", who, cast, risk)
        act(records, "acknowledge", who, cast, risk)
    assert [data["all"] for data, _ in records.events(ACKNOWLEDGED)] == [False, False, False, True]
    shown = read(records, cast.partner, cast, risk)
    assert (shown["waiting"], shown["may_acknowledge"]) == (0, False)


def test_the_last_two_who_acknowledge_at_one_moment_are_not_both_missed(records: World, cast: Cast) -> None:
    risk = raise_risk(records, cast.partner, cast)
    people = (cast.manager, cast.supervisor, cast.lpc, cast.cpc)
    results = at_once(*[lambda who=who: act(records, "acknowledge", who, cast, risk) for who in people])
    assert codes(results) == ["done"] * 4
    assert sorted(data["all"] for data, _ in records.events(ACKNOWLEDGED)) == [False, False, False, True]


@pytest.mark.clause("PF-4.30.2", "PF-7/ViSOR Tokens.4")
def test_after_a_hand_over_the_new_manager_is_waited_for(records: World, cast: Cast) -> None:
    """And not the old one, who cannot open the record: the ladder would climb each hour though all had read it."""
    risk = raise_risk(records, cast.partner, cast)
    for who in (cast.supervisor, cast.lpc, cast.cpc):
        act(records, "acknowledge", who, cast, risk)
    nora = records.person(LEEDS, "manager", name="Nora New")
    given = {"role": "manager", "to_id": nora.person_id, "reason": "She takes the record over."}
    records.run("hand_over.one", cast.cpc, nominal_id=cast.nominal, **given)
    assert waited_for(records, cast, risk) == {("Nora New", "manager")}
    act(records, "acknowledge", nora, cast, risk)
    assert records.events(ACKNOWLEDGED)[-1][0]["all"] is True


@pytest.mark.clause("PF-4.30.2", "PF-1.4.1")
def test_after_a_transfer_those_who_look_after_it_there_are_waited_for(records: World, cast: Cast) -> None:
    """Who had acknowledged has: nobody follows them in it. Partners stay."""
    records.partner(cast.nominal, cast.prison)
    risk = raise_risk(records, cast.partner, cast)
    act(records, "acknowledge", cast.supervisor, cast, risk)
    there = {
        name: records.person(unit, name, name=f"New {name}")
        for name, unit in (
            ("cpc", "area-52"),
            ("lpc", SHEFFIELD),
            ("manager", SHEFFIELD),
            ("supervisor", SHEFFIELD),
        )
    }
    asked = {"nominal_id": cast.nominal, "to_unit": SHEFFIELD, "reason": "He moves to Sheffield on release."}
    transfer = UUID(records.run("transfers.request", cast.cpc, **asked)["id"])
    people = {f"{name}_id": there[name].person_id for name in ("manager", "supervisor")}
    records.run("transfers.agree", there["cpc"], transfer_id=transfer, **people)
    assert waited_for(records, cast, risk) == {
        ("New manager", "manager"),
        ("New lpc", "lpc"),
        ("New cpc", "cpc"),
        ("Petra Prison", "partner"),
    }
    for who in (there["manager"], there["lpc"], there["cpc"], cast.prison):
        act(records, "acknowledge", who, cast, risk)
    assert records.events(ACKNOWLEDGED)[-1][0]["all"] is True


def waited_for(world: World, cast: Cast, risk: UUID) -> set[tuple[str, str]]:
    told = read(world, cast.partner, cast, risk)["told"]
    return {(row["name"], row["role"]) for row in told if row["acknowledged_at"] is None}


def test_whoever_was_not_told_but_stands_to_the_record_may_say_so_too(records: World, cast: Cast) -> None:
    risk = raise_risk(records, cast.partner, cast)
    records.partner(cast.nominal, cast.prison)
    act(records, "acknowledge", cast.prison, cast, risk)
    shown = read(records, cast.manager, cast, risk)
    assert [(row["name"], row["role"]) for row in shown["told"] if row["acknowledged_at"]] == [
        ("Petra Prison", "partner")
    ]
    given = {"nominal_id": cast.nominal, "risk_id": risk}
    assert refusal(records, "imminent_risk.acknowledge", cast.stranger, **given).code == "R13"
    assert refusal(records, "imminent_risk.read", cast.stranger, **given).code == "R13"


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/imminent-risk"
    partner = web(cast.partner)
    assert "No imminent risk has been entered" in partner.get(base).text
    assert f'href="/records{base}">Cancel' in partner.get(f"{base}/new").text
    wrong = partner.fill(f"{base}/new", text="He will go there.", concerning=["public"])
    assert wrong.status_code == 422
    assert "He will go there." in wrong.text
    assert 'href="#line_manager_how"' in wrong.text
    assert 'href="#police_at-day"' in wrong.text
    at = {"day": "1", "month": "4", "year": "2026", "time": "10:15"}
    times = {f"{part}_at-{name}": value for part in ("line_manager", "police") for name, value in at.items()}
    typed = {k: v for k, v in entered(cast).items() if not k.endswith("_at")}
    sent = partner.fill(f"{base}/new", **typed, **times)
    assert sent.status_code == 303, sent.text
    one = sent.headers["location"].removeprefix("/records").partition("?")[0]
    assert "4 told, 4 not yet acknowledged" in partner.get(one).text
    manager = web(cast.manager)
    assert "Acknowledge" in manager.get(one).text
    assert manager.fill(f"{one}/acknowledge").status_code == 303
    assert "4 told, 3 not yet acknowledged" in manager.get(one).text
    assert manager.fill(f"{one}/stand-down", reason="no").status_code == 422
    assert manager.fill(f"{one}/stand-down", reason=OVER).status_code == 303
    assert "Stood down" in manager.get(base).text
    assert manager.get(f"{one}/stand-down").status_code == 409
    assert web(cast.stranger).get(f"{base}/new").status_code == 403
    assert partner.get(f"{base}/{new_id()}").status_code == 404


# ---- Contacts to upload first ----


def flag(world: World, who: Principal, cast: Cast, reference: str = "C-1001") -> UUID:
    given = {"nominal_id": cast.nominal, "reference": reference}
    return UUID(world.run("imminent_risk.flag_contact", who, **given)["id"])


@pytest.mark.clause("PF-4.36.2")
def test_a_flagged_contact_alerts_all_administrators_of_the_unit_and_heads_their_queue(
    records: World, cast: Cast
) -> None:
    administrators = [
        records.person(LEEDS, "partner", roles=("case_administrator",), name=name) for name in ("Ann", "Bob")
    ]
    records.person("pdu-N55BAC", "partner", roles=("case_administrator",), name="Elsewhere")
    records.partner(cast.nominal, administrators[0])
    first = flag(records, cast.manager, cast)
    assert told(records, FLAGGED) == [("case_administrator", "Ann"), ("case_administrator", "Bob")]
    records.later(minutes=5)
    second = flag(records, cast.manager, cast, "C-1002")
    queue = records.ask("imminent_risk.queue", administrators[0])["contacts"]
    assert [one.id for one in queue] == [first, second]
    assert records.ask("imminent_risk.queue", administrators[1])["contacts"] == []
    assert refusal(records, "imminent_risk.queue", cast.partner).code == "R32"
    with pytest.raises(Invalid):
        flag(records, cast.manager, cast)


@pytest.mark.clause("PF-4.36.2")
def test_entering_the_risk_takes_its_contacts_off_the_queue(records: World, cast: Cast) -> None:
    contact = flag(records, cast.manager, cast)
    raise_risk(records, cast.manager, cast)
    assert [data["contact_id"] for data, _ in records.events(HANDLED)] == [str(contact)]
    given = {"nominal_id": cast.nominal, "contact_id": contact, "note": "Uploaded."}
    assert refusal(records, "imminent_risk.handle_contact", cast.manager, **given).code == "R34"


def test_a_contact_that_is_dealt_with_otherwise(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}/imminent-risk"
    manager = web(cast.manager)
    assert manager.fill(f"{base}/contacts/new", reference="He said so").status_code == 422
    assert manager.fill(f"{base}/contacts/new", reference="C-77").status_code == 303
    assert "nDelius contact C-77" in manager.get(base).text
    [(contact,)] = records.rows("SELECT id FROM imminent_risk_contact")
    assert manager.fill(f"{base}/contacts/{contact}/handle", note="").status_code == 422
    results = at_once(
        *[
            lambda who=who: records.run(
                "imminent_risk.handle_contact",
                who,
                nominal_id=cast.nominal,
                contact_id=contact,
                note="By mistake.",
            )
            for who in (cast.manager, cast.partner)
        ]
    )
    assert codes(results) == ["R34", "done"]
    assert "None waits to be uploaded" in manager.get(base).text
    lpc = web(cast.lpc)
    assert "None waits to be uploaded" in lpc.get("/imminent-risk/queue").text


@pytest.mark.clause("PF-4.36.2")
def test_ndelius_flags_contacts_too(records: World, cast: Cast) -> None:
    records.nominal(surname="Known", numbers={"crn": "X123456"})
    client = feed("integration.ndelius")

    def hear(crn: str) -> str:
        return str(records.run("imminent_risk.hear_contact", client, crn=crn, reference="C-9")["outcome"])

    assert [hear("X123456"), hear("X123456"), hear("X999999")] == ["taken", "known", "no_record"]
    given = {"crn": "X123456", "reference": "C-9"}
    assert refusal(records, "imminent_risk.hear_contact", feed(), **given).code == "R11"


# ---- RPT-29 ----


@pytest.mark.clause("PF-4.30.2")
def test_the_report_says_how_fast_each_was_acknowledged_to_those_who_answer_for_it(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    risk = raise_risk(records, cast.partner, cast)
    records.later(minutes=7)
    act(records, "acknowledge", cast.manager, cast, risk)
    records.later(minutes=20)
    act(records, "acknowledge", cast.cpc, cast, risk)
    other = records.nominal(surname="Elsewhere", owner_unit="area-34", managing_unit="pdu-N55BAC")
    records.partner(other, cast.partner)
    records.run("imminent_risk.raise", cast.partner, nominal_id=other, **entered(cast))
    for who in (cast.supervisor, cast.lpc, cast.cpc):
        [row] = web(who).http.get("/records/api/reports/rpt-29").json()["rows"]
        assert (row["told"], row["acknowledged"], row["first_after"], row["last_after"]) == (4, 2, 7, 27)
        assert (row["state"], row["line_manager_before"], row["raised_by"]) == ("Open", 10, "Paul Police")
    assert web(cast.partner).http.get("/records/api/reports/rpt-29").status_code == 403
    assert "Open: most in Leeds (1)" in web(cast.cpc).get("/reports/rpt-29").text
    page = web(cast.cpc).get("/reports/rpt-29?state=stood_down")
    assert "No imminent risk fits this filter." in page.text
    assert web(cast.cpc).http.get("/records/api/reports/rpt-29?state=gone").status_code == 422
