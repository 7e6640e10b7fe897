"""What the minutes of a meeting say, to whoever may read their entry."""

from __future__ import annotations

from uuid import UUID

from services.records.access.authorise import Opened
from services.records.attachment_files.finding import files_in
from services.records.meetings.models import MINUTES, Meeting
from shared.files import TEXT, open_file
from shared.refusals import NotFound, Refusal
from shared.work import Work

# Where the nominal was deleted, and its key with it.
GONE = "No longer readable"


def minutes_of(work: Work, opened: Opened, meeting: Meeting) -> str | None:
    """As they were typed; None where there are none, where they came as a file, and where their entry is not shown."""
    if meeting.minutes is not None:
        text = work.runtime.readable(meeting.origin_nominal_id, MINUTES, meeting.minutes)
        return GONE if text is None else text
    if meeting.minutes_entry_id is None:
        return None
    try:
        return _typed(work, opened, meeting.minutes_entry_id)
    except NotFound:
        return None
    except Refusal as refused:
        if refused.code != "R47":  # masked until the reader gives a reason, in the folder
            raise
        return None


def _typed(work: Work, opened: Opened, entry_id: UUID) -> str | None:
    """Nobody uploads plain text into this folder: it is what was typed here."""
    files = files_in(work, opened, entry_id).files
    if not files:
        return GONE
    newest = files[0]
    if newest.kind is not TEXT:
        return None
    return b"".join(open_file(work, newest.file_id).chunks()).decode()
