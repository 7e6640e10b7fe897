"""Who may do what in a broker: an account for each service, allowed its own names only.

The same table serves a private broker (loaded at boot) and one run by somebody else, who imports the JSON of
`definitions` with `rabbitmqctl import_definitions`.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from shared.messaging.topology import exchange

EXCHANGE = exchange()
ADMINISTRATOR = "visor"
VHOST = "visor"


@dataclass(frozen=True)
class Account:
    """Regular expressions of the names it may configure, write to and read from, and of its routing keys."""

    name: str
    password: str
    configure: str = ".*"
    write: str = ".*"
    read: str = ".*"
    routing_keys: str = ".*"


def administrator() -> Account:
    return Account(ADMINISTRATOR, secrets.token_urlsafe(18))


def service_account(service: str) -> Account:
    """It owns the queues that begin with its name, and publishes its own facts only.

    Jobs go through the default exchange, which RabbitMQ guards as a whole: so whoever may enqueue a job for
    itself could put one into another's queue. The receiver reads nothing from it but a task row's id.
    """
    own = rf"(visor\.)?{re.escape(service)}([._-].*)?"
    exchange = re.escape(EXCHANGE)
    return Account(
        name=f"visor-{service}",
        password=secrets.token_urlsafe(18),
        configure=f"^({own}|{exchange})$",
        write=f"^({own}|{exchange}|amq\\.default)$",
        read=f"^({own}|{exchange})$",
        routing_keys=rf"^{re.escape(service)}\..*$",
    )


def definitions(accounts: list[Account]) -> dict[str, object]:
    """What RabbitMQ 3.10 to 4.x imports; holds no password, only its salted hash."""
    return {
        "users": [_user(account) for account in accounts],
        "vhosts": [{"name": VHOST}],
        "permissions": [
            {"user": a.name, "vhost": VHOST, "configure": a.configure, "write": a.write, "read": a.read}
            for a in accounts
        ],
        "topic_permissions": [
            {"user": a.name, "vhost": VHOST, "exchange": EXCHANGE, "write": a.routing_keys, "read": ".*"}
            for a in accounts
        ],
    }


def _user(account: Account) -> dict[str, object]:
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + account.password.encode()).digest()
    return {
        "name": account.name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator" if account.name == ADMINISTRATOR else "",
    }
