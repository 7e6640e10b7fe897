"""The page that lists a service's reports, for whoever is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from shared.declarations import Page, Query
from shared.web.schemas import Answer, Nothing

if TYPE_CHECKING:
    from shared.service import Service
    from shared.work import Work


class ReportLine(Answer):
    code = fields.String()
    title = fields.String()
    path = fields.String()


class ReportLines(Answer):
    reports = fields.List(fields.Nested(ReportLine))


def declare_list(service: Service) -> None:
    def listed(work: Work) -> dict[str, Any]:
        """The reports that concern whoever asks."""
        open_ones = [one for one in service.reports.values() if one.open_to(work.principal)]
        work.concerns(count=len(open_ones))
        lines = [
            {"code": one.code, "title": one.title, "path": f"/{service.name}{one.path}"} for one in open_ones
        ]
        return {"reports": sorted(lines, key=lambda line: line["code"])}

    page = Page("Reports", "visor/reports.html")
    service.declare_query(Query("reports.list", listed, "/reports", Nothing, ReportLines, page))
