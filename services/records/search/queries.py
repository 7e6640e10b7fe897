"""The national search (PF-7/Partner token.1): minimal lines, and never what was searched for in an address."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from services.records.access.table import LIVE_TOKENS
from services.records.search.finding import Line, find
from services.records.search.limits import ACTION, check_rate, check_terms
from services.records.search.schemas import SearchAnswer, SearchInput
from services.records.search.wanted import Wanted
from services.records.service import service
from shared.directory.contacts import your_cpc
from shared.refusals import Invalid, Refusal
from shared.work import Work


@dataclass(frozen=True)
class Found:
    """`next` is None on the last page, and where more must be said about the person before one sees the rest."""

    results: list[Line]
    more: bool
    page: int
    next: int | None


@service.query(ACTION, path="/search", input=SearchInput, answer=SearchAnswer, method="POST", apart=True)
def search(
    work: Work,
    *,
    number: str = "",
    surname: str = "",
    forename: str = "",
    date_of_birth: date | None = None,
    year_of_birth: int | None = None,
    month_of_birth: int | None = None,
    telephone: str = "",
    vehicle: str = "",
    address: str = "",
    page: int = 1,
) -> Found:
    """Search every nominal on the register by number, name, birth, telephone, vehicle or address, best first."""
    may_search(work)
    wanted = Wanted(
        number,
        surname,
        forename,
        date_of_birth,
        year_of_birth,
        month_of_birth,
        telephone,
        vehicle,
        address,
    )
    check_terms(work, wanted)
    most = work.policy.number("search.most_pages", work.today)
    if page > most:
        raise Invalid({"page": ["Say more about the person to narrow the search"]})
    check_rate(work)
    found, more = find(work, wanted, page)
    terms = {name: value for name, value in asdict(wanted).items() if name in wanted.given}
    work.concerns(private=json.dumps(terms, default=str), found=len(found), page=page, terms=sorted(terms))
    return Found(found, more, page, page + 1 if more and page < most else None)


def may_search(work: Work) -> None:
    """Raises R11 for whoever holds no token that opens records: `admin` gives no nominal data."""
    if not work.principal.holds(*LIVE_TOKENS):
        raise Refusal("R11", token="partner", contact=your_cpc(work))  # noqa: S106 - a token is an access right here
