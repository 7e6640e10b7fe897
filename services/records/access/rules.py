"""May this principal do this to this record, and if not, why not. Pure; actions.toml holds the policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.records.access.table import actions
from shared.access.principal import Principal

# Everything of such a record is in the one that it was merged into (PF-4.16m).
MERGED = "merged"


class RecordFacts(Protocol):
    """What the rules need to know about a record and this principal's ties to it; see `Record`."""

    @property
    def status(self) -> str: ...
    @property
    def owner_unit(self) -> str: ...
    @property
    def managing_unit(self) -> str: ...
    @property
    def manager_id(self) -> UUID | None: ...
    @property
    def supervisor_id(self) -> UUID | None: ...
    @property
    def limited_access(self) -> bool: ...
    @property
    def partner(self) -> bool: ...
    @property
    def listed(self) -> bool: ...
    @property
    def opened(self) -> bool: ...
    @property
    def conflicted(self) -> bool: ...


@dataclass(frozen=True)
class Reach:
    """The units for which a principal acts, by standing."""

    lpc: frozenset[str]
    cpc: frozenset[str]
    deputy: frozenset[str]
    central_support: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """`refusal` is None where the act is allowed; `by_reason`: only an opening with a reason allows it.

    `for_cpc`: only acting for an absent CPC allows it, which the audit says (PF-7/LPC.2).
    """

    standings: frozenset[str]
    refusal: str | None = None
    fills: dict[str, str] = field(default_factory=dict)
    by_reason: bool = False
    for_cpc: bool = False

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def reach(principal: Principal) -> Reach:
    """Central Support reaches the areas above the holder's unit (PF-7/Central Support Token)."""
    central = principal.units_with("central_support")
    if principal.unit in central:
        central |= frozenset(principal.areas)
    return Reach(
        lpc=principal.units_with("lpc"),
        cpc=principal.units_with("cpc"),
        deputy=principal.deputy_for,
        central_support=central,
    )


def standings_of(principal: Principal, record: RecordFacts) -> frozenset[str]:
    """How the principal stands to the record: what `standings.standings` says in SQL, for one record.

    Under Limited Access only its CPC, her deputy and those on its list stand to it (PF-4.16l.2); whoever declared a
    conflict of interest does not, whoever they are.
    """
    if record.conflicted or record.status == MERGED:
        return frozenset()
    units = reach(principal)
    over = {"cpc": record.owner_unit in units.cpc, "deputy": record.owner_unit in units.deputy}
    tied = {
        "manager": principal.holds("manager") and record.manager_id == principal.person_id,
        "supervisor": principal.holds("supervisor") and record.supervisor_id == principal.person_id,
        "partner": principal.holds("partner") and record.partner,
        "lpc": record.managing_unit in units.lpc,
        "central_support": record.owner_unit in units.central_support,
    }
    if record.limited_access and not record.listed:
        tied = {}
    return frozenset(name for name, stands in (over | tied).items() if stands)


def decide(principal: Principal, action: str, record: RecordFacts, *, own: bool = False) -> Decision:
    """Refusals in their order: agency, limited access, state, token, relationship, oneself (section 4.2).

    `own` says that the thing acted on is the principal's own (their entry, their assessment).
    """
    rule = actions()[action]
    stands = standings_of(principal, record)
    if principal.is_system:
        return Decision(stands)
    if record.status == MERGED:
        return Decision(stands, "R51")
    may = rule.allowed_in(record.status)
    if rule.prison and principal.agency_kind == "prison":
        return Decision(stands, rule.prison)
    if record.conflicted:
        return Decision(stands, "R49")
    if shut_out(record, stands):
        return Decision(stands, "R15")
    if record.status == "archived" and not may:
        return Decision(stands, "R27")
    if not (principal.holds(*rule.tokens) or "deputy" in stands & may):
        return Decision(stands, "R11", {"token": rule.token})
    if not (may & (stands | {"none"}) or (rule.reason and record.opened)):
        return Decision(stands, "R13" if rule.reason else rule.unrelated, {"token": rule.token})
    if rule.not_own and own:
        return Decision(stands, "R23", {"subject": rule.not_own})
    allowing = may & (stands | {"none"})
    return Decision(stands, by_reason=not allowing, for_cpc=allowing == {"deputy"})


def shut_out(record: RecordFacts, stands: frozenset[str]) -> bool:
    """Limited Access hides the record from everybody who is not on its list (PF-4.16l.2), a conflict from its own."""
    hidden = record.limited_access and not record.listed and not stands & {"cpc", "deputy"}
    return record.conflicted or hidden
