"""One origin: trades the browser's opaque session id for an access token, and sends the request to its service.

On one machine this middleware does what `auth_request` of a reverse proxy does elsewhere (docs/operations).
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import TYPE_CHECKING

import httpx

from shared.web.came_through import CAME_THROUGH, came_through
from shared.web.guard import AWAY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SESSION_COOKIE, DEVICE_COOKIE = "__Host-visor", "__Host-visor-device"
POLL, CERTIFICATE = "HTTP_X_VISOR_POLL", "HTTP_CLIENT_CERT"
_FRESH_SECONDS = 20.0
_REMEMBER = 10_000
_HOME = "/notifications/todo"


class Credentials:
    """Asks identity for the access token behind a session cookie, and keeps the answer for some seconds."""

    def __init__(self, identity: httpx.Client) -> None:
        self._http = identity
        self._kept: OrderedDict[bytes, tuple[float, str, str | None]] = OrderedDict()
        self._lock = Lock()

    def of(self, cookie: str, device: str = "", *, poll: bool) -> str | None:
        """The access token, None where the session is over; raises ConnectionError while identity cannot say.

        `device` is the terminal's key: what was answered to another does not count for this one.
        """
        digest = hashlib.sha256(cookie.encode()).digest()
        with self._lock:
            kept = self._kept.get(digest)
        fresh = kept is not None and time.monotonic() - kept[0] < _FRESH_SECONDS and kept[1] == device
        if kept is not None and fresh and (poll or kept[2]):
            return kept[2]
        token = self._asked(cookie, device, poll=poll)
        with self._lock:
            # A session that is over is not remembered: the same cookie may not come back, but a poll may go on.
            self._kept[digest] = (time.monotonic(), device, token)
            while len(self._kept) > _REMEMBER:
                self._kept.popitem(last=False)
        return token

    def forget(self, cookie: str) -> None:
        with self._lock:
            self._kept.pop(hashlib.sha256(cookie.encode()).digest(), None)

    def _asked(self, cookie: str, device: str, *, poll: bool) -> str | None:
        shown = f"{SESSION_COOKIE}={cookie}" + (f"; {DEVICE_COOKIE}={device}" if device else "")
        headers = {"Cookie": shown} | ({"X-Visor-Poll": "1"} if poll else {})
        try:
            answer = self._http.get("/identity/edge/credential", headers=headers)
        except httpx.HTTPError as error:
            raise ConnectionError("identity is away") from error
        if answer.is_server_error:
            raise ConnectionError("identity is away")
        return answer.headers.get("Authorization", "").removeprefix("Bearer ") or None


def in_process(application: WSGIApplication) -> httpx.Client:
    """Asks a service that runs in this very process."""
    return httpx.Client(transport=httpx.WSGITransport(app=application), base_url="http://localhost")


class Edge:
    """The WSGI application of a web process, for the services that it serves.

    `identity` is asked for access tokens: over HTTP where it runs elsewhere, else as one of `services`.
    """

    def __init__(
        self,
        services: Mapping[str, WSGIApplication],
        trusted_proxies: Iterable[str] = (),
        identity: httpx.Client | None = None,
    ) -> None:
        self._services = dict(services)
        self._otherwise = services.get("identity") or next(iter(services.values()))
        self._credentials = Credentials(identity or in_process(services["identity"]))
        self._trusted = [ipaddress.ip_network(each) for each in trusted_proxies]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._believe_no_stranger(environ)
        name = environ.get("PATH_INFO", "/").split("/", 2)[1]
        if name == "":
            start_response("303 See Other", [("Location", _HOME), ("Cache-Control", "no-store")])
            return [b""]
        service = self._services.get(name)
        if service is None:
            return self._otherwise(environ, start_response)
        self._trade(environ)
        return service(environ, start_response)

    def _trade(self, environ: WSGIEnvironment) -> None:
        """An Authorization header that came with the cookie is dropped: a browser speaks by its cookie alone."""
        cookies = cookies_of(environ)
        cookie = cookies.get(SESSION_COOKIE)
        if cookie is None:
            return
        environ.pop("HTTP_AUTHORIZATION", None)
        if environ.get("PATH_INFO") == "/identity/sign-out":
            self._credentials.forget(cookie)
        try:
            token = self._credentials.of(cookie, cookies.get(DEVICE_COOKIE, ""), poll=POLL in environ)
        except ConnectionError:
            environ[AWAY] = True
            return
        if token is not None:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def _believe_no_stranger(self, environ: WSGIEnvironment) -> None:
        """Headers in which proxies tell the visitor's address, or the certificate that they verified, count only from a
        proxy that we know.
        """
        if not self._is_trusted(environ.get("REMOTE_ADDR", "")):
            environ.pop(CERTIFICATE, None)
        environ[CAME_THROUGH] = came_through(environ)
        forwarded = environ.pop("HTTP_X_FORWARDED_FOR", None)
        for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP"):
            environ.pop(name, None)
        if forwarded and self._is_trusted(environ.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in forwarded.split(",")]
            strangers = [hop for hop in hops if not self._is_trusted(hop)]
            environ["REMOTE_ADDR"] = (strangers or hops)[-1]

    def _is_trusted(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self._trusted)
        except ValueError:
            return False


def cookies_of(environ: WSGIEnvironment) -> dict[str, str]:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items() if morsel.value}
