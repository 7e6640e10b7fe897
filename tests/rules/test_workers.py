"""How the tests are shared out among workers: what shares a running suite stays together and begins first."""

from __future__ import annotations

from tests.workers import ByPlace, place_of, rank

STORY, DOWN = "tests/browser/story/test_story.py", "tests/browser/story/test_when_something_is_down.py"
WALK, ELSEWHERE = "tests/walk/test_every_route.py", "tests/browser/test_components.py"


def scope_of(nodeid: str) -> str:
    return ByPlace.__new__(ByPlace)._split_scope(nodeid)


def test_a_folder_with_one_suite_is_one_piece_and_every_other_file_its_own() -> None:
    assert (
        scope_of(f"{STORY}::test_the_story[a/b::c]")
        == scope_of(f"{DOWN}::test_killed")
        == "tests/browser/story"
    )
    walks = scope_of(f"{WALK}::test_all")
    assert walks == scope_of("tests/journeys/test_story_api.py::test_it") == "tests/walk and tests/journeys"
    assert scope_of(f"{ELSEWHERE}::test_one[x@story]") == ELSEWHERE
    assert place_of("tests/walkers/test_walk.py") is None


def test_what_takes_longest_begins_first_and_the_others_keep_their_order() -> None:
    given = [f"{ELSEWHERE}::b", f"{STORY}::a", f"{ELSEWHERE}::a", f"{WALK}::z"]
    assert sorted(given, key=rank) == [f"{WALK}::z", f"{STORY}::a", f"{ELSEWHERE}::b", f"{ELSEWHERE}::a"]
