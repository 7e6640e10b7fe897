"""The nominal and what its summary shows (PF-7/Nominal Summary.2)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what the texts of these tables are encrypted.
AUTHORITY = "nominal.authority"
CHANGED = "nominal_change.sealed"

VISOR_NUMBERS = Sequence("visor_number", metadata=Base.metadata, start=10_000_001)


class Nominal(Base):
    """One person on the register. Not all are convicted, so never an "offender" (PF-7/ViSOR nominal.1).

    `owner_unit` is the MAPPA area or force that owns the record, `managing_unit` the delivery unit (or force)
    that manages the person. `category` is a code of shared/reference/mappa.toml; PDP and SOC have no level.
    """

    __tablename__ = "nominal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visor_number: Mapped[str] = mapped_column(
        String(9), unique=True, server_default=text("'V' || lpad(nextval('visor_number')::text, 8, '0')")
    )
    status: Mapped[str] = mapped_column(String(10), default="live")
    # Of a record that was merged into another: that one, where everything of it is now (records/merging).
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("nominal.id"), index=True)
    category: Mapped[str] = mapped_column(String(4))
    level: Mapped[int | None]
    statutory_supervision: Mapped[bool] = mapped_column(default=False)
    jurisdiction: Mapped[str] = mapped_column(String(3))
    owner_unit: Mapped[str] = mapped_column(String(40))
    owner_agency: Mapped[str] = mapped_column(String(40))
    managing_unit: Mapped[str] = mapped_column(String(40))
    manager_id: Mapped[UUID | None]
    supervisor_id: Mapped[UUID | None]
    date_of_birth: Mapped[date]
    sex: Mapped[str] = mapped_column(String(10), default="not_known")
    risk_level: Mapped[str | None] = mapped_column(String(10))
    risk_since: Mapped[date | None]
    address: Mapped[str | None] = mapped_column(Text)
    # HMPPS Offender Manager: the prison's (POM) in custody, the community's (COM) outside (PF-7/HMPPS OM.1).
    pom_id: Mapped[UUID | None]
    com_id: Mapped[UUID | None]
    # Where the offender manager is no user, name, e-mail and telephone stand here (PF-7/HMPPS OM summary.3).
    general_comments: Mapped[str | None] = mapped_column(Text)
    custody_prison: Mapped[str | None] = mapped_column(String(40))
    custody_since: Mapped[date | None]
    limited_access: Mapped[bool] = mapped_column(default=False)
    referral_id: Mapped[UUID | None]
    # Scotland: which responsible authority leads (SC-17.10), a code of shared/reference/mappa.toml.
    lead_agency: Mapped[str | None] = mapped_column(String(20))
    # PDP and SOC: who authorised the record, sealed for AUTHORITY, and when that is looked at again (PF-1.3.2).
    authority: Mapped[bytes | None]
    review_on: Mapped[date | None]
    # No longer managed under MAPPA since then; the deregistration is what the archiving deadline is about (PF-4.15.3).
    deregistered_on: Mapped[date | None]
    deregistration_id: Mapped[UUID | None]
    # Grows with every change of who stands how to this nominal: which of two pictures is newer.
    standing_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    # Who raised `version` last, and when; None while nobody has.
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[UUID | None]

    @hybrid_property
    def offender_manager_id(self) -> UUID | None:
        """The one who counts now: in custody the prison's, as far as it is recorded, else the community's."""
        return (self.pom_id if self.custody_prison else None) or self.com_id

    @offender_manager_id.inplace.expression
    @classmethod
    def _offender_manager_now(cls) -> ColumnElement[UUID | None]:
        in_custody = case((cls.custody_prison.is_not(None), cls.pom_id))
        return func.coalesce(in_custody, cls.com_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own way
    __table_args__ = (
        CheckConstraint("status IN ('live', 'archived', 'merged')", name="status"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        CheckConstraint("category NOT IN ('3', 'ORSH') OR level > 1", name="category_3_level"),
        CheckConstraint("(deregistered_on IS NULL) = (deregistration_id IS NULL)", name="deregistered"),
        CheckConstraint("risk_level IN ('low', 'medium', 'high', 'very_high')", name="risk_level"),
        Index("ix_nominal_owner_unit", "owner_unit", "id"),
        Index("ix_nominal_managing_unit", "managing_unit", "id"),
        Index("ix_nominal_manager_id", "manager_id", "id"),
        Index("ix_nominal_supervisor_id", "supervisor_id", "id"),
        Index("ix_nominal_date_of_birth", "date_of_birth"),
        Index(
            "ix_nominal_custody_prison", "custody_prison", postgresql_where=text("custody_prison IS NOT NULL")
        ),
        # Room for the next version of a row on its own page: then no index need learn that a standing has changed.
        {"postgresql_with": {"fillfactor": 80}},
    )


class Name(OfNominal, Base):
    """The main name or an alias, as written. Searches go by the dictionary rows (records/search)."""

    __tablename__ = "nominal_name"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(5), default="main")
    forenames: Mapped[str] = mapped_column(Text, default="")
    surname: Mapped[str] = mapped_column(Text)
    surname_id: Mapped[int | None]
    forename_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("kind IN ('main', 'alias')", name="kind"),
        Index("uq_nominal_name_main", "nominal_id", unique=True, postgresql_where=text("kind = 'main'")),
        # Holds all that a search by name needs, so that it does not read the names themselves.
        Index(
            "ix_nominal_name_surname_id_forename_id",
            "surname_id",
            "forename_id",
            postgresql_include=["nominal_id", "kind"],
        ),
    )


class Identifier(OfNominal, Base):
    """A PNC, CRO, NOMS or CRN number in its canonical form: one number, one nominal."""

    __tablename__ = "nominal_identifier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("kind", "value"),)


class Marker(OfNominal, Base):
    """A warning marker of the summary; its code is one of `rules.MARKERS`."""

    __tablename__ = "warning_marker"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("nominal_id", "code"),)


class Change(OfNominal, Base):
    """One act that changed the nominal's own facts: who, when, and each value before and after.

    `effective_on` is the day from which it counts, where that is another than the day it was entered (category, level).
    `fields` names what changed; `sealed` is JSON of the values, {field: [old, new]}, and the reason, under the key of
    the nominal it happened to (`origin_nominal_id`). Never changed, never deleted but with the nominal.
    """

    __tablename__ = "nominal_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    by: Mapped[UUID]
    effective_on: Mapped[date | None]
    fields: Mapped[list[str]]
    sealed: Mapped[bytes]

    __table_args__ = (Index("ix_nominal_change_nominal_id_id", "nominal_id", "id"),)
