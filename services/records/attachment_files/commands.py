"""Attaching a file to an entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.attachment_files.finding import EntryFiles, ShownFile, files_of
from services.records.attachment_files.models import DESCRIPTION, AttachedFile
from services.records.attachment_files.rules import too_many
from services.records.attachment_files.schemas import FileAnswer, NewFile
from services.records.attachments.queries import PATH as FOLDERS
from services.records.attachments.writing import ACTION, tell
from services.records.nominals.naming import about
from services.records.previews.asking import ask_for
from services.records.service import service
from shared.declarations import FormPage
from shared.files import Arriving, keep
from shared.refusals import Invalid, Refusal
from shared.work import Work

PATH = f"{FOLDERS}/entries/<uuid:entry_id>/files"


def may_attach(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Whoever may not, or whose entry takes none, is told before choosing."""
    return dict(about(work, _takes_files(files_of(work, nominal_id, entry_id, ACTION)).opened.record))


def _takes_files(found: EntryFiles) -> EntryFiles:
    if not found.folder.files:
        raise Refusal("R34", what="This folder takes no files.", nominal_id=found.opened.nominal_id)
    if found.entry.state in {"removed", "superseded"}:
        raise Refusal(
            "R34",
            what="This entry is kept as it was, and takes no more files.",
            nominal_id=found.opened.nominal_id,
        )
    return found


@service.command(
    "attachment_files.attach",
    path=PATH,
    input=NewFile,
    answer=FileAnswer,
    status=201,
    form=FormPage(
        title="Attach a file",
        button="Attach",
        done="The file is attached.",
        next="/nominals/{nominal_id}/attachments/entries/{entry_id}/files",
        path=f"{PATH}/new",
        intro="Macros and embedded programmes are refused. Files are checked for viruses where a scanner is set up.",
        values=may_attach,
        drafts=True,
    ),
)
def attach(work: Work, *, nominal_id: UUID, entry_id: UUID, file: Arriving, description: str) -> ShownFile:
    """Attach one more file to an entry, encrypted under the nominal's own key."""
    found = _takes_files(files_of(work, nominal_id, entry_id, ACTION, lock=True))
    if problem := too_many(sum(one.added_by is not None for one in found.files)):
        raise Invalid({"file": [problem]})
    entry = found.entry
    file_id = keep(work, file, nominal_id=nominal_id)
    work.session.add(
        AttachedFile(
            nominal_id=nominal_id,
            origin_nominal_id=nominal_id,
            entry_id=entry_id,
            file_id=file_id,
            description=work.runtime.encrypt(nominal_id, DESCRIPTION, description),
            added_by=work.principal.person_id,
            added_at=work.now,
            agency=work.principal.agency,
            unit=work.principal.unit,
        )
    )
    work.session.flush()
    ask_for(work, file_id, nominal_id)
    tell(work, found.opened.record, entry, "changed")
    return files_of(work, nominal_id, entry_id).file(file_id)
