"""Loading an estate from a file, from the command line: what it would change, and the change itself."""

from __future__ import annotations

from sqlalchemy import func, select

from services.identity.estate.present import present, write
from services.identity.estate.rules import Preview, preview
from services.identity.estate.shapes import Estate
from shared.refusals import Refusal
from shared.runtime import Runtime

PREVIEW, LOAD = "estate.preview", "estate.load"
_ONE_AT_A_TIME = 0x5649534F_4553


class EstateRefused(Exception):
    """Something in the file is wrong, and nothing was changed."""

    def __init__(self, seen: Preview) -> None:
        self.seen = seen
        super().__init__(f"{len(seen.problems)} problems")


def preview_of(runtime: Runtime, wanted: Estate) -> Preview:
    with runtime.system_work(PREVIEW) as work:
        seen = preview(present(work.session), wanted, work.today)
        work.concerns(changes=len(seen.changes), problems=len(seen.problems))
        work.audit(PREVIEW, work.about, outcome="viewed")
    return seen


def held(runtime: Runtime) -> Estate:
    """What the database holds now, for a file of it."""
    with runtime.system_work("estate.write") as work:
        found = present(work.session)
        work.audit(work.action, work.about, outcome="viewed")
    return found


def load(runtime: Runtime, wanted: Estate) -> Preview:
    """All or nothing; loading the same file again changes nothing. Raises EstateRefused."""
    try:
        return _load(runtime, wanted)
    except Refusal as refusal:
        raise EstateRefused(Preview((), (refusal.message,), ())) from refusal


def _load(runtime: Runtime, wanted: Estate) -> Preview:
    with runtime.system_work(LOAD) as work:
        work.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        seen = preview(present(work.session), wanted, work.today)
        if seen.problems:
            raise EstateRefused(seen)
        write(work, seen.changes)
        work.concerns(changes=len(seen.changes), kinds=_counted(seen))
        work.audit(LOAD, work.about)
    return seen


def _counted(seen: Preview) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in seen.changes:
        counts[change.what] = counts.get(change.what, 0) + 1
    return counts
