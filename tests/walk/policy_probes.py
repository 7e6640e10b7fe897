"""How each row of the table is sent: a function for each, which gives the answer to one cell of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx

from services.identity.terminals.checklist import standards
from services.records.deletion.rules import CHECKLIST
from shared.ids import new_id
from tests.journeys.world import World
from tests.walk import policy_identity as identity
from tests.walk.policy_nominals import (
    assessment_of,
    died_on,
    nominal,
    risk_of,
    template_of,
    transfer_to,
    without_request,
)
from tests.walk.policy_people import (
    AREA,
    COLUMNS,
    ELSEWHERE,
    ELSEWHERE_AREA,
    FORCE,
    GROUP,
    LEEDS,
    principal,
)
from tests.walk.policy_table import Cell

REASON = {"reason_type": "audit", "reason": "Checking the quality of this record."}
WORDS = "Agreed, and written down in the minutes."
PACK = "rpt-24"
_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')

Probe = Callable[[World, Cell], httpx.Response]
PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    PROBES[function.__name__] = function
    return function


class Seats:
    """The nominals of one world, made when a cell first asks: (column, relation, state) → nominal and request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, str, str], tuple[UUID, UUID]] = {}

    def of(self, cell: Cell) -> tuple[UUID, UUID]:
        key = (cell.column, cell.relation, cell.state)
        if key not in self._known:
            self._known[key] = nominal(self._world, *key)
        return self._known[key]


_SEATS: dict[int, Seats] = {}


def _seat(world: World, cell: Cell) -> tuple[UUID, UUID]:
    return _SEATS.setdefault(id(world), Seats(world)).of(cell)


def _client(world: World, cell: Cell) -> httpx.Client:
    return world._client(principal(world, cell.column, tied=cell.relation == "tied"))


def _on_nominal(world: World, cell: Cell, method: str, path: str, body: Any = None) -> httpx.Response:
    nominal_id, request_id = _seat(world, cell)
    url = f"/records/api/nominals/{nominal_id}{path.format(request=request_id)}"
    return _client(world, cell).request(method, url, **({} if body is None else {"json": body}))


@probe
def open_record(world: World, cell: Cell) -> httpx.Response:
    return _on_nominal(world, cell, "GET", "")


@probe
def open_with_reason(world: World, cell: Cell) -> httpx.Response:
    return _on_nominal(world, cell, "POST", "/opening", REASON)


@probe
def write_log(world: World, cell: Cell) -> httpx.Response:
    body = {"kind": "custody", "text": "Received from court.", "for_attention": []}
    return _on_nominal(world, cell, "POST", "/activity-log", body)


@probe
def write_attachment(world: World, cell: Cell) -> httpx.Response:
    vehicle = {"registration_mark": "AB12 CDE", "make_model": "Van", "relationship_to_vehicle": "user"}
    about = {"from_date": "2026-01-02", "source": "visit", "source_date": "2026-01-02"}
    return _on_nominal(world, cell, "POST", "/attachments/vehicles", vehicle | about)


@probe
def write_custody(world: World, cell: Cell) -> httpx.Response:
    at = (world.now() - timedelta(hours=1)).isoformat()
    return _on_nominal(
        world, cell, "POST", "/custody", {"kind": "received", "at": at, "prison": "prison-WSI"}
    )


@probe
def write_meeting(world: World, cell: Cell) -> httpx.Response:
    return _on_nominal(world, cell, "POST", "/meetings", {"level": 2, "held_on": world.today().isoformat()})


@probe
def write_summary(world: World, cell: Cell) -> httpx.Response:
    """Sent with a version that is long past: who may change it is told that somebody else did."""
    body = {"version": 10_000, "risk_level": "high", "markers": []}
    return _on_nominal(world, cell, "PUT", "", body)


@probe
def request_partnership(world: World, cell: Cell) -> httpx.Response:
    body = {"whom": "unit", "reason": "We work with this person now."}
    return _on_nominal(world, cell, "POST", "/partnership/requests", body)


@probe
def grant_partnership(world: World, cell: Cell) -> httpx.Response:
    return _on_nominal(world, cell, "POST", "/partnership/requests/{request}/grant", {})


