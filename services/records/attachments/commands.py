"""Adding to and changing each of the 47 folders: one command of each for each folder, all made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.attachments import inputs, writing
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import Folder, catalogue
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.refusals import NotFound
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/attachments"


def declare(folder: Folder) -> None:
    """Its two commands, with their pages and endpoints."""
    base = f"{PATH}/{folder.key}"
    service.command(
        f"attachments.add.{folder.key}",
        path=base,
        input=inputs.added(folder),
        answer=inputs.answered(folder),
        status=201,
        form=FormPage(
            title=f"Add to {folder.title}",
            button="Add entry",
            done="The entry is in the folder.",
            next=f"/nominals/{{nominal_id}}/attachments/{folder.key}",
            path=f"{base}/new",
            intro=f"{folder.purpose}.",
            values=_first_values(folder),
            drafts=True,
        ),
    )(_adding(folder))
    service.command(
        f"attachments.change.{folder.key}",
        path=f"{base}/<uuid:entry_id>",
        method="PUT",
        input=inputs.changed(folder),
        answer=inputs.answered(folder),
        edits=True,
        form=FormPage(
            title=f"Change an entry of {folder.title}",
            button="Save",
            done="The entry was changed. What it said before is kept.",
            next="/nominals/{nominal_id}/attachments/entries/{entry_id}",
            path=f"{base}/<uuid:entry_id>/change",
            values=_values_now(folder),
            drafts=True,
        ),
    )(_changing(folder))


def _adding(folder: Folder) -> Callable[..., Any]:
    def add(work: Work, *, nominal_id: UUID, **given: Any) -> writing.Saved:
        return writing.add(work, folder, nominal_id, given)

    add.__doc__ = f"Add an entry to {folder.title}: {folder.purpose[:1].lower()}{folder.purpose[1:]}."
    return _takes(add, ("nominal_id", *inputs.added(folder)().fields))


def _changing(folder: Folder) -> Callable[..., Any]:
    def change(work: Work, *, nominal_id: UUID, entry_id: UUID, **given: Any) -> writing.Saved:
        return writing.change(work, folder, nominal_id, entry_id, given)

    change.__doc__ = f"Make a new version of an entry of {folder.title}."
    return _takes(change, ("nominal_id", "entry_id", *inputs.changed(folder)().fields))


def _takes(function: Callable[..., Any], names: Iterable[str]) -> Callable[..., Any]:
    """Its keywords are the path's parameters and the folder's fields, as of every command."""
    keywords = [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
    work = Parameter("work", Parameter.POSITIONAL_OR_KEYWORD)
    function.__signature__ = Signature([work, *keywords])  # type: ignore[attr-defined]
    return function


def _first_values(folder: Folder) -> Callable[..., dict[str, Any]]:
    def values(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
        """Whoever may not add is told before typing."""
        record = authorise(work, writing.ACTION, nominal_id).record
        return {**about(work, record), "grading": folder.grading, "source_date": work.today}

    return values


def _values_now(folder: Folder) -> Callable[..., dict[str, Any]]:
    def values(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
        """The entry as it stands; who may not change it, or has not had shown what is masked, hears so before."""
        opened = authorise(work, writing.ACTION, nominal_id)
        entry = writing.entry_of(work, opened, entry_id)
        if entry.folder != folder.key or entry.state == "removed":
            raise NotFound
        version = writing.last_version(work, entry)
        writing.may_see_whole(work, folder, entry, version)
        work.concerns(subject=("attachment_entry", entry.id), folder=folder.key)
        now = writing.as_typed(work, folder, sealed.open_whole(work, folder, version))
        return {**about(work, opened.record), **now, "version": entry.version}

    return values


for _folder in catalogue().values():
    declare(_folder)
