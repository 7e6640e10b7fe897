"""Which consoles there are, and whom each is for."""

from __future__ import annotations

from dataclasses import dataclass

from shared.access.principal import Principal


@dataclass(frozen=True)
class Console:
    """`tokens` and `roles` are those whose holders have it; `deputies` too act for an absent CPC."""

    code: str
    title: str
    tokens: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    deputies: bool = False

    def is_for(self, principal: Principal) -> bool:
        deputy = self.deputies and bool(principal.deputy_for)
        return deputy or principal.holds(*self.tokens) or principal.has_role(*self.roles)

    def units(self, principal: Principal) -> frozenset[str]:
        """For which units it is held."""
        own = principal.units_with(*self.tokens) | principal.units_with_role(*self.roles)
        return own | principal.deputy_for if self.deputies else own


CPC = Console("cpc", "Central Point of Contact", tokens=("cpc",), deputies=True)
CENTRAL_SUPPORT = Console("central-support", "Central Support", tokens=("central_support",))
LPC = Console("lpc", "Local Point of Contact", tokens=("lpc",))
ADMINISTRATOR = Console("administrator", "Administrator", tokens=("admin",))
LEAD = Console("visor-lead", "ViSOR lead", roles=("visor_lead",))
GOVERNOR = Console("governor", "Governor", roles=("governor",))
GROUP_DIRECTOR = Console("group-director", "Prison Group Director", roles=("prison_group_director",))
HEAD = Console("public-protection", "Head of Public Protection", roles=("head_of_public_protection",))
REGIONAL_DIRECTOR = Console(
    "regional-director", "Regional Probation Director", roles=("regional_probation_director",)
)
SPO = Console("spo", "Senior probation officer", roles=("spo",))
SRO = Console("sro", "Senior Responsible Officer", roles=("sro",))

CONSOLES = (
    CPC,
    CENTRAL_SUPPORT,
    LPC,
    ADMINISTRATOR,
    LEAD,
    GOVERNOR,
    GROUP_DIRECTOR,
    HEAD,
    REGIONAL_DIRECTOR,
    SPO,
    SRO,
)


def consoles_of(principal: Principal) -> list[Console]:
    return [console for console in CONSOLES if console.is_for(principal)]
