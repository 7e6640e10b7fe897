"""Movements into and out of prison, and the messages that told of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Incoming(Base):
    """One message of another system, by what it tells of: the same fact counts once, whatever its message id.

    `outcome` is taken, no_record (nobody on the register has that number) or set_aside; `reason` says why. `body` is
    kept only of what was set aside, encrypted, so that somebody can look into it.
    """

    __tablename__ = "incoming_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    fact: Mapped[str] = mapped_column(String(300), unique=True)
    event_type: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime]
    occurred_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes | None]
    # Of a reception that found no record: where, and when somebody there searched the register for the person (D-08).
    prison: Mapped[str | None] = mapped_column(String(40))
    searched_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("outcome IN ('taken', 'no_record', 'set_aside')", name="outcome"),
        Index(
            "ix_incoming_message_unsearched",
            "prison",
            "received_at",
            postgresql_where=text("prison IS NOT NULL AND searched_at IS NULL"),
        ),
        Index("ix_incoming_message_set_aside", "received_at", postgresql_where=text("outcome = 'set_aside'")),
    )


class Movement(OfNominal, Base):
    """A nominal was received into a prison, or left it. `at` is when it happened, not when we heard of it.

    `for_a_while`: to court or on temporary licence, or back, while the same prison holds the person. `entered_by` is
    whoever entered it by hand; None where the prison's own system told.

    A reception of which the prison was told also keeps whether somebody there was partner as the person came
    (`partnered`), when that stay ended (`left_at`), whether somebody there was partner then (`left_partnered`), and
    when the day of leaving was entered on the custody attachment (`dated_at`).
    """

    __tablename__ = "custody_movement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    prison: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))
    reason_code: Mapped[str | None] = mapped_column(String(200))
    for_a_while: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    entered_by: Mapped[UUID | None]
    partnered: Mapped[bool | None]
    left_at: Mapped[datetime | None]
    left_partnered: Mapped[bool | None]
    dated_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('received', 'released')", name="kind"),
        Index("ix_custody_movement_nominal_id_at", "nominal_id", "at"),
    )
