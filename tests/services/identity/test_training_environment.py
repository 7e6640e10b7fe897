"""Training and live, with every wire crossed on purpose: nothing of the one reaches the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import KeySet

from deploy.assembly import open_runtime
from deploy.environments import is_bare, mark
from deploy.migrations import upgrade
from deploy.prepare import prepare
from deploy.rabbitmq_accounts import service_account
from deploy.throwaway import throwaway_server
from services.identity.sessions.credentials import signing_keys
from shared.access import credentials
from shared.access.credentials import CredentialRefused, Verifier
from shared.clock import SystemClock
from shared.environment import WrongEnvironment, environment
from shared.events.envelope import Copy, Event, ForeignEventError
from shared.ids import new_id
from shared.keys import KeyProblem
from shared.marking import check_keys
from shared.messaging import topology
from shared.messaging.intake import Delivery, Intake
from shared.messaging.publisher import task_queue
from shared.settings import Settings
from tests.services.identity.acting import principal
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.messaging.kit import NOTED, side, subscription

Enter = Callable[[str], None]


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Become a process of this environment."""
    return lambda name: monkeypatch.setenv("VISOR_ENVIRONMENT", name)


def token(house: House) -> str:
    return credentials.issue(
        principal(house, "ulla.user"), signing_keys(house.runtime).current, house.runtime.clocks.system
    )


@pytest.mark.parametrize(("here", "there"), [("live", "training"), ("training", "live")])
def test_a_credential_of_the_other_environment_is_refused_even_with_the_same_keys(
    house: House, app: Flask, enter: Enter, here: str, there: str
) -> None:
    """Keys copied, issuer the same, person the same: what the credential says of itself is signed with the rest."""
    house.add("ulla.user", "pdu-N55LEE")
    enter(there)
    foreign = {"Authorization": f"Bearer {token(house)}"}
    enter(here)
    own = {"Authorization": f"Bearer {token(house)}"}
    client = app.test_client()
    assert client.get("/identity/api/my-access", headers=own).status_code == 200
    assert client.get("/identity/api/my-access", headers=foreign).status_code == 401
    keys = signing_keys(house.runtime).public_keys()
    verifier = Verifier(lambda _issuer: keys, house.runtime.clocks.system)
    with pytest.raises(CredentialRefused):
        verifier.principal(foreign["Authorization"].removeprefix("Bearer "))


def test_each_environment_is_an_issuer_of_its_own(house: House, enter: Enter, tmp_path: Path) -> None:
    house.add("ulla.user", "pdu-N55LEE")
    live = Settings.from_environment({"VISOR_HOME": str(tmp_path)}).issuer
    enter("training")
    training = Settings.from_environment({"VISOR_HOME": str(tmp_path)}).issuer
    assert (live, training) == ("visor", "visor.training")
    keys: dict[str, KeySet] = {live: signing_keys(house.runtime).public_keys()}
    issued = credentials.issue(
        replace(principal(house, "ulla.user"), issuer=training),
        signing_keys(house.runtime).current,
        house.runtime.clocks.system,
    )
    with pytest.raises(CredentialRefused):
        Verifier(keys.__getitem__, house.runtime.clocks.system).principal(issued)


def opened(settings: Settings) -> None:
    open_runtime("identity", settings).close()


def test_databases_and_keys_serve_only_the_environment_that_they_were_made_for(
    enter: Enter, tmp_path: Path
) -> None:
    with throwaway_server() as live_server, throwaway_server() as training_server:

        def given(server: Any, keys: str) -> Settings:
            return Settings.from_environment(
                {
                    "VISOR_HOME": str(tmp_path / keys),
                    "VISOR_KEYS_HOME": str(tmp_path / keys),
                    "VISOR_DATABASE_URL": server.url(),
                }
            )

        live, training = given(live_server, "live"), given(training_server, "training")
        enter("live")
        prepare(live, demonstration=False)
        opened(live)
        enter("training")
        prepare(training, demonstration=False)
        opened(training)
        for crossed in (live, given(live_server, "training"), given(training_server, "live")):
            with pytest.raises(WrongEnvironment):
                opened(crossed)
            with pytest.raises(WrongEnvironment):
                prepare(crossed, demonstration=False)
        enter("live")
        for crossed in (training, given(live_server, "training"), given(training_server, "live")):
            with pytest.raises(WrongEnvironment):
                opened(crossed)
            with pytest.raises(WrongEnvironment):
                prepare(crossed, demonstration=False)
        opened(live)
        _mixed_key_store(enter, live_server, training_server, training, live.keys_home)


