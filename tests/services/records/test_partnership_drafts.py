"""Police-owned records of people whom probation supervises: the request is drafted for the unit (PF-4.26)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.records.partnership.nightly import NightlyMatch
from shared.refusals import Invalid
from tests.servers.records import LEEDS, WEST_YORKSHIRE_POLICE, World
from tests.services.records.conftest import Cast, feed, refusal, told

DRAFTED, REQUESTED = "records.partnership.request_drafted", "records.partnership.requested"
CRN = "X123456"


def police_owned(world: World, **changes: Any) -> UUID:
    place: dict[str, Any] = {
        "owner_unit": WEST_YORKSHIRE_POLICE,
        "owner_agency": "police-13",
        "managing_unit": WEST_YORKSHIRE_POLICE,
    }
    given: dict[str, Any] = {"category": "1", "level": 1, "numbers": {"crn": CRN}, "surname": "Police"}
    return world.nominal(**place, **given | changes)


def hear(world: World, crn: str = CRN, unit: str = LEEDS, **more: Any) -> str:
    client = feed("integration.ndelius")
    return str(world.run("partnership.hear_supervision", client, crn=crn, unit=unit, **more)["outcome"])


@pytest.mark.clause("PF-4.26.1", "PF-4.26.2", "PI-3.3.2")
def test_a_request_is_drafted_and_sent_for_all_users_of_the_unit(records: World, cast: Cast) -> None:
    cass = records.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    manager = records.person(WEST_YORKSHIRE_POLICE, "manager", name="Pol Manager")
    nominal = police_owned(records, manager_id=manager.person_id)
    assert [hear(records), hear(records)] == ["drafted", "known"]
    assert told(records, DRAFTED) == [("case_administrator", "Cass Admin")]
    [draft] = records.ask("partnership.drafts", cass)["drafts"]
    sent = records.run("partnership.send_draft", cass, draft_id=draft.id)
    assert ("manager", "Pol Manager") in told(records, REQUESTED)
    request = UUID(sent["request_id"])
    users = {
        one.name for one in records.ask("partnership.read_request", manager, request_id=request)["people"]
    }
    assert users == {"Cass Admin", "Lena Lpc", "Mary Manager"}
    assert hear(records) == "known", "it waits to be decided"
    records.run("partnership.grant", manager, nominal_id=nominal, request_id=request)
    assert hear(records) == "partner"


@pytest.mark.clause("PF-4.26.1", "PF-4.26.2")
def test_the_nightly_match_finds_what_became_the_polices_later(records: World, cast: Cast) -> None:
    assert hear(records) == "no_record"
    tonight = NightlyMatch()

    def night() -> int:
        with records.runtime.system_work("test") as work:
            return tonight(work)

    assert night() == 0
    police_owned(records)
    assert night() == 0, "once a night"
    records.later(days=1)
    assert night() == 1
    records.later(days=1)
    assert night() == 0, "what is drafted is not drafted again"
    assert len(records.events(DRAFTED)) == 1
    police_owned(records, numbers={"crn": "X000009"}, surname="Over")
    assert [hear(records, "X000009", over=True), hear(records, "X000009", over=True)] == ["over", "over"]
    records.later(days=1)
    assert night() == 0, "nobody supervises them any more"


@pytest.mark.clause("PF-4.26.1")
def test_a_match_that_failed_is_made_again_in_the_same_night(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(records)
    police_owned(records)
    tonight = NightlyMatch()

    def night() -> int:
        with records.runtime.system_work("test") as work:
            return tonight(work)

    with monkeypatch.context() as away:
        away.setattr("services.records.partnership.nightly.match", broken)
        with pytest.raises(ConnectionError):
            night()
    assert (night(), night()) == (1, 0)


def broken(*_given: object) -> bool:
    raise ConnectionError


@pytest.mark.clause("PI-3.5.1")
@pytest.mark.parametrize(
    ("value", "level", "outcome"), [(True, 1, "drafted"), (False, 1, "off"), (False, 2, "drafted")]
)
def test_the_policy_of_2009_keeps_probation_off_category_1_level_1(
    records: World, monkeypatch: pytest.MonkeyPatch, value: bool, level: int, outcome: str
) -> None:
    police_owned(records, level=level)
    monkeypatch.setattr("shared.policy.policy.Policy.flag", lambda *_: value)
    assert hear(records) == outcome


def test_what_is_not_drafted(records: World, cast: Cast) -> None:
    records.nominal(surname="Own", numbers={"crn": "X000001"})
    police_owned(records, numbers={"crn": "X000002"}, status="archived")
    assert [hear(records, "X000001"), hear(records, "X000002"), hear(records, "X999999")] == [
        "own",
        "off",
        "no_record",
    ]
    for unit in ("nowhere", "force-13"):
        with pytest.raises(Invalid):
            hear(records, "X000001", unit)
    given = {"crn": CRN, "unit": LEEDS}
    assert refusal(records, "partnership.hear_supervision", feed(), **given).code == "R11"
    assert refusal(records, "partnership.hear_supervision", cast.manager, **given).code == "R11"


def test_a_dismissed_draft_is_not_drafted_again_on_the_same_day(records: World, cast: Cast) -> None:
    cass = records.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    police_owned(records)
    hear(records)
    [draft] = records.ask("partnership.drafts", cass)["drafts"]
    records.run("partnership.dismiss_draft", cass, draft_id=draft.id, reason="His order ended today.")
    assert hear(records) == "known"
    records.later(days=1)
    assert hear(records) == "drafted"
