"""That the bootstrap was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class Bootstrap(Base):
    """One row, written with the first accounts: whoever writes it second is refused, also at the same moment.

    `recorded` says what was appointed on which document's word, by ids and references.
    """

    __tablename__ = "bootstrap"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(200))
    recorded: Mapped[dict[str, Any]] = mapped_column(JSONB)
    done_at: Mapped[datetime]
