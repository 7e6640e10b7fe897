"""Limits against fishing: how much a search says, how many one person makes, and whose point of contact hears of it."""

from __future__ import annotations

from services.records.access.concerned import holding
from services.records.search.parts import sought
from services.records.search.rules import Least, says_too_little
from services.records.search.wanted import ITEMS, Wanted
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.driver import FixedText
from shared.events.records.search import SEARCHED_OFTEN
from shared.ids import derived_id
from shared.reference.identifiers import recognise
from shared.refusals import Invalid, Refusal
from shared.work import Work

ACTION = "search.nominals"
_MADE = FixedText("""
SELECT count(*) AS made FROM (
  SELECT 1 FROM audit_entry
  WHERE actor = %(who)s AND at > %(since)s AND action = %(action)s AND outcome = 'viewed' LIMIT %(most)s
) counted
""")
_TOO_SHORT = {
    "telephone": "Enter at least the last six digits of the telephone number",
    "vehicle": "Enter the registration, or its first four or last three characters",
    "address": "Enter a postcode, a house number and street, or a street and town",
}
NO_NUMBER = "This is no PNC, CRO, prison, CRN or ViSOR number. Check each character"


def check_terms(work: Work, wanted: Wanted) -> None:
    """Raises Invalid, at each field, for what cannot be looked for or says too little."""
    wrong: dict[str, list[str]] = {
        kind: [_TOO_SHORT[kind]]
        for kind in ITEMS
        if getattr(wanted, kind) and not sought(kind, getattr(wanted, kind))
    }
    if wanted.number and not recognise(wanted.number, work.today):
        wrong["number"] = [NO_NUMBER]
    if wanted.month_of_birth and not wanted.year_of_birth:
        wrong["year_of_birth"] = ["Enter the year of birth, too"]
    if not wrong and (problem := says_too_little(wanted.given, wanted.surname, _least(work))):
        wrong["surname" if wanted.surname else "number"] = [problem]
    if wrong:
        raise Invalid(wrong)


def _least(work: Work) -> Least:
    policy, today = work.policy, work.today
    return Least(
        alone=frozenset(policy.texts("search.enough_alone", today)),
        terms=policy.number("search.least_terms", today),
        letters=policy.number("search.least_letters", today),
    )


def check_rate(work: Work) -> None:
    """Count this search with those before it; raises the refusal of whoever has searched too often.

    The point of contact above the person is told when searches become many, and again when they are refused: as one
    item a day each, however often it is said.
    """
    policy, today = work.policy, work.today
    most, noticed = policy.number("search.most", today), policy.number("search.noticed", today)
    window = policy.period("search.window", today)
    values = {
        "who": work.principal.person_id,
        "since": work.system_now - window.length,
        "action": ACTION,
        "most": most,
    }
    made = int(work.rows(_MADE, values)[0].made)
    if made >= most:
        raise Refusal(
            "R48",
            contact=your_cpc(work),
            afterwards=lambda work: _tell(work, made, refused=True),
            most=most,
            period=str(window),
        )
    if made + 1 >= noticed:
        _tell(work, made + 1, refused=False)


def _tell(work: Work, made: int, *, refused: bool) -> None:
    who = work.principal
    cpc = read_model.owning_cpc(work.session, who.unit)
    data = {
        "person_id": who.person_id,
        "notice_id": derived_id("searched_often", who.person_id, work.system_now.date(), refused),
        "searches": made,
        "refused": refused,
    }
    to = holding([cpc] if cpc else [], "cpc", who.unit, who.agency)
    work.emit(SEARCHED_OFTEN, data, aggregate=("person", who.person_id), to=to)
