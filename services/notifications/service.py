"""The notifications service: how people are told, reminded, escalated to. It knows no nominal's name."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared.database import COLUMN_TYPES, new_metadata
from shared.directory import feed
from shared.policy import feed as policy_feed
from shared.service import Service


class Base(DeclarativeBase):
    """Every table of the notifications service."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


service = Service("notifications", Base.metadata, reads_directory=True)
feed.register(service)
policy_feed.register(service)
