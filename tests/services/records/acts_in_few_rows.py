"""Acts of quality, and others that write few rows: each is killed, and done by two at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from tests.servers.records import LEEDS, PRISON, World
from tests.services.records.acts import TEXT, TODAY, Act, Asked
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_merging import WHY
from tests.services.records.test_quality import begin
from tests.services.records.test_rotl import check

_TOOL = {"title": "Contact audit", "questions": "Is each contact written up?"}


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
    made = world.run("quality.write_template", cast.cpc, **_TOOL)
    return cast.cpc, {"template_id": UUID(made["id"])}


def _answer_item(world: World, cast: Cast) -> Asked:
    ids = {"audit_id": UUID(begin(world, cast.cpc)["id"]), "place": 1}
    asked = world.ask("quality.item", cast.cpc, **ids)["questions"]
    return cast.cpc, {**ids, "answers": {key: "ok" for key, _ in asked}, "comment": ""}


def _write_tool(_world: World, cast: Cast) -> Asked:
    return cast.cpc, dict(_TOOL)


def _ask_for_report(_world: World, cast: Cast) -> Asked:
    asked = {"report": "RPT-24", "recipient": "smb", "recipient_name": "West Yorkshire board"}
    return cast.cpc, asked | {"purpose": TEXT, "asked_on": TODAY.isoformat()}


def _approved_elsewhere(world: World, cast: Cast) -> Asked:
    world.partner(cast.nominal, cast.prison)
    check(world, cast.prison, cast)
    leave_on = (TODAY + timedelta(days=3)).isoformat()
    return feed(), {"noms": "A0002AA", "leave_on": leave_on, "prison": PRISON.removeprefix("prison-")}


IN_FEW_ROWS: Final[Mapping[str, Act]] = {
    "merging.not_same": Act(_tell_apart, (), again="done"),
    "hand_over.many": Act(_hand_many_over, ("hand_over.done",), again="done", audited=3),
    "retention.birth": Act(_say_what_is_known, (), again="done anew"),
    "quality.retire_template": Act(_take_out_of_use, ()),
    "quality.answer": Act(_answer_item, (), again="done anew"),
    "quality.write_template": Act(_write_tool, (), again="done anew"),
    "quality.request_report": Act(_ask_for_report, (), again="done anew"),
    "rotl.hear_approval": Act(_approved_elsewhere, ()),
}
