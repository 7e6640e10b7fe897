"""Meetings and their minutes in whole-record acts; of one meeting entered on both records, one stays behind."""

from __future__ import annotations

from services.records.meetings.models import MINUTES, Meeting
from services.records.nominals.keepers import keep

keep(Meeting, sealed={"minutes": MINUTES}, alike=("held_on", "level"))
