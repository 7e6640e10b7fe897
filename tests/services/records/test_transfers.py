"""A record goes to another area: asked for, seen, questioned, agreed; and everything goes with it (PF-4.16k)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, at_once_behind, codes, refusal, told
from tests.services.records.test_attachments import add, read
from tests.services.records.test_imminent_risk import flag
from tests.services.records.test_meetings import minute, record
from tests.services.records.test_risk import R11
from tests.services.records.test_risk import add as assess

SHEFFIELD, SOUTH_YORKSHIRE = "pdu-N55SHF", "area-52"
REASON = "He moves to Sheffield on release; his sister lives there."
REQUESTED, COMPLETED = "records.transfer.requested", "records.transfer.completed"
PROGRESSED = "records.transfer.progressed"


@dataclass
class There:
    """The receiving side."""

    cpc: Principal
    support: Principal
    manager: Principal
    supervisor: Principal

    @property
    def people(self) -> dict[str, UUID]:
        return {"manager_id": self.manager.person_id, "supervisor_id": self.supervisor.person_id}


pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")


@pytest.fixture
def there(records: World) -> There:
    return receiving(records)


def receiving(records: World) -> There:
    return There(
        cpc=records.person(SOUTH_YORKSHIRE, "cpc", name="Cora Cpc"),
        support=records.person(SHEFFIELD, "central_support", name="Cyril Support"),
        manager=records.person(SHEFFIELD, "manager", name="Nell Manager"),
        supervisor=records.person(SHEFFIELD, "supervisor", name="Noor Supervisor"),
    )


def ask_for(world: World, cast: Cast, who: Principal | None = None, **changes: Any) -> UUID:
    given = {"nominal_id": cast.nominal, "to_unit": SHEFFIELD, "reason": REASON} | changes
    return UUID(world.run("transfers.request", who or cast.cpc, **given)["id"])


def states(world: World) -> list[str]:
    return [data["state"] for data, _ in world.events(PROGRESSED)]


@pytest.mark.clause("PF-4.16k.1", "PF-4.16k.2", "PF-7/To do list.4")
def test_a_transfer_from_request_to_completion(records: World, cast: Cast, there: There) -> None:
    transfer = ask_for(records, cast)
    assert told(records, REQUESTED) == [("cpc", "Cora Cpc")]
    assert told(records, PROGRESSED) == [("manager", "Mary Manager"), ("supervisor", "Sue Supervisor")]

    assert records.ask("transfers.read", cast.manager, transfer_id=transfer)["state"] == "requested"
    assert records.ask("transfers.read", there.cpc, transfer_id=transfer)["state"] == "seen"
    records.run("transfers.ask", there.cpc, transfer_id=transfer, text="Has the address been checked?")
    assert told(records, "records.transfer.questioned") == [("cpc", "Colin Cpc")]
    records.run("transfers.reply", cast.cpc, transfer_id=transfer, text="Yes, on Monday, by the police.")
    owner = "SELECT owner_unit FROM nominal WHERE id = :id"
    assert records.rows(owner, id=cast.nominal) == [("area-53",)]  # until they agree

    records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people)

    (row,) = records.rows(
        "SELECT owner_unit, managing_unit, owner_agency, manager_id, supervisor_id FROM nominal"
        " WHERE id = :id",
        id=cast.nominal,
    )
    assert tuple(row) == (
        SOUTH_YORKSHIRE,
        SHEFFIELD,
        "probation-service",
        there.manager.person_id,
        there.supervisor.person_id,
    )
    assert told(records, COMPLETED) == [("manager", "Nell Manager"), ("supervisor", "Noor Supervisor")]
    assert agencies(records, COMPLETED) == ["police-13", "probation-service"]
    assert states(records) == ["requested", "seen", "questioned", "completed"]
    whole = records.ask("transfers.read", there.manager, transfer_id=transfer)
    assert [one["act"] for one in whole["steps"]] == ["requested", "seen", "questioned", "answered", "agreed"]
    assert whole["steps"][0]["text"] == REASON
    assert [one.name for one in whole["partners"]] == ["Paul Police"]


@pytest.mark.clause("PF-4.16k.1")
def test_the_asking_side_proposes_a_manager_and_the_receiving_side_decides(
    records: World, cast: Cast, there: There
) -> None:
    for nobody in (cast.manager, there.supervisor):
        with pytest.raises(Invalid) as wrong:
            ask_for(records, cast, proposed_manager_id=str(nobody.person_id))
        assert set(wrong.value.errors) == {"proposed_manager_id"}
    transfer = ask_for(records, cast, proposed_manager_id=str(there.manager.person_id))
    other = records.person(SHEFFIELD, "manager", name="Olga Other")
    assert records.ask("transfers.read", there.cpc, transfer_id=transfer)["proposed"].name == "Nell Manager"
    decided = there.people | {"manager_id": other.person_id}
    records.run("transfers.agree", there.cpc, transfer_id=transfer, **decided)
    assert records.rows("SELECT manager_id FROM nominal") == [(other.person_id,)]


@pytest.mark.clause("PF-1.4.1", "SC-17.4.2")
def test_everything_goes_with_the_record(records: World, cast: Cast, there: There) -> None:
    entry = {
        "nominal_id": cast.nominal,
        "kind": "information",
        "text": "He was seen at work.",
        "for_attention": [],
    }
    records.run("activity_log.add", cast.partner, **entry)
    phone = add(records, cast.partner, cast)
    transfer = ask_for(records, cast)
    records.run("transfers.agree", there.support, transfer_id=transfer, **there.people)
    page = records.ask("activity_log.read", there.manager, nominal_id=cast.nominal)
    assert [one.text for one in page["entries"]] == ["He was seen at work."]
    assert [one.version.number for one in read(records, there.manager, cast, phone)["versions"]] == [1]
    history = records.ask("nominals.history", there.manager, nominal_id=cast.nominal)
    assert history["changes"][0]["act"] == "transferred"
    # The partner stays until the new owner has looked; the old manager opens it with a reason like anybody else.
    records.ask("activity_log.read", cast.partner, nominal_id=cast.nominal)
    assert refusal(records, "activity_log.read", cast.manager, nominal_id=cast.nominal).code == "R13"


@pytest.mark.clause("PF-1.4.1", "PF-4.36.2")
def test_a_contact_to_be_uploaded_first_waits_with_the_new_units_administrators(
    records: World, cast: Cast, there: There
) -> None:
    old, new = (
        records.person(unit, "partner", roles=("case_administrator",), name=f"Ada {unit}")
        for unit in ("pdu-N55LEE", SHEFFIELD)
    )
    for who in (old, new):
        records.partner(cast.nominal, who)
    flag(records, cast.manager, cast)
    transfer = ask_for(records, cast)
    records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people)
    queues = [records.ask("imminent_risk.queue", who)["contacts"] for who in (old, new)]
    assert [len(one) for one in queues] == [0, 1]


@pytest.mark.clause("PF-4.28.1", "PF-4.28.3")
def test_a_termination_oasys_that_is_taken_back_meanwhile_stands_against_the_agreement(
    records: World, cast: Cast
) -> None:
    """It was there when the transfer was asked for, and the force is to have it."""
    assessment = assess(records, cast.manager, cast, is_termination_assessment=True)
    signed = {"nominal_id": cast.nominal, "assessment_id": assessment}
    records.run("risk.sign_off", cast.supervisor, **signed)
    plan = records.run("attachments.add.risk_management_plan", cast.manager, nominal_id=cast.nominal, **R11)
    transfer = ask_for(records, cast, to_unit="force-13", category="1")
    taken = {
        "nominal_id": cast.nominal,
        "entry_id": UUID(plan["id"]),
        "reason": "It is another person’s plan.",
    }
    records.run("attachments.remove", cast.cpc, **taken)
    force = records.person("force-13", "cpc", name="Fay Force")
    people = {
        "manager_id": records.person("force-13", "manager").person_id,
        "supervisor_id": records.person("force-13", "supervisor").person_id,
    }
    answer = {"transfer_id": transfer, "category": "1", **people}
    assert refusal(records, "transfers.agree", force, **answer).code == "R21"
    records.run("attachments.add.risk_management_plan", cast.manager, nominal_id=cast.nominal, **R11)
    assert records.run("transfers.agree", force, **answer)["state"] == "completed"


def test_what_was_written_lies_encrypted(records: World, cast: Cast, there: There) -> None:
    transfer = ask_for(records, cast)
    [(kept,)] = records.rows("SELECT text FROM transfer_step")
    assert b"Sheffield" not in bytes(kept)
    records.runtime.keys.destroy(cast.nominal)
    assert records.ask("transfers.read", there.cpc, transfer_id=transfer)["steps"][0]["text"] is None


@pytest.mark.clause("PF-7/CPC Probation.5b", "PF-7/Central Support.5")
def test_who_may_ask_and_who_may_answer(records: World, cast: Cast, there: There) -> None:
    new = {"nominal_id": cast.nominal, "to_unit": SHEFFIELD, "reason": REASON}
    for who, code in (
        (cast.manager, "R11"),
        (cast.lpc, "R11"),
        (there.cpc, "R11"),
        (cast.prison_cpc, "R30"),
        (cast.admin, "R11"),
    ):
        assert refusal(records, "transfers.request", who, **new).code == code
    transfer = ask_for(records, cast, records.person("pdu-N55LEE", "central_support", name="Cass Support"))
    answer = {"transfer_id": transfer, "text": "No, not this one, thank you."}
    for who, code in ((cast.cpc, "R11"), (there.manager, "R11"), (cast.prison_cpc, "R30")):
        assert refusal(records, "transfers.refuse", who, **answer).code == code
        assert refusal(records, "transfers.agree", who, transfer_id=transfer, **there.people).code == code
    assert refusal(records, "transfers.withdraw", there.cpc, **answer).code == "R11"
    assert refusal(records, "transfers.list", cast.manager, show="open").code == "R11"
    records.run("transfers.refuse", there.support, **answer)
    assert told(records, "records.transfer.refused")[0][0] == "cpc"


@pytest.mark.clause("PF-4.16k.2")
def test_two_who_agree_at_one_moment(records: World, cast: Cast, there: There) -> None:
    transfer = ask_for(records, cast)
    both = at_once_behind(
        records,
        "SELECT FROM transfer",
        *(
            lambda who=who: records.run("transfers.agree", who, transfer_id=transfer, **there.people)
            for who in (there.cpc, there.support)
        ),
    )
    assert codes(both) == ["R34", "done"]
    assert len(records.events(COMPLETED)) == 1


def test_one_agrees_while_the_other_side_withdraws(records: World, cast: Cast, there: There) -> None:
    transfer = ask_for(records, cast)
    both = at_once_behind(
        records,
        "SELECT FROM transfer",
        lambda: records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people),
        lambda: records.run("transfers.withdraw", cast.cpc, transfer_id=transfer, text="He stays after all."),
    )
    assert codes(both)[-1] == "done"
    assert codes(both)[0] in {"R34", "R11"}  # after the transfer the record is no longer theirs to withdraw


def test_one_transfer_is_open_at_a_time(records: World, cast: Cast, there: There) -> None:
    both = at_once(lambda: ask_for(records, cast), lambda: ask_for(records, cast))
    assert sum(isinstance(one, UUID) for one in both) == 1
    assert (
        refusal(
            records, "transfers.request", cast.cpc, nominal_id=cast.nominal, to_unit=SHEFFIELD, reason=REASON
        ).code
        == "R34"
    )
    [(transfer,)] = records.rows("SELECT id FROM transfer")
    records.run("transfers.withdraw", cast.cpc, transfer_id=transfer, text="Asked too early, as it seems.")
    ask_for(records, cast)


def test_what_is_open_blocks_and_is_listed(records: World, cast: Cast, there: There) -> None:
    records.run(
        "meetings.record", cast.manager, nominal_id=cast.nominal, level=2, held_on=NOW.date().isoformat()
    )
    records.run(
        "partnership.request",
        cast.stranger,
        nominal_id=cast.nominal,
        whom="me",
        reason="He was allocated to me.",
    )
    new = {"nominal_id": cast.nominal, "to_unit": SHEFFIELD, "reason": REASON}
    refused = refusal(records, "transfers.request", cast.cpc, **new)
    assert refused.code == "R29"
    assert "1 partnership request to be answered; 1 set of minutes to be added" in refused.message
    blocks = records.ask("transfers.of_nominal", cast.cpc, nominal_id=cast.nominal)["blocks"]
    assert [one.do for one in blocks] == ["Answer them", "Add them"]


def test_what_comes_up_after_the_request_blocks_the_agreement(
    records: World, cast: Cast, there: There
) -> None:
    transfer = ask_for(records, cast)
    meeting = record(records, cast.manager, cast)
    answer = {"transfer_id": transfer, **there.people}
    assert refusal(records, "transfers.agree", there.cpc, **answer).code == "R29"
    minute(records, cast.manager, cast, meeting)
    assert records.run("transfers.agree", there.cpc, **answer)["state"] == "completed"


def test_where_a_record_may_go(records: World, cast: Cast) -> None:
    for unit, field in (("pdu-N55BAC", "to_unit"), ("prison-LEI", "to_unit"), ("nowhere", "to_unit")):
        with pytest.raises(Invalid) as wrong:
            ask_for(records, cast, to_unit=unit)
        assert set(wrong.value.errors) == {field}
    new = {"nominal_id": cast.nominal, "to_unit": "force-13", "reason": REASON}
    assert refusal(records, "transfers.request", cast.cpc, **new).code == "R17"  # category 2 is probation's


@pytest.mark.clause("SC-17.3.2")
def test_across_the_border_the_category_is_named(records: World, cast: Cast) -> None:
    likely = records.nominal(category="1", level=1)
    for nominal in (cast.nominal, likely):
        with pytest.raises(Invalid) as wrong:
            ask_for(records, cast, nominal_id=nominal, to_unit="force-scotland")
        assert set(wrong.value.errors) == {"category"}
    assert "most likely" in wrong.value.errors["category"][0]
    transfer = ask_for(records, cast, to_unit="force-scotland", category="RSO")
    (row,) = records.rows("SELECT category, to_jurisdiction FROM transfer WHERE id = :id", id=transfer)
    assert tuple(row) == ("RSO", "SCT")


@pytest.mark.clause("SC-17.3.2")
def test_across_the_border_the_other_side_confirms_the_category(records: World, cast: Cast) -> None:
    transfer = ask_for(records, cast, to_unit="force-scotland", category="RSO")
    scot = records.person("force-scotland", "cpc", name="Isla Cpc")
    people = {
        "manager_id": records.person("force-scotland", "manager").person_id,
        "supervisor_id": records.person("force-scotland", "supervisor").person_id,
    }
    for named in ({}, {"category": "ORSH"}):
        with pytest.raises(Invalid) as wrong:
            records.run("transfers.agree", scot, transfer_id=transfer, **people, **named)
        assert set(wrong.value.errors) == {"category"}
    records.run("transfers.agree", scot, transfer_id=transfer, **people, category="RSO")
    (row,) = records.rows("SELECT category, jurisdiction FROM nominal WHERE id = :id", id=cast.nominal)
    assert tuple(row) == ("RSO", "SCT")


@pytest.mark.clause("SC-17.10", "SC-17.3.2")
def test_a_record_that_leaves_scotland_has_no_lead_agency_any_more(records: World, there: There) -> None:
    scot = records.person("force-scotland", "cpc", name="Isla Cpc")
    of_scotland: dict[str, Any] = {
        "owner_unit": "force-scotland",
        "owner_agency": "police-scotland",
        "jurisdiction": "SCT",
    }
    nominal = records.nominal(
        category="ORSH",
        lead_agency="health_board",
        statutory_supervision=True,
        managing_unit="force-scotland",
        **of_scotland,
    )
    asked = {"nominal_id": nominal, "to_unit": SHEFFIELD, "reason": REASON, "category": "3"}
    transfer = UUID(records.run("transfers.request", scot, **asked)["id"])
    records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people, category="3")
    (row,) = records.rows("SELECT category, lead_agency FROM nominal WHERE id = :id", id=nominal)
    assert tuple(row) == ("3", None)


@pytest.mark.clause("PF-4.16k.2")
def test_nobody_agrees_to_what_they_asked_for(records: World, cast: Cast, there: There) -> None:
    both = records.person("area-53", "cpc", name="Bea Both", deputy_for=(SOUTH_YORKSHIRE,))
    transfer = ask_for(records, cast, both)
    assert refusal(records, "transfers.agree", both, transfer_id=transfer, **there.people).code == "R23"
    records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people)


def test_those_who_look_after_it_hold_the_tokens_there(records: World, cast: Cast, there: There) -> None:
    transfer = ask_for(records, cast)
    people = {"manager_id": cast.manager.person_id, "supervisor_id": there.manager.person_id}
    with pytest.raises(Invalid) as wrong:
        records.run("transfers.agree", there.cpc, transfer_id=transfer, **people)
    assert set(wrong.value.errors) == {"manager_id", "supervisor_id"}
    assert records.rows("SELECT state FROM transfer") == [("requested",)]


@pytest.mark.clause("PF-4.16l.2")
def test_under_limited_access_the_new_people_come_onto_the_list(
    records: World, cast: Cast, there: There
) -> None:
    nominal = records.nominal(limited_access=True, surname="Hidden")
    transfer = ask_for(records, cast, nominal_id=nominal)
    shown = records.ask("transfers.list", there.cpc, show="open")
    assert [one.id for one in shown["transfers"]] == [transfer]
    assert nominal not in shown["lines"]  # no name before the record is theirs
    records.run("transfers.agree", there.cpc, transfer_id=transfer, **there.people)
    records.ask("activity_log.read", there.manager, nominal_id=nominal)


def test_what_is_not_there(records: World, cast: Cast, there: There) -> None:
    for name, given in (
        ("transfers.agree", there.people),
        ("transfers.refuse", {"text": "No, not this one."}),
    ):
        with pytest.raises(NotFound):
            records.run(name, there.cpc, transfer_id=new_id(), **given)
    archived = records.nominal(status="archived")
    new = {"nominal_id": archived, "to_unit": SHEFFIELD, "reason": REASON}
    assert refusal(records, "transfers.request", cast.cpc, **new).code == "R27"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"to_unit", "reason"}),
        ({"to_unit": 7, "reason": "short", "surprise": 1}, {"to_unit", "reason", "surprise"}),
        ({"to_unit": "x" * 500, "reason": " " * 20, "category": "9"}, {"to_unit", "reason", "category"}),
        ({"to_unit": SHEFFIELD, "reason": "\u0000" * 20}, {"reason"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.cpc).send(f"/nominals/{cast.nominal}/transfers", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields


def test_the_pages(records: World, cast: Cast, there: There, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/transfers"
    asking, answering = web(cast.cpc), web(there.cpc)
    assert "This record was never transferred." in asking.get(base).text
    typed = {"to_unit": SHEFFIELD, "reason": REASON, "proposed_manager_id-find": "Nell"}
    assert "In Sheffield" in asking.fill(f"{base}/new", **typed).text, "whoever is found is chosen first"
    typed["proposed_manager_id"] = str(there.manager.person_id)
    sent = asking.fill(f"{base}/new", **typed, **{"proposed_manager_id-for": "Nell"})
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"].removeprefix("/records").partition("?")[0]
    assert "Example" in answering.get("/transfers").text
    shown = answering.get(place).text
    assert REASON in shown
    assert "Seen by the receiving side" in shown
    assert "Manager proposed" in shown
    chosen = f'<option value="{there.manager.person_id}" selected>Nell Manager'
    assert chosen in answering.get(f"{place}/agreement/new").text
    for form in ("agreement", "question", "refusal"):
        assert asking.get(f"{place}/{form}/new").status_code == 403, (
            "the other side's, and said before typing"
        )
    assert answering.get(f"{place}/withdrawal/new").status_code == 403
    assert answering.fill(f"{place}/question/new", text="Which address is meant?").status_code == 303
    assert "Answer the question" in asking.get(place).text
    assert asking.fill(f"{place}/reply/new", text="The one in Sheffield.").status_code == 303
    people = {name: str(id) for name, id in there.people.items()}
    agreed = answering.fill(f"{place}/agreement/new", **people)
    assert agreed.status_code == 303, agreed.text
    assert "Completed" in answering.get(place).text
    assert answering.get(f"{place}/refusal/new").status_code == 409
    assert "Partners from before" in answering.get(place).text
    assert asking.get(place).status_code == 422  # R13: it is no longer theirs, and they give a reason first
    assert "Completed" in answering.get("/transfers?show=over").text
