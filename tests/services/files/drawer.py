"""The smallest service that keeps files: papers, each with one, of a nominal or of nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import COLUMN_TYPES, new_metadata
from shared.declarations import FormPage
from shared.files import JPEG, PDF, TEXT, Arriving, Download, describe, keep, open_file, remove
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.service import Service
from shared.web.downloads import sent
from shared.web.forms.upload import Upload
from shared.web.schemas import Answer, Done, Input, Nothing
from shared.work import Work

MOST = 300 * 1024


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class Paper(Base):
    __tablename__ = "paper"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    file_id: Mapped[UUID | None]


class NewPaper(Input):
    title = fields.String(required=True, validate=validate.Length(1, 40), metadata={"label": "Title"})
    nominal_id = fields.UUID(load_default=None)
    tags = fields.List(fields.String(), metadata={"label": "Tags"})
    file = Upload(kinds=(PDF, TEXT, JPEG), most=MOST, required=True, metadata={"label": "File"})


class PaperAnswer(Answer):
    id = fields.UUID()
    title = fields.String()
    name = fields.String()


service = Service("drawer", Base.metadata, keeps_files=True)


@service.command(
    "paper.add",
    path="/papers",
    input=NewPaper,
    answer=PaperAnswer,
    status=201,
    form=FormPage(title="Add a paper", button="Add", done="Added", next="/papers/{id}", path="/papers/new"),
)
def add(work: Work, *, title: str, nominal_id: UUID | None, file: Arriving, tags: Any = ()) -> dict[str, Any]:
    """Add a paper; a forbidden one is refused after its file was kept, one titled "twice" breaks."""
    made = Paper(title=" ".join([title, *tags]), file_id=keep(work, file, nominal_id=nominal_id))
    work.session.add(made)
    work.session.flush()
    if title == "forbidden":
        raise Refusal("R14")
    if title == "broken":
        raise RuntimeError
    row = describe(work, [file.id])[file.id]
    return {"id": made.id, "title": made.title, "name": row.name}


@service.query("paper.file", path="/papers/<uuid:paper_id>/file", input=Nothing, answer=Done, send=sent)
def file_of(work: Work, *, paper_id: UUID) -> Download:
    """The paper's file."""
    work.concerns(subject=("paper", paper_id))
    return open_file(work, _file_id(work, paper_id))


@service.command("paper.remove", path="/papers/<uuid:paper_id>/remove", input=Nothing, answer=Done)
def remove_file(work: Work, *, paper_id: UUID) -> None:
    """Remove the paper's file."""
    remove(work, _file_id(work, paper_id))


def _file_id(work: Work, paper_id: UUID) -> UUID:
    found = work.session.execute(select(Paper.file_id).where(Paper.id == paper_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
