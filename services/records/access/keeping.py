"""The named list and the looks at a record in whole-record acts."""

from __future__ import annotations

from services.records.access.looks import REASON
from services.records.access.models import Access, Listed
from services.records.nominals.keepers import keep

keep(Listed, alike=("person_id",))
keep(Access, sealed={"reason": REASON})
