"""What somebody lacks for an account, in the words of the refusals that a sign-in would get."""

from __future__ import annotations

from typing import Any

from services.identity.people.models import Person
from services.identity.sign_in.facts import gather
from services.identity.sign_in.rules import refusals
from services.identity.terminals.locating import Place
from services.identity.tokens.holders import cpc_contact
from shared.refusals import Refusal
from shared.web.display import shown
from shared.work import Work

# Where somebody sits is seen at sign-in, not here.
_OF_THE_PLACE = frozenset({"R09", "R10"})
# PF-4.16/A.7: before an account is asked for, authorised, made or opened again.
VETTING_AND_TRAINING = frozenset({"R01", "R02", "R03", "R04"})
_WORDS = {
    "R01": "current vetting (NPPV level 2 or 3)",
    "R02": "current vetting: it has expired",
    "R03": "vetting of a kind that is accepted",
    "R04": "passed accredited ViSOR training",
}


def missing(work: Work, person: Person) -> list[Refusal]:
    """In the order of PSI-5.3.4.2: vetting, training, SyOPs, authorisation."""
    place = Place(None, None, "")
    asking = gather(work.session, work.policy, person, place, work.today, secure_office=True)
    contact = cpc_contact(work, person.unit)
    found = []
    for each in refusals(asking, work.today):
        fills: dict[str, Any] = {name: shown(value) for name, value in each.fills.items()}
        found.append(Refusal(each.code, contact=contact, **fills))
    return [refusal for refusal in found if refusal.code not in _OF_THE_PLACE]


def refuse_if_missing(work: Work, person: Person) -> None:
    """Raises R01, R02, R03 or R04, whichever comes first, with everything that is missing named in its message."""
    found = [refusal for refusal in missing(work, person) if refusal.code in VETTING_AND_TRAINING]
    if not found:
        return
    what = " and ".join(_WORDS[refusal.code] for refusal in found)
    contact = cpc_contact(work, person.unit)
    raise Refusal(found[0].code, contact=contact, said=f"{person.name} lacks {what}.".replace("{", "("))
