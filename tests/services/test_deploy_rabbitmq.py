"""Our private RabbitMQ node: durable over kills, and each service's account kept to its own names."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker, ProbableAuthenticationError

from deploy.ports import is_free
from deploy.postgres_files import NOBODY, open_to_others
from deploy.rabbitmq import RabbitMQ
from deploy.rabbitmq_accounts import EXCHANGE

QUORUM = {"x-queue-type": "quorum"}
# RabbitMQ 3.10 writes a new quorum queue's name to disk only half a second later; a node killed before that
# has the messages, but no longer finds the queue.
REGISTERED_SECONDS = 1.0


def channel(url: str) -> BlockingChannel:
    return pika.BlockingConnection(pika.URLParameters(url)).channel()


def test_a_confirmed_message_survives_kill_9_and_restart(rabbitmq: RabbitMQ, amqp_url: str) -> None:
    before = channel(amqp_url)
    before.confirm_delivery()
    before.queue_declare("records.normal", durable=True, arguments=QUORUM)
    before.basic_publish("", "records.normal", b"kept", pika.BasicProperties(delivery_mode=2), mandatory=True)
    time.sleep(REGISTERED_SECONDS)
    rabbitmq.kill()
    assert not rabbitmq.running
    rabbitmq.start()
    rabbitmq.restart()
    after = channel(amqp_url)
    deadline = time.monotonic() + 20
    while (body := after.basic_get("records.normal", auto_ack=True)[2]) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert body == b"kept"
    after.connection.close()


def test_a_service_keeps_to_its_own_queues(rabbitmq: RabbitMQ) -> None:
    own = channel(rabbitmq.url("records"))
    own.exchange_declare(EXCHANGE, "topic", durable=True)
    own.queue_declare("records.trial", durable=True, arguments=QUORUM)
    own.queue_bind("records.trial", EXCHANGE, "identity.#")
    with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
        own.queue_declare("notifications.trial", durable=True, arguments=QUORUM)
    own.connection.close()
    other = channel(rabbitmq.url("notifications"))
    with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
        other.basic_get("records.trial")
    other.connection.close()


def test_a_service_publishes_its_own_facts_only(rabbitmq: RabbitMQ) -> None:
    identity = channel(rabbitmq.url("identity"))
    identity.exchange_declare(EXCHANGE, "topic", durable=True)
    identity.confirm_delivery()
    identity.basic_publish(EXCHANGE, "identity.tokens.granted.police-13", b"{}")
    with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
        identity.basic_publish(EXCHANGE, "records.nominals.created.police-13", b"{}")
    identity.connection.close()


def test_over_tls_the_server_is_verified_against_its_own_authority(rabbitmq: RabbitMQ) -> None:
    parts = urlsplit(rabbitmq.tls_url("identity"))
    authority = parse_qs(parts.query)["cacertfile"][0]
    parameters = pika.ConnectionParameters(
        parts.hostname,
        parts.port,
        parts.path.lstrip("/"),
        pika.PlainCredentials(str(parts.username), str(parts.password)),
        ssl_options=pika.SSLOptions(ssl.create_default_context(cafile=authority), "localhost"),
    )
    pika.BlockingConnection(parameters).close()
    parameters.ssl_options = pika.SSLOptions(ssl.create_default_context(), "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        pika.BlockingConnection(parameters)


def test_a_wrong_password_and_the_guest_account_are_refused(rabbitmq: RabbitMQ) -> None:
    wrong = rabbitmq.url("records").replace(rabbitmq.accounts["records"].password, "wrong")
    for url in (f"amqp://guest:guest@127.0.0.1:{rabbitmq.port}/visor", wrong):
        with pytest.raises(ProbableAuthenticationError):
            channel(url)


def test_its_secrets_are_closed_to_others(rabbitmq: RabbitMQ) -> None:
    assert (rabbitmq.folder / ".erlang.cookie").stat().st_mode & 0o777 == 0o400
    assert rabbitmq.folder.stat().st_mode & 0o077 == 0
    assert not any(
        a.password in (rabbitmq.folder / "definitions.json").read_text() for a in rabbitmq.accounts.values()
    )


OWNER = """
import pathlib, sys, time
from deploy.rabbitmq import RabbitMQ
node = RabbitMQ(pathlib.Path(sys.argv[1]))
node.start()
print(node.port, node._name_port, flush=True)
time.sleep(60)
"""


def test_node_and_name_server_end_when_their_owner_is_killed(rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    """Beside the first node, whose ports and name it does not disturb."""
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path / "node")], stdout=subprocess.PIPE)
    assert owner.stdout
    ports = [int(port) for port in owner.stdout.readline().split()]
    assert ports
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    deadline = time.monotonic() + 15
    while not all(is_free(port) for port in ports):
        assert time.monotonic() < deadline, "a server outlived its owner"
        time.sleep(0.1)
    assert rabbitmq.answers()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_runs_as_an_ordinary_user_too(rabbitmq: RabbitMQ) -> None:
    assert rabbitmq.running  # so the broker is installed
    folder = Path(tempfile.mkdtemp(prefix="visor-nobody-"))
    os.chown(folder, NOBODY, NOBODY)
    code = OWNER.replace("time.sleep(60)", "node.stop()")
    try:
        command = [interpreter_for_others(), "-c", code, str(folder / "node")]
        done = subprocess.run(
            command, user=NOBODY, group=NOBODY, env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (folder / "node").stat().st_uid == NOBODY
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def interpreter_for_others() -> str:
    """A Python of our version that other users can reach; root's own often lies in root's home."""
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        if Path(candidate).exists() and open_to_others(Path(candidate)):
            return candidate
    return pytest.skip("every Python of this version lies where only root can reach it")
