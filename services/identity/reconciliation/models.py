"""How far tonight's statement has come."""

from __future__ import annotations

from services.identity.service import Base
from shared.reconciliation.nightly import OfNight


class Stating(OfNight, Base):
    pass
