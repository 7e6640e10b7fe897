"""The national search (PF-7/Partner token.1): minimal lines, and never what was searched for in an address."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from services.records.access.contacts import contact
from services.records.access.table import LIVE_TOKENS
from services.records.search.finding import Line, Wanted, find, lines
from services.records.search.schemas import SearchAnswer, SearchInput
from services.records.search.statements import MOST
from services.records.service import service
from shared.directory import read_model
from shared.reference.identifiers import recognise
from shared.refusals import Invalid, Refusal
from shared.work import Work


@dataclass(frozen=True)
class Found:
    results: list[Line]
    more: bool


@service.query(
    "search.nominals", path="/search", input=SearchInput, answer=SearchAnswer, method="POST", apart=True
)
def search(
    work: Work,
    *,
    number: str = "",
    surname: str = "",
    forename: str = "",
    date_of_birth: date | None = None,
    year_of_birth: int | None = None,
) -> Found:
    """Search every nominal on the register by number, or by name and date or year of birth."""
    may_search(work)
    if number and not recognise(number, work.today):
        raise Invalid({"number": [NO_NUMBER]})
    wanted = Wanted(number, surname, date_of_birth, forename, year_of_birth)
    ids = find(work.session, wanted, work.today)
    work.concerns(private=json.dumps(asdict(wanted), default=str), found=len(ids))
    return Found(lines(work.session, work.principal, ids), more=len(ids) == MOST)


NO_NUMBER = "This is no PNC, CRO, prison, CRN or ViSOR number. Check each character"


def may_search(work: Work) -> None:
    """Raises R11 for whoever holds no token that opens records: `admin` gives no nominal data."""
    if not work.principal.holds(*LIVE_TOKENS):
        cpc = read_model.owning_cpc(work.session, work.principal.unit)
        raise Refusal("R11", token="partner", contact=contact("Your CPC", cpc))  # noqa: S106 - a token is an access right here
