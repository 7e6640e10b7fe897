"""Formal audit tools besides the minimum dataset (PF-4.16e.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.quality.models import Template
from services.records.quality.reach import overseen, own_owner
from services.records.quality.schemas import NewTemplate, TemplateAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work


def may_write(work: Work) -> dict[str, Any]:
    own_owner(work)
    return {}


@service.command(
    "quality.write_template",
    path="/quality/templates",
    input=NewTemplate,
    answer=TemplateAnswer,
    status=201,
    form=FormPage(
        title="Write an audit tool",
        button="Save audit tool",
        done="The audit tool is there. Audits of your area can use it.",
        next="/quality",
        path="/quality/templates/new",
        intro="A formal audit tool besides the minimum dataset. It is never altered: write a new one instead.",
        values=may_write,
    ),
)
def write_template(work: Work, *, title: str, questions: str) -> Template:
    """Write a formal audit tool for one's own area, group or force (PF-4.16e.2)."""
    one = Template(
        id=new_id(),
        owner=own_owner(work),
        title=title.strip(),
        questions=[line.strip() for line in questions.splitlines() if line.strip()],
        written_by=work.principal.person_id,
        written_at=work.now,
    )
    work.session.add(one)
    work.concerns(subject=("quality_template", one.id))
    return one


def may_retire(work: Work, *, template_id: UUID) -> dict[str, Any]:
    one = _to_retire(work, template_id)
    return {"about": one.title}


@service.command(
    "quality.retire_template",
    path="/quality/templates/<uuid:template_id>/retirement",
    input=Nothing,
    answer=TemplateAnswer,
    form=FormPage(
        title="Take an audit tool out of use",
        button="Take out of use",
        done="New audits cannot use it any more.",
        next="/quality",
        path="/quality/templates/<uuid:template_id>/retire",
        values=may_retire,
    ),
)
def retire_template(work: Work, *, template_id: UUID) -> Template:
    """No new audit uses it; those that did keep it."""
    one = _to_retire(work, template_id, lock=True)
    one.retired_at = work.now
    work.concerns(subject=("quality_template", template_id))
    return one


def _to_retire(work: Work, template_id: UUID, *, lock: bool = False) -> Template:
    """Raises NotFound for another area's, R34 where it is out of use."""
    one = work.session.get(Template, template_id, with_for_update=lock or None, populate_existing=True)
    if one is None or one.owner not in overseen(work.principal):
        raise NotFound
    if one.retired_at is not None:
        raise Refusal("R34", what="It is out of use already.")
    return one
