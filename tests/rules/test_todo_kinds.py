"""The filter offers each name once, and finds whatever is called so."""

from __future__ import annotations

from services.notifications import capabilities  # noqa: F401 - the table registers its kinds
from services.notifications.todo.kinds import called_alike, label
from services.notifications.todo.queries import _choices

EXPIRED, GAP = "vetting_expired", "vetting_gap"


def test_kinds_of_one_name_are_one_choice() -> None:
    assert label(EXPIRED) == label(GAP) == "Vetting"
    assert _choices([EXPIRED, GAP, "unheard_of"], []) == [("unheard_of", "Unheard of"), (EXPIRED, "Vetting")]
    assert (GAP, "Vetting") in _choices([EXPIRED, GAP], [GAP]), "what was ticked stays ticked"


def test_one_choice_finds_every_kind_of_its_name() -> None:
    assert {EXPIRED, GAP} <= set(called_alike([EXPIRED]))
    assert called_alike(["unheard_of"]) == ["unheard_of"]
    assert called_alike([]) == []
