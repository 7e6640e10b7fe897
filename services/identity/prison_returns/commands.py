"""A ViSOR lead confirms the return of their prison; it goes to the CPC and to the national group."""

from __future__ import annotations

from typing import Any

from services.identity.coverage.telling import told
from services.identity.people.models import Unit
from services.identity.prison_returns.figures import as_kept, figures, month_before
from services.identity.prison_returns.models import ONE_FOR_EACH_PERIOD, PrisonReturn
from services.identity.prison_returns.schemas import ConfirmedAnswer, ConfirmInput
from services.identity.service import service
from services.identity.tokens.holders import responsible_cpc
from shared.declarations import FormPage
from shared.events.identity.prison_returns import PRISON_RETURN_CONFIRMED
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

GROUP = "operational_support_group"
service.constraints[ONE_FOR_EACH_PERIOD] = lambda: Refusal(
    "R34", what="The return for this month has been confirmed."
)


def prison_or_404(work: Work, code: str) -> Unit:
    unit = work.session.get(Unit, code)
    if unit is None or unit.kind != "prison":
        raise NotFound
    return unit


def _about(work: Work, *, unit: str) -> dict[str, Any]:
    found = _own(work, unit)
    return {"about": f"{found.name}, {month_before(work.today):%B %Y}"}


def _own(work: Work, code: str) -> Unit:
    unit = prison_or_404(work, code)
    if code not in work.principal.units_with_role("visor_lead"):
        raise Refusal("R32", role="the ViSOR lead of this prison")
    return unit


@service.command(
    "prison_returns.confirm",
    path="/prison-returns/of/<unit>/confirmation",
    input=ConfirmInput,
    answer=ConfirmedAnswer,
    form=FormPage(
        title="Confirm the prison’s ViSOR return",
        button="Confirm and send",
        done="Confirmed. It has gone to the CPC and to the HMP Operational Implementation Support Group.",
        next="/prison-returns/{id}",
        cancel="/prison-returns/of/{unit}",
        path="/prison-returns/of/<unit>/confirmation/new",
        intro="The figures of the page before are kept as they are now.",
        values=_about,
    ),
)
def confirm(work: Work, *, unit: str, note: str, checked: bool) -> PrisonReturn:
    """PF-5.9-H.2, PF-7/ViSOR Lead.5: staff movements, vetting, training and log-ons of the month before."""
    prison = _own(work, unit)
    if not checked:
        raise Invalid({"checked": ["Check the figures first, then tick this."]})
    cpc = responsible_cpc(work.session, unit)
    month = month_before(work.today)
    kept = PrisonReturn(
        unit=unit,
        month=month,
        figures=as_kept(figures(work, unit, month)),
        note=note,
        confirmed_by=work.principal.person_id,
        confirmed_at=work.now,
        cpc_told=None if cpc is None else cpc.id,
    )
    work.session.add(kept)
    work.session.flush()
    work.concerns(subject=("prison_return", kept.id), unit=unit)
    data = {"return_id": kept.id, "unit": unit, "month": month}
    to = told(work.session, prison, ["cpc", GROUP])
    work.emit(PRISON_RETURN_CONFIRMED, data, aggregate=("prison_return", kept.id), to=to)
    return kept
