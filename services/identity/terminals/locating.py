"""Where a request comes from: the terminal by its device key, the network by its address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Session

from services.identity.opaque_ids import hashed
from services.identity.terminals.models import NetworkRange, Terminal


@dataclass(frozen=True)
class Origin:
    """What a request says of itself: its address, and the device key its terminal sent. `simulated` (terminal id,
    network id) is what a demonstration's chooser set; it counts in no other database.
    """

    address: str
    device_key: str | None = None
    simulated: tuple[UUID | None, UUID | None] | None = None


@dataclass(frozen=True)
class Place:
    """A registered terminal and network, where the request came from one."""

    terminal: Terminal | None
    network: NetworkRange | None
    address: str

    @property
    def key(self) -> str:
        """What failed attempts are counted by."""
        return f"terminal {self.terminal.id}" if self.terminal else f"address {self.address}"

    @property
    def terminal_tag(self) -> str | None:
        return self.terminal.asset_tag if self.terminal else None


def locate(session: Session, origin: Origin, *, demonstration: bool) -> Place:
    if demonstration and origin.simulated is not None:
        terminal_id, network_id = origin.simulated
        terminal = session.get(Terminal, terminal_id) if terminal_id else None
        network = session.get(NetworkRange, network_id) if network_id else None
        network = network if network and network.closed_at is None else None
        return Place(terminal, network, f"simulated {network_id}")
    return Place(_terminal(session, origin.device_key), _network(session, origin.address), origin.address)


def _terminal(session: Session, device_key: str | None) -> Terminal | None:
    if not device_key:
        return None
    found = select(Terminal).where(Terminal.device_key_hash == hashed(device_key))
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
