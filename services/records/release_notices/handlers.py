"""Notifications says on whose list a notice has come: that is the receipt (PSI-6.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from services.records.release_notices.models import ReleaseNotice, ReleaseNoticeReceipt
from services.records.service import service
from shared.events.envelope import Event
from shared.events.notifications import NOTICE_DELIVERED
from shared.events.records.release_notices import NOTICE
from shared.ids import new_id
from shared.work import About, Work


@service.on(NOTICE_DELIVERED)
def keep_receipts(work: Work, event: Event) -> None:
    """The first delivery to each person stands; somebody who stands in for whom it was meant has a receipt too."""
    told = NOTICE_DELIVERED.load(event.data)
    if told["subject_kind"] != NOTICE:
        return
    notice = work.session.get(ReleaseNotice, told["subject_id"])
    if notice is None:
        return
    rows = [_row(notice, one["person_id"], one["role"], event) for one in told["people"]]
    fresh = insert(ReleaseNoticeReceipt)
    again = fresh.on_conflict_do_update(
        index_elements=["notice_id", "person_id"],
        set_={"delivered_at": func.coalesce(ReleaseNoticeReceipt.delivered_at, fresh.excluded.delivered_at)},
    )
    work.session.execute(again, rows)
    about = About("release_notice", notice.id, notice.nominal_id, {"count": len(rows)})
    work.audit("release_notices.delivered", about)


def _row(notice: ReleaseNotice, person_id: UUID, role: str, event: Event) -> dict[str, Any]:
    return {
        "id": new_id(),
        "nominal_id": notice.nominal_id,
        "origin_nominal_id": notice.origin_nominal_id,
        "notice_id": notice.id,
        "person_id": person_id,
        "capacity": role,
        "delivered_at": event.occurred_at,
    }
