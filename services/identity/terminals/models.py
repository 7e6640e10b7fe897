"""Terminals, their risk assessments and yearly assurances, and the ranges of addresses of registered networks."""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import CIDR, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.buildings.models import Building
from services.identity.service import Base
from shared.ids import new_id

ONE_OPEN_ASSESSMENT = "uq_terminal_assessment_open"


class Terminal(Base):
    """A terminal marked as ViSOR approved, or on its way there (PF-6.4.1). It proves itself with a device key, of which
    only the hash is kept, or with a client certificate.

    `status` is registered, assessed, approved or withdrawn: moving one to another room withdraws it until it is
    assessed again (PSI-5.3.8.2); `moved` says that this is why, so that the local IT manager must sign too.
    `reassure_by` is the last day of the current assurance (PF-5.9.3).
    """

    __tablename__ = "terminal"
    __table_args__ = (
        CheckConstraint("status in ('registered', 'assessed', 'approved', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_reason is not null)", name="withdrawn_why"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asset_tag: Mapped[str] = mapped_column(String(40), unique=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    room: Mapped[str] = mapped_column(String(100))
    device_key_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    certificate_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(12))
    moved: Mapped[bool] = mapped_column(default=False)
    registered_by: Mapped[UUID | None]
    registered_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    reassure_by: Mapped[date | None] = mapped_column(index=True)
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(20))
    # How its approval was first recorded, where that was at the bootstrap of a deployment.
    document: Mapped[str | None] = mapped_column(String(200))


class Assessment(Base):
    """A risk assessment of a terminal in its room (PF-6.4.2): the answer to each item of the checklist by its code.

    `outcome` is null while the CPC has not decided, then approved, declined, or void (overtaken by a move or a
    withdrawal). `vouched_by` is the lead's assurance beside an assessment that the CPC did (PF-5.10.3).
    """

    __tablename__ = "terminal_assessment"
    __table_args__ = (
        Index(ONE_OPEN_ASSESSMENT, "terminal_id", unique=True, postgresql_where=text("outcome is null")),
        CheckConstraint("outcome in ('approved', 'declined', 'void')", name="outcome"),
        CheckConstraint("(outcome is null) = (decided_at is null)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    terminal_id: Mapped[UUID] = mapped_column(ForeignKey("terminal.id"), index=True)
    room: Mapped[str] = mapped_column(String(100))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    standards: Mapped[list[str]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(String(2000))
    assessed_by: Mapped[UUID]
    assessed_as: Mapped[str] = mapped_column(String(20))
    assessed_at: Mapped[datetime]
    # The local IT manager's word, asked for where a terminal moved (PSI-5.3.8.2).
    it_manager: Mapped[str | None] = mapped_column(String(200))
    it_reference: Mapped[str | None] = mapped_column(String(200))
    it_signed_on: Mapped[date | None]
    vouched_by: Mapped[UUID | None]
    vouched_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decision_note: Mapped[str | None] = mapped_column(String(2000))


class Assurance(Base):
    """One yearly assurance of an approved terminal, asked for and given (PF-5.9.3)."""

    __tablename__ = "terminal_assurance"
    __table_args__ = (
        Index("uq_terminal_assurance_due", "terminal_id", "due_on", unique=True),
        Index("ix_terminal_assurance_open", "terminal_id", postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    terminal_id: Mapped[UUID] = mapped_column(ForeignKey("terminal.id"))
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    given_by: Mapped[UUID | None]
    # Given, or needless since the terminal was withdrawn.
    closed_at: Mapped[datetime | None]


class EnrolmentCode(Base):
    """A code, typed once at an approved terminal, that gives it its device key. Only its hash is kept."""

    __tablename__ = "enrolment_code"

    terminal_id: Mapped[UUID] = mapped_column(ForeignKey("terminal.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int] = mapped_column(default=5)


class NetworkRange(Base):
    """Addresses of one building's network. Wi-Fi is registered too, so that it can be refused by name (PF-6.6.1).

    `building` is the building's name and `unit` its unit: kept here, so that a sign-in reads one row. A closed range
    is no network any more.
    """

    __tablename__ = "network_range"
    __table_args__ = (
        CheckConstraint("kind in ('lan', 'wifi')", name="kind"),
        Index("uq_network_range_open", "addresses", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    addresses: Mapped[IPv4Network | IPv6Network] = mapped_column(CIDR)
    kind: Mapped[str] = mapped_column(String(4))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    building: Mapped[str] = mapped_column(String(200))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey(Building.id), index=True)
    registered_by: Mapped[UUID | None]
    registered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class WifiGrant(Base):
    """The senior responsible officer's leave to use Wi-Fi, with its extra security provision (PF-6.6.2).

    For everybody at a unit and below it, from its first day to its last.
    """

    __tablename__ = "wifi_grant"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="in_order"),
        Index("ix_wifi_grant_open", "unit", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    provision: Mapped[str] = mapped_column(String(2000))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    granted_by: Mapped[UUID]
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))
