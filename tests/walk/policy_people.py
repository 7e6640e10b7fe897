"""The columns of the table as people of the demonstration, with the tokens of their column and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.access.principal import Principal, grants
from shared.ids import new_id
from tests.journeys.world import World

LEEDS, AREA, ELSEWHERE_AREA, ELSEWHERE = "pdu-N55LEE", "area-53", "area-56", "pdu-WPTNWS"
FORCE, PRISON, GROUP = "force-13", "prison-WSI", "group-LNDN"
PROBATION, POLICE, PRISON_WORKER = "imran.sadiq", "craig.hirst", "grace.mensah"


@dataclass(frozen=True)
class Column:
    """Somebody of the cast, with what they hold; `home` says whose area, group or force counts as their own."""

    username: str
    home: str
    tokens: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    deputy_for: tuple[str, ...] = ()


def _probation(*tokens: tuple[str, str], **more: Any) -> Column:
    return Column(PROBATION, "probation", tokens, **more)


COLUMNS: dict[str, Column] = {
    "partner": _probation(("partner", LEEDS)),
    "create": _probation(("create", LEEDS), roles=(("tasked_with_creation", LEEDS),)),
    "manager": _probation(("manager", LEEDS)),
    "supervisor": _probation(("supervisor", LEEDS)),
    "lpc": _probation(("lpc", LEEDS)),
    "lpc_beside": _probation(("lpc", "pdu-N55BAC")),
    "central_support": _probation(("central_support", LEEDS)),
    "deputy": _probation(("lpc", "pdu-N55BAC"), ("central_support", "pdu-N55BAC"), deputy_for=(AREA,)),
    "cpc_probation": _probation(("cpc", AREA)),
    "cpc_police": Column(POLICE, "police", (("cpc", FORCE),)),
    "create_police": Column(POLICE, "police", (("create", FORCE),)),
    "cpc_prison": Column(PRISON_WORKER, "prison", (("cpc", GROUP),)),
    "partner_prison": Column(PRISON_WORKER, "prison", (("partner", PRISON),)),
    "create_prison": Column(PRISON_WORKER, "prison", (("create", PRISON),)),
    "central_support_prison": Column(PRISON_WORKER, "prison", (("central_support", PRISON),)),
    "admin": Column("yvonne.blenkinsop", "probation", (("admin", "national"),)),
    "read_only": _probation(("read_only", LEEDS)),
    "head": Column("carys.probert", "probation", roles=(("head_of_public_protection", AREA),)),
    "director": Column("meera.pillai", "prison", roles=(("prison_group_director", GROUP),)),
    "governor": Column("helen.featherstone", "prison", roles=(("governor", PRISON),)),
    "lead": Column("owen.llewellyn", "prison", roles=(("visor_lead", PRISON),)),
    "sro": Column("arthur.moncrieff", "probation", roles=(("sro", "national"),)),
}


def principal(world: World, column: str, *, tied: bool = False) -> Principal:
    """In a session of their own. `tied`: they hold partner too, since nobody is partnered without it."""
    one = COLUMNS[column]
    tokens = one.tokens
    if tied and tokens and column not in {"manager", "supervisor", "admin", "read_only"}:
        tokens = (*tokens, ("partner", world.people.by_username[one.username].unit))
    return world.principal(
        one.username,
        session_id=new_id(),
        tokens=grants(tokens),
        roles=grants(one.roles),
        deputy_for=frozenset(one.deputy_for),
    )
