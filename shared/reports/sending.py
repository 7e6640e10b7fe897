"""The responses of what is no page and no JSON: a picture and two kinds of file."""

from __future__ import annotations

from flask import Response

from shared.reports.answers import Download, Picture
from shared.reports.charts import drawn
from shared.reports.downloads import as_csv, as_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# An SVG opened by itself is a document: nothing in it may run or be fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def send_chart(picture: Picture) -> Response:
    svg = drawn(picture.chart, picture.points, narrow=picture.narrow)
    return Response(svg, mimetype="image/svg+xml", headers={"Content-Security-Policy": _POLICY})


def send_csv(download: Download) -> Response:
    return _attached(f"{download.name}.csv", "text/csv; charset=utf-8", as_csv(download))


def send_xlsx(download: Download) -> Response:
    return _attached(f"{download.name}.xlsx", XLSX, as_xlsx(download))


def _attached(name: str, kind: str, body: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=kind, headers=headers)


SEND = {"chart": send_chart, "csv": send_csv, "xlsx": send_xlsx}
