"""Identity behind its edge on a real port, for a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from deploy.web.edge import Edge
from services.identity.terminals.models import NetworkRange
from shared.web.static_files import with_assets
from tests.services.identity.house import PASSWORD, House

EDGE = "tests.edge"


def wait(app: Flask, house: House, **time: float) -> None:
    """Let time pass; the edge, which does not live by this clock, asks again for whoever is there."""
    house.clock.at += timedelta(**time)
    app.extensions[EDGE]._credentials._kept.clear()


@contextmanager
def served(app: Flask, house: House) -> Iterator[str]:
    """Its address, on `localhost`, since a passkey counts for no bare number; probation's network is this machine."""
    with house.runtime.system_work("test.network") as work:
        work.session.add(
            NetworkRange(unit="pdu-N55LEE", addresses="127.0.0.0/8", kind="lan", building="This machine")
        )
    edge = Edge({"identity": app.wsgi_app})
    server = make_server("127.0.0.1", 0, with_assets(edge), threaded=True)
    app.extensions[EDGE] = edge
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://localhost:{server.server_port}"
    house.runtime.settings = replace(house.runtime.settings, origin=address)
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


def give_password(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/identity/sign-in")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I am in a secure office").check()


def give_code(page: Page, house: House) -> None:
    """Half a minute later, so that the code is a new one."""
    page.get_by_label("One-time code").fill(house.code())
    page.get_by_role("button", name="Sign in").click()
