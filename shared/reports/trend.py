"""What a picture says, for those who do not see it."""

from __future__ import annotations

from shared.reports.declared import Chart, Points


def alt_of(chart: Chart, points: Points) -> str:
    """The numbers themselves stand in the table beside it."""
    if chart.alt is not None:
        return chart.alt(points)
    said = []
    for number, name in enumerate(chart.series, start=1):
        most = max(points, key=lambda point: point[number] or 0)
        least = min(points, key=lambda point: point[number] or 0)
        said.append(f"{name}: most in {most[0]} ({most[number]}), least in {least[0]} ({least[number]})")
    return f"{chart.title}. {'; '.join(said)}."
