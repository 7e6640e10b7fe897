"""Granting and refusing partnership, and ending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import NotFound
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web, agencies, at_once, codes, refusal, told

GRANTED, REFUSED = "records.partnership.granted", "records.partnership.refused"
NO = "The person is about to be released."


@pytest.fixture
def request_id(records: World, cast: Cast) -> str:
    why = "He is held in our prison."
    asked = records.run("partnership.request", cast.prison, nominal_id=cast.nominal, whom="unit", reason=why)
    return str(asked["id"])


def decide(world: World, name: str, who: Principal, cast: Cast, request_id: str) -> Any:
    more = {"answer": NO} if name == "refuse" else {}
    return world.run(f"partnership.{name}", who, nominal_id=cast.nominal, request_id=UUID(request_id), **more)


@pytest.mark.clause("PF-4.25.2", "PF-7/Partner.1", "PF-7/Partner.2")
@pytest.mark.parametrize("role", ["manager", "supervisor", "lpc", "cpc"])
def test_each_of_the_four_may_grant_and_every_partner_is_told(
    records: World, cast: Cast, request_id: str, role: str
) -> None:
    answer = decide(records, "grant", getattr(cast, role), cast, request_id)

    assert answer["state"] == "granted"
    assert told(records, GRANTED) == [("partner", "Carl Colleague"), ("partner", "Petra Prison")]
    assert agencies(records, GRANTED) == ["prison-service", "probation-service"]
    assert records.audit()[-1] == ("partnership.grant", "done", None)
    rows = records.rows(
        "SELECT person_id, granted_by, requested_by FROM partnership WHERE request_id IS NOT NULL"
    )
    assert {row.person_id for row in rows} == {cast.prison.person_id, cast.colleague.person_id}
    assert {row.granted_by for row in rows} == {getattr(cast, role).person_id}
    assert {row.requested_by for row in rows} == {cast.prison.person_id}
    # From now on no reason is asked.
    assert records.ask("nominals.summary", cast.colleague, nominal_id=cast.nominal)["standings"] == [
        "partner"
    ]
    assert len(records.events("records.standing.changed")) > 0


def test_an_agency_whose_last_partner_left_is_told_that_nobody_stands_any_more(
    records: World, cast: Cast, request_id: str
) -> None:
    given = {"nominal_id": cast.nominal, "request_id": UUID(request_id)}
    records.run("partnership.grant", cast.manager, **given)
    standing = "records.standing.changed"
    prisons = {
        row[0] for row in records.rows("SELECT person_id FROM partnership WHERE agency = 'prison-service'")
    }
    for person in prisons:
        gone = {"nominal_id": cast.nominal, "person_id": person, "reason": "He was released."}
        records.run("partnership.end", cast.manager, **gone)
    last = [(data, copies) for data, copies in records.events(standing)]
    version = max(data["version"] for data, _ in last)
    told = {copies[0]["agency"]: data for data, copies in last if data["version"] == version}
    assert told["prison-service"]["standings"] == []
    assert told["probation-service"]["standings"] != []
    assert {data["chunks"] for data in told.values()} == {len(told)}


@pytest.mark.clause("PF-7/CPC Prison.2")
def test_who_may_not_decide(records: World, cast: Cast, request_id: str) -> None:
    for who, code in (
        (cast.prison, "R30"),
        (cast.prison_cpc, "R30"),
        (cast.partner, "R11"),
        (cast.stranger, "R11"),
        (cast.admin, "R11"),
    ):
        for name, more in (("grant", {}), ("refuse", {"answer": NO})):
            given = {"nominal_id": cast.nominal, "request_id": UUID(request_id), **more}
            assert refusal(records, f"partnership.{name}", who, **given).code == code
    elsewhere = records.person("pdu-N55BAC", "manager", name="Other Manager")
    given = {"nominal_id": cast.nominal, "request_id": UUID(request_id)}
    assert refusal(records, "partnership.grant", elsewhere, **given).code == "R11"
    assert records.rows("SELECT state FROM partnership_request") == [("requested",)]


def test_a_request_of_another_record_is_not_found(records: World, cast: Cast, request_id: str) -> None:
    other = records.nominal(surname="Other", manager_id=cast.manager.person_id)
    for nominal, request in ((other, UUID(request_id)), (cast.nominal, new_id())):
        with pytest.raises(NotFound):
            records.run("partnership.grant", cast.manager, nominal_id=nominal, request_id=request)


@pytest.mark.clause("PF-7/ViSOR Tokens.3")
def test_who_left_or_lost_the_token_meanwhile_is_left_out(
    records: World, cast: Cast, request_id: str
) -> None:
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE directory_person SET active = false WHERE name = 'Carl Colleague'")
        connection.exec_driver_sql(
            "DELETE FROM directory_grant WHERE person_id = (SELECT id FROM directory_person"
            " WHERE name = 'Petra Prison')"
        )
    decide(records, "grant", cast.manager, cast, request_id)
    assert told(records, GRANTED) == [("requester", "Petra Prison")]
    assert records.rows("SELECT count(*) FROM partnership WHERE request_id IS NOT NULL") == [(0,)]


def test_who_became_partner_meanwhile_is_told_and_not_doubled(
    records: World, cast: Cast, request_id: str
) -> None:
    why = "I manage him on my wing."
    alone = records.run("partnership.request", cast.colleague, nominal_id=cast.nominal, whom="me", reason=why)
    decide(records, "grant", cast.manager, cast, str(alone["id"]))
    decide(records, "grant", cast.lpc, cast, request_id)
    assert len(told(records, GRANTED)) == 2
    assert records.rows("SELECT count(*) FROM partnership WHERE agency = 'prison-service'") == [(2,)]


@pytest.mark.parametrize("names", [("grant", "grant"), ("grant", "refuse"), ("refuse", "refuse")])
def test_two_who_decide_at_one_moment_decide_once(
    records: World, cast: Cast, request_id: str, names: tuple[str, str]
) -> None:
    first, second = names
    results = at_once(
        lambda: decide(records, first, cast.manager, cast, request_id),
        lambda: decide(records, second, cast.lpc, cast, request_id),
    )
    assert codes(results) == ["R34", "done"]
    assert len(records.events(GRANTED)) + len(records.events(REFUSED)) == 1
    [(state, partners)] = records.rows(
        "SELECT state, (SELECT count(*) FROM partnership WHERE request_id IS NOT NULL) FROM partnership_request"
    )
    assert partners == (2 if state == "granted" else 0)


@pytest.mark.clause("PF-5.15")
def test_a_refusal_tells_who_asked_and_why(records: World, cast: Cast, request_id: str) -> None:
    decide(records, "refuse", cast.manager, cast, request_id)
    assert told(records, REFUSED) == [("requester", "Petra Prison")]
    read = records.ask("partnership.read_request", cast.prison, request_id=UUID(request_id))
    assert (read["state"], read["answer"], read["may_decide"]) == ("refused", NO, False)
    kept = records.rows("SELECT answer FROM partnership_request")
    assert b"released" not in bytes(kept[0][0])
    # They may ask again.
    why = "The release was put off by a year."
    records.run("partnership.request", cast.prison, nominal_id=cast.nominal, whom="unit", reason=why)


def test_the_pages_of_a_decision(
    records: World, cast: Cast, request_id: str, web: Callable[[Principal], Web]
) -> None:
    base = f"/nominals/{cast.nominal}/partnership/requests/{request_id}"
    manager = web(cast.manager)
    assert "Grant partnership" in manager.get(f"/partnership/requests/{request_id}").text
    assert f'href="/records/partnership/requests/{request_id}"' in manager.get(f"{base}/grant").text
    assert manager.fill(f"{base}/refuse", answer="no").status_code == 422
    assert web(cast.partner).get(f"{base}/grant").status_code == 403
    assert web(cast.prison).get(f"{base}/refuse").status_code == 422  # R30

    both = [str(cast.prison.person_id), str(cast.colleague.person_id)]
    sent = manager.fill(f"{base}/grant", people=both)

    assert sent.status_code == 303
    assert "Each partner has been told" in manager.get(sent.headers["location"].removeprefix("/records")).text
    assert manager.get(f"{base}/grant").status_code == 409
    assert "already granted" in manager.get(f"{base}/refuse").text


@pytest.mark.parametrize("body", [{}, {"answer": None}, {"answer": "no"}, {"answer": NO, "surprise": 1}])
def test_bad_input_of_a_refusal(
    records: World, cast: Cast, request_id: str, web: Callable[[Principal], Web], body: dict[str, Any]
) -> None:
    path = f"/nominals/{cast.nominal}/partnership/requests/{request_id}/refuse"
    answer = web(cast.manager).send(path, body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == ({"surprise"} if "surprise" in body else {"answer"})


@pytest.mark.clause("PF-7/Partner.1", "PF-5.9.7")
def test_an_ended_partnership_opens_nothing(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    manager = web(cast.manager)
    page = f"/nominals/{cast.nominal}/partners"
    assert "Paul Police" in manager.get(page).text
    assert "Remove" not in web(cast.partner).get(page).text

    sent = manager.fill(f"{page}/{cast.partner.person_id}/remove", reason="She moved to traffic.")

    assert sent.status_code == 303
    assert (
        "The partner is removed, and told."
        in manager.get(sent.headers["location"].removeprefix("/records")).text
    )
    assert refusal(records, "nominals.summary", cast.partner, nominal_id=cast.nominal).code == "R13"
    assert manager.get(f"{page}/{cast.partner.person_id}/remove").status_code == 404
    [(ended_by,)] = records.rows("SELECT ended_by FROM partnership")
    assert ended_by == cast.manager.person_id


def test_a_partner_removed_by_two_at_one_moment_is_removed_once(records: World, cast: Cast) -> None:
    def end(who: Principal) -> Any:
        given = {"nominal_id": cast.nominal, "person_id": cast.partner.person_id, "reason": "She moved away."}
        return records.run("partnership.end", who, **given)

    results = at_once(lambda: end(cast.manager), lambda: end(cast.lpc))
    assert sum(isinstance(one, NotFound) for one in results) == 1
    assert codes([one for one in results if not isinstance(one, NotFound)]) == ["done"]


def test_who_may_not_end_a_partnership(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "person_id": cast.partner.person_id, "reason": "She moved away."}
    assert refusal(records, "partnership.end", cast.partner, **given).code == "R11"
    assert refusal(records, "partnership.end", cast.prison, **given).code == "R30"


def test_the_partners_page_for_who_opened_with_a_reason(records: World, cast: Cast) -> None:
    assert refusal(records, "partnership.partners", cast.stranger, nominal_id=cast.nominal).code == "R13"
    why = "Checking the risk before a visit."
    records.run("access.open", cast.stranger, nominal_id=cast.nominal, reason_type="other", reason=why)
    seen = records.ask("partnership.partners", cast.stranger, nominal_id=cast.nominal)
    assert (seen["may_decide"], seen["may_request"]) == (False, True)
