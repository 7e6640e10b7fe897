"""Asking for partnership (PF-5.13, PF-4.25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.refusals import Invalid, NotFound
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, codes, feed, refusal, told
from tests.services.records.test_custody_messages import message

pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")

REQUESTED = "records.partnership.requested"
WHY = "He is held in our prison."


def ask(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    given = {"nominal_id": cast.nominal, "whom": "unit", "reason": WHY} | changes
    return world.run("partnership.request", who, **given)


@pytest.mark.clause("PF-5.13.1", "PF-5.13.3", "PF-4.25.1", "PF-4.25.2")
def test_one_request_for_all_current_users_of_the_prison(records: World, cast: Cast) -> None:
    records.person(PRISON, "partner", active=False, name="Left Long Ago")
    records.person(PRISON, name="No Token")
    records.run("custody.hear", feed(), Message=message())

    answer = ask(records, cast.prison, cast)

    assert (answer["state"], answer["users"]) == ("requested", 2)
    [(data, _)] = records.events(REQUESTED)
    [(reception,)] = records.rows("SELECT id FROM custody_movement")
    assert data["for_reception"] == str(reception)
    assert data["users"] == 2
    assert told(records, REQUESTED) == [
        ("lpc", "Lena Lpc"),
        ("manager", "Mary Manager"),
        ("supervisor", "Sue Supervisor"),
    ]
    # The asking agency keeps the clock that this request stops.
    assert agencies(records, REQUESTED) == ["prison-service", "probation-service"]
    assert records.audit()[-1] == ("partnership.request", "done", None)
    [(facts, subject)] = records.rows(
        "SELECT facts, subject_id FROM audit_entry WHERE action = 'partnership.request'"
    )
    assert (facts["users"], str(subject)) == (2, answer["id"])


def test_a_request_after_a_trip_to_court_still_answers_the_reception(records: World, cast: Cast) -> None:
    records.run("custody.hear", feed(), Message=message())
    back = message(reason="RETURN_FROM_COURT", occurredAt=NOW.isoformat())
    records.run("custody.hear", feed(), Message=back)
    ask(records, cast.prison, cast)
    [(reception,)] = records.rows("SELECT id FROM custody_movement WHERE NOT for_a_while")
    assert records.events(REQUESTED)[0][0]["for_reception"] == str(reception)


def test_a_request_for_somebody_held_elsewhere_answers_no_reception(records: World, cast: Cast) -> None:
    records.run("custody.hear", feed(), Message=message(prisonId="WSI"))
    ask(records, cast.prison, cast)
    assert records.events(REQUESTED)[0][0]["for_reception"] is None


@pytest.mark.clause("PF-4.25.2")
def test_vacant_roles_are_reported(records: World, cast: Cast) -> None:
    orphan = records.nominal(surname="Orphan", managing_unit="pdu-N55WAK")
    ask(records, cast.prison, cast, nominal_id=orphan)
    assert told(records, REQUESTED) == [(role, "nobody") for role in ("lpc", "manager", "supervisor")]


def test_only_me(records: World, cast: Cast) -> None:
    assert ask(records, cast.prison, cast, whom="me")["users"] == 1
    assert records.rows("SELECT person_id FROM partnership_requested_user") == [(cast.prison.person_id,)]


def test_the_reason_lies_encrypted(records: World, cast: Cast) -> None:
    ask(records, cast.prison, cast)
    kept = records.rows("SELECT reason FROM partnership_request UNION ALL SELECT private FROM audit_entry")
    assert all(b"prison" not in bytes(row[0]) for row in kept if row[0])


@pytest.mark.clause("PF-7/ViSOR Tokens.3")
def test_who_may_not_ask(records: World, cast: Cast) -> None:
    given = {"nominal_id": cast.nominal, "whom": "me", "reason": WHY}
    assert refusal(records, "partnership.request", cast.admin, **given).code == "R11"
    # A supervisor without the partner token can be no partner.
    assert refusal(records, "partnership.request", cast.supervisor, **given).code == "R11"
    archived = records.nominal(status="archived")
    assert (
        refusal(records, "partnership.request", cast.prison, **given | {"nominal_id": archived}).code == "R27"
    )
    limited = records.nominal(limited_access=True)
    refused = refusal(records, "partnership.request", cast.prison, **given | {"nominal_id": limited})
    assert refused.code == "R15"
    assert refused.contact is not None
    assert refused.contact.name == "Colin Cpc"
    with pytest.raises(NotFound):
        ask(records, cast.prison, cast, nominal_id=cast.colleague.person_id)


def test_nobody_left_to_ask_for(records: World, cast: Cast) -> None:
    alone = records.person("prison-WSI", "manager", name="No Partner Token")
    with pytest.raises(Invalid) as wrong:
        ask(records, alone, cast)
    assert wrong.value.errors == {"whom": ["Nobody in your unit holds the partner token."]}
    with pytest.raises(Invalid) as wrong:
        ask(records, cast.partner, cast, whom="me")
    assert "already" in wrong.value.errors["whom"][0]


def test_one_open_request_for_a_unit(records: World, cast: Cast) -> None:
    ask(records, cast.prison, cast)
    assert (
        refusal(
            records, "partnership.request", cast.colleague, nominal_id=cast.nominal, whom="unit", reason=WHY
        ).code
        == "R34"
    )
    # For themselves they may still ask.
    assert ask(records, cast.colleague, cast, whom="me")["users"] == 1


@pytest.mark.parametrize("same_person", [True, False])
def test_two_requests_at_one_moment_are_one(records: World, cast: Cast, same_person: bool) -> None:
    second = cast.prison if same_person else cast.colleague
    results = at_once(lambda: ask(records, cast.prison, cast), lambda: ask(records, second, cast))
    assert codes(results) == ["R34", "done"]
    assert len(records.events(REQUESTED)) == 1


def test_sent_twice_with_one_key_it_counts_once(records: World, cast: Cast) -> None:
    command = records.runtime.service.declarations.commands["partnership.request"]
    given = {"nominal_id": cast.nominal, "whom": "unit", "reason": WHY}
    first, second = (records.runtime.run(command, cast.prison, given, once_key="k") for _ in range(2))
    assert dict(first) == dict(second)
    assert len(records.events(REQUESTED)) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"whom", "reason"}),
        ({"whom": "everybody", "reason": "short"}, {"whom", "reason"}),
        ({"whom": "me", "reason": " " * 50}, {"reason"}),
        ({"whom": "me", "reason": "x" * 2001, "surprise": 1}, {"reason", "surprise"}),
        ({"whom": None, "reason": 7}, {"whom", "reason"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.prison).send(f"/nominals/{cast.nominal}/partnership/requests", body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields
    assert records.rows("SELECT count(*) FROM partnership_request") == [(0,)]


@pytest.mark.clause("PF-5.15")
def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    prison = web(cast.prison)
    form = prison.get(f"/nominals/{cast.nominal}/partnership/requests/new").text
    assert f'href="/records/nominals/{cast.nominal}">Cancel' in form
    sent = prison.fill(f"/nominals/{cast.nominal}/partnership/requests/new", whom="unit", reason=WHY)
    assert sent.status_code == 303
    whole = prison.get(sent.headers["location"].removeprefix("/records"))
    assert "is with the manager of the record" in whole.text
    assert WHY in whole.text
    assert "Grant" not in whole.text
    waiting = prison.get("/partnership/requests/asked")
    assert "Waiting" in waiting.text
    assert "Petra Prison" in waiting.text
    manager = web(cast.manager).get("/partnership/requests")
    assert "Leeds (HMP)" in manager.text
    wrong = prison.fill(f"/nominals/{cast.nominal}/partnership/requests/new", whom="unit", reason="no")
    assert wrong.status_code == 422
    late = prison.fill(f"/nominals/{cast.nominal}/partnership/requests/new", whom="unit", reason=WHY)
    assert late.status_code == 409
    limited = records.nominal(limited_access=True)
    assert prison.get(f"/nominals/{limited}/partnership/requests/new").status_code == 403
    assert web(cast.admin).get("/partnership/requests/asked").status_code == 403


def test_who_else_reads_a_request(records: World, cast: Cast) -> None:
    request_id = UUID(ask(records, cast.prison, cast)["id"])
    for who in (cast.manager, cast.supervisor, cast.lpc, cast.cpc):
        assert records.ask("partnership.read_request", who, request_id=request_id)["may_decide"]
    read = records.ask("partnership.read_request", cast.colleague, request_id=request_id)
    assert (read["may_decide"], read["reason"]) == (False, WHY)
    assert refusal(records, "partnership.read_request", cast.partner, request_id=request_id).code == "R11"
    plain = records.person(PRISON, name="No Token At All")
    assert refusal(records, "partnership.read_request", plain, request_id=request_id).code == "R11"


def test_once_access_is_limited_the_unit_that_asked_reads_nothing_more(records: World, cast: Cast) -> None:
    request_id = UUID(ask(records, cast.prison, cast)["id"])
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET limited_access = true")
    assert refusal(records, "partnership.read_request", cast.colleague, request_id=request_id).code == "R15"
    assert records.ask("partnership.asked", cast.prison)["requests"] == []


@pytest.mark.clause("PF-4.25.1")
def test_each_sees_only_the_requests_they_may_decide(records: World, cast: Cast) -> None:
    ask(records, cast.prison, cast)
    records.later(minutes=1)
    other = records.nominal(surname="Elsewhere", owner_unit="area-34", managing_unit="pdu-N55BAC")
    ask(records, cast.prison, cast, nominal_id=other)
    for who, count in ((cast.manager, 1), (cast.lpc, 1), (cast.cpc, 1), (cast.partner, 0), (cast.prison, 0)):
        assert len(records.ask("partnership.to_decide", who)["requests"]) == count
    assert len(records.ask("partnership.asked", cast.colleague)["requests"]) == 2
