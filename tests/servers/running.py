"""The suite as a newcomer starts it: `visor run`, over a real RabbitMQ, with its invented caseload."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

START_SECONDS = 180.0
STOP_SECONDS = 40.0


@dataclass(eq=False)
class Running:
    """A started suite: where it answers, and the password of every invented user."""

    address: str
    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    password: str

    def visor(self, *arguments: str) -> str:
        """What the operator's command prints."""
        command = [sys.executable, "-m", "deploy.command_line", *arguments]
        made = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True, timeout=120
        )
        return made.stdout

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)


def start(home: Path, port: int, amqp_url: str | None) -> Running:
    """Wait until it says who can sign in. Raises AssertionError with its log where it does not start."""
    environment = os.environ | {"VISOR_HOME": str(home), "VISOR_PORT": str(port)}
    for name in ("VISOR_DATABASE_URL", "VISOR_AMQP_URL"):
        environment.pop(name, None)
    if amqp_url:
        environment["VISOR_AMQP_URL"] = amqp_url
    said = home.parent / f"{home.name}.log"
    with said.open("wb") as log:
        command = [sys.executable, "-m", "deploy.command_line", "run"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    running = Running(f"http://localhost:{port}", home, environment, process, "")
    running.password = _password(running, said)
    return running


def _password(running: Running, said: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and running.process.poll() is None:
        if found := re.search(r"Password of everybody: (\S+)", said.read_text(errors="replace")):
            _answers(running.address)
            return found.group(1)
        time.sleep(0.2)
    running.process.kill()
    raise AssertionError(f"the suite did not start:\n{said.read_text(errors='replace')[-3000:]}")


def _answers(address: str) -> None:
    for service in ("identity", "records", "notifications"):
        httpx.get(f"{address}/{service}/readyz", timeout=20).raise_for_status()
