"""Who holds what: tokens and roles are grants with a unit, a time, a granter and a reason (PF-7/ViSOR Tokens.1).

A grant is in force from when the tick (or the granting itself) marks it started until it is ended.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

ONE_CPC, NEXT_CPC = "uq_token_grant_one_cpc", "uq_token_grant_next_cpc"
ONE_LPC, NEXT_LPC = "uq_token_grant_one_lpc", "uq_token_grant_next_lpc"
ONE_ORDER = "uq_token_order_open"
_OPEN = "ended_at is null"
_HELD = f"{_OPEN} and started_at is not null"
_TO_COME = f"{_OPEN} and started_at is null"


class GrantColumns:
    """What a grant of a token and a grant of a role have in common. `valid_to` is its last day.

    `warnings` are the codes that the granter was shown, `note` why they went on; `for_cpc` the unit of the absent CPC
    for whom a deputy acted (PF-7/LPC.2).
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by: Mapped[UUID]
    granted_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    # On whose word an administrator executed it.
    authority: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(String(500))
    warnings: Mapped[list[str]] = mapped_column(default=list)
    for_cpc: Mapped[str | None] = mapped_column(String(40))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))


class TokenGrant(GrantColumns, Base):
    """`suspended_at`: held, but the holder's vetting no longer reaches the token's level (PF-6.1.3).

    One CPC of an area, group or force and one LPC of a unit at a time, and one of each to follow: the database
    enforces it (PF-7/CPC Probation.4, PF-5.4, PF-4.8). `authorised_by` is the CPC on whose order an administrator set
    it.
    """

    __tablename__ = "token_grant"
    __table_args__ = (
        Index(ONE_CPC, "unit", unique=True, postgresql_where=text(f"token = 'cpc' and {_HELD}")),
        Index(NEXT_CPC, "unit", unique=True, postgresql_where=text(f"token = 'cpc' and {_TO_COME}")),
        Index(ONE_LPC, "unit", unique=True, postgresql_where=text(f"token = 'lpc' and {_HELD}")),
        Index(NEXT_LPC, "unit", unique=True, postgresql_where=text(f"token = 'lpc' and {_TO_COME}")),
        Index("uq_token_grant_open", "person_id", "token", "unit", unique=True, postgresql_where=text(_OPEN)),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    token: Mapped[str] = mapped_column(String(20))
    authorised_by: Mapped[UUID | None]
    suspended_at: Mapped[datetime | None]
    # `vetting`: what renewed vetting gives back by itself.
    suspended_for: Mapped[str | None] = mapped_column(String(20))


class TokenOrder(Base):
    """What a CPC authorised and an administrator is to set (requirements, 4.1; PF-7/CPC Probation.6).

    `state` is `open`, `set` or `declined`; a set order names its grant.
    """

    __tablename__ = "token_order"
    __table_args__ = (
        Index(ONE_ORDER, "person_id", "token", "unit", unique=True, postgresql_where=text("state = 'open'")),
        CheckConstraint("state in ('open', 'set', 'declined')", name="state"),
        CheckConstraint("(state = 'set') = (grant_id is not null)", name="set_grant"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(String(500))
    warnings: Mapped[list[str]] = mapped_column(default=list)
    for_cpc: Mapped[str | None] = mapped_column(String(40))
    authorised_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authorised_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
    settled_reason: Mapped[str | None] = mapped_column(String(500))
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("token_grant.id"))


class RoleGrant(GrantColumns, Base):
    """Governor, ViSOR lead, Head of Public Protection and the others that are no tokens."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("uq_role_grant_open", "person_id", "role", "unit", unique=True, postgresql_where=text(_OPEN)),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    role: Mapped[str] = mapped_column(String(40))