def _mixed_key_store(
    enter: Enter, live_server: Any, training_server: Any, training: Settings, live_keys: Path
) -> None:
    """A training service whose key store alone is live's: its own master keys open nothing there."""

    class Crossed(Settings):
        def database(self, service: str) -> str:
            server = live_server if service == "keys" else training_server
            return replace(training, database_url=server.url()).database(service)

    live_runtime = open_runtime(
        "identity", replace(training, database_url=live_server.url(), keys_home=live_keys)
    )
    live_runtime.keys.of_owner(None)
    live_runtime.close()
    enter("training")
    with pytest.raises(KeyProblem):
        opened(Crossed(**{name: getattr(training, name) for name in training.__dataclass_fields__}))


def test_the_mark_is_made_once_and_the_services_cannot_change_it(
    enter: Enter, fresh_database: Callable[..., str]
) -> None:
    url = fresh_database("marked")
    assert is_bare(url)
    enter("training")
    upgrade("identity", url)
    mark(url)
    assert not is_bare(url)
    with pytest.raises(Exception, match="duplicate key"):
        mark(url)


def test_keys_that_were_there_before_are_live(enter: Enter, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "0001-abcd.master").write_text("a key of an older release")
    enter("training")
    with pytest.raises(WrongEnvironment):
        check_keys(tmp_path)
    enter("live")
    check_keys(tmp_path)


def test_anything_but_live_or_training_starts_nothing(enter: Enter) -> None:
    enter("trainng")
    with pytest.raises(WrongEnvironment):
        environment()


def fact() -> Event:
    return Event.of(NOTED, {"n": 1}, id=new_id(), occurred_at=SystemClock().now())


def test_events_say_where_they_come_from_and_are_refused_elsewhere(enter: Enter) -> None:
    enter("training")
    body = fact().to_json()
    assert Event.from_json(body).type == NOTED.name
    enter("live")
    with pytest.raises(ForeignEventError, match="training"):
        Event.from_json(body)
    assert Event.from_json(fact().to_json()).type == NOTED.name


def test_an_event_that_came_over_a_crossed_broker_is_buried_and_does_nothing(
    enter: Enter, fresh_database: Callable[..., str]
) -> None:
    receiver = side("receiver", fresh_database("receiver"), subscriptions=[subscription(NOTED)])
    event = Event.of(NOTED, {"n": 7}, id=new_id(), occurred_at=SystemClock().now())
    enter("training")
    foreign = event.copy_for(Copy("nca")).to_json()
    enter("live")
    own = event.copy_for(Copy("police-13")).to_json()
    Intake(receiver.participant).take([Delivery(foreign), Delivery(own)])
    assert receiver.handled() == [7]
    ((reason,),) = receiver.rows("SELECT reason FROM dead_letter")
    assert "training" in reason
    receiver.ring.stop()
    receiver.engine.dispose()


def test_exchange_and_queues_have_names_of_their_own(enter: Enter) -> None:
    def names() -> set[str]:
        lanes = {topology.queue_name("records", lane) for lane in (*topology.LANES, "undeliverable")}
        return {topology.exchange(), task_queue("records"), *lanes}

    live = names()
    enter("training")
    assert names().isdisjoint(live)
    assert all(name.startswith(("records.", "visor.")) for name in names()), "what an account may touch"
    assert service_account("records").name == "visor-records"


def test_every_page_of_a_training_environment_says_so(house: House, app: Flask, enter: Enter) -> None:
    house.add("ulla.user", "pdu-N55LEE")
    browser = Browser(app, house, LEEDS.address)
    assert "Training – invented people" not in browser.get("/identity/sign-in").text
    enter("training")
    assert "Training – invented people" in browser.get("/identity/sign-in").text
    browser.sign_in("ulla.user")
    for path in ("/identity/my-access", "/identity/help", "/identity/nothing-here"):
        assert "Training – invented people" in browser.get(path).text
