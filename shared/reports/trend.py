"""What a picture says, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.reports.declared import Chart, Points


def alt_of(chart: Chart, points: Points) -> str:
    """The numbers themselves stand in the table beside it."""
    if chart.alt is not None:
        return chart.alt(points)
    said = [
        _said(name, [(one[0], one[number]) for one in points]) for number, name in enumerate(chart.series, 1)
    ]
    return f"{chart.title}. {'; '.join(said)}."


def _said(name: str, points: Sequence[tuple[str, Any]]) -> str:
    """Of one series: where most is and where least, as far as there is anything and the two differ."""
    known = [point for point in points if point[1] is not None]
    most = max(known, key=lambda point: point[1], default=("", 0))
    least = min(known, key=lambda point: point[1], default=most)
    if not most[1]:
        return f"{name}: none"
    if most[1] == least[1] and len(known) > 1:
        return f"{name}: {most[1]} in each"
    also = "" if most == least else f", least in {least[0]} ({least[1]})"
    return f"{name}: most in {most[0]} ({most[1]}){also}"


def shows_anything(points: Points) -> bool:
    """A picture of nothing but zeros says less than the words beside it."""
    return any(number for point in points for number in point[1:])
