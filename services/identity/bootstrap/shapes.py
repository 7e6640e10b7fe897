"""What the file of a deployment's beginning says: the first three people and the first terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """A card, and what a sign-in will ask for: vetting and training, each by its reference."""

    username: str
    name: str
    email: str
    telephone: str
    vetting_reference: str
    vetting_expires_on: date
    training_reference: str
    unit: str = "home-office"
    job_title: str = ""
    cpc_training_reference: str | None = None


@dataclass(frozen=True, slots=True)
class FirstTerminal:
    asset_tag: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """`document` is the paper that says all this; `network` the addresses from which the administrator signs in."""

    document: str
    administrator: FirstPerson
    network: str
    head: FirstPerson
    cpc: FirstPerson
    terminal: FirstTerminal | None = None
