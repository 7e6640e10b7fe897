"""What a demonstration remembers: its one password, and who plays which part."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class DemonstrationPassword(Base):
    """One row, encrypted: the password of every invented user, so that a second start can print it too."""

    __tablename__ = "demonstration_password"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    password: Mapped[bytes] = mapped_column(LargeBinary)


class DemonstrationPart(Base):
    """A member of the cast, in the order of the story."""

    __tablename__ = "demonstration_part"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    part: Mapped[str] = mapped_column(String(300))
