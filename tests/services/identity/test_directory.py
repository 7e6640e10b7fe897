"""The directory as the other services pull it: by version, missing nothing, whoever changes it meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.identity.clients.models import IntegrationClient
from services.identity.directory import log
from services.identity.sessions.credentials import signing_keys
from services.identity.sign_in import passwords
from shared.access import credentials
from shared.access.credentials import CredentialRefused, Verifier
from shared.access.principal import Grant, system_principal
from shared.database import Database, new_metadata
from shared.directory import read_model
from shared.directory.client import DirectoryClient
from shared.directory.refresh import DirectoryAway, refresh
from shared.keys import SigningKeys
from shared.keys.signing_keys import public_keys
from tests.servers.databases import FreshDatabase
from tests.services.identity.acting import grant, run
from tests.services.identity.house import LEEDS, UNITS, House

SECRET = "an integration secret"


def bearer(house: House) -> dict[str, str]:
    key = signing_keys(house.runtime).current
    token = credentials.issue(system_principal("records"), key, house.clock)
    return {"Authorization": f"Bearer {token}"}


def page(client: FlaskClient, house: House, after: int, limit: int = 500) -> dict[str, Any]:
    answer = client.get(f"/identity/api/directory?after={after}&limit={limit}", headers=bearer(house))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_pages_give_every_unit_and_person_once_in_order(app: Flask, house: House) -> None:
    for number in range(7):
        house.add(f"person.{number}", "pdu-N55LEE")
    client, seen, after, more = app.test_client(), [], 0, True
    while more:
        found = page(client, house, after, limit=4)
        here = [*found["units"], *found["people"]]
        assert all(after < each["version"] <= found["version"] for each in here)
        seen += [each.get("code") or each["id"] for each in here]
        after, more = found["version"], found["more"]
    assert len(seen) == len(set(seen)) == len(UNITS) + 7
    assert page(client, house, after) == {"version": after, "more": False, "units": [], "people": []}


@pytest.mark.clause("PF-7/white pages.1")
def test_a_person_comes_with_card_and_grants_in_force(app: Flask, house: House) -> None:
    house.add("cora.cpc", "area-53", vetting=("nppv3", -9, 99), tokens=(("cpc", "area-53"),))
    ann = house.add("ann.ash", "pdu-N55LEE", roles=(("spo", "pdu-N55LEE"),))
    client = app.test_client()
    after = page(client, house, 0)["version"]
    made = grant(house, "cora.cpc", "ann.ash", "partner", "pdu-N55LEE")
    # The administrator who set the token is new in the directory, too.
    (changed,) = [one for one in page(client, house, after)["people"] if one["id"] == str(ann)]
    assert (changed["name"], changed["active"]) == ("Ann Ash", True)
    assert sorted((one["kind"], one["name"]) for one in changed["grants"]) == [
        ("role", "spo"),
        ("token", "partner"),
    ]
    run(house, "cora.cpc", "tokens.end", grant_id=made["id"], reason="Moved on", authority=None)
    run(house, "cora.cpc", "accounts.disable", person_id=ann, reason_code="suspended", note="")
    (changed,) = [one for one in page(client, house, after)["people"] if one["id"] == str(ann)]
    assert [one["name"] for one in changed["grants"]] == ["spo"]
    assert changed["active"] is False
    versions = [event.data["version"] for event in house.events("identity.directory.changed")]
    assert versions == sorted(versions)
    assert changed["version"] == versions[-1]


def test_a_reader_misses_nothing_while_many_change_it(app: Flask, house: House) -> None:
    people = [house.add(f"person.{number}", "pdu-N55LEE") for number in range(8)]
    client = app.test_client()
    start = after = page(client, house, 0)["version"]

    def touch(person: UUID) -> None:
        for _ in range(5):
            with house.runtime.system_work("test.touch") as work:
                log.changed(work, people=[person])

    newest: dict[str, int] = {}
    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(touch, person) for person in people]
        while not all(each.done() for each in running):
            found = page(client, house, after, limit=3)
            newest |= {one["id"]: one["version"] for one in found["people"]}
            after = found["version"]
        for each in running:
            each.result()
    found = page(client, house, after)
    newest |= {one["id"]: one["version"] for one in found["people"]}
    assert newest == {one["id"]: one["version"] for one in page(client, house, start)["people"]}
    assert max(newest.values()) == start + 8 * 5


def test_only_another_service_or_system_reads_it(app: Flask, house: House) -> None:
    client = app.test_client()
    assert client.get("/identity/api/directory").status_code == 401
    house.add("ann.ash", "pdu-N55LEE")
    opened = house.sign_in("ann.ash", LEEDS)
    client.set_cookie("__Host-visor", opened.secret)
    traded = client.get("/identity/edge/credential").headers["Authorization"]
    refused = client.get("/identity/api/directory", headers={"Authorization": traded})
    assert refused.status_code == 403
    assert refused.get_json()["code"] == "R32"


def test_the_access_token_verifies_with_the_published_keys_and_no_others(
    app: Flask, house: House, tmp_path: Any
) -> None:
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    opened = house.sign_in("ann.ash", LEEDS)
    client = app.test_client()
    client.set_cookie("__Host-visor", opened.secret)
    answer = client.get("/identity/edge/credential")
    assert answer.status_code == 204
    token = answer.headers["Authorization"].removeprefix("Bearer ")
    published = client.get("/identity/api/keys").get_json()
    assert all("d" not in key for key in published["keys"])
    found = Verifier(lambda _issuer: public_keys(published), house.clock).principal(token)
    assert (found.person_id, found.session_id) == (house.people["ann.ash"], opened.session_id)
    assert found.tokens == {Grant("partner", "pdu-N55LEE")}
    assert found.areas == ("pdu-N55LEE", "area-53", "region-N55")
    others = SigningKeys(tmp_path, "access-tokens")
    with pytest.raises(CredentialRefused):
        Verifier(lambda _issuer: others.public_keys(), house.clock).principal(token)


def test_an_integration_client_gets_a_token_for_its_secret_only(app: Flask, house: House) -> None:
    with house.runtime.system_work("test.client") as work:
        work.session.add(
            IntegrationClient(
                client_id="hmpps",
                name="HMPPS domain events",
                secret_hash=passwords.hash_password(SECRET),
                tokens=["integration.hmpps"],
                created_at=work.system_now,
            )
        )
    client = app.test_client()

    def ask(**given: str) -> Any:
        return client.post("/identity/api/clients/token", json=given)

    assert ask(client_id="hmpps", client_secret="wrong").json["code"] == "R36"
    assert ask(client_id="nobody", client_secret=SECRET).json["code"] == "R36"
    assert ask(client_id="hmpps").status_code == 422
    answer = ask(client_id="hmpps", client_secret=SECRET)
    assert (answer.status_code, answer.json["expires_in"]) == (200, 120)
    keys = signing_keys(house.runtime).public_keys()
    found = Verifier(lambda _issuer: keys, house.clock).principal(answer.json["access_token"])
    assert found.scope == "integration"
    assert found.tokens == {Grant("integration.hmpps", "national")}
    guessed = [ask(client_id="hmpps", client_secret="wrong").json["code"] for _ in range(5)]
    assert guessed == ["R36"] * 4 + ["R33"]
    assert ask(client_id="hmpps", client_secret=SECRET).status_code == 200


def test_another_service_pulls_it_over_http_into_its_own_tables(
    app: Flask, house: House, fresh_database: FreshDatabase
) -> None:
    house.add("cora.cpc", "area-53", tokens=(("cpc", "area-53"),))
    ann = house.add("ann.ash", "pdu-N55LEE")
    inside = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://localhost")
    fetch = DirectoryClient(inside, lambda: bearer(house)["Authorization"].removeprefix("Bearer "))
    metadata = new_metadata()
    read_model.tables(metadata)
    database = Database(fresh_database("reader"))
    metadata.create_all(database.engine)
    with database.session() as session:
        refresh(SimpleNamespace(session=session, system_now=house.clock.now()), fetch)  # type: ignore[arg-type]
        card = read_model.person(session, ann)
        cpc = read_model.owning_cpc(session, "pdu-N55LEE")
    database.dispose()
    assert card is not None
    assert (card.name, card.unit, card.active) == ("Ann Ash", "pdu-N55LEE", True)
    assert cpc is not None
    assert cpc.id == house.people["cora.cpc"]


def test_whoever_is_not_let_in_is_told_that_identity_is_away(app: Flask, house: House) -> None:
    inside = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://localhost")
    with pytest.raises(DirectoryAway):
        DirectoryClient(inside, lambda: "no such token")(0, 10)
