"""What an invented nominal is, before any database knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deploy.demonstration import MARK


@dataclass(frozen=True, slots=True)
class InventedName:
    """`kind` is main, alias, former, known_as or misspelling; `forenames` may be several, with blanks between."""

    kind: str
    forenames: str
    surname: str


@dataclass(frozen=True, slots=True)
class InventedCustody:
    """`release_on` None: no date is set."""

    prison: str
    received_on: date
    release_on: date | None


@dataclass(frozen=True, slots=True)
class Around:
    """Who stands round a nominal, by username. `offender_manager` is the POM in custody, else the COM."""

    manager: str
    supervisor: str
    partners: tuple[str, ...]
    offender_manager: str | None


@dataclass(frozen=True, slots=True)
class InventedNominal:
    """`names` begin with the main one; `area` is a MAPPA area's code, `owner_unit` and `managing_unit` units' codes.

    `level` None for what is not MAPPA. `supervised`: under statutory probation supervision. `status` is live or
    archived. Identifiers that the person would not have are None.
    """

    index: int
    visor_number: str
    names: tuple[InventedName, ...]
    sex: str
    date_of_birth: date
    pnc: str | None
    cro: str | None
    noms: str | None
    crn: str | None
    category: str
    level: str | None
    supervised: bool
    area: str
    owner_unit: str
    owner_agency: str
    managing_unit: str
    around: Around
    custody: InventedCustody | None
    risk: str
    markers: tuple[str, ...]
    address: str
    town: str
    created_on: date
    status: str
    limited_access: bool

    @property
    def main_name(self) -> InventedName:
        return self.names[0]

    @property
    def remark(self) -> str:
        """To be shown with the record wherever it is shown."""
        return MARK
