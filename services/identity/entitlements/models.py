"""Network entitlements."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class NetworkEntitlement(Base):
    """That a person may, or once might, use a gateway: `kind` is a code of `gateways.toml`; `valid_to` its last day."""

    __tablename__ = "network_entitlement"
    __table_args__ = (
        Index(
            "uq_network_entitlement_open",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
