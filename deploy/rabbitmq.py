"""A private RabbitMQ node from Debian's package: its own folders, name server, cookie, ports and accounts.

It touches nothing of a broker that the machine may run, and shares none of its files. Starts in some 5 s.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import pika
import pika.exceptions

from deploy.certificates import Certificates, make_certificates
from deploy.guarded import Guarded
from deploy.ports import free_port
from deploy.rabbitmq_accounts import (
    ADMINISTRATOR,
    VHOST,
    Account,
    administrator,
    definitions,
    service_account,
)
from shared.settings import SERVICES

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
NODE = "visor@localhost"


class RabbitMQError(RuntimeError):
    """The node did not start; the message ends with the last lines of its log."""


class RabbitMQ:
    """One node in one folder; the folder must be private to its owner."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port, self.tls_port, self._name_port, self._node_port = (free_port() for _ in range(4))
        self.accounts: dict[str, Account] = {ADMINISTRATOR: administrator()}
        self.accounts |= {service: service_account(service) for service in SERVICES}
        self.certificates: Certificates | None = make_certificates(self.folder) if tls else None
        self._servers: dict[str, Guarded] = {}

    @property
    def log(self) -> Path:
        return self.folder / "rabbitmq.log"

    @property
    def running(self) -> bool:
        return "node" in self._servers and self._servers["node"].poll() is None

    def url(self, account: str = ADMINISTRATOR, vhost: str = VHOST) -> str:
        """`account` is a service's name, or the administrator, who may do everything."""
        return f"amqp://{self._credentials(account)}@127.0.0.1:{self.port}/{vhost}"

    def tls_url(self, account: str = ADMINISTRATOR, vhost: str = VHOST) -> str:
        """Verified against the authority's file, which the address names as `cacertfile`."""
        if self.certificates is None:
            msg = "this node was made without TLS"
            raise RabbitMQError(msg)
        authority = quote(str(self.certificates.authority), safe="")
        return (
            f"amqps://{self._credentials(account)}@localhost:{self.tls_port}/{vhost}?cacertfile={authority}"
        )

    def start(self, timeout: float = 90.0) -> None:
        """Returns when clients can sign in. What durable queues held before is there again."""
        self._write_configuration()
        if "names" not in self._servers or self._servers["names"].poll() is not None:
            names = ["epmd", "-address", "127.0.0.1", "-port", str(self._name_port)]
            self._servers["names"] = self._guarded(names)
        # Said to run under systemd, its script becomes the node itself, instead of standing before it.
        self._servers["node"] = self._guarded([str(SERVER)], RUNNING_UNDER_SYSTEMD="true")
        deadline = time.monotonic() + timeout
        while not self.answers():
            if not self.running or time.monotonic() > deadline:
                self.stop()
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                raise RabbitMQError("\n".join([f"RabbitMQ did not start; from {self.log}:", *tail]))
            time.sleep(0.1)

    def add_vhost(self, name: str) -> None:
        """An empty place for the administrator, where the usual names are free again."""
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, ADMINISTRATOR, ".*", ".*", ".*")

    def answers(self) -> bool:
        try:
            pika.BlockingConnection(pika.URLParameters(self.url() + "?connection_attempts=1")).close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def stop(self) -> None:
        for name in ("node", "names"):
            if name in self._servers:
                self._servers.pop(name).stop()

    def kill(self) -> None:
        """`kill -9` of the node."""
        if "node" in self._servers:
            self._servers.pop("node").kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` answers; some 1.5 s a call."""
        command = [str(SERVER.with_name("rabbitmqctl")), "-n", NODE, "--quiet", *arguments]
        return subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=True, timeout=60
        ).stdout

    def _guarded(self, command: list[str], **more: str) -> Guarded:
        with self.log.open("ab") as log:
            return Guarded(
                command,
                environment=self._environment() | more,
                stop_signal=signal.SIGTERM,
                grace=30,
                output=log,
            )

    def _credentials(self, account: str) -> str:
        return f"{self.accounts[account].name}:{self.accounts[account].password}"

    def _write_configuration(self) -> None:
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(20))
            cookie.chmod(0o400)
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "definitions.json").write_text(json.dumps(definitions(list(self.accounts.values()))))
        lines = [
            f"listeners.tcp.default = 127.0.0.1:{self.port}",
            f"load_definitions = {self.folder}/definitions.json",
            "log.file = false",
            "log.console = true",
            "log.console.level = warning",
            "disk_free_limit.absolute = 50MB",
            "raft.wal_max_size_bytes = 16000000",
        ]
        if self.certificates:
            lines += [
                f"listeners.ssl.default = 127.0.0.1:{self.tls_port}",
                f"ssl_options.cacertfile = {self.certificates.authority}",
                f"ssl_options.certfile = {self.certificates.certificate}",
                f"ssl_options.keyfile = {self.certificates.key}",
                "ssl_options.verify = verify_none",
                "ssl_options.versions.1 = tlsv1.3",
                "ssl_options.versions.2 = tlsv1.2",
            ]
        (self.folder / "rabbitmq.conf").write_text("\n".join([*lines, ""]))

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ.get("PATH", "") + ":/usr/lib/erlang/bin:/usr/sbin:/usr/bin:/bin",
            "HOME": folder,
            "LANG": "C.UTF-8",
            "ERL_CRASH_DUMP": f"{folder}/erl_crash.dump",
            "ERL_EPMD_PORT": str(self._name_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/none.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none"
            ),
        }
