"""The order in which people and units changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class DirectoryVersion(Base):
    """One row. Its lock is held to the end of the transaction that moves it, so versions follow the order of commits
    and a reader who asks for what came after one misses nothing (a sequence could not promise that).
    """

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)


class DirectoryChange(Base):
    """The newest version in which a person (by id) or unit (by code) changed."""

    __tablename__ = "directory_change"
    __table_args__ = (CheckConstraint("kind in ('person', 'unit')", name="kind"),)

    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, unique=True)
