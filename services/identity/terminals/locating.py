"""Where a request comes from: the terminal by its device key, the network by its address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Session

from services.identity.terminals.device_keys import CopiedKey, holder_of
from services.identity.terminals.models import NetworkRange, Terminal


@dataclass(frozen=True)
class Origin:
    """What a request says of itself: its address, and the device key its terminal sent. `simulated` (terminal id,
    network id) is what a demonstration's chooser set; it counts in no other database. `certificate` is the SHA-256
    fingerprint (hex) of the client certificate that a proxy of ours verified. `browser` is the mark that a sign-in left
    in this browser: it opens nothing, but failed attempts elsewhere do not hold it back.
    """

    address: str
    device_key: str | None = None
    simulated: tuple[UUID | None, UUID | None] | None = None
    certificate: str | None = None
    browser: str | None = None


@dataclass(frozen=True)
class Place:
    """A registered terminal and network, where the request came from one.

    `copied` is the id of the terminal whose replaced device key was shown, which proves nothing but that there are two;
    `by_device_key` says how the terminal proved itself.
    """

    terminal: Terminal | None
    network: NetworkRange | None
    address: str
    copied: UUID | None = None
    by_device_key: bool = False
    browser: str | None = None

    @property
    def key(self) -> str:
        """What failed attempts are counted by."""
        return f"terminal {self.terminal.id}" if self.terminal else f"address {self.address}"

    @property
    def terminal_tag(self) -> str | None:
        return self.terminal.asset_tag if self.terminal else None


def locate(session: Session, origin: Origin, now: datetime, *, demonstration: bool) -> Place:
    return replace(_place(session, origin, now, demonstration=demonstration), browser=origin.browser)


def _place(session: Session, origin: Origin, now: datetime, *, demonstration: bool) -> Place:
    if demonstration and origin.simulated is not None:
        terminal_id, network_id = origin.simulated
        terminal = session.get(Terminal, terminal_id) if terminal_id else None
        network = session.get(NetworkRange, network_id) if network_id else None
        network = network if network and network.closed_at is None else None
        return Place(terminal, network, f"simulated {network_id}")
    network = _network(session, origin.address)
    certified = _certified(session, origin.certificate)
    if certified is not None or not origin.device_key:
        return Place(certified, network, origin.address)
    try:
        holder = holder_of(session, origin.device_key, now)
    except CopiedKey as copied:
        return Place(None, network, origin.address, copied=copied.terminal_id)
    return Place(holder, network, origin.address, by_device_key=holder is not None)


def _certified(session: Session, fingerprint: str | None) -> Terminal | None:
    if not fingerprint:
        return None
    found = select(Terminal).where(Terminal.certificate_fingerprint == fingerprint)
    return session.execute(found).scalar_one_or_none()


def _network(session: Session, address: str) -> NetworkRange | None:
    """The narrowest registered range that holds the address."""
    inside = NetworkRange.addresses.op(">>=")(cast(address, INET))
    narrowest = (
        select(NetworkRange)
        .where(inside, NetworkRange.closed_at.is_(None))
        .order_by(func.masklen(NetworkRange.addresses).desc())
        .limit(1)
    )
    return session.execute(narrowest).scalar_one_or_none()
