"""Each act that decides or changes a state, killed (`kill -9`) before and right after its commit: nothing or all.

Merges, their undoing and deletions are in `test_killed.py`, where it is killed in more places; what happens by itself
in `test_killed_jobs.py`; the bulk jobs in `test_bulk_transfer.py` and `tests/services/test_bulk_partner.py`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.records.service import service
from shared.access.principal import Principal
from shared.audit.seal_file import SealFile
from shared.audit.sealer import Sealer
from shared.audit.verify import verify_service
from shared.keys.signing_keys import SEALS, SigningKeys
from shared.refusals import Invalid, NotFound, Refusal, Stale
from tests.servers.records import World
from tests.services.records.acts_to_kill import ACTS, NOT_KILLED_HERE, OF_EACH_FOLDER
from tests.services.records.conftest import Cast
from tests.services.records.dying import Dying, done

KILLED = -signal.SIGKILL
AUDIT = "audit_entry"


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    process = Dying.begin()
    yield process
    process.end()


@pytest.mark.parametrize("name", ACTS)
def test_it_is_done_whole_or_not_at_all(
    records: World, cast: Cast, dying: Dying, tmp_path: Path, name: str
) -> None:
    act = ACTS[name]
    who, given = act.ready(records, cast)
    records.later(minutes=1)
    before, facts, audited = contents(records), kinds(records), len(records.audit())

    assert dying.run(records, "writer.outbox_written", name, who, **given) == KILLED
    assert changed(before, contents(records)) == set(), "killed before the commit it left something"

    assert dying.run(records, "writer.committed", name, who, **given) == KILLED
    after = contents(records)
    assert {one for one in changed(before, after) if one not in {AUDIT, "outbox"}}, "it changed nothing"
    outcome = "done" if name in service.declarations.commands else "viewed"
    assert records.audit()[audited:] == [(name, outcome, None)] * act.audited
    told = kinds(records)[len(facts) :]
    assert {f"records.{one}" for one in act.facts} <= set(told)

    assert once_more(records, name, who, given) == act.again.removesuffix(" anew")
    if not act.again.endswith("anew"):
        assert changed(after, contents(records)) <= {AUDIT}, "once more it was done twice"
    assert_chain_is_whole(records, tmp_path)


def once_more(world: World, name: str, who: Principal, given: dict[str, Any]) -> str:
    """ "done", the code with which it was refused, "invalid", "gone" or "stale"."""
    try:
        done(world, name, who, **given)
    except Refusal as refused:
        return refused.code
    except Invalid:
        return "invalid"
    except NotFound:
        return "gone"
    except Stale:
        return "stale"
    return "done"


def contents(world: World) -> dict[str, str]:
    """Every table, and a hash of all that is in it."""
    tables = [row[0] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    each = (
        f"SELECT '{name}', md5(coalesce(string_agg(held::text, '|' ORDER BY held::text), '')) FROM {name} held"
        for name in tables
    )
    return {row[0]: row[1] for row in world.rows(" UNION ALL ".join(each).replace(":", r"\:"))}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name, held in after.items() if before[name] != held}


def kinds(world: World) -> list[str]:
    """Of every fact in the outbox, oldest first."""
    return [row[0] for row in world.rows("SELECT kind FROM outbox ORDER BY sequence")]


def assert_chain_is_whole(world: World, home: Path) -> None:
    """All that was audited is sealed, and verified: nothing is missing between, and nothing is there twice."""
    keys, file = SigningKeys(home / "keys", SEALS), SealFile(home / "seals", "records")
    Sealer(world.engine, "records", keys, file, world.system).seal()
    verdict = verify_service("records", world.engine, keys.public_keys(), home / "seals")
    assert verdict.ok, verdict.findings
    assert (verdict.entries, verdict.unsealed) == (len(world.audit()), 0)


def test_no_act_is_forgotten() -> None:
    commands = service.declarations.commands
    names = {one for one in commands if one in ACTS or not one.startswith(OF_EACH_FOLDER)}
    assert names == (ACTS.keys() & commands.keys()) | NOT_KILLED_HERE.keys()
    assert not ACTS.keys() & NOT_KILLED_HERE.keys()
