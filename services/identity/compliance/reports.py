"""RPT-24, the compliance pack: what identity knows of how each area, force, group and prison stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.identity.compliance.figures import MEASURES, signed, trained, vetted
from services.identity.compliance.places import answers, asked
from services.identity.service import service
from shared.reports.declared import Chart
from shared.reports.pack import CODE, COLUMNS, WHOLE, WHOM, PackFilter, per_cent, rows_of, span
from shared.work import Work

_DRAWN = 20


def _shares(work: Work, *, since: date | None, until: date | None) -> Sequence[tuple[Any, ...]]:
    this = asked(work, *span(work.today, since, until))
    found = [measure(this) for measure in (vetted, trained, signed)]
    shares = [
        (unit.name, *(lines[unit.code].share if unit.code in lines else None for lines in found))
        for unit in this.places
    ]
    return [point for point in shares if point[1:] != (None, None, None)][:_DRAWN]


def _in_words(points: Sequence[tuple[Any, ...]]) -> str:
    return "; ".join(
        f"{name}: vetted {per_cent(vetting)}, trained {per_cent(training)}, signed {per_cent(signing)}"
        for name, vetting, training, signing in points
    )


@service.report(
    CODE,
    "Compliance pack: people, log-ons and terminals",
    "PSI-1.2",
    "PI-1.1",
    "PSI-5.1",
    input=PackFilter,
    columns=COLUMNS,
    whom=WHOM,
    open_to=answers,
    intro="Without a name. What the register knows of the records is in the other part of the pack.",
    chart=Chart(
        "Vetted, trained and signed, in per cent", ("Vetted", "Trained", "Signed"), _shares, alt=_in_words
    ),
    empty="There is no area, force, group or prison that you answer for.",
    beside=WHOLE,
)
def pack(work: Work, *, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Whatever is counted today says so: of accounts, documents and terminals only how they stand is kept."""
    this = asked(work, *span(work.today, since, until))
    measures = [measure(this) for measure in MEASURES]
    return [
        row
        for unit in this.places
        for row in rows_of(unit.name, (lines[unit.code] for lines in measures if unit.code in lines))
    ]
