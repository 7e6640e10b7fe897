"""The HMPPS Offender Manager: a partner at the owner's click, or a line of the General Comments; and the check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from services.records.offender_managers.rules import agrees, line_of, noted, without
from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import LEEDS, NOW, PRISON, World, again
from tests.services.records.conftest import NOMS, Cast, Web, at_once_behind, codes, feed, refusal, told

NOT_A_USER: dict[str, Any] = {
    "role": "POM",
    "full_name": "Olive  Officer",
    "email": "olive@example.invalid",
    "telephone": "0113 496 0001",
}
LINE = "POM (no ViSOR user): Olive Officer; olive@example.invalid; 0113 496 0001"


DIFFERS, SETTLED = "records.offender_manager.differs", "records.offender_manager.settled"


@pytest.fixture
def com(records: World, cast: Cast) -> Principal:
    """Recorded on the nominal, which is not in custody."""
    who = records.person("pdu-N55LEE", "partner", roles=("practitioner",), name="Cora Com")
    given = {"version": 1, "offender_manager_id": str(who.person_id)}
    records.run("nominals.change", cast.manager, nominal_id=cast.nominal, **given)
    return who


@pytest.mark.clause("PF-7/HMPPS OM summary.3")
def test_who_is_no_user_stands_in_the_general_comments(records: World, cast: Cast) -> None:
    given = {"version": 1, "general_comments": "Prefers letters."}
    records.run("nominals.change", cast.manager, nominal_id=cast.nominal, **given)
    before = records.rows("SELECT count(*) FROM directory_person")
    noted_now = records.run("offender_managers.note", cast.manager, nominal_id=cast.nominal, **NOT_A_USER)
    assert noted_now["general_comments"] == f"{LINE}\nPrefers letters."
    again_now = records.run(
        "offender_managers.note",
        cast.partner,
        nominal_id=cast.nominal,
        **NOT_A_USER | {"telephone": "0113 496 0002"},
    )
    assert again_now["general_comments"].count("POM (no ViSOR user)") == 1
    assert records.rows("SELECT count(*) FROM directory_person") == before
    assert (
        refusal(records, "offender_managers.note", cast.stranger, nominal_id=cast.nominal, **NOT_A_USER).code
        == "R14"
    )


def test_the_line_and_its_place() -> None:
    assert line_of("POM", "Olive Officer", "olive@example.invalid", "0113 496 0001") == LINE
    assert noted(None, "POM", LINE) == LINE
    assert (
        noted(f"{LINE}\nOther", "COM", "COM (no ViSOR user): X; Y; Z")
        == f"COM (no ViSOR user): X; Y; Z\n{LINE}\nOther"
    )


@pytest.mark.parametrize(
    ("recorded", "comments", "expected"),
    [
        ("Olive@Example.invalid ", None, True),
        ("cora@example.invalid", LINE, False),
        (None, f"Prefers letters.\n{LINE}", True),
        (None, LINE.replace("POM", "COM"), False),
        (None, "Write to olive@example.invalid", False),
        (None, None, False),
    ],
)
def test_whether_the_record_has_whom_the_other_system_names(
    recorded: str | None, comments: str | None, expected: bool
) -> None:
    assert agrees(recorded, comments, "POM", "olive@example.invalid") is expected
    assert without(f"{LINE}\nOther", "POM") == "Other"
    assert line_of("POM", "Olive Officer", "olive@example.invalid", "") == LINE.rpartition(";")[0]


@pytest.mark.clause("PF-7/HMPPS OM summary.2")
def test_the_owner_adds_the_offender_manager_with_one_click(
    records: World, cast: Cast, com: Principal
) -> None:
    records.run("offender_managers.ask", cast.partner, nominal_id=cast.nominal)
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert (entry.kind, "Cora Com" in entry.text) == ("request_to_add", True)
    assert ("manager", "Mary Manager") in told(records, "records.offender_manager.asked")
    assert refusal(records, "offender_managers.accept", cast.partner, nominal_id=cast.nominal).code == "R11"
    records.run("offender_managers.accept", cast.manager, nominal_id=cast.nominal)
    assert told(records, "records.offender_manager.added") == [("partner", "Cora Com")]
    assert "partner" in records.ask("nominals.summary", again(com), nominal_id=cast.nominal)["standings"]
    records.run("offender_managers.accept", cast.manager, nominal_id=cast.nominal)
    partners = records.rows("SELECT count(*) FROM partnership WHERE person_id = :id", id=com.person_id)
    assert partners == [(1,)]


@pytest.mark.clause("PF-7/HMPPS OM.1", "PF-4.24", "PF-5.17")
def test_reception_and_release_switch_between_pom_and_com(records: World, cast: Cast, com: Principal) -> None:
    pom = records.person(PRISON, "partner", roles=("pom",), name="Piet Pom")

    def moved(kind: str, at: str) -> Any:
        given = {"kind": kind, "prison": PRISON, "at": f"2026-03-{at}T10:00:00+00:00"}
        records.run("custody.record", cast.manager, nominal_id=cast.nominal, **given)
        return records.ask("nominals.summary", again(cast.manager), nominal_id=cast.nominal)

    summary = moved("received", "20")
    assert (summary["offender_manager_role"], summary["expected_offender_manager"]) == ("COM", "POM")
    given = {"version": summary["version"], "offender_manager_id": str(pom.person_id)}
    records.run("nominals.change", cast.manager, nominal_id=cast.nominal, **given)
    summary = records.ask("nominals.summary", again(cast.manager), nominal_id=cast.nominal)
    assert (summary["offender_manager"]["name"], summary["other_offender_manager"]["name"]) == (
        "Piet Pom",
        "Cora Com",
    )
    summary = moved("released", "25")
    assert (summary["offender_manager"]["name"], summary["other_offender_manager"]) == ("Cora Com", None)


def test_without_one_recorded_there_is_nobody_to_add(records: World, cast: Cast) -> None:
    assert refusal(records, "offender_managers.ask", cast.manager, nominal_id=cast.nominal).code == "R34"


@pytest.mark.clause("PF-4.31")
def test_checked_before_contact(
    records: World, cast: Cast, com: Principal, web: Callable[[Principal], Web]
) -> None:
    browser = web(cast.partner)
    base = f"/nominals/{cast.nominal}"
    assert browser.fill(f"{base}/checks/new").status_code == 303
    [entry] = records.ask("activity_log.read", cast.manager, nominal_id=cast.nominal)["entries"]
    assert (entry.author_id, "before contact" in entry.text) == (cast.partner.person_id, True)
    assert refusal(records, "record_checks.check", cast.stranger, nominal_id=cast.nominal).code == "R14"
    assert browser.fill(f"{base}/hmpps-manager/note", **NOT_A_USER | {"telephone": "1;2"}).status_code == 422
    assert browser.fill(f"{base}/hmpps-manager/note", **NOT_A_USER).status_code == 303
    assert "Cora Com" in browser.get(base).text
    assert browser.fill(f"{base}/hmpps-manager/ask").status_code == 303
    assert web(cast.manager).fill(f"{base}/hmpps-manager/accept").status_code == 303


def named(records: World, who: str | Principal, **changes: Any) -> str:
    """What becomes of it that nDelius names this user, or somebody of this name, as COM; with `noms`, NOMIS as POM."""
    card = {"full_name": who, "email": f"{who}@example.org".replace(" ", ".").lower()}
    if isinstance(who, Principal):
        card = {"full_name": who.name, "email": f"{who.person_id}@example.invalid"}
    if "noms" in changes:
        message = card | {"telephone": "0113 496 0003"} | changes
        return str(records.run("offender_managers.hear_pom", feed(), **message)["outcome"])
    message = card | {"crn": "X000002", "unit": LEEDS} | changes
    client = feed("integration.ndelius")
    return str(records.run("offender_managers.hear_com", client, **message)["outcome"])


@pytest.fixture
def supervised(records: World, cast: Cast) -> UUID:
    return records.nominal(
        manager_id=cast.manager.person_id, partners=(cast.partner,), numbers={"crn": "X000002"}
    )


@pytest.mark.clause("PF-4.24")
def test_whom_ndelius_names_and_the_record_has_not_is_a_task_until_the_record_has_them(
    records: World, cast: Cast, supervised: UUID, web: Callable[[Principal], Web]
) -> None:
    cora = records.person(LEEDS, "partner", name="Cora Com")
    assert named(records, cora) == "differs"
    assert told(records, DIFFERS) == [("manager", "Mary Manager")]
    assert named(records, cora) == "known"
    page = f"/nominals/{supervised}/hmpps-manager/named/{records.events(DIFFERS)[0][0]['named_id']}/record"
    assert web(cast.stranger).get(page).status_code == 403
    assert "nDelius names Cora Com as Community offender manager" in web(cast.manager).get(page).text
    assert web(cast.manager).fill(page).status_code == 303
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["settled"]
    summary = records.ask("nominals.summary", cast.manager, nominal_id=supervised)
    assert summary["offender_manager"]["name"] == "Cora Com"
    assert web(cast.manager).get(page).status_code == 409, "it is done"
    assert named(records, cora) == "agrees"
    assert len(records.events(DIFFERS)) == 1
    assert not records.rows("SELECT said FROM offender_manager_named WHERE said LIKE '%Cora%'::bytea")


@pytest.mark.clause("PF-4.24")
def test_recording_them_in_any_other_way_is_enough_and_another_name_is_another_task(
    records: World, cast: Cast, supervised: UUID
) -> None:
    assert named(records, "Olive Officer") == "differs"
    assert named(records, "Peter Probation") == "differs"
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["over"]
    peter = NOT_A_USER | {"full_name": "Peter Probation", "email": "Peter.Probation@example.org"}
    records.run("offender_managers.note", cast.partner, nominal_id=supervised, **peter)
    assert len(records.events(SETTLED)) == 1, "as POM he is not the one whom nDelius names"
    records.run("offender_managers.note", cast.partner, nominal_id=supervised, **peter | {"role": "COM"})
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["over", "settled"]
    cora = records.person(LEEDS, "partner", name="Cora Com")
    assert named(records, cora) == "differs"
    version = records.rows("SELECT version FROM nominal WHERE id = :id", id=supervised)[0][0]
    given = {"version": version, "offender_manager_id": str(cora.person_id)}
    records.run("nominals.change", cast.manager, nominal_id=supervised, **given)
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["over", "settled", "settled"]


@pytest.mark.clause("PF-4.24", "PF-5.17")
def test_whom_nomis_names_is_a_task_of_the_prison_while_the_person_is_there(
    records: World, cast: Cast
) -> None:
    assert named(records, "Olive Officer", noms=NOMS) == "not_in_custody"
    at = {"prison": PRISON, "at": NOW.isoformat()}
    records.run("custody.record", cast.manager, nominal_id=cast.nominal, kind="received", **at)
    pom = records.person(PRISON, "partner", name="Polly Pom")
    records.partner(cast.nominal, cast.prison)
    given = {"version": 2, "offender_manager_id": str(pom.person_id)}
    records.run("nominals.change", cast.prison, nominal_id=cast.nominal, **given)
    assert named(records, pom, noms=NOMS) == "agrees"
    assert named(records, "Olive Officer", noms=NOMS.lower()) == "differs"
    assert told(records, DIFFERS) == [("prison_administrator", "Petra Prison")]
    taken = {"nominal_id": cast.nominal, "named_id": UUID(records.events(DIFFERS)[0][0]["named_id"])}
    records.run("offender_managers.take", cast.prison, **taken)
    summary = records.ask("nominals.summary", cast.prison, nominal_id=cast.nominal)
    line = "POM (no ViSOR user): Olive Officer; olive.officer@example.org; 0113 496 0003"
    assert (summary["offender_manager"], summary["general_comments"]) == (None, line)
    assert named(records, pom, noms=NOMS) == "differs"
    records.later(days=1)
    left = {"kind": "released", "prison": PRISON, "at": records.policy.at.isoformat()}
    records.run("custody.record", cast.prison, nominal_id=cast.nominal, **left)
    assert [data["state"] for data, _ in records.events(SETTLED)] == ["settled", "over"]


@pytest.mark.clause("PF-4.24")
def test_who_is_told_of_a_record_of_the_police_and_what_is_no_task(records: World, cast: Cast) -> None:
    records.nominal(
        owner_unit="force-13", owner_agency="west-yorkshire-police", numbers={"crn": "X000003"}, category="1"
    )
    records.person(LEEDS, "partner", roles=("case_administrator",), name="Alan Administrator")
    assert named(records, "Olive Officer", crn="X000003") == "differs"
    assert told(records, DIFFERS) == [("case_administrator", "Alan Administrator")]
    records.nominal(status="archived", numbers={"crn": "X000004"})
    assert named(records, "Olive Officer", crn="X000004") == "archived"
    assert told(records, "records.archive.heard_of") == [("cpc", "Colin Cpc")]
    assert named(records, "Olive Officer", crn="X999999") == "no_record"
    for wrong in ({"unit": PRISON}, {"email": "olive"}, {"telephone": "1;2"}, {"full_name": " "}):
        with pytest.raises((Invalid, ValidationError)):
            named(records, "Olive Officer", **wrong)
    message = {"full_name": "Olive", "email": "o@example.org", "crn": "X000003", "unit": LEEDS}
    assert refusal(records, "offender_managers.hear_com", cast.cpc, **message).code == "R11"
    assert refusal(records, "offender_managers.hear_com", feed(), **message).code == "R11", (
        "of another system"
    )


@pytest.mark.clause("PF-4.24")
def test_two_who_take_it_over_at_one_moment(records: World, cast: Cast, supervised: UUID) -> None:
    """Both have found it waiting before either records them: the second hears that it is settled."""
    named(records, "Olive Officer")
    taken = {"nominal_id": supervised, "named_id": UUID(records.events(DIFFERS)[0][0]["named_id"])}
    done = at_once_behind(
        records,
        f"SELECT FROM nominal WHERE id = '{supervised}'",
        *(
            lambda who=who: records.run("offender_managers.take", who, **taken)
            for who in (cast.manager, cast.partner)
        ),
    )
    assert codes(done) == ["R34", "done"]
    assert len(records.events(SETTLED)) == 1
    assert [row.act for row in records.rows("SELECT act FROM nominal_change")] == ["offender_manager"]
