"""The HMPPS Offender Manager: a partner at the owner's click, or a line of the General Comments; and the check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.records.offender_managers.rules import line_of, noted
from shared.access.principal import Principal
from tests.servers.records import PRISON, World, again
from tests.services.records.conftest import Cast, Web, refusal, told

NOT_A_USER: dict[str, Any] = {
    "role": "POM",
    "full_name": "Olive  Officer",
    "email": "olive@example.invalid",
    "telephone": "0113 496 0001",
}
LINE = "POM (no ViSOR user): Olive Officer; olive@example.invalid; 0113 496 0001"


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
