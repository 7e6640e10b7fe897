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

ONE_CPC = "uq_token_grant_one_cpc"
ONE_LPC = "uq_token_grant_one_lpc"
_OPEN = "ended_at is null"


class GrantColumns:
    """What a grant of a token and a grant of a role have in common. `valid_to` is its last day."""

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
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))


class TokenGrant(GrantColumns, Base):
    """`suspended_at`: held, but the holder's vetting no longer reaches the token's level (PF-6.1.3).

    One open CPC grant for an area, group or force, and one open LPC grant for a unit: the database enforces both.
    """

    __tablename__ = "token_grant"
    __table_args__ = (
        Index(ONE_CPC, "unit", unique=True, postgresql_where=text(f"token = 'cpc' and {_OPEN}")),
        Index(ONE_LPC, "unit", unique=True, postgresql_where=text(f"token = 'lpc' and {_OPEN}")),
        Index("uq_token_grant_open", "person_id", "token", "unit", unique=True, postgresql_where=text(_OPEN)),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    token: Mapped[str] = mapped_column(String(20))
    suspended_at: Mapped[datetime | None]


class RoleGrant(GrantColumns, Base):
    """Governor, ViSOR lead, Head of Public Protection and the others that are no tokens."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("uq_role_grant_open", "person_id", "role", "unit", unique=True, postgresql_where=text(_OPEN)),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    role: Mapped[str] = mapped_column(String(40))
