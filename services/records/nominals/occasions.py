"""What still waits for somebody, and of which fact it was told: each capability registers what its facts begin.

At night records states all of it (`reconciliation`), so that a fact that was lost is found and told anew. In a module
`keeping.py` of the capability, beside what it keeps, one for each fact that starts a deadline:

    occasion("records.meeting.held", Meeting.id, Meeting.managing_unit, Meeting.minutes_added_at.is_(None))
"""

from __future__ import annotations

from shared.reconciliation.occasions import Occasions

_RECORDS = Occasions()
occasion, occasions = _RECORDS.add, _RECORDS.all
