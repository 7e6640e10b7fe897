"""A small load client on raw sockets, in processes of its own, so that it is never what is measured.

`python -m tests.load.client` reads {port, seconds, connections, requests} from its standard input, keeps that many
connections busy, and prints {answered, failed, seconds, latencies} in seconds.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

PROCESSES = 2
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Heard:
    """What all processes together got for their requests."""

    answered: int
    failed: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        return self.answered / self.seconds


def http(method: str, path: str, token: str = "", body: Mapping[str, Any] | None = None) -> str:
    """One request as it goes over the wire, kept alive."""
    text = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: keep-alive"]
    lines += [f"Authorization: Bearer {token}"] * bool(token)
    lines += ["Content-Type: application/json", f"Content-Length: {len(text.encode())}"] * (body is not None)
    return "\r\n".join([*lines, "", text])


def load(port: int, requests: Sequence[str], *, seconds: float, connections: int = 8) -> Heard:
    """Send the requests in turn, over so many connections, for so long."""
    work = []
    for number in range(PROCESSES):
        share = requests[number::PROCESSES]
        told = {"port": port, "seconds": seconds, "connections": connections // PROCESSES, "requests": share}
        command = [sys.executable, "-m", "tests.load.client"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        work.append((process, json.dumps(told)))
    for process, told_ in work:
        assert process.stdin is not None
        process.stdin.write(told_)
        process.stdin.close()
    answers = [json.loads(process.stdout.read()) for process, _ in work if process.stdout is not None]
    for process, _ in work:
        process.wait()
    latencies = [one for answer in answers for one in answer["latencies"]]
    longest = max(answer["seconds"] for answer in answers)
    return Heard(len(latencies), sum(answer["failed"] for answer in answers), longest, latencies)


@dataclass
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    heard: bytes = b""

    def send(self, request: bytes) -> None:
        self.heard, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """The status once the whole answer is here."""
        self.heard += self.socket.recv(1 << 18)
        if not self.heard:
            raise ConnectionError("the server closed a connection")
        head, end, body = self.heard.partition(_HEAD_END)
        if not end:
            return None
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        return int(head[9:12]) if len(body) >= length else None


@dataclass
class _Run:
    requests: Iterator[bytes]
    until: float
    latencies: list[float] = field(default_factory=list)
    failed: int = 0

    def over(self, port: int, connections: int) -> None:
        selector = selectors.DefaultSelector()
        for _ in range(connections):
            one = _Connection(socket.create_connection(("127.0.0.1", port)))
            one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.send(next(self.requests))
        while time.perf_counter() < self.until:
            for key, _ in selector.select(timeout=1):
                self._heard(key.data)

    def _heard(self, one: _Connection) -> None:
        status = one.status()
        if status is None:
            return
        if 200 <= status < 300:
            self.latencies.append(time.perf_counter() - one.sent_at)
        else:
            self.failed += 1
        one.send(next(self.requests))


def main() -> None:
    told = json.load(sys.stdin)
    requests = [one.encode() for one in told["requests"]]
    began = time.perf_counter()
    run = _Run(cycle(requests), began + told["seconds"])
    run.over(told["port"], told["connections"])
    seconds = time.perf_counter() - began
    print(json.dumps({"failed": run.failed, "seconds": seconds, "latencies": run.latencies}))


if __name__ == "__main__":
    main()
