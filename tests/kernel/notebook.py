"""The smallest service there can be: notes. It proves what every service gets from `shared` without its own doing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import COLUMN_TYPES, new_metadata
from shared.declarations import FormPage
from shared.events.registry import EventKind, register
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.service import Service
from shared.web.schemas import Answer, Input
from shared.work import Work


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class Note(Base):
    __tablename__ = "note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    text: Mapped[str]
    tag: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)


class NewNote(Input):
    text = fields.String(
        required=True, validate=validate.Length(1, 200), metadata={"label": "Text", "widget": "textarea"}
    )
    tag = fields.String(required=True, validate=validate.Length(1, 20), metadata={"label": "Tag"})


class EditedNote(Input):
    text = fields.String(required=True, validate=validate.Length(1, 200), metadata={"label": "Text"})
    version = fields.Integer(required=True, metadata={"widget": "none"})


class NoteAnswer(Answer):
    id = fields.UUID()
    text = fields.String()
    version = fields.Integer()


class NoteAddedSchema(Schema):
    note_id = fields.UUID(required=True)


NOTE_ADDED = register(EventKind("notebook.note.added", 1, NoteAddedSchema))
service = Service("notebook", Base.metadata)
service.constraints["uq_note_tag"] = lambda: Refusal("R12", area="This tag", name="somebody")


@service.command(
    "note.add",
    path="/notes",
    input=NewNote,
    answer=NoteAnswer,
    status=201,
    form=FormPage(
        title="Add a note", button="Add note", done="Note added", next="/notes/{id}", path="/notes/add"
    ),
)
def add(work: Work, *, text: str, tag: str) -> Note:
    """Add a note."""
    if text == "forbidden":
        raise Refusal("R14")
    note = Note(text=text, tag=tag)
    work.session.add(note)
    work.session.flush()
    work.concerns(subject=("note", note.id), private=text)
    work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id))
    return note


def note_to_edit(work: Work, *, note_id: UUID) -> dict[str, object]:
    note = _found(work, note_id)
    return {"text": note.text, "version": note.version}


@service.command(
    "note.edit",
    path="/notes/<uuid:note_id>",
    method="PUT",
    input=EditedNote,
    answer=NoteAnswer,
    edits=True,
    form=FormPage(
        title="Change the note",
        button="Save",
        done="Note changed",
        next="/notes/{note_id}",
        path="/notes/<uuid:note_id>/edit",
        values=note_to_edit,
    ),
)
def edit(work: Work, *, note_id: UUID, text: str, version: int) -> Note:
    """Change a note."""
    note = _found(work, note_id)
    work.expect_version(version, note.version, mine={"text": text}, theirs={"text": note.text})
    note.text, note.version = text, version + 1
    work.concerns(subject=("note", note.id))
    return note


class AllNotes(Input):
    tag = fields.String(load_default=None)


@service.query("note.read", path="/notes/<uuid:note_id>", input=AllNotes, answer=NoteAnswer)
def read(work: Work, *, note_id: UUID, tag: str | None) -> Note:
    """Read a note."""
    work.concerns(subject=("note", note_id))
    return _found(work, note_id)


def _found(work: Work, note_id: UUID) -> Note:
    note = work.session.get(Note, note_id, with_for_update=work.action == "note.edit")
    if note is None:
        raise NotFound
    return note


class NotesFilter(Input):
    length = fields.Integer(
        load_default=0, validate=validate.Range(min=0), metadata={"label": "At least so many characters"}
    )


class ReadersFilter(Input):
    reader = fields.String(load_default="", metadata={"label": "Name", "personal": True})
    length = fields.Integer(load_default=0, metadata={"label": "At least so many characters"})


def notes(length: int) -> Select[Any]:
    size = func.length(Note.text).label("length")
    return select(Note.tag, Note.text, size).where(func.length(Note.text) >= length).order_by(Note.tag)


def sizes(work: Work, *, length: int) -> list[tuple[str, int]]:
    return [(row.tag, row.length) for row in work.session.execute(notes(length).limit(10))]


NOTE_COLUMNS = (
    ReportColumn("tag", "Tag", sortable=True),
    ReportColumn("text", "Text"),
    ReportColumn("length", "Characters", "number", total=True, sortable=True),
)


@service.report(
    "NOTE-01",
    "Notes",
    "PF-4.16n",
    input=NotesFilter,
    columns=NOTE_COLUMNS,
    whom="a partner",
    open_to=lambda principal: principal.holds("partner"),
    chart=Chart("Length of notes", ("Characters",), sizes),
)
def all_notes(_work: Work, *, length: int) -> Select[Any]:
    """A select: counted, added up, sorted and paged by the database."""
    return notes(length)


@service.report(
    "NOTE-02",
    "Readers",
    "PF-4.16n",
    input=ReadersFilter,
    columns=(ReportColumn("reader", "Reader", "person"), ReportColumn("length", "Characters", "number")),
    whom="anybody",
    open_to=lambda _principal: True,
    chart=Chart(
        "Readers", ("Characters",), lambda _work, *, reader, length: [("All", length or len(reader))]
    ),
)
def readers(work: Work, *, reader: str, length: int) -> list[dict[str, Any]]:
    """A filter that names a person: asked by POST, and in no address."""
    rows = [{"reader": "Sam Example", "reader_id": work.principal.person_id, "length": length}]
    return [row for row in rows if reader in str(row["reader"])]
