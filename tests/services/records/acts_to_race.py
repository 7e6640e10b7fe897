"""Acts that two do at one moment in `test_two_at_once.py`, and that are killed in `test_killed.py`, in more places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.servers.records import WEST_YORKSHIRE, World
from tests.services.records.acts import TEXT, Act, Asked
from tests.services.records.conftest import Cast
from tests.services.records.test_deletion import ask as ask_for_deletion
from tests.services.records.test_merging import merge


def _approve(world: World, cast: Cast) -> Asked:
    head = world.person(WEST_YORKSHIRE, "admin", roles=("head_of_public_protection",), name="Hal Head")
    return head, {"request_id": ask_for_deletion(world, cast)}


def _undo(world: World, cast: Cast) -> Asked:
    other = world.nominal(surname="Exampel", manager_id=cast.manager.person_id)
    return cast.cpc, {"merge_id": merge(world, cast, other), "reason": TEXT}


RACED: Final[Mapping[str, Act]] = {
    "deletion.approve": Act(_approve, ("nominal.deleted",), again="gone"),
    "merging.undo": Act(_undo, ("nominal.unmerged",)),
}
