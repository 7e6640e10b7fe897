"""A records service that trusts several identity services, each for its own people: their keys come over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.assembly import verifier
from shared.access import credentials
from shared.access.credentials import CredentialRefused
from shared.access.principal import Principal
from shared.access.trusted import trusted_issuers
from shared.clock import SystemClock
from shared.ids import new_id
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.settings import Settings


@pytest.fixture
def force(tmp_path: Path) -> Iterator[tuple[SigningKeys, str]]:
    """A police force's own identity, as others see it: its signing key, and where its public half is."""
    keys = SigningKeys(tmp_path / "force", ACCESS_TOKENS)

    class Published(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(keys.published).encode())

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Published)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield keys, f"http://127.0.0.1:{server.server_port}/identity/api/keys"
    server.shutdown()
    server.server_close()
    thread.join()


def officer(issuer: str, agency: str) -> Principal:
    now = SystemClock().now()
    return Principal(new_id(), issuer, new_id(), now, agency, "police", "force-13")


def settings(tmp_path: Path, issuers: str) -> Settings:
    return Settings.from_environment({"VISOR_HOME": str(tmp_path / "national"), "VISOR_ISSUERS": issuers})


def test_each_issuer_speaks_for_its_own_people_only(tmp_path: Path, force: tuple[SigningKeys, str]) -> None:
    keys, url = force
    here = settings(tmp_path, f"force-13={url} police-13")
    known = verifier(here)
    own = SigningKeys(here.keys_home, ACCESS_TOKENS)

    def token(of: SigningKeys, who: Principal) -> str:
        return credentials.issue(who, of.current, SystemClock())

    theirs = officer("force-13", "police-13")
    assert known.principal(token(keys, theirs)).person_id == theirs.person_id
    assert known.principal(token(own, officer("visor", "probation-service"))).agency == "probation-service"
    for signed, who in (
        (keys, officer("force-13", "probation-service")),  # another agency's
        (keys, officer("visor", "police-13")),  # another issuer's
        (own, theirs),
        (keys, replace(theirs, issuer="force-14")),  # not trusted here
    ):
        with pytest.raises(CredentialRefused):
            known.principal(token(signed, who))


@pytest.mark.parametrize(
    "wrong",
    ["force-13", "force-13=https://x/keys", "f=http://far.example/keys police-13", "=https://x/keys a"],
)
def test_what_cannot_be_read_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="VISOR_ISSUERS"):
        verifier(settings(tmp_path, wrong))


def test_several_are_read() -> None:
    found = trusted_issuers("a=https://a.example/identity/api/keys one two; b=https://b.example/k three;")
    assert {name: sorted(each.agencies) for name, each in found.items()} == {
        "a": ["one", "two"],
        "b": ["three"],
    }
