"""What counts once a day counts for one day, also where midnight passes while it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from services.identity.coverage.jobs import check_coverage
from services.identity.coverage.models import CoverageCheck
from services.identity.vetting.models import VettingCheck
from services.identity.vetting.nightly import check_vetting
from shared.clock import LONDON
from shared.work import Work
from tests.services.identity.house import House


@dataclass
class PastMidnight:
    """The first look is on one day, every later one on the next."""

    at: datetime
    looked: bool = False

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        day = self.at.astimezone(LONDON).date()
        if self.looked:
            return day + timedelta(days=1)
        self.looked = True
        return day


@pytest.mark.parametrize(("check", "row"), [(check_coverage, CoverageCheck), (check_vetting, VettingCheck)])
def test_midnight_passes_meanwhile(house: House, check: Callable[[Work], int], row: type) -> None:
    clocks = house.runtime.clocks
    house.runtime.clocks = replace(clocks, policy=PastMidnight(house.clock.at))
    with house.runtime.system_work("tick") as work:
        check(work)
    house.runtime.clocks = clocks
    assert [one.day for one in house.rows(row)] == [house.today]
