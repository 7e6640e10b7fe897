"""What other systems named in whole-record acts."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.offender_managers.models import SAID, NamedManager

keep(NamedManager, sealed={"said": SAID}, alike=("role",), among=lambda table: table.state == "open")
