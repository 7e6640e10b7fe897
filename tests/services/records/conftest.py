"""The records service over HTTP, with the people whom receptions, partnership, the log and meetings are about."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event, text

from deploy.assembly import application
from shared.access import credentials
from shared.access.principal import Principal, grants
from shared.clock import SystemClock
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.refusals import Refusal
from tests.page_checks import check_page
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World, principal
from tests.services.messaging.kit import eventually

NOMS = "A0002AA"
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|_once|version)" value="([^"]*)"')


class Web:
    """One person's way to the service's pages and API; every page that comes is checked."""

    def __init__(self, app: Any, token: str) -> None:
        transport = httpx.WSGITransport(app=app)
        self.http = httpx.Client(
            transport=transport, base_url="http://localhost", headers={"Authorization": f"Bearer {token}"}
        )

    def get(self, path: str) -> httpx.Response:
        answer = self.http.get(f"/records{path}")
        if answer.headers["content-type"].startswith("text/html"):
            check_page(answer.text, path)
        return answer

    def send(self, path: str, body: Any, method: str = "POST") -> httpx.Response:
        """As JSON in ASCII, so that also text goes out that is no text (half a surrogate pair)."""
        headers = {"Content-Type": "application/json"}
        return self.http.request(method, f"/records/api{path}", content=json.dumps(body), headers=headers)

    def fill(self, path: str, **typed: Any) -> httpx.Response:
        """Get the form, type, send; with the hidden fields of its page."""
        shown = self.get(path)
        assert shown.status_code == 200, shown.text
        data = dict(HIDDEN.findall(shown.text)) | typed
        answer = self.http.post(f"/records{path}", data=data)
        if answer.status_code != 303:
            check_page(answer.text, path)
        return answer


@dataclass
class Cast:
    """Who stands to the nominal, and who does not."""

    manager: Principal
    supervisor: Principal
    lpc: Principal
    cpc: Principal
    partner: Principal
    stranger: Principal
    prison: Principal
    colleague: Principal
    prison_cpc: Principal
    admin: Principal
    nominal: UUID


@pytest.fixture
def cast(records: World) -> Cast:
    manager = records.person(LEEDS, "manager", "partner", name="Mary Manager")
    supervisor = records.person(LEEDS, "supervisor", name="Sue Supervisor")
    partner = records.person("force-13", "partner", name="Paul Police")
    prison = records.person(PRISON, "partner", roles=("prison_administrator",), name="Petra Prison")
    return Cast(
        manager=manager,
        supervisor=supervisor,
        lpc=records.person(LEEDS, "lpc", "partner", name="Lena Lpc"),
        cpc=records.person(WEST_YORKSHIRE, "cpc", "partner", name="Colin Cpc"),
        partner=partner,
        stranger=records.person("pdu-N55BAC", "partner", name="Stan Stranger"),
        prison=prison,
        colleague=records.person(PRISON, "partner", name="Carl Colleague"),
        prison_cpc=records.person("group-YRKS", "cpc", "partner", name="Pia Cpc"),
        admin=records.person("home-office", "admin", name="Ada Admin"),
        nominal=records.nominal(
            manager_id=manager.person_id,
            supervisor_id=supervisor.person_id,
            partners=(partner,),
            numbers={"noms": NOMS},
        ),
    )


@pytest.fixture
def web(records: World) -> Iterator[Callable[[Principal], Web]]:
    before = records.runtime.session
    app = application(records.runtime, records.runtime.settings)
    key = SigningKeys(records.runtime.settings.keys_home, ACCESS_TOKENS).current

    def of(who: Principal) -> Web:
        issuer = replace(who, issuer=records.runtime.settings.issuer)
        return Web(app, credentials.issue(issuer, key, SystemClock()))

    yield of
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    records.runtime.session = before


def feed(*tokens: str) -> Principal:
    """The prisons' own system."""
    pairs = [(token, "national") for token in tokens or ("integration.hmpps",)]
    return replace(principal("home-office"), scope="integration", tokens=grants(pairs))


def refusal(world: World, name: str, who: Principal, /, **given: Any) -> Refusal:
    """What the command or query refuses with; nothing but its audit entry is left."""
    declared = world.runtime.service.declarations
    with pytest.raises(Refusal) as refused:
        (world.run if name in declared.commands else world.ask)(name, who, **given)
    assert world.audit()[-1] == (name, "refused", refused.value.code)
    return refused.value


def told(world: World, kind: str) -> list[tuple[str, str]]:
    """(role, name) of everybody to whom the last fact of this kind is a duty; a vacant role's name is "nobody"."""
    copies = world.events(kind)[-1][1]
    names = {str(row.id): row.name for row in world.rows("SELECT id, name FROM directory_person")}
    return sorted(
        (one["as"], names.get(one["person_id"], "nobody")) for copy in copies for one in copy["people"]
    )


def agencies(world: World, kind: str) -> list[str]:
    return sorted(copy["agency"] for copy in world.events(kind)[-1][1])


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do these in threads of their own at one moment; what each gave, or the exception it raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[number] = act()
        except Exception as problem:  # noqa: BLE001 - the test looks at what it was
            results[number] = problem

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def at_once_behind(world: World, row: str, *acts: Callable[[], Any]) -> list[Any]:
    """The same, while somebody holds the row of this SELECT until all of them wait for it.

    None is through before another has begun: whoever decides by what they read without its lock is found out.
    """
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with world.engine.connect() as holding:
        holding.execute(text(f"{row} FOR UPDATE"))

        def let_go() -> None:
            try:
                eventually(lambda: len(world.rows(waiting)) >= len(acts))
            finally:
                holding.rollback()

        *results, waited = at_once(*acts, let_go)
    assert waited is None
    return results


def codes(results: list[Any]) -> list[str]:
    """ "done", or the refusal's code, of each; in order of the alphabet."""
    return sorted(
        one.code if isinstance(one, Refusal) else "done" if isinstance(one, Mapping) else repr(one)
        for one in results
    )


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(world.engine, "before_cursor_execute", note)
