"""Notices and receipts in whole-record acts. The switches are the prisons' own."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.release_notices.models import (
    RELEASE_ON,
    WAS_ON,
    ReleaseNotice,
    ReleaseNoticeReceipt,
)

keep(ReleaseNotice, sealed={"release_on": RELEASE_ON, "was_on": WAS_ON})
keep(ReleaseNoticeReceipt)
