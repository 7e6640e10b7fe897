"""The whole suite as a newcomer runs it, over a real broker, while its processes and servers are killed at random.

Practitioners write in activity logs and ask for the manager's attention. What the suite acknowledged must be on the
log once, and on the manager's to-do list once; that is counted by reading the logs' own pages and by plain SQL, which
share no code with the suite.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil
import psycopg

from deploy.databases import embedded
from deploy.ports import free_port
from deploy.rabbitmq import RabbitMQ
from shared.settings import Settings
from tests.servers.processes import BACKSTAGE, WEB, called, parent_of_both, words
from tests.servers.running import Running, start

WRITER = "imran.sadiq"
WRITERS = 3
PAUSE = (1.5, 5.0)  # seconds between two kills
REST_SECONDS = 150.0
Say = Callable[[str], None]


class Browser:
    """One signed-in person over HTTP; keeps its cookies itself, since http.cookiejar sends no secure ones here."""

    def __init__(self, suite: Running) -> None:
        self._http = httpx.Client(base_url=suite.address, timeout=15)
        self._suite = suite
        self._cookies: dict[str, str] = {}

    def send(self, method: str, path: str, **more: object) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {**more.pop("headers", {}), "Cookie": cookie}  # type: ignore[dict-item]
        answer = self._http.request(method, path, headers=headers, **more)  # type: ignore[arg-type]
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return answer

    def sign_in(self, username: str) -> None:
        unit = {"unit": "pdu-N55LEE", "network": "lan", "terminal": "approved"}
        self.send("POST", "/identity/api/demonstration/place", json=unit).raise_for_status()
        code = self.send("POST", "/identity/api/demonstration/code", json={"username": username}).json()[
            "code"
        ]
        who = {"username": username, "password": self._suite.password}
        self.send("POST", "/identity/api/sign-in", json=who).raise_for_status()
        given = {"code": code, "secure_office": True}
        self.send("POST", "/identity/api/sign-in/code", json=given).raise_for_status()


@dataclass
class Storm:
    suite: Running
    broker: RabbitMQ
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)

    def write(self, browser: Browser, records: list[str], name: str, stop: threading.Event) -> None:
        """Entry after entry; each is sent again under the same key until it is acknowledged."""
        for number in itertools.count():
            text = f"{name}-{number}"
            entry = {"kind": "contact", "text": text, "for_attention": ["manager"]}
            path = f"/records/api/nominals/{records[number % len(records)]}/activity-log"
            while True:
                try:
                    answer = browser.send("POST", path, json=entry, headers={"Idempotency-Key": text})
                    self.answers[str(answer.status_code)] += 1
                    if answer.status_code == httpx.codes.CREATED:
                        self.acknowledged.add(text)
                        break
                except httpx.HTTPError as error:
                    self.answers[type(error).__name__] += 1
                if stop.is_set():
                    return
                time.sleep(0.2)
            if stop.is_set():
                return

    def kill(self, victim: str) -> None:
        self.kills[victim] += 1
        if victim == "broker":
            self.broker.kill()
            time.sleep(1.0)
            self.broker.start()
            return
        for process in VICTIMS[victim](self.suite.home):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _worker(home: Path) -> list[psutil.Process]:
    """One of those that answer requests."""
    return [child for server in called(WEB, home) for child in server.children()][:1]


def _database(home: Path) -> list[psutil.Process]:
    return [
        one
        for one in psutil.process_iter()
        if "guard.py" not in (said := words(one)) and f"-D {home}/" in said
    ]


VICTIMS: Mapping[str, Callable[[Path], list[psutil.Process]]] = {
    "web": _worker,
    "server": partial(called, WEB),  # with all its workers
    "backstage": partial(called, BACKSTAGE),
    "loaded": parent_of_both,  # what these are forked from
    "database": _database,
}


@contextmanager
def running() -> Iterator[tuple[Running, RabbitMQ]]:
    folder = Path(tempfile.mkdtemp(prefix="visor-storm-"))
    folder.chmod(0o711)
    broker = RabbitMQ(folder / "rabbitmq")
    broker.start()
    suite = start(folder / "home", free_port(), broker.url())
    try:
        yield suite, broker
    finally:
        suite.stop()
        broker.stop()


def run(seconds: float, seed: int, say: Say) -> int:
    """0 when everything acknowledged is there once, and its manager was told once."""
    chance = random.Random(seed)
    with running() as (suite, broker):
        browser = Browser(suite)
        browser.sign_in(WRITER)
        records = _partnered(browser)
        storm, stop = Storm(suite, broker), threading.Event()
        writers = [
            threading.Thread(target=storm.write, args=(browser, records, f"storm-{number}", stop))
            for number in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(chance.uniform(*PAUSE))
            victim = chance.choice(
                ["web", "web", "server", "backstage", "backstage", "loaded", "database", "broker"]
            )
            say(f"kill -9 {victim}")
            storm.kill(victim)
        time.sleep(10)  # what is in hand may still be acknowledged
        stop.set()
        for writer in writers:
            writer.join(60)
        return _counted(storm, browser, records, say)


def _partnered(browser: Browser) -> list[str]:
    found = browser.send("GET", "/records/api/nominals?standing=partner").json()["nominals"]
    live = [str(each["nominal_id"]) for each in found if each["status"] == "live"]
    assert live, "the demonstration gives the writer no live record"
    return live


def _counted(storm: Storm, browser: Browser, records: list[str], say: Say) -> int:
    server = embedded(Settings.from_environment(storm.suite.environment))
    server.attach()
    entries: Counter[str] = Counter()
    told: Counter[str] = Counter()
    end = time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError):  # it may still be coming back
            entries, told = _ledger(browser, records, server.url("visor_notifications"))
        if set(told) >= storm.acknowledged and set(entries) >= storm.acknowledged:
            break
        time.sleep(1)
    time.sleep(3)  # a second copy would still be on its way
    entries, told = _ledger(browser, records, server.url("visor_notifications"))
    lost = [text for text in storm.acknowledged if not entries[text] or not told[text]]
    doubled = [text for text in entries if entries[text] > 1 or told[text] > 1]
    say(f"kills        {storm.kills.total()}  {dict(storm.kills)}")
    say(f"acknowledged {len(storm.acknowledged)}; answers {dict(storm.answers)}")
    say(f"lost         {len(lost)}")
    say(f"doubled      {len(doubled)}")
    return 0 if storm.acknowledged and not lost and not doubled else 1


def _ledger(browser: Browser, records: list[str], notifications: str) -> tuple[Counter[str], Counter[str]]:
    """How often each text stands on a log, and how often its manager was told of it."""
    texts = _texts(browser, records)
    with psycopg.connect(_plain(notifications)) as connection:
        items = connection.execute(
            "SELECT subject_id FROM todo_item WHERE kind = 'notify_manager'"
        ).fetchall()
    told = Counter(texts[str(row[0])] for row in items if str(row[0]) in texts)
    return Counter(texts.values()), told


def _texts(browser: Browser, records: list[str]) -> dict[str, str]:
    """What the logs' own pages say, since the texts lie encrypted in the database: by entry."""
    found: dict[str, str] = {}
    for nominal in records:
        path, more = f"/records/api/nominals/{nominal}/activity-log", ""
        while True:
            page = browser.send("GET", path + more).raise_for_status().json()
            found |= {str(each["id"]): str(each["text"]) for each in page["entries"]}
            if page["next"] is None:
                break
            more = f"?before={page['next']}"
    return {id: text for id, text in found.items() if text.startswith("storm-")}


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")
