"""Granting in part, adding partners without a request, ending with the reason, and the history of it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from tests.servers.records import LEEDS, PRISON, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, refusal, told

GRANTED, ADDED = "records.partnership.granted", "records.partnership.added"
ENDED, BEGAN = "records.partnership.removed", "records.partnership.began"
WHY = "They manage him on the wing."


def ask(world: World, cast: Cast, whom: str = "unit", **more: Any) -> UUID:
    given = {"nominal_id": cast.nominal, "whom": whom, "reason": WHY, **more}
    return UUID(world.run("partnership.request", cast.prison, **given)["id"])


def ids(*people: Principal) -> list[str]:
    return [str(one.person_id) for one in people]


@pytest.mark.clause("PF-5.13.3")
def test_a_request_can_be_for_some_of_the_unit(records: World, cast: Cast) -> None:
    request = ask(records, cast, "people", people=ids(cast.colleague))
    read = records.ask("partnership.read_request", cast.manager, request_id=request)
    assert [one.name for one in read["people"]] == ["Carl Colleague"]


@pytest.mark.clause("PF-7/ViSOR Tokens.3")
def test_whom_a_request_can_name(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "whom": "people", "reason": WHY}
    for people in ([], ids(cast.stranger), [str(new_id())]):
        with pytest.raises(Invalid) as wrong:
            records.run("partnership.request", cast.prison, **given, people=people)
        assert list(wrong.value.errors) == ["people"]
    plain = records.person(PRISON, name="No Token")
    refused = refusal(records, "partnership.request", cast.prison, **given, people=ids(plain))
    assert (refused.code, refused.contact and refused.contact.name) == ("R11", "No Token")


@pytest.mark.clause("PF-4.25.2")
def test_a_request_is_granted_in_part_with_the_reason(records: World, cast: Cast) -> None:
    request = ask(records, cast)
    given = {"nominal_id": cast.nominal, "request_id": request}
    for wrong, field in (
        ({"people": []}, "people"),
        ({"people": ids(cast.stranger)}, "people"),
        ({"people": ids(cast.colleague)}, "answer"),
        ({"people": ids(cast.colleague), "answer": "too few"}, "answer"),
    ):
        with pytest.raises(Invalid) as problem:
            records.run("partnership.grant", cast.manager, **given, **wrong)
        assert list(problem.value.errors) == [field]
    more = {"people": ids(cast.colleague), "answer": "The other one has left the wing."}
    records.run("partnership.grant", cast.manager, **given, **more)
    assert told(records, GRANTED) == [("partner", "Carl Colleague"), ("requester", "Petra Prison")]
    read = records.ask("partnership.read_request", cast.prison, request_id=request)
    assert [(one.name, one.left_out) for one in read["people"]] == [
        ("Carl Colleague", False),
        ("Petra Prison", True),
    ]
    assert (read["state"], read["answer"]) == ("granted", "The other one has left the wing.")
    # Who was left out may be asked for again.
    ask(records, cast, "people", people=ids(cast.prison))


def test_the_page_of_a_grant_has_everybody_ticked(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    path = f"/nominals/{cast.nominal}/partnership/requests/{ask(records, cast)}/grant"
    page = web(cast.manager).get(path).text
    assert page.count("checked") == 2
    assert web(cast.manager).fill(path).status_code == 422, "nobody ticked is nobody"
    some = {"people": ids(cast.prison), "answer": "The other one has left the wing."}
    assert web(cast.manager).fill(path, **some).status_code == 303


@pytest.mark.clause("PF-4.25.2")
@pytest.mark.parametrize("role", ["manager", "supervisor", "lpc", "cpc"])
def test_each_of_the_four_adds_partners_who_are_told(records: World, cast: Cast, role: str) -> None:
    given = {
        "nominal_id": cast.nominal,
        "people": ids(cast.prison, cast.colleague, cast.partner),
        "reason": WHY,
    }
    assert records.run("partnership.add", getattr(cast, role), **given)["added"] == 2
    assert told(records, ADDED) == [("partner", "Carl Colleague"), ("partner", "Petra Prison")]
    summary = records.ask("nominals.summary", cast.colleague, nominal_id=cast.nominal)
    assert summary["standings"] == ["partner"]
    with pytest.raises(Invalid):
        records.run("partnership.add", getattr(cast, role), **given)


@pytest.mark.clause("PF-4.25.2", "PF-7/ViSOR Tokens.3", "PF-7/CPC Prison.2")
def test_who_may_not_add_and_who_cannot_be_added(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "people": ids(cast.stranger), "reason": WHY}
    for who, code in (
        (cast.partner, "R11"),
        (cast.prison, "R30"),
        (cast.stranger, "R11"),
        (cast.admin, "R11"),
    ):
        assert refusal(records, "partnership.add", who, **given).code == code
    plain = records.person(LEEDS, name="No Token")
    refused = refusal(records, "partnership.add", cast.manager, **given | {"people": ids(plain)})
    assert (refused.code, refused.contact and refused.contact.name) == ("R11", "No Token")
    gone = records.person(LEEDS, "partner", name="Gone", active=False)
    for people in (ids(gone), [str(new_id())]):
        with pytest.raises(Invalid):
            records.run("partnership.add", cast.manager, **given | {"people": people})


def test_two_who_add_the_same_at_one_moment_add_once(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "people": ids(cast.prison), "reason": WHY}
    results = at_once(
        *[lambda who=who: records.run("partnership.add", who, **given) for who in (cast.manager, cast.lpc)]
    )
    assert sum(isinstance(one, Invalid) for one in results) == 1
    assert records.rows("SELECT count(*) FROM partnership WHERE agency = 'prison-service'") == [(1,)]


@pytest.mark.clause("PF-5.16", "PI-3.2.3", "PI-3.3.3")
def test_a_units_first_partner_opens_its_minimum_dataset(records: World, cast: Cast) -> None:
    request = ask(records, cast)
    records.run("partnership.grant", cast.manager, nominal_id=cast.nominal, request_id=request)
    [(data, _)] = records.events(BEGAN)
    assert (data["unit"], data["agency_kind"]) == (PRISON, "prison")
    assert told(records, BEGAN) == [("prison_administrator", "Petra Prison")]
    third = records.person(PRISON, "partner", name="Third")
    given = {"nominal_id": cast.nominal, "people": ids(third), "reason": WHY}
    records.run("partnership.add", cast.manager, **given)
    assert len(records.events(BEGAN)) == 1, "the unit is partner already"


def test_a_partnership_ends_with_its_reason_and_the_partner_is_told(records: World, cast: Cast) -> None:
    given = {
        "nominal_id": cast.nominal,
        "person_id": cast.partner.person_id,
        "reason": "She moved to traffic.",
    }
    records.run("partnership.end", cast.manager, **given)
    assert told(records, ENDED) == [("partner", "Paul Police")]
    assert agencies(records, ENDED) == ["police-13"]
    kept = records.rows("SELECT end_reason FROM partnership WHERE ended_at IS NOT NULL")[0][0]
    assert b"traffic" not in bytes(kept)
    assert refusal(records, "nominals.summary", cast.partner, nominal_id=cast.nominal).code == "R13"
    with pytest.raises(NotFound):
        records.run("partnership.end", cast.manager, **given)
    for who, code in ((cast.prison, "R30"), (cast.stranger, "R11"), (cast.admin, "R11")):
        assert refusal(records, "partnership.end", who, **given).code == code


def test_two_who_end_at_one_moment_end_once(records: World, cast: Cast) -> None:
    given = {
        "nominal_id": cast.nominal,
        "person_id": cast.partner.person_id,
        "reason": "She moved to traffic.",
    }
    results = at_once(
        *[lambda who=who: records.run("partnership.end", who, **given) for who in (cast.manager, cast.lpc)]
    )
    assert sorted(type(one).__name__ for one in results) == ["NotFound", "dict"]
    assert len(records.events(ENDED)) == 1


def test_the_history_shows_every_partnership_and_why_to_those_who_decide(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    given = {"nominal_id": cast.nominal, "people": ids(cast.prison), "reason": WHY}
    records.run("partnership.add", cast.manager, **given)
    end = {"nominal_id": cast.nominal, "person_id": cast.prison.person_id, "reason": "He was released."}
    records.run("partnership.end", cast.lpc, **end)
    page = f"/nominals/{cast.nominal}/partners/history"
    for who, seen in ((cast.manager, True), (cast.partner, False)):
        text = web(who).get(page).text
        assert "Petra Prison" in text
        assert ("He was released." in text) is seen
        assert (WHY in text) is seen
    lines = records.ask("partnership.history", cast.manager, nominal_id=cast.nominal)["partnerships"]
    assert [(one["name"], one["ended_at"] is None) for one in lines] == [
        ("Petra Prison", False),
        ("Paul Police", True),
    ]
    assert refusal(records, "partnership.history", cast.stranger, nominal_id=cast.nominal).code == "R13"


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/partners"
    manager = web(cast.manager)
    form = manager.get(f"{base}/add").text
    assert "Lena Lpc" in form
    assert "Stan Stranger" not in form
    assert manager.fill(f"{base}/add", reason=WHY).status_code == 422
    assert manager.fill(f"{base}/add", people=ids(cast.lpc), reason=WHY).status_code == 303
    assert "Lena Lpc" in manager.get(base).text
    assert manager.fill(f"{base}/{cast.lpc.person_id}/remove", reason="no").status_code == 422
    sent = manager.fill(f"{base}/{cast.lpc.person_id}/remove", reason="She moved to York.")
    assert "is removed, and told" in manager.get(sent.headers["location"].removeprefix("/records")).text
    assert web(cast.partner).get(f"{base}/add").status_code == 403
    form = web(cast.prison).get(f"/nominals/{cast.nominal}/partnership/requests/new").text
    assert "Carl Colleague" in form
