"""What the folders give the summary: markers with their reviews, the last assessment, the next review, the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from services.records.access.record import Record
from services.records.access.rules import standings_of
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import cleared, is_current
from services.records.attachments.models import Entry, Version
from services.records.attachments.rules import MARKER_CODES
from services.records.nominals.models import Marker
from services.records.nominals.parts import summary_part
from services.records.nominals.rules import MARKERS
from shared.web.display import day, short_day
from shared.work import Work

MOST = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A current, open entry: its values, and in words."""

    values: Mapping[str, Any]
    key: str

    def words(self, name: str) -> str:
        return catalogue()[self.key].fields[name].label_of(self.values[name])


def current(work: Work, record: Record, key: str, most: int = MOST) -> list[Said]:
    """The folder's current entries that stand open on this record, the newest first; one query."""
    standings = standings_of(work.principal, record)
    found = (
        select(Version)
        .join(Entry, (Entry.id == Version.entry_id) & (Entry.version == Version.number))
        .where(Entry.nominal_id == record.id, Entry.folder == key, Entry.grading == "open")
        .where(is_current(work.today), cleared(work.principal, standings))
        .order_by(Entry.begins_on.desc().nulls_last(), Entry.id.desc())
        .limit(most)
    )
    opened = (sealed.open_plain(work, catalogue()[key], one) for one in work.session.scalars(found))
    return [Said(values, key) for values in opened if values]


def _href(record: Record, key: str) -> str:
    return f"/records/nominals/{record.id}/attachments/{key}"


def _or_passed(work: Work, said: Said, name: str, words: Callable[[date], str]) -> str:
    """A day that somebody entered starts no clock: that it is over is seen here or nowhere."""
    entered: date = said.values[name]
    return words(entered) + (" (passed)" if entered < work.today else "")


@summary_part("warning_markers")
def warning_markers(work: Work, record: Record) -> Mapping[str, Any] | None:
    """Each current marker with the day of its review, and those of the summary that no entry explains."""
    entries = current(work, record, "warning_markers")
    if not entries:
        return None
    covered = {MARKER_CODES.get(one.values["marker"]) for one in entries}
    codes = set(work.session.scalars(select(Marker.code).where(Marker.nominal_id == record.id)))
    said = [
        {"text": one.words("marker"), "detail": f"review {_or_passed(work, one, 'review_date', short_day)}"}
        for one in entries
    ]
    plain = [{"text": MARKERS[code], "detail": ""} for code in MARKERS if code in codes - covered]
    return {"markers": said + plain, "href": _href(record, "warning_markers")}


@summary_part("mappa")
def mappa(work: Work, record: Record) -> Mapping[str, Any] | None:
    found = current(work, record, "mappa_management", 1)
    if not found:
        return None
    rows = [
        ("Lead agency", found[0].words("lead_agency")),
        ("Next MAPPA review", _or_passed(work, found[0], "next_review_date", day)),
    ]
    return {"rows": rows, "href": _href(record, "mappa_management"), "link": "MAPPA attachment"}


@summary_part("custody")
def custody(work: Work, record: Record) -> Mapping[str, Any] | None:
    """The release date of the period that runs."""
    found = [one for one in current(work, record, "custody") if one.values.get("release_date")]
    if not found:
        return None
    kind = found[0].values.get("release_date_type")
    text = day(found[0].values["release_date"]) + (f" ({kind})" if kind else "")
    return {"rows": [("Release date", text)], "href": _href(record, "custody"), "link": "Custody attachment"}
