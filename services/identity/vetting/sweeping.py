"""When everybody's vetting is looked at: as a day of the policy clock begins, and then once a minute."""

from __future__ import annotations

from datetime import timedelta

from services.identity.service import service
from services.identity.vetting.ends import foretell_ends, settle_ends
from services.identity.vetting.jobs import (
    expire_vetting,
    give_back_after_vetting,
    suspend_tokens_above_level,
)
from services.identity.vetting.nightly import check_vetting
from shared.work import Work

_SWEPT = "vetting.swept"
# What somebody records or revokes counts at once; only a kind of vetting, or the scheme, can change in between.
_EVERY = timedelta(minutes=1)


@service.each_tick_first
def sweep_vetting(work: Work) -> int:
    """Goes on with the next tick while there is more to do; then the day's check counts what is left.

    Looking at everybody costs too much for each second.
    """
    extras = work.runtime.extras
    day, at = extras.get(_SWEPT, (None, None))
    if day == work.today and work.system_now - at < _EVERY:
        return 0
    found = expire_vetting(work) + suspend_tokens_above_level(work)
    found += give_back_after_vetting(work) + settle_ends(work) + foretell_ends(work)
    if not found:
        check_vetting(work)
        extras[_SWEPT] = (work.today, work.system_now)
    return found
