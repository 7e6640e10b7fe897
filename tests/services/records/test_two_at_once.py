"""Each act that decides or changes a state, by two at one moment: neither commits before the other has decided.

Whoever is about to commit waits until the other is as far, stands before a lock, or is through. So an act that decides
by what it read without a lock is found out each time, and not by luck.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

import shared.driver
import shared.work
from services.records.deletion.rules import CHECKLIST
from services.records.service import service
from tests.servers.records import World
from tests.services.messaging.kit import eventually
from tests.services.records.acts import TEXT
from tests.services.records.acts_to_kill import ACTS
from tests.services.records.acts_to_race import RACED
from tests.services.records.conftest import Cast, at_once
from tests.services.records.test_killed_acts import kinds, once_more
from tests.services.records.test_risk import R10
from tests.services.records.test_transfers import REASON, SHEFFIELD

EACH = {**ACTS, **RACED}
BLOCKED = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
# An act and another that ends the same thing otherwise, with what that one says: only one of them is done.
OPPOSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("transfers.agree", "transfers.refuse", {"text": TEXT}),
    ("bulk_transfer.agree", "bulk_transfer.refuse", {"text": TEXT}),
    ("partnership.grant", "partnership.refuse", {"answer": TEXT}),
    ("partnership.send_draft", "partnership.dismiss_draft", {"reason": TEXT}),
    ("risk.sign_off", "risk.return", {"comment": TEXT}),
    ("prison_moves.confirm", "prison_moves.cancel", {}),
    ("nominals.create", "referrals.close", {"reason": TEXT}),
    ("ndelius_contacts.add", "ndelius_contacts.leave_out", {"reason": TEXT}),
    ("quality.sign", "quality.return", {"words": TEXT}),
    ("merging.agree", "merging.refuse", {"text": TEXT, "not_same": True}),
    ("deletion.approve", "deletion.refuse", {"text": TEXT}),
    ("retention.keep", "deletion.request", {"ground": "retention_review", "checked": list(CHECKLIST)}),
    ("archiving.archive", "transfers.request", {"to_unit": SHEFFIELD, "reason": REASON}),
)
# What the second of two hears besides R34, for what the first has made of the record.
OTHERWISE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("deletion.approve", "deletion.refuse"): ("gone",),
    ("retention.keep", "deletion.request"): ("R22",),
    ("archiving.archive", "transfers.request"): ("R27", "R29"),
}


class Gate:
    """Where both come by who are about to commit."""

    def __init__(self, world: World) -> None:
        self.world, self.come, self.through = world, set[int](), 0

    def pass_by(self, point: str) -> None:
        if point == "writer.outbox_written":
            self.come.add(threading.get_ident())
            eventually(lambda: len(self.come) > 1 or self.through or self.world.rows(BLOCKED))

    def act(self, does: Callable[[], str]) -> str:
        try:
            return does()
        finally:
            self.through += 1


@pytest.fixture
def gate(records: World) -> Gate:
    return Gate(records)


def race(gate: Gate, monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], str]) -> list[str]:
    """What came of each, in order of the alphabet; what was no answer at all is raised."""
    for module in (shared.work, shared.driver):
        monkeypatch.setattr(module, "crash_point", gate.pass_by)
    results = at_once(*(lambda act=act: gate.act(act) for act in acts))
    for one in results:
        if isinstance(one, Exception):
            raise one
    return sorted(results)


@pytest.mark.parametrize("name", EACH)
def test_two_who_do_the_same(
    records: World, cast: Cast, gate: Gate, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    act = EACH[name]
    who, given = act.ready(records, cast)
    records.later(minutes=1)
    before = len(kinds(records))
    outcomes = race(gate, monkeypatch, *[lambda: once_more(records, name, who, given)] * 2)
    assert outcomes == sorted(["done", act.at_once or act.again.removesuffix(" anew")])
    if act.facts and not act.again.endswith("anew"):
        assert kinds(records)[before:].count(f"records.{act.facts[0]}") == 1, "it was told twice"


@pytest.mark.parametrize(("name", "other", "says"), OPPOSED)
def test_two_who_end_it_otherwise(
    records: World,
    cast: Cast,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    other: str,
    says: dict[str, Any],
) -> None:
    who, given = EACH[name].ready(records, cast)
    records.later(minutes=1)
    taken = inspect.signature(service.declarations.commands[other].function).parameters
    fits = {key: value for key, value in (given | says).items() if key in taken}
    outcomes = race(
        gate,
        monkeypatch,
        lambda: once_more(records, name, who, given),
        lambda: once_more(records, other, who, fits),
    )
    assert "done" in outcomes
    assert set(outcomes) - {"done"} <= {"R34", *OTHERWISE.get((name, other), ())}
    assert outcomes.count("done") == 1


@pytest.mark.clause("PF-7/Supervisor.1")
def test_who_signs_off_and_who_changes_the_words(
    records: World, cast: Cast, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither waits for the other for ever, and what was changed awaits its signature, whichever came first."""
    entry = records.run("attachments.add.risk_assessment", cast.manager, nominal_id=cast.nominal, **R10)
    [(assessment, seen)] = records.rows("SELECT id, round_id FROM risk_assessment")
    signs = {"nominal_id": cast.nominal, "assessment_id": assessment, "round_id": seen}
    changes = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "version": 1}
    changes |= {**R10, "overall_risk": "low"}
    outcomes = race(
        gate,
        monkeypatch,
        lambda: once_more(records, "risk.sign_off", cast.supervisor, signs),
        lambda: once_more(records, "attachments.change.risk_assessment", cast.manager, changes),
    )
    assert outcomes in (["done", "done"], ["R34", "done"])
    assert records.rows("SELECT state FROM risk_assessment") == [("awaiting",)]
    [(level,)] = records.rows("SELECT risk_level FROM nominal")
    assert level == ("very_high" if outcomes[0] == "done" else None)
