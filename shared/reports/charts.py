"""The picture of a report: SVG at an address of its own, shown in an <img> whose alt says the trend."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pygal
from pygal.style import Style

from shared.reports.declared import Chart, Points

# pygal looks for its plugins in every import of the process, in a way that Python has given up; we use none of them.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

# GOV.UK's colours, apart also for those who cannot tell red from green.
_STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#0b0c0c",
    foreground_strong="#0b0c0c",
    foreground_subtle="#505a5f",
    colors=("#1d70b8", "#f47738", "#28a197", "#4c2c92", "#b58840"),
    font_family="arial, sans-serif",
    label_font_size=14,
    major_label_font_size=14,
    legend_font_size=14,
    value_font_size=14,
    no_data_font_size=16,
)
_KINDS: Mapping[str, Any] = {
    "bar": pygal.HorizontalBar,
    "stacked": pygal.HorizontalStackedBar,
    "line": pygal.Line,
}
_ROW_PIXELS, _EDGE_PIXELS, _WIDTH = 34, 140, 900
# On a telephone the picture is drawn anew: made smaller, its words could not be read.
_NARROW, _LETTERS = 430, 16
_WHOLE = 8
_SMALL: Mapping[str, Any] = {
    "max_scale": 4,
    "legend_at_bottom_columns": 1,
    "truncate_legend": 40,
    "x_label_rotation": 30,
    "margin": 6,
}


def drawn(chart: Chart, points: Points, *, narrow: bool = False) -> bytes:
    """SVG without script. Bars lie from the top down in the order of the points."""
    upright = chart.kind == "line"
    shown = list(points) if upright else list(reversed(points))
    picture = _KINDS[chart.kind](
        style=_STYLE,
        js=(),
        show_legend=len(chart.series) > 1,
        legend_at_bottom=True,
        width=_NARROW if narrow else _WIDTH,
        **(_SMALL if narrow else {}),
        height=400 if upright else _EDGE_PIXELS + _ROW_PIXELS * max(1, len(points)),
        x_labels=[_cut(str(point[0])) if narrow else str(point[0]) for point in shown],
        no_data_text="Nothing to show",
        print_values=True,
        dynamic_print_values=False,
    )
    if most := _small(chart, points):
        picture.y_labels = range(most + 1)
    none = _none(points, upright=upright)
    for number, name in enumerate(chart.series, start=1):
        picture.add(name, [point[number] or none for point in shown])
    picture.add_xml_filter(_without_scripts)
    return bytes(picture.render())  # UTF-8


def _small(chart: Chart, points: Points) -> int:
    """The longest bar, where it is so short that pygal would put parts of one person on the axis; 0 else."""
    of_point = sum if chart.kind == "stacked" else max
    most = max((of_point([number or 0 for number in point[1:]]) for point in points), default=0)
    return int(most) if most < _WHOLE else 0


def _cut(label: str) -> str:
    """The whole of it stands in the table."""
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1].rstrip()}…"


def _none(points: Points, *, upright: bool) -> Any:
    """What stands for a bar of nothing, which needs no number on top of its neighbour: pygal writes one all the same.

    Where there are no bars at all it says that there is nothing to show.
    """
    if upright:
        return 0
    some = any(number for point in points for number in point[1:])
    return {"value": None, "formatter": lambda _value: ""} if some else None


def _without_scripts(root: Any) -> Any:
    """Pygal writes its own settings into the picture, for tooltips that an <img> has not."""
    for parent in list(root.iter()):
        for script in [child for child in parent if str(child.tag).endswith("script")]:
            parent.remove(script)
    return root
