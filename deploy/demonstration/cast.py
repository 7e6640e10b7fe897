"""The named people of the story: users in posts of their own, and the nominal whom a referral brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from deploy.demonstration.toml import toml
from shared.reference.check_letters import format_cro, format_pnc


@dataclass(frozen=True, slots=True)
class CastMember:
    """Amiss may be `vetting` (expired, none), `training` (none), `syops` (unsigned), `account` (disabled)."""

    username: str
    forename: str
    surname: str
    unit: str
    post: str
    part: str
    vetting: str = "current"
    training: str = "passed"
    syops: str = "signed"
    account: str = "enabled"


@dataclass(frozen=True, slots=True)
class StoryNominal:
    """As the referral gives him. He is not in the caseload: the story creates him."""

    forenames: str
    surname: str
    date_of_birth: date
    sex: str
    pnc: str
    cro: str
    noms: str
    crn: str
    category: str
    level: str
    unit: str
    prison: str
    town: str


@cache
def cast() -> tuple[CastMember, ...]:
    return tuple(CastMember(**row) for row in toml("cast.toml")["people"])


@cache
def story_nominal() -> StoryNominal:
    row = dict(toml("cast.toml")["story"])
    pnc = format_pnc(row.pop("pnc_year"), row.pop("pnc_serial"))
    cro = format_cro(row.pop("cro_year"), row.pop("cro_serial"))
    return StoryNominal(pnc=pnc, cro=cro, **row)
