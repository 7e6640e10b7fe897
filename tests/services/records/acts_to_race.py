"""Acts that two do at one moment in `test_two_at_once.py`, and that are killed elsewhere or need not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tests.servers.records import LEEDS, WEST_YORKSHIRE, World
from tests.services.records.acts import TEXT, Act, Asked
from tests.services.records.conftest import Cast
from tests.services.records.test_deletion import ask as ask_for_deletion
from tests.services.records.test_merging import WHY, merge
from tests.services.records.test_quality import begin


def _approve(world: World, cast: Cast) -> Asked:
    head = world.person(WEST_YORKSHIRE, "admin", roles=("head_of_public_protection",), name="Hal Head")
    return head, {"request_id": ask_for_deletion(world, cast)}


def _undo(world: World, cast: Cast) -> Asked:
    other = world.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    return cast.cpc, {"merge_id": merge(world, cast, other), "reason": TEXT}


def _tell_apart(world: World, cast: Cast) -> Asked:
    other = world.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    return cast.cpc, {"nominal_id": cast.nominal, "other_id": other, "reason": WHY}


def _hand_many_over(world: World, cast: Cast) -> Asked:
    further = world.nominal(surname="Further", manager_id=cast.manager.person_id)
    nora = world.person(LEEDS, "manager", name="Nora New")
    given: dict[str, Any] = {"nominal_ids": [str(cast.nominal), str(further)], "reason": TEXT}
    return cast.cpc, given | {
        "person_id": cast.manager.person_id,
        "role": "manager",
        "to_id": nora.person_id,
    }


def _say_what_is_known(_world: World, cast: Cast) -> Asked:
    return cast.cpc, {"nominal_id": cast.nominal, "precision": "year", "basis": TEXT}


def _take_out_of_use(world: World, cast: Cast) -> Asked:
    tool = {"title": "Contact audit", "questions": "Is each contact written up?"}
    made = world.run("quality.write_template", cast.cpc, **tool)
    return cast.cpc, {"template_id": UUID(made["id"])}


def _answer_item(world: World, cast: Cast) -> Asked:
    ids = {"audit_id": UUID(begin(world, cast.cpc)["id"]), "place": 1}
    asked = world.ask("quality.item", cast.cpc, **ids)["questions"]
    return cast.cpc, {**ids, "answers": {key: "ok" for key, _ in asked}, "comment": ""}


RACED: Final[Mapping[str, Act]] = {
    "deletion.approve": Act(_approve, ("nominal.deleted",), again="gone"),
    "merging.undo": Act(_undo, ("nominal.unmerged",)),
    "merging.not_same": Act(_tell_apart, (), again="done"),
    "hand_over.many": Act(_hand_many_over, ("hand_over.done",), again="done"),
    "retention.birth": Act(_say_what_is_known, (), again="done anew"),
    "quality.retire_template": Act(_take_out_of_use, ()),
    "quality.answer": Act(_answer_item, (), again="done anew"),
}
