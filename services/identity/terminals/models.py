"""Terminals and the ranges of addresses of registered networks."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.dialects.postgresql import CIDR
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class Terminal(Base):
    """A prison's terminal (PF-6.4.1). It proves itself with a device key, of which only the hash is kept.

    `status` is registered, assessed, approved or withdrawn: moving one to another room withdraws it until it is
    assessed again (PSI-5.3.8.2).
    """

    __tablename__ = "terminal"
    __table_args__ = (
        CheckConstraint("status in ('registered', 'assessed', 'approved', 'withdrawn')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asset_tag: Mapped[str] = mapped_column(String(40), unique=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    room: Mapped[str] = mapped_column(String(100))
    device_key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    status: Mapped[str] = mapped_column(String(12))
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]


class NetworkRange(Base):
    """Addresses of one building's network. Wi-Fi is registered too, so that it can be refused by name (PF-6.6.1)."""

    __tablename__ = "network_range"
    __table_args__ = (CheckConstraint("kind in ('lan', 'wifi')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    addresses: Mapped[IPv4Network | IPv6Network] = mapped_column(CIDR, unique=True)
    kind: Mapped[str] = mapped_column(String(4))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    building: Mapped[str] = mapped_column(String(200))
