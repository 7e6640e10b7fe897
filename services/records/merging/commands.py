"""Two records are merged, or proposed to the other area's CPC; or they are two people (PF-4.16m)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.merging.comparing import sides
from services.records.merging.deciding import Two, both, refuse_blocked
from services.records.merging.joining import carry_out
from services.records.merging.models import REASON, Merge
from services.records.merging.one import tell_cpc
from services.records.merging.pairs import mark_not_same
from services.records.merging.rules import FACTS
from services.records.merging.schemas import MergeAnswer, MergeInput, NotSameInput, PairAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.merging import MERGE_PROPOSED
from shared.ids import new_id
from shared.refusals import Refusal
from shared.work import Work

OF_TWO = "/nominals/<uuid:nominal_id>/merges/<uuid:other_id>"

service.constraints["uq_merge_gone"] = lambda: Refusal("R34", what="A merge of this record is under way.")


def may_merge(work: Work, *, nominal_id: UUID, other_id: UUID) -> dict[str, Any]:
    """Whoever may not, and what stands against it, is said before anybody types; with what each record says."""
    two = both(work, nominal_id, other_id)
    refuse_blocked(work, two)
    about = f"{two.into.visor_number} stays, {two.gone.visor_number} goes"
    first = dict.fromkeys(FACTS, "into")
    return {
        **first,
        "about": about,
        "sides": sides(work, nominal_id, other_id),
        "intro": _intro(work, two),
    }


def _intro(work: Work, two: Two) -> str:
    base = (
        "Everything of the record that goes, its log, attachments, files, history and partners, belongs to the one that"
        " stays. Its number leads there."
    )
    if two.asked_owner is None:
        return base
    unit = read_model.unit(work.session, two.asked_owner)
    return f"{base} The CPC of {unit.name if unit else two.asked_owner} has to agree first."


@service.command(
    "merging.merge",
    path=OF_TWO,
    input=MergeInput,
    answer=MergeAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        title="Merge two records of one person",
        button="Merge",
        done="Done. Where two areas own the records, the other CPC has been asked.",
        next="/merges/{id}",
        cancel="/nominals/{nominal_id}/merges/{other_id}",
        path=f"{OF_TWO}/new",
        values=may_merge,
        template="merging/form.html",
    ),
)
def merge(work: Work, *, nominal_id: UUID, other_id: UUID, reason: str, **choices: str) -> Merge:
    """Merge `other_id` into `nominal_id`, or, where another CPC owns one of the two, propose it to her."""
    two = both(work, nominal_id, other_id, lock=True)
    refuse_blocked(work, two)
    row = Merge(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        gone_id=other_id,
        state="proposed",
        gone_owner=two.gone.owner_unit,
        into_owner=two.into.owner_unit,
        asked_owner=two.asked_owner,
        choices={fact: choices[fact] for fact in FACTS},
        reason=work.runtime.encrypt(nominal_id, REASON, reason),
        proposed_by=work.principal.person_id,
        proposed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.concerns(subject=("merge", row.id), private=reason, state=row.state)
    if two.asked_owner is None:
        carry_out(work, row, reason)
    else:
        tell_cpc(work, row, MERGE_PROPOSED, two.asked_owner, asked_owner=two.asked_owner)
    return row


def may_tell_apart(work: Work, *, nominal_id: UUID, other_id: UUID) -> dict[str, Any]:
    two = both(work, nominal_id, other_id)
    return {"about": f"{two.into.visor_number} and {two.gone.visor_number}"}


@dataclass(frozen=True)
class Told:
    nominal_id: UUID
    other_id: UUID


@service.command(
    "merging.not_same",
    path=f"{OF_TWO}/not-same",
    input=NotSameInput,
    answer=PairAnswer,
    status=201,
    form=FormPage(
        title="These are two people",
        button="They are not the same person",
        done="Noted. The pair is not offered again.",
        next="/nominals/{nominal_id}/merges",
        path=f"{OF_TWO}/not-same/new",
        values=may_tell_apart,
    ),
)
def not_same(work: Work, *, nominal_id: UUID, other_id: UUID, reason: str) -> Told:
    both(work, nominal_id, other_id)
    mark_not_same(work, nominal_id, other_id)
    work.concerns(private=reason)
    return Told(nominal_id, other_id)
