"""One line of the table: what was measured, beside its floor in the same run, and whether it is enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from rich.table import Table


@dataclass(frozen=True)
class Measure:
    """`reach` bounds the ratio of `ours` to `floor`, or `ours` itself where there is no floor: from below if
    `more_is_better`. None: the figure is told, and nothing is asked of it.
    """

    name: str
    unit: str
    ours: float
    reach: float | None
    floor: float | None = None
    more_is_better: bool = False

    @property
    def compared(self) -> float:
        return self.ours if self.floor is None else self.ours / self.floor

    @property
    def reached(self) -> bool:
        if self.reach is None:
            return True
        return self.compared >= self.reach if self.more_is_better else self.compared <= self.reach

    @property
    def target(self) -> str:
        if self.reach is None:
            return "–"
        bound = f"{'≥' if self.more_is_better else '≤'} {self.reach:g}"
        return f"{bound} {self.unit}".strip() if self.floor is None else f"{bound} ×"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of these values that at least so many per cent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def table(title: str, measures: Iterable[Measure]) -> Table:
    made = Table(title=title)
    for heading in ("measure", "floor", "ours", "unit", "ratio", "target", ""):
        made.add_column(heading, justify="left" if heading in {"measure", "unit", ""} else "right")
    for one in measures:
        floor = "–" if one.floor is None else f"{one.floor:,.2f}"
        ratio = "–" if one.floor is None else f"{one.compared:.2f}"
        verdict = "" if one.reach is None else "[green]pass[/green]" if one.reached else "[red]fail[/red]"
        made.add_row(one.name, floor, f"{one.ours:,.2f}", one.unit, ratio, one.target, verdict)
    return made
