"""A browser without JavaScript: the edge's trade of the cookie for an access token, and every page checked."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from deploy.web.edge import Edge
from tests.page_checks import check_page
from tests.services.identity.house import PASSWORD, House

_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
HTTPS = "https://localhost"


class Browser:
    """Keeps its cookies; `address` and `device` are where it stands."""

    def __init__(
        self,
        app: Flask,
        house: House,
        address: str,
        device: str | None = None,
        *,
        trusted: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`trusted` are the proxies that the edge knows, `headers` what one of them sends along."""
        self.house = house
        self.headers = dict(headers or {})
        self._edge = Edge({"identity": app.wsgi_app}, trusted)
        self.client = type(app.test_client())(_Through(app, self._edge), TestResponse, use_cookies=True)
        self.address = address
        if device:
            self.client.set_cookie("__Host-visor-device", device, domain="localhost", secure=True)

    def get(self, path: str) -> TestResponse:
        return self._checked(self.client.get(path, **self.where), path)

    def post(self, path: str, form: dict[str, Any], page: str | None = None) -> TestResponse:
        """Fetches `page` (or the path itself) first, for its form's token."""
        return self.send(path, {"csrf_token": self.token(page or path), **form})

    def token(self, page: str) -> str:
        """What the page's forms are sent with."""
        found = _TOKEN.search(self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def send(self, path: str, form: dict[str, Any]) -> TestResponse:
        """The form as it stands in a page that was fetched before."""
        return self._checked(self.client.post(path, data=form, **self.where), path)

    def sign_in(self, username: str, *, secure_office: bool = True) -> TestResponse:
        """Both pages; the answer is the one after the code."""
        self.house.clock.at += timedelta(seconds=30)
        first = self.post("/identity/sign-in", {"username": username, "password": PASSWORD})
        assert first.status_code == 303, first.text
        code: dict[str, Any] = {"code": self.house.code()}
        if secure_office and "secure_office" in self.get(first.location).text:
            code["secure_office"] = "true"
        return self.post("/identity/sign-in/code", code)

    def wait(self, **time: float) -> None:
        """Let time pass; the edge, which does not live by this clock, asks again for whoever is there."""
        self.house.clock.at += timedelta(**time)
        cookie = self.client.get_cookie("__Host-visor", domain="localhost")
        if cookie is not None:
            self._edge._credentials.forget(cookie.value)

    def confirm(self, to: str) -> TestResponse:
        """Proves again who one is, so that what asks for a recent sign-in may be done; ends on the page `to`."""
        self.wait(seconds=30)
        page = f"/identity/confirm?to={to}"
        given = {"password": PASSWORD, "code": self.house.code(), "_to": to}
        answer = self.post("/identity/confirm/check", given, page=page)
        assert answer.status_code == 303, answer.text
        return self.get(answer.location)

    def signed_out_within_seconds(self, path: str = "/identity/my-access", seconds: float = 5) -> bool:
        """Whether the page stops opening in time: each process reads its revocations twice a second."""
        until = time.monotonic() + seconds
        while self.get(path).status_code == 200:
            if time.monotonic() > until:
                return False
        return True

    @property
    def where(self) -> dict[str, Any]:
        """What every request says of where it comes from."""
        return {
            "base_url": HTTPS,
            "environ_base": {"REMOTE_ADDR": self.address},
            "headers": dict(self.headers),
        }

    def _checked(self, answer: TestResponse, path: str) -> TestResponse:
        if answer.mimetype == "text/html" and answer.status_code != 303:
            check_page(answer.text, path)
        return answer


class _Through:
    """What Flask's test client asks of an application, with the edge before it."""

    def __init__(self, app: Flask, edge: Edge) -> None:
        self._app = app
        self._edge = edge

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self._edge(environ, start_response)
