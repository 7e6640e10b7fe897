"""Sharings in whole-record acts."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.sharing.models import NAMED, WHAT, Sharing

keep(Sharing, sealed={"what": WHAT, "department_name": NAMED})
