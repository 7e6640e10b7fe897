"""What must hold of every route, tried on every route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.declarations import Command
from shared.web.forms.upload import uploads
from tests.journeys.world import World
from tests.walk.routes import EXEMPT, FOR_ANYBODY, FOR_USERS, Route, routes

# More routes of one kin than this are made from a catalogue.
MANY = 20
WHO = ("ruth.ackroyd", "samuel.oyelade", "grace.mensah", "craig.hirst", "yvonne.blenkinsop")


@pytest.fixture
def all_routes(world: World) -> list[Route]:
    return list(routes(world.apps))


def declared(all_routes: list[Route]) -> Iterator[Route]:
    return (route for route in all_routes if route.declared is not None)


def send(client: httpx.Client, route: Route, **more: Any) -> httpx.Response:
    method = "POST" if "POST" in route.methods else min(route.methods)
    return client.request(method, route.at(), **more)


def test_every_route_is_declared_or_has_its_reason(all_routes: list[Route]) -> None:
    strays = [route.name for route in all_routes if route.declared is None and not _exempt(route)]
    assert strays == []


def _exempt(route: Route) -> bool:
    return route.endpoint in EXEMPT or route.endpoint in FOR_ANYBODY or route.endpoint in FOR_USERS


def test_every_route_asks_who_is_there(world: World, all_routes: list[Route]) -> None:
    nobody = httpx.Client(transport=httpx.WSGITransport(app=world.application), base_url="http://localhost")
    let_in = []
    for route in declared(all_routes):
        assert route.declared is not None
        if route.declared.audience == "anyone":
            continue
        answer = send(nobody, route, **({"json": {}} if route.is_api else {}))
        if answer.status_code not in {401, 303}:
            let_in.append((route.name, answer.status_code))
    assert let_in == []


def test_every_report_can_be_taken_away_and_each_way_is_an_act_of_its_own(world: World) -> None:
    for service in world.apps:
        declared_ones = world.apps[service].extensions["visor.runtime"].service
        for report in declared_ones.reports.values():
            assert {f"{report.name}.csv", f"{report.name}.xlsx", report.name} <= set(
                declared_ones.declarations.queries
            )
            assert bool(report.personal) == (report.method == "POST")


def test_every_page_of_its_own_for_users_asks_who_is_there(world: World, all_routes: list[Route]) -> None:
    nobody = httpx.Client(transport=httpx.WSGITransport(app=world.application), base_url="http://localhost")
    newcomer = world.client("ruth.ackroyd", scope="onboarding")
    let_in = [
        (route.name, by)
        for route in all_routes
        if route.endpoint in FOR_USERS
        for by, client, refusals in (("nobody", nobody, {401, 303}), ("newcomer", newcomer, {403}))
        if send(client, route).status_code not in refusals
    ]
    assert let_in == []


def test_every_route_is_closed_to_an_onboarding_session(world: World, all_routes: list[Route]) -> None:
    newcomer = world.client("ruth.ackroyd", scope="onboarding")
    let_in = []
    for route in declared(all_routes):
        assert route.declared is not None
        if route.declared.audience in {"anyone", "onboarding"}:
            continue
        answer = send(newcomer, route, **({"json": {}} if route.is_api else {}))
        if answer.status_code != 403:
            let_in.append((route.name, answer.status_code))
    assert let_in == []


def test_every_endpoint_refuses_what_it_does_not_know(world: World, all_routes: list[Route]) -> None:
    """A field nobody declared is an error, so that a typing mistake cannot pass as "no change"."""
    client, taken = world.client("ruth.ackroyd"), []
    for route in declared(all_routes):
        one = route.declared
        assert one is not None
        if not route.is_api or one.audience == "integration" or not one.input().fields:
            continue
        if one.method == "GET":
            answer = client.get(route.at(), params={"surprise": "1"})
        else:
            sent: dict[str, Any] = {"json": {"surprise": 1}}
            if any(uploads(one.input)):
                sent = {"data": {"surprise": "1"}}
            answer = client.request(one.method, route.at(), headers={"If-Match": "1"}, **sent)
        if answer.status_code != 422 or "surprise" not in answer.json().get("errors", {}):
            taken.append((route.name, answer.status_code, answer.text[:200]))
    assert taken == []


def test_every_form_refuses_a_forged_sending(world: World, all_routes: list[Route]) -> None:
    client, taken = world.client("ruth.ackroyd"), []
    for route in declared(all_routes):
        if route.is_api or "POST" not in route.methods:
            continue
        answer = client.post(route.at(), data={"csrf_token": "forged"})
        if answer.status_code != 403:
            taken.append((route.name, answer.status_code))
    assert taken == []


@pytest.mark.parametrize("username", WHO)
def test_no_route_answers_with_our_own_fault(world: World, all_routes: list[Route], username: str) -> None:
    client, broken = world.client(username), []
    for route in _turns(all_routes, WHO.index(username)):
        for sent in _sendings(route):
            answer = send(client, route, **sent)
            if answer.status_code >= 500:
                broken.append((route.name, sent, answer.status_code))
    assert broken == []


def _sendings(route: Route) -> list[dict[str, Any]]:
    """What is sent with a request; one that takes no body is made once."""
    if route.methods <= {"GET"}:
        return [{}]
    return [{"json" if route.is_api else "data": body} for body in ({}, {"text": "x"}, {"version": -1})]


def _turns(all_routes: list[Route], turn: int) -> Iterator[Route]:
    """Everything; but of many routes that are all alike each user tries a part, and together they try all."""
    alike = Counter(route.kin for route in declared(all_routes))
    seen: Counter[str] = Counter()
    for route in declared(all_routes):
        seen[route.kin] += 1
        if alike[route.kin] < MANY or seen[route.kin] % len(WHO) == turn:
            yield route


def test_every_command_and_query_leaves_an_audit_entry(world: World, all_routes: list[Route]) -> None:
    """Refused, failed or done: whoever got as far as the rules has an entry with the action's name."""
    client, silent = world.client("ruth.ackroyd"), []
    for route in declared(all_routes):
        one = route.declared
        assert one is not None
        if not route.is_api or one.audience == "integration" or getattr(one, "audited", True) is False:
            continue
        before = _entries(world, route.service, one.name)
        answer = client.request(one.method, route.at(), **_body(one))
        if answer.status_code not in {400, 422, 428} and _entries(world, route.service, one.name) == before:
            silent.append((route.name, answer.status_code))
    assert silent == []


def _body(one: object) -> dict[str, Any]:
    return {"json": {}} if isinstance(one, Command) or getattr(one, "method", "GET") == "POST" else {}


def _entries(world: World, service: str, action: str) -> int:
    return int(
        world.sql(service, "SELECT count(*) FROM audit_entry WHERE action = :action", action=action)[0][0]
    )
