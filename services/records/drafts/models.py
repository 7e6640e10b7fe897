"""The drafts that shared/drafts keeps, as a table of this service's own."""

from __future__ import annotations

from services.records.service import Base, service


class KeptDraft(Base):
    __table__ = service.tables.draft
