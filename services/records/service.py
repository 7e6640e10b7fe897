"""The records service: what is known about each nominal, who may see and change it, and whom it concerns."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from shared.database import COLUMN_TYPES, new_metadata
from shared.policy import feed as policy_feed
from shared.service import Service


class Base(DeclarativeBase):
    """Every table of the records service."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


def _nominal_of(context: object) -> UUID:
    parameters: dict[str, UUID] = context.get_current_parameters()  # type: ignore[attr-defined]
    return parameters["nominal_id"]


class OfNominal:
    """What belongs to a nominal: `origin_nominal_id` says whose it was first, and whose key seals it.

    A merge moves `nominal_id` only, so it can be undone; what an undoing gives to another record becomes its own.
    """

    @declared_attr
    def nominal_id(cls) -> Mapped[UUID]:  # noqa: N805 - SQLAlchemy calls it with the class
        return mapped_column(ForeignKey("nominal.id"), index=True)

    origin_nominal_id: Mapped[UUID] = mapped_column(default=_nominal_of)


service = Service("records", Base.metadata, reads_directory=True, keeps_files=True, keeps_drafts=True)
policy_feed.register(service)
