"""The log in whole-record acts."""

from __future__ import annotations

from services.records.activity_log.models import TEXT, Entry
from services.records.nominals.keepers import keep

keep(Entry, sealed={"text": TEXT})