@probe
def stand_down_risk(world: World, cell: Cell) -> httpx.Response:
    nominal_id, _request = _seat(world, cell)
    body = {"reason": "The person was arrested this morning."}
    return _on_nominal(world, cell, "POST", f"/imminent-risk/{risk_of(world, nominal_id)}/stood-down", body)


@probe
def sign_off_assessment(world: World, cell: Cell) -> httpx.Response:
    nominal_id, _request = _seat(world, cell)
    path = f"/risk/{assessment_of(world, nominal_id)}/sign-off"
    return _on_nominal(world, cell, "POST", path, {})


@probe
def limit_access(world: World, cell: Cell) -> httpx.Response:
    """The page from which it is set, reviewed and ended asks for the same as these do."""
    return _on_nominal(world, cell, "GET", "/limited-access")


@probe
def check_before_leave(world: World, cell: Cell) -> httpx.Response:
    """For users of a prison."""
    return _on_nominal(world, cell, "POST", "/rotl/checks", {"outcome": "no_risk"})


@probe
def request_transfer(world: World, cell: Cell) -> httpx.Response:
    unit = "force-12" if COLUMNS[cell.column].home == "police" else "pdu-N55SHF"
    body = {"to_unit": unit, "reason": "He lives there now, and is managed there."}
    url = f"/records/api/nominals/{without_request(world, cell)}/transfers"
    return _client(world, cell).post(url, json=body)


@probe
def archive_record(world: World, cell: Cell) -> httpx.Response:
    """Of somebody who has died, so that nothing but who asks stands against it."""
    nominal_id = without_request(world, cell)
    died_on(world, nominal_id)
    url = f"/records/api/nominals/{nominal_id}/archive"
    return _client(world, cell).post(url, json={"ground": "died"})


@probe
def unarchive_record(world: World, cell: Cell) -> httpx.Response:
    """The page on which new people are chosen asks for the same as the act; a live record has nothing to come back."""
    nominal_id, _request = _seat(world, cell)
    return _client(world, cell).get(f"/records/nominals/{nominal_id}/archive/end")


@probe
def merge_records(world: World, cell: Cell) -> httpx.Response:
    """The page from which records are compared and merged asks for the same as the merge itself."""
    return _on_nominal(world, cell, "POST", "/merges", {})


@probe
def answer_transfer(world: World, cell: Cell) -> httpx.Response:
    """To the area or force that the cell names; refused, since whoever may agree may refuse, and names nobody."""
    path = f"/records/api/transfers/{transfer_to(world, cell)}/refusal"
    return _client(world, cell).post(path, json={"text": WORDS})


@probe
def delete_record(world: World, cell: Cell) -> httpx.Response:
    """Asking for it: the second person is another matter. What is asked for already is so for who may ask."""
    body = {"ground": "unlawful", "checked": list(CHECKLIST), "reason": WORDS}
    return _on_nominal(world, cell, "POST", "/deletion", body)


@probe
def access_history(world: World, cell: Cell) -> httpx.Response:
    return _on_nominal(world, cell, "GET", "/access-history")


@probe
def search(world: World, cell: Cell) -> httpx.Response:
    return _client(world, cell).post("/records/api/search", json={"number": "06/341178L"})


def _create(world: World, cell: Cell, category: str) -> httpx.Response:
    number = int(new_id()) % 1000
    body = {
        "category": category,
        "level": 1,
        "surname": f"Walker{new_id().hex[:8]}",
        "forenames": "Example",
        "date_of_birth": date(1960 + number % 40, 1 + number % 12, 1 + number % 28).isoformat(),
    }
    return _client(world, cell).post("/records/api/nominals", json=body)


@probe
def create_nominal(world: World, cell: Cell) -> httpx.Response:
    return _create(world, cell, "1" if COLUMNS[cell.column].home == "police" else "2")


@probe
def create_of_others(world: World, cell: Cell) -> httpx.Response:
    return _create(world, cell, "2" if COLUMNS[cell.column].home == "police" else "1")


