"""Identity: its tables and everything it can do, declared here and filled by its capabilities."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared.database import COLUMN_TYPES, new_metadata
from shared.service import Service


class Base(DeclarativeBase):
    """Identity's own declarative base: no other service's tables share its metadata."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


service = Service("identity", Base.metadata, keeps_files=True)
