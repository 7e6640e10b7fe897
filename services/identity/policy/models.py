"""Identity's copy of the changes of policy is the one that people work on: proposals, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.service import Base, service

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy.orm import Mapped

    from shared.policy import PolicyValue


class PolicyChange(Base):
    """A row of `shared.policy.tables`, where its states and constraints stand."""

    __table__ = service.tables.policy

    if TYPE_CHECKING:
        id: Mapped[UUID]
        key: Mapped[str]
        value: Mapped[PolicyValue]
        in_force_from: Mapped[date]
        in_force_to: Mapped[date | None]
        source: Mapped[str]
        state: Mapped[str]
        proposed_by: Mapped[UUID]
        proposed_at: Mapped[datetime]
        decided_by: Mapped[UUID | None]
        decided_at: Mapped[datetime | None]
        decision: Mapped[str]
