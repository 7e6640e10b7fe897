"""Checks and approvals in whole-record acts; of one leave approved on both records, one stays behind."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.rotl.models import TEXT, RotlApproval, RotlCheck

keep(RotlCheck, sealed={"text": TEXT})
keep(RotlApproval, alike=("prison", "leave_on"))
