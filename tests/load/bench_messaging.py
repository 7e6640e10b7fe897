"""How much the spine costs over a bare broker: draining an outbox, and from a commit to its effect."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from deploy.postgres import Postgres
from deploy.rabbitmq import RabbitMQ
from shared.events.envelope import Event
from shared.many_rows import ManyRows
from shared.messaging.backstage import Backstage
from shared.messaging.intake import Delivery, Intake
from tests.load.raw_amqp import BATCH, RawPublisher, latencies
from tests.services.messaging.kit import HANDLED, NOTED, Side, Spine, eventually, side, subscription

EVENTS = 20_000
RATE, SAMPLES = 10.0, 200
FIRST_TIMED = 10_000_000
# What the receiver's process notes after each commit: which fact, and when.
_HANDLED_AT = "BENCH_HANDLED_AT"
_FILL = """
    INSERT INTO outbox (id, version, kind, occurred_at, aggregate, data, copies, urgent)
    SELECT gen_random_uuid(), 1, %s, now(), jsonb_build_object('kind', 'nominal', 'id', gen_random_uuid(), 'version', 1),
        jsonb_build_object('n', n),
        '[{"agency": "nca", "detail": "full", "people": [{"person_id": null, "as": "manager", "unit": "area-53"}]}]', false
    FROM generate_series(1, %s) n
"""


@dataclass(frozen=True)
class Measure:
    """`reach` bounds the ratio of value to floor, from below where more is better, else from above."""

    name: str
    unit: str
    value: float
    floor: float
    reach: float
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def reached(self) -> bool:
        return self.ratio >= self.reach if self.more_is_better else self.ratio <= self.reach

    def __str__(self) -> str:
        bound = "≥" if self.more_is_better else "≤"
        verdict = "reached" if self.reached else "MISSED"
        return (
            f"{self.name:<32} {self.value:10.1f} {self.unit:<9} floor {self.floor:10.1f}  "
            f"ratio {self.ratio:5.2f}  ({bound} {self.reach}) {verdict}"
        )


_timed: list[int] = []


_ROWS = "bench.rows"
_ITEMS = ManyRows(HANDLED, ("event_id", "agency", "type", "n"))


def handle(session: Session, fact: Event) -> None:
    """A row as plain as a to-do item, written with the batch's others before the commit, as notifications does it."""
    if _ROWS not in session.info:
        session.info[_ROWS] = []
        event.listen(session, "before_commit", _write)
    row = {"event_id": fact.id, "agency": fact.agency, "type": fact.type, "n": fact.data["n"]}
    session.info[_ROWS].append(row)
    if fact.data["n"] >= FIRST_TIMED:
        _timed.append(fact.data["n"])


def _write(session: Session) -> None:
    _ITEMS.write(session, session.info[_ROWS])


def sides(sender_url: str, receiver_url: str) -> tuple[Side, Side]:
    return side("sender", sender_url), side(
        "receiver", receiver_url, subscriptions=[subscription(NOTED, handle)]
    )


def role(sender_url: str, receiver_url: str, amqp: str, name: str) -> None:
    """One process of a deployment."""
    both = [one.participant for one in sides(sender_url, receiver_url)]
    if name == "consumer":
        _note_commits(Path(os.environ[_HANDLED_AT]))
    Backstage(both, amqp, roles=[name]).run()


def _note_commits(path: Path) -> None:
    take = Intake.take
    opened = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def noting(self: Intake, deliveries: Sequence[Delivery]) -> None:
        take(self, deliveries)
        now = time.time()
        os.write(opened, "".join(f"{n} {now}\n" for n in _timed).encode())
        _timed.clear()

    Intake.take = noting  # type: ignore[method-assign]


@contextmanager
def processes(home: Path, *arguments: str) -> Iterator[None]:
    """Relay and consumer, each its own process, as in a deployment."""
    environment = os.environ | {_HANDLED_AT: str(home / "handled")}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.load.bench_messaging", *arguments, name], env=environment
        )
        for name in ("consumer", "relay")
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def raw_drain(url: str) -> float:
    """Messages a second with nothing but the broker: publisher and consumer in a process each."""
    command = [sys.executable, "-m", "tests.load.raw_amqp", url, "raw.drain", str(EVENTS)]
    publisher = RawPublisher(url, "raw.drain")
    consumer = subprocess.Popen(command)
    time.sleep(2)
    began = time.monotonic()
    for _ in range(0, EVENTS, BATCH):
        publisher.publish([b"x" * 300] * BATCH)
    consumer.wait()
    return EVENTS / (time.monotonic() - began)


def drain(spine: Spine) -> float:
    """Facts a second from the outbox into handled rows."""
    before = spine.receiver.value("SELECT count(*) FROM handled")
    with psycopg.connect(spine.sender.participant.conninfo) as connection:
        connection.execute(_FILL, [NOTED.name, EVENTS])
    began = time.monotonic()
    spine.sender.ring.ring()
    while spine.receiver.value("SELECT count(*) FROM handled") - before < EVENTS:
        time.sleep(0.05)
    return EVENTS / (time.monotonic() - began)


def commit_to_handled(spine: Spine, home: Path) -> list[float]:
    """Seconds from a commit's return to the commit of its effect, at ten a second."""
    committed: dict[int, float] = {}
    for n in range(FIRST_TIMED, FIRST_TIMED + SAMPLES):
        began = time.time()
        spine.tell(n)
        committed[n] = time.time()
        time.sleep(max(0.0, 1 / RATE - (time.time() - began)))
    eventually(lambda: len(spine.receiver.handled()) == SAMPLES + 1)
    time.sleep(0.5)
    lines = (line.split() for line in (home / "handled").read_text().splitlines())
    handled = {int(n): float(at) for n, at in lines}
    return [handled[n] - at for n, at in committed.items()]


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] * 1000


def measure() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="visor-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)
        postgres, rabbitmq = Postgres(home / "postgres"), RabbitMQ(home / "rabbitmq")
        postgres.start()
        rabbitmq.start()
        try:
            return _measure(home, postgres, rabbitmq.url())
        finally:
            rabbitmq.stop()
            postgres.stop()


def _measure(home: Path, postgres: Postgres, amqp: str) -> list[Measure]:
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE sender")
        connection.execute("CREATE DATABASE receiver")
    urls = (postgres.url("sender"), postgres.url("receiver"))
    spine = Spine(*sides(*urls), amqp=amqp)
    with processes(home, *urls, amqp):
        spine.tell(0)
        eventually(lambda: spine.receiver.handled() == [0], seconds=60)
        latency = commit_to_handled(spine, home)
        raw_latency = latencies(amqp, SAMPLES, RATE)
        drained = drain(spine)
    raw_drained = raw_drain(amqp)
    spine.stop()
    return [
        Measure("commit to handled, p50", "ms", percentile(latency, 50), percentile(raw_latency, 50), 2.5),
        Measure("commit to handled, p95", "ms", percentile(latency, 95), percentile(raw_latency, 95), 3.0),
        Measure(f"drain of {EVENTS} facts", "facts/s", drained, raw_drained, 0.4, more_is_better=True),
    ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        role(*sys.argv[1:])
    else:
        for one in measure():
            print(one)
