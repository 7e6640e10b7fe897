"""Audits, a lead's check, requests for reports and bulk transfers of the last days: acts that need what others gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

from deploy.demonstration.acting import principal_of
from deploy.demonstration.chance import chance_of
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.users import Staff
from services.identity.demonstration import person_id
from services.records.demonstration import nominal_id
from shared.ids import new_id
from shared.runtime import Runtime

LOOKED_AT = 400  # nominals, from the first on
AUDITED = 3  # areas
SAMPLE = 3
_TOOL = {
    "title": "Contact audit",
    "questions": "Is each contact of the last month in the log?\nDoes each entry say what follows from it?",
}
_MERGED = "The two delivery units are merged; the receiving one manages these people from now on."


def live(runtime: Runtime, caseload: Iterable[InventedNominal], staff: Staff, seed: int) -> int:
    """Do them as of today, the same for the same seed, and return how many records were moved or asked for."""
    by_area: dict[str, list[InventedNominal]] = defaultdict(list)
    for nominal in islice(caseload, LOOKED_AT):
        if (
            nominal.owner_agency == "probation-service"
            and nominal.status == "live"
            and not nominal.limited_access
        ):
            by_area[nominal.owner_unit].append(nominal)
    areas = sorted(
        (area for area in by_area if staff.holders(area, "cpc")), key=lambda a: (-len(by_area[a]), a)
    )
    actors = _Actors(replace(runtime, randbelow=chance_of(seed, "audits").randrange), staff)
    for area in areas[:AUDITED]:
        if len(by_area[area]) >= SAMPLE:
            _audit(actors, area)
    if areas:
        _ask_for_reports(actors, areas[0])
    others = [area for area in areas if not staff.by_username[staff.holders(area, "cpc")[0]].part]
    story = [area for area in areas if area not in others]
    return _bulk(actors, by_area, [*others[:2], *story[:1]])


class _Actors:
    """Somebody's acts and questions, by username."""

    def __init__(self, runtime: Runtime, staff: Staff) -> None:
        self._runtime, self.staff = runtime, staff

    def run(self, username: str, command: str, **given: Any) -> Mapping[str, Any]:
        declared = self._runtime.service.declarations.commands[command]
        return self._runtime.run(declared, self._who(username), given)

    def ask(self, username: str, query: str, **given: Any) -> Any:
        declared = self._runtime.service.declarations.queries[query]
        return self._runtime.ask(declared, self._who(username), given)

    @property
    def today(self) -> date:
        return self._runtime.clocks.policy.today()

    def _who(self, username: str) -> Any:
        user, now = self.staff.by_username[username], self._runtime.clocks.system.now()
        return principal_of(user, self._runtime.settings.issuer, new_id(), now)


def _audit(actors: _Actors, area: str) -> None:
    """The CPC audits a sample herself, and answers as the register would (PF-4.16e)."""
    cpc = actors.staff.holders(area, "cpc")[0]
    given = {"unit": area, "template_id": None, "auditor_id": None, "sample": SAMPLE, "due_on": None}
    audit = UUID(actors.run(cpc, "quality.begin", **given)["id"])
    for place in range(1, SAMPLE + 1):
        shown = actors.ask(cpc, "quality.item", audit_id=audit, place=place)
        said = {"answers": shown["suggested"], "comment": ""}
        actors.run(cpc, "quality.answer", audit_id=audit, place=place, **said)
    actors.run(cpc, "quality.submit", audit_id=audit, words="Addresses and telecoms are the weakest folders.")


def _ask_for_reports(actors: _Actors, area: str) -> None:
    cpc = actors.staff.holders(area, "cpc")[0]
    actors.run(cpc, "quality.write_template", **_TOOL)
    given = {
        "report": "RPT-24",
        "recipient": "smb",
        "recipient_name": "Strategic Management Board",
        "purpose": "The board’s meeting of this quarter.",
    }
    actors.run(cpc, "quality.request_report", asked_on=actors.today, **given)


def _bulk(actors: _Actors, by_area: Mapping[str, list[InventedNominal]], areas: list[str]) -> int:
    """The records of a few go to the next area: one request is agreed and done by the job, one waits for its answer."""
    asked = 0
    for number, (area, there) in enumerate(pairwise(areas)):
        unit = by_area[there][0].managing_unit
        chosen = [one for one in by_area[area] if one.category in {"2", "3"}][:4]
        people = {
            "manager_id": _holding(actors.staff, unit, "manager"),
            "supervisor_id": _holding(actors.staff, unit, "supervisor"),
        }
        if not chosen or None in people.values():
            continue
        ids = [nominal_id(one.index) for one in chosen]
        given = {"from_unit": area, "to_unit": unit, "reason": _MERGED, "whole": False, "nominal_ids": ids}
        bulk = UUID(actors.run(actors.staff.holders(area, "cpc")[0], "bulk_transfer.request", **given)["id"])
        asked += len(ids)
        if number == 0:
            agreed = {"bulk_id": bulk, "keep_people": False, **people}
            actors.run(actors.staff.holders(there, "cpc")[0], "bulk_transfer.agree", **agreed)
    return asked


def _holding(staff: Staff, unit: str, token: str) -> UUID | None:
    """The first of the unit who holds the token and can sign in."""
    for user in staff.users:
        if user.unit == unit and not user.disabled and any(one.name == token for one in user.tokens):
            return person_id(user.username)
    return None
