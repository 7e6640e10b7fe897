"""Where the policy clock stands while somebody does what they did on an earlier day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from deploy.demonstration.act import Act
from shared.clock import LONDON

_NINE = time(9)
_STEP, _STEPS = timedelta(minutes=7), 68  # to five o'clock


@dataclass
class Then:
    """How far back it stands: on an earlier day in its working hours, at whatever hour the suite is filled."""

    back: timedelta = timedelta(0)
    _done: Counter[int] = field(default_factory=Counter)

    def __call__(self) -> timedelta:
        return -self.back

    def stand(self, act: Act, now: datetime) -> None:
        """An act without a time of its own comes after all that was done before it on that day; of today it is now."""
        self.back = timedelta(0)
        if act.days_ago:
            day = now.astimezone(LONDON).date() - timedelta(days=act.days_ago)
            at = datetime.combine(day, act.at or _NINE, LONDON)
            self.back = now - (at if act.at else at + self._since_nine(act.days_ago))

    def _since_nine(self, days_ago: int) -> timedelta:
        self._done[days_ago] += 1
        return self._done[days_ago] % _STEPS * _STEP