@probe
def bulk_partner(world: World, cell: Cell) -> httpx.Response:
    """A user to the records that another user is partner to; both of the place that the cell names."""
    people = {
        "probation": ("ruth.ackroyd", "joanna.kaczmarek"),
        "police": ("stephen.illingworth", "alison.wormald"),
        "prison": ("nadia.qureshi", "daniel.pascoe"),
    }
    user, template = people[COLUMNS[cell.column].home]
    if cell.relation == "elsewhere":
        user, template = world.people.holders(ELSEWHERE_AREA, "cpc", "central_support")
    template_of(world, cell, template)
    body = {
        name: str(world.principal(who).person_id)
        for name, who in (("person_id", user), ("template_id", template))
    }
    return _client(world, cell).post("/records/api/bulk-partner/jobs", json=body)


@probe
def bulk_transfer(world: World, cell: Cell) -> httpx.Response:
    """One record, from the unit that the cell names to another area or force."""
    nominal_id = without_request(world, cell)
    home = "elsewhere" if cell.relation == "elsewhere" else COLUMNS[cell.column].home
    units = {"police": (FORCE, "force-12"), "elsewhere": (ELSEWHERE, "pdu-N55SHF")}
    from_unit, to_unit = units.get(home, (LEEDS, "pdu-N55SHF"))
    body = {"from_unit": from_unit, "to_unit": to_unit, "nominal_ids": [str(nominal_id)], "reason": WORDS}
    return _client(world, cell).post("/records/api/bulk-transfers", json=body)


def _report(service: str, code: str) -> None:
    """A probe of its own for each report; it is named for its service where others have one of the same code."""

    def read(world: World, cell: Cell) -> httpx.Response:
        return _client(world, cell).get(f"/{service}/api/reports/{code}")

    name = code.replace("-", "_")
    PROBES[f"report_{service}_{name}" if code == PACK else f"report_{name}"] = read


for _service, _code in (
    ("identity", "rpt-01"),
    ("identity", "rpt-04"),
    ("records", "rpt-06"),
    ("records", "rpt-07"),
    ("records", "rpt-11"),
    ("notifications", "rpt-08"),
    ("identity", PACK),
    ("records", PACK),
):
    _report(_service, _code)


@probe
def audit_records(world: World, cell: Cell) -> httpx.Response:
    """Of a place that has a record to audit."""
    _seat(world, cell)
    body = {"unit": identity.place(cell), "sample": 1}
    return _client(world, cell).post("/records/api/quality/audits", json=body)


@probe
def check_datasets(world: World, cell: Cell) -> httpx.Response:
    """Of whom the prison holds."""
    _seat(world, replace(cell, relation="own"))
    return _client(world, cell).post("/records/api/quality/lead-checks", json={"sample": 1})


@probe
def request_report(world: World, cell: Cell) -> httpx.Response:
    body = {
        "report": "RPT-24",
        "recipient": "smb",
        "recipient_name": "Strategic management board",
        "asked_on": world.today().isoformat(),
        "purpose": WORDS,
    }
    return _client(world, cell).post("/records/api/quality/report-requests", json=body)


def _on_identity(world: World, cell: Cell, path: str, body: Any = None) -> httpx.Response:
    return _client(world, cell).post(f"/identity/api{path}", **({} if body is None else {"json": body}))


def _whom(world: World, cell: Cell, **more: Any) -> UUID:
    """Somebody new in the place that the cell names; oneself where it says so."""
    if cell.relation == "self":
        return principal(world, cell.column).person_id
    return identity.somebody(world, identity.place(cell), **more)


@probe
def authorise_account(world: World, cell: Cell) -> httpx.Response:
    return _on_identity(
        world, cell, f"/people/{_whom(world, cell, state='requested')}/authorise", {"confirmed": True}
    )


@probe
def create_account(world: World, cell: Cell) -> httpx.Response:
    whom = _whom(world, cell, state="authorised")
    return _on_identity(world, cell, f"/people/{whom}/account", {"username": f"new.{new_id().hex[-12:]}"})


@probe
def archive_account(world: World, cell: Cell) -> httpx.Response:
    whom = _whom(world, cell, state="disabled", left=True)
    return _on_identity(world, cell, f"/people/{whom}/archive")


