"""Contact cards that reach nobody: reserved domains, and telephone numbers that Ofcom keeps for drama."""

from __future__ import annotations

import random

from shared.reference.estate import Unit

_DOMAINS = {"region": "probation", "mappa_area": "probation", "delivery_unit": "probation"}
_DOMAINS |= {"prison": "prison", "prison_group": "prison", "force": "police", "national": "national"}

# Ofcom's numbers for television and radio drama: prefix, and how many digits may follow.
_ANYWHERE = "01632 960"
_DRAMA = {
    "area-53": "0113 496 0",
    "area-52": "0114 496 0",
    "area-39": "0115 496 0",
    "area-32": "0116 496 0",
    "area-11": "0117 496 0",
    "area-49": "0121 496 0",
    "area-35": "0151 496 0",
    "area-34": "0161 496 0",
    "area-62": "020 7946 0",
    "area-38": "0191 498 0",
    "area-57": "029 2018 0",
    "force-13": "0113 496 0",
    "force-14": "0114 496 0",
    "force-01": "020 7946 0",
    "force-48": "020 7946 0",
    "force-06": "0161 496 0",
    "force-05": "0151 496 0",
    "force-20": "0121 496 0",
    "force-scotland": "0141 496 0",
    "force-psni": "028 9649 6",
    "group-LNDN": "020 7946 0",
    "home-office": "020 7946 0",
    "nca": "020 7946 0",
    "police-ct": "020 7946 0",
}


def email(username: str, unit: Unit) -> str:
    """A domain below example.org, which is reserved and answers nobody."""
    return f"{username}@{_DOMAINS[unit.kind]}.example.org"


def telephone(chance: random.Random, unit: Unit) -> str:
    prefix = _DRAMA.get(unit.code) or _DRAMA.get(unit.parent or "", _ANYWHERE)
    return f"{prefix}{chance.randrange(1000):03}"


def mobile(chance: random.Random) -> str:
    return f"07700 900{chance.randrange(1000):03}"
