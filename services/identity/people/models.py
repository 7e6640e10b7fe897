"""Agencies, units and people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.identity.service import Base
from shared.ids import new_id

AccountState = Literal["nominated", "requested", "authorised", "created", "active", "disabled", "archived"]


class Agency(Base):
    """`kind` is police, probation, prison, national or other."""

    __tablename__ = "agency"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))


class Unit(Base):
    """Region > MAPPA area > delivery unit; prison group > prison; a force or national body by itself (PF-7/LPC.1).

    Its kinds stand in `services/identity/estate/kinds.toml`. `contracted`: run by a contractor, with a Director in
    charge (PF-0.4.2); `under_18`: a young offender institution for the under-18s. A closed unit keeps its code.
    """

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    parent: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    jurisdiction: Mapped[str] = mapped_column(String(3))
    contracted: Mapped[bool] = mapped_column(default=False)
    under_18: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Person(Base):
    """A user, with their card and the state of their account (requirements, section 8).

    The four fields of the card must be there before the first log-on (PF-7/white pages.1). `disabled_reason` is one
    of `services.identity.accounts.rules.REASONS`; `position` a code of `accounts/positions.toml`. Somebody `nominated`
    is being vetted and trained, and has no account yet.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_username", text("lower(username)"), unique=True),
        Index("ix_person_name_lower", text("lower(name)")),
        # White pages find names that are spelt otherwise.
        Index(
            "ix_person_name_trigram",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index("ix_person_line_manager", "line_manager"),
        Index("ix_person_state", "state", postgresql_where=text("state not in ('active', 'archived')")),
        CheckConstraint(f"state in {get_args(AccountState)}", name="state"),
        CheckConstraint(
            "(state in ('disabled', 'archived')) = (disabled_reason is not null)", name="disabled_why"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    telephone: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    line_manager: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12), default="created")
    disabled_reason: Mapped[str | None] = mapped_column(String(40))
    left_on: Mapped[date | None]
    position: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # The day of the last whole session by the policy clock; who has none for long is listed (PF-5.10.7.2).
    last_signed_in_on: Mapped[date | None]
    # Who authorised the account and on what paper: an administrator only executes (PF-4.16/A.6).
    authority: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @validates("username")
    def _lower(self, _key: str, value: str) -> str:
        return value.strip().lower()

    @property
    def is_active(self) -> bool:
        """Counts as somebody who can be told and can act."""
        return self.state in {"created", "active"}

    @property
    def card_url(self) -> str:
        return f"/identity/people/{self.id}"