@probe
def reset_password(world: World, cell: Cell) -> httpx.Response:
    client = _client(world, cell)
    page = f"/identity/people/{_whom(world, cell)}/first-credentials"
    found = _TOKEN.search(client.get(page).text)
    assert found is not None
    return client.post(page, data={"csrf_token": found[1]})


def _token_body(token: str, unit: str) -> dict[str, Any]:
    return {"token": token, "unit": unit, "reason": WORDS, "note": WORDS}


@probe
def grant_token(world: World, cell: Cell) -> httpx.Response:
    whom = _whom(world, cell)
    return _on_identity(
        world, cell, f"/people/{whom}/tokens", _token_body("supervisor", identity.place(cell))
    )


@probe
def set_token(world: World, cell: Cell) -> httpx.Response:
    order = identity.order(world, _whom(world, cell), identity.place(cell))
    return _on_identity(world, cell, f"/token-orders/{order}/set")


@probe
def end_token(world: World, cell: Cell) -> httpx.Response:
    grant = identity.token(world, _whom(world, cell), "supervisor", identity.place(cell))
    body = {"reason": WORDS, "authority": "The CPC, by letter"}
    return _on_identity(world, cell, f"/tokens/{grant}/end", body)


@probe
def grant_cpc(world: World, cell: Cell) -> httpx.Response:
    unit = AREA if cell.relation == "own" else ELSEWHERE_AREA
    return _on_identity(world, cell, f"/people/{_whom(world, cell)}/tokens", _token_body("cpc", unit))


@probe
def grant_cpc_group(world: World, cell: Cell) -> httpx.Response:
    unit = GROUP if cell.relation == "own" else "group-YRKS"
    return _on_identity(world, cell, f"/people/{_whom(world, cell)}/tokens", _token_body("cpc", unit))


@probe
def end_cpc(world: World, cell: Cell) -> httpx.Response:
    grant = identity.cpc_grant(world, AREA if cell.relation == "own" else ELSEWHERE_AREA)
    return _on_identity(world, cell, f"/tokens/{grant}/end", {"reason": WORDS})


@probe
def allocate_role(world: World, cell: Cell) -> httpx.Response:
    body = {"role": "practitioner", "unit": identity.place(cell), "reason": WORDS}
    return _on_identity(world, cell, f"/people/{_whom(world, cell)}/roles", body)


@probe
def appoint_lead(world: World, cell: Cell) -> httpx.Response:
    unit = "prison-WSI" if cell.relation == "own" else "prison-LEI"
    whom = identity.somebody(world, unit)
    body = {"role": "visor_lead", "unit": unit, "reason": WORDS, "note": WORDS}
    return _on_identity(world, cell, f"/people/{whom}/roles", body)


@probe
def log_on_audit(world: World, cell: Cell) -> httpx.Response:
    last = world.today() - timedelta(days=1)
    body = {
        "period_from": (last - timedelta(days=20)).isoformat(),
        "period_to": last.isoformat(),
        "sample": 1,
    }
    return _on_identity(world, cell, f"/log-on-audits/of/{identity.place(cell)}", body)


@probe
def assess_terminal(world: World, cell: Cell) -> httpx.Response:
    body = {"met": [], "standards": [standards()[0].code]}
    return _on_identity(world, cell, f"/terminals/{identity.terminal(world, cell)}/assessments", body)


@probe
def approve_terminal(world: World, cell: Cell) -> httpx.Response:
    return _on_identity(world, cell, f"/terminals/{identity.terminal(world, cell)}/approve", {"note": ""})


@probe
def except_vetting(world: World, cell: Cell) -> httpx.Response:
    today = world.today()
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=9)).isoformat()}
    body = {"level": 2, "reason": WORDS, **days}
    return _on_identity(world, cell, f"/people/{_whom(world, cell)}/vetting/exceptions", body)


@probe
def allow_wifi(world: World, cell: Cell) -> httpx.Response:
    today = world.today()
    days = {"valid_from": today.isoformat(), "valid_to": (today + timedelta(days=9)).isoformat()}
    return _on_identity(
        world, cell, "/wifi-grants", {"unit": identity.place(cell), "provision": WORDS, **days}
    )
