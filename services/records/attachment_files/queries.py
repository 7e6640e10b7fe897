"""The files of an entry: the list, one looked at, its pictures, and the file itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.records.access.rules import decide
from services.records.activity_log.queries import authors
from services.records.attachment_files.commands import PATH
from services.records.attachment_files.finding import files_of
from services.records.attachment_files.schemas import FileAnswer, FileList
from services.records.attachments.writing import ACTION
from services.records.previews.asking import previews_of
from services.records.service import service
from shared.declarations import Page
from shared.files import TEXT, Download, open_file
from shared.refusals import NotFound
from shared.web.downloads import sent, shown_inline
from shared.web.schemas import Done, Nothing
from shared.work import Work

ONE = f"{PATH}/<uuid:file_id>"


@service.query(
    "attachment_files.list",
    path=PATH,
    input=Nothing,
    answer=FileList,
    page=Page("Files", "attachment_files/list.html"),
    reads="Files of an attachment",
)
def list_files(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Every file of an entry, with a small picture where there is one."""
    found = files_of(work, nominal_id, entry_id)
    work.concerns(count=len(found.files))
    may = decide(work.principal, ACTION, found.opened.record).allowed
    return {
        "files": found.files,
        "folder": found.folder,
        "people": authors(work, [one.added_by for one in found.files if one.added_by]),
        "visor_number": found.opened.record.visor_number,
        "may_attach": may and found.folder.files and found.entry.state in {"current", "ended"},
    }


@service.query(
    "attachment_files.look",
    path=ONE,
    input=Nothing,
    answer=FileAnswer,
    page=Page("File", "attachment_files/look.html"),
    reads="File of an attachment",
)
def look(work: Work, *, nominal_id: UUID, entry_id: UUID, file_id: UUID) -> Any:
    """One file as it looks; each look is audited."""
    found = files_of(work, nominal_id, entry_id).file(file_id)
    work.concerns(file_id=str(file_id))
    if found.kind is not TEXT:
        return found
    return replace(found, text=b"".join(open_file(work, file_id).chunks()).decode())


@service.query(
    "attachment_files.picture",
    path=f"{ONE}/pictures/<int:number>",
    input=Nothing,
    answer=Done,
    page=Page("Picture", ""),
    send=shown_inline,
    reads="Picture of an attachment’s file",
)
def picture(work: Work, *, nominal_id: UUID, entry_id: UUID, file_id: UUID, number: int) -> Download:
    """A picture of a file: 0 is the small one, 1 and more the pages."""
    files_of(work, nominal_id, entry_id).file(file_id)
    preview = previews_of(work, [file_id]).get(file_id)
    if preview is None or number >= len(preview.pictures):
        raise NotFound
    work.concerns(of=str(file_id), number=number)
    return open_file(work, UUID(preview.pictures[number]))


@service.query(
    "attachment_files.download",
    path=f"{ONE}/download",
    input=Nothing,
    answer=Done,
    page=Page("Download", ""),
    send=sent,
    reads="File of an attachment, saved",
)
def download(work: Work, *, nominal_id: UUID, entry_id: UUID, file_id: UUID) -> Download:
    """The file itself, to be saved."""
    files_of(work, nominal_id, entry_id).file(file_id)
    return open_file(work, file_id)
