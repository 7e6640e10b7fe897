"""Makes the queries of a report from its declaration: what it takes, what it gives, and what is audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate

from shared.declarations import Page, Query
from shared.reports.answers import Download, Picture, ReportView
from shared.reports.columns import row_schema
from shared.reports.declared import Chart, Report
from shared.reports.reading import admit, read_all, read_page
from shared.reports.trend import alt_of, shows_anything
from shared.web.schemas import Answer

if TYPE_CHECKING:
    from shared.service import Service
    from shared.work import Work

_FILES = ("csv", "xlsx")
_LAST_PAGE = 10_000


def declare(service: Service, report: Report) -> None:
    """Raises TypeError where the function takes other fields than the filter has: a test of its own for each."""
    _check(report.code, report.rows, report.input)
    queries = [_view(service, report), *(_file(report, kind) for kind in _FILES)]
    if report.chart is not None:
        _check(f"the chart of {report.code}", report.chart.points, report.input)
        queries.append(_picture(report, report.chart))
    for query in queries:
        service.declare_query(query)


def _check(name: str, function: Callable[..., Any], taken: type[Schema]) -> None:
    _work, *fields_of_function = signature(function).parameters
    differ = set(fields_of_function) ^ set(taken().fields)
    if differ:
        raise TypeError(f"{name}: its filter and its function differ in {sorted(differ)}")


def _taking(function: Callable[..., Any], taken: type[Schema]) -> Callable[..., Any]:
    """So that the function says which fields it takes, as every query's does."""
    named = [Parameter(name, Parameter.KEYWORD_ONLY) for name in taken().fields]
    work = Parameter("work", Parameter.POSITIONAL_OR_KEYWORD)
    function.__signature__ = Signature([work, *named])  # type: ignore[attr-defined]
    return function


def _named(report: Report, what: str) -> str:
    return f"{report.code.replace('-', '').capitalize()}{what}"


def _view(service: Service, report: Report) -> Query:
    sorts = [sort for one in report.columns if one.sortable for sort in (one.key, f"-{one.key}")]
    more = {
        "sort": fields.String(
            load_default="", validate=validate.OneOf(["", *sorts]), metadata={"widget": "none"}
        ),
        "page": fields.Integer(
            load_default=1, validate=validate.Range(1, _LAST_PAGE), metadata={"widget": "none"}
        ),
        "__module__": __name__,
    }
    taken = type(_named(report, "Filter"), (report.input,), more)
    rows = row_schema(_named(report, "Row"), report.columns)
    answer = {
        "rows": fields.List(fields.Nested(rows)),
        "total": fields.Integer(),
        "totals": fields.Dict(keys=fields.String(), values=fields.Raw()),
        "page": fields.Integer(),
        "pages": fields.Integer(),
        "__module__": __name__,
    }

    def view(work: Work, *, sort: str, page: int, **filters: Any) -> ReportView:
        admit(work, report)
        found = read_page(work, report, filters, sort, page)
        alt = None
        if report.chart is not None and not _personal(report, filters):
            points = report.chart.points(work, **filters)
            alt = alt_of(report.chart, points) if shows_anything(points) else None
        _note(work, report, filters, len(found.rows), total=found.total, page=page)
        return ReportView(report, service.name, filters, sort, found, alt)

    view.__doc__ = f"{report.code}, {report.title}. For {report.whom}."
    return Query(
        report.name,
        _taking(view, taken),
        report.path,
        taken,
        type(_named(report, "Answer"), (Answer,), answer),
        Page(report.title, "visor/report.html", opens=report.method == "POST"),
        report.method,
        report.audience,
    )


def _file(report: Report, kind: str) -> Query:
    def download(work: Work, **filters: Any) -> Download:
        admit(work, report)
        found = read_all(work, report, filters)
        _note(work, report, filters, len(found.rows))
        return Download(report, found, work.today)

    download.__doc__ = f"{report.code} as {kind.upper()}, all rows."
    return Query(
        f"{report.name}.{kind}",
        _taking(download, report.input),
        f"{report.path}/{kind}",
        report.input,
        Answer,
        Page(report.title, ""),
        report.method,
        report.audience,
        send=_sent_as(kind),
    )


def _picture(report: Report, chart: Chart) -> Query:
    """By GET, since it stands in an <img>: without the filters that name a person."""
    taken = _without(report)

    def picture(work: Work, *, narrow: bool, **filters: Any) -> Picture:
        admit(work, report)
        points = chart.points(work, **{**_nobody(report), **filters})
        _note(work, report, filters, len(points))
        return Picture(chart, points, narrow)

    picture.__doc__ = f"{report.code} as a picture: {chart.title}."
    return Query(
        f"{report.name}.chart",
        _taking(picture, taken),
        f"{report.path}/chart",
        taken,
        Answer,
        Page(chart.title, ""),
        audience=report.audience,
        send=_sent_as("chart"),
    )


def _sent_as(kind: str) -> Callable[[Any], Any]:
    """What draws and writes spreadsheets is loaded at the first that is asked for: most processes never are."""

    def send(answer: Any) -> Any:
        return import_module("shared.reports.sending").SEND[kind](answer)

    return send


def _without(report: Report) -> type[Schema]:
    meta = type("Meta", (report.input.Meta,), {"exclude": tuple(report.personal)})
    narrow = fields.Boolean(load_default=False, metadata={"widget": "none"})
    more = {"Meta": meta, "narrow": narrow, "__module__": __name__}
    return type(_named(report, "Drawn"), (report.input,), more)


def _nobody(report: Report) -> dict[str, Any]:
    """What the filter has where nobody is named."""
    return {name: report.input().fields[name].load_default for name in report.personal}


def _personal(report: Report, filters: Mapping[str, Any]) -> bool:
    return any(filters[name] != default for name, default in _nobody(report).items())


def _note(work: Work, report: Report, filters: Mapping[str, Any], rows: int, **facts: int) -> None:
    """What was asked and how much was given. Whom it named is encrypted."""
    said = {name: value for name, value in report.input().dump(filters).items() if value not in {None, ""}}
    open_ones = {name: value for name, value in said.items() if name not in report.personal}
    named = [f"{name}: {value}" for name, value in said.items() if name in report.personal]
    work.concerns(private="; ".join(named) or None)
    work.about.facts.update(facts, rows=rows, filters=open_ones)
