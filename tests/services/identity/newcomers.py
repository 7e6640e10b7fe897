"""Bringing somebody to an account, step by step, for identity's tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.identity.people.models import Person
from shared.refusals import Refusal
from tests.services.identity.acting import run
from tests.services.identity.house import House

NPPV3 = ("nppv3", -100, 300)
CARD: dict[str, Any] = {
    "name": "New Person",
    "position": "probation_officer",
    "job_title": "Probation officer",
    "email": "new.person@example.org",
    "telephone": "0113 496 0001",
    "unit": "pdu-N55LEE",
    "line_manager": "",
    "priority": "",
}


def staff(house: House) -> None:
    """A CPC and a nominee of West Yorkshire, an administrator, a prison's CPC and its ViSOR lead."""
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("nora.nominee", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("pam.prison", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),), cpc_course=True)
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    run(house, "cora.cpc", "accounts.name_nominee", username="nora.nominee", unit="area-53")


def nominate(house: House, by: str = "cora.cpc", **changes: Any) -> UUID:
    made = UUID(str(run(house, by, "accounts.nominate", **{**CARD, **changes})["id"]))
    (person,) = [row for row in house.rows(Person) if row.id == made]
    house.people[person.username] = made
    return made


def cleared(house: House, person_id: UUID, *, trained: bool = True, signed: bool = True) -> None:
    """Vetted, trained and signed, as far as nothing else is said."""
    with house.runtime.system_work("test.clear") as work:
        house.vet(work.session, person_id, "nppv2", -10, 300)
        if trained:
            house._train(work.session, person_id, "user")
        if signed:
            house._sign(work.session, person_id, work.system_now)


def created(house: House, **changes: Any) -> UUID:
    """All the way to an account that nobody has signed in with."""
    made = nominate(house, **changes)
    cleared(house, made)
    run(house, "cora.cpc", "accounts.request", person_id=made, reason="Joins the Leeds team")
    run(house, "ida.admin", "accounts.create", person_id=made, username=row_of(house, made).username)
    return made


def row_of(house: House, person_id: UUID) -> Person:
    (row,) = [row for row in house.rows(Person) if row.id == person_id]
    found: Person = row
    return found


def state(house: House, person_id: UUID) -> str:
    return row_of(house, person_id).state


def refusal(house: House, by: str, command: str, /, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        run(house, by, command, **given)
    return refused.value


def told(house: House, kind: str) -> set[tuple[str, str]]:
    """(person, as what) of the newest fact of a kind, people by their user names."""
    names = {str(person_id): name for name, person_id in house.people.items()}
    event = house.events(kind)[-1]
    return {
        (names.get(one["person_id"], one["person_id"]), one["as"])
        for copy in event.copies
        for one in copy["people"]
    }
