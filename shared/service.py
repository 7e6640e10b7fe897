"""What one service is, declared once at import: its tables, what it can do, and what it does when something happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from marshmallow import Schema
from sqlalchemy import MetaData, Table

from shared.access import revocations
from shared.audit import tables as audit_tables
from shared.declarations import Audience, Command, Declarations, FormPage, Page, Query
from shared.directory import read_model
from shared.drafts.table import draft_table
from shared.files.sweeping import FileSweep
from shared.files.table import stored_file_table
from shared.marking import environment_table
from shared.messaging import tables as messaging_tables
from shared.once import once_table
from shared.policy.tables import policy_change_table
from shared.reports import declaring
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Report, Rows
from shared.reports.listing import declare_list
from shared.sweeping import Sweep
from shared.time.policy_clock import policy_clock_table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shared.access.principal import Principal
    from shared.events.envelope import Event
    from shared.events.registry import EventKind
    from shared.refusals import Refusal
    from shared.work import Work

F = TypeVar("F", bound=Callable[..., Any])
RowsOf = TypeVar("RowsOf", bound=Callable[..., Rows])
Handler = Callable[["Work", "Event"], None]
Task = Callable[["Work", Mapping[str, Any]], Any]
Step = Callable[["Work", Mapping[str, Any]], bool]
Tick = Callable[["Work"], object]
Measured = Callable[["Session", "datetime"], float]


@dataclass(frozen=True)
class ServiceGauge:
    """A number about the whole service, never about anybody; `says` tells an operator what it is."""

    name: str
    says: str
    value: Measured


@dataclass(frozen=True)
class Tables:
    """The tables that `shared` keeps in every service's own database."""

    revocation: Table
    once: Table
    policy_clock: Table
    environment: Table
    policy: Table
    messaging: Any
    audit: Any
    # None in identity, which holds the truth that the others read.
    directory: Any
    # None in a service that keeps no files.
    stored_file: Any
    # None in a service that keeps no drafts.
    draft: Any


@dataclass
class Service:
    """`name` is its path on the site, its queue and its database; `metadata` holds its own and the shared tables."""

    name: str
    metadata: MetaData
    reads_directory: bool = False
    keeps_files: bool = False
    keeps_drafts: bool = False
    tables: Tables = field(init=False)
    declarations: Declarations = field(default_factory=Declarations)
    reports: dict[str, Report] = field(default_factory=dict)
    handlers: dict[str, list[Handler]] = field(default_factory=dict)
    event_kinds: dict[str, EventKind] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    gauges: list[ServiceGauge] = field(default_factory=list)
    # The bulk jobs among them: what is done again and again, each time in its own transaction, before the task itself.
    steps: dict[str, Step] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    # A unique constraint's name → the refusal it means, where only the database can decide (two at once).
    constraints: dict[str, Callable[[], Refusal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ticks += [Sweep(), FileSweep()] if self.keeps_files else [Sweep()]
        self.tables = Tables(
            revocation=revocations.tables(self.metadata),
            once=once_table(self.metadata),
            policy_clock=policy_clock_table(self.metadata),
            environment=environment_table(self.metadata),
            policy=policy_change_table(self.metadata),
            messaging=messaging_tables.tables(self.metadata),
            audit=audit_tables.tables(self.metadata),
            directory=read_model.tables(self.metadata) if self.reads_directory else None,
            stored_file=stored_file_table(self.metadata) if self.keeps_files else None,
            draft=draft_table(self.metadata) if self.keeps_drafts else None,
        )

    def command(
        self,
        name: str,
        *,
        path: str,
        input: type[Schema],
        answer: type[Schema],
        form: FormPage | None = None,
        method: str = "POST",
        status: int = 200,
        audience: Audience = "signed_in",
        recent_sign_in: bool = False,
        edits: bool = False,
        apart: bool = False,
    ) -> Callable[[F], F]:
        """Declare one thing a person can do: `@service.command("activity_log.add", path="/nominals/<uuid:…>/…", …)`."""

        def declare(function: F) -> F:
            self._new(name)
            self.declarations.commands[name] = Command(
                name,
                function,
                path,
                input,
                answer,
                form,
                method,
                status,
                audience,
                recent_sign_in,
                edits,
                apart,
            )
            return function

        return declare

    def query(
        self,
        name: str,
        *,
        path: str,
        input: type[Schema],
        answer: type[Schema],
        page: Page | None = None,
        method: str = "GET",
        audience: Audience = "signed_in",
        audited: bool = True,
        apart: bool = False,
        send: Callable[[Any], Any] | None = None,
        reads: str = "",
    ) -> Callable[[F], F]:
        """Declare one thing a person can read."""

        def declare(function: F) -> F:
            self.declare_query(
                Query(
                    name, function, path, input, answer, page, method, audience, audited, apart, send, reads
                )
            )
            return function

        return declare

    def declare_query(self, query: Query) -> None:
        self._new(query.name)
        self.declarations.queries[query.name] = query

    def report(
        self,
        code: str,
        title: str,
        *clauses: str,
        input: type[Schema],
        columns: Sequence[ReportColumn],
        whom: str,
        open_to: Callable[[Principal], bool],
        intro: str = "",
        finish: Callable[..., Sequence[Mapping[str, Any]]] | None = None,
        chart: Chart | None = None,
        empty: str = "There is nothing to show.",
        beside: tuple[str, str] | None = None,
    ) -> Callable[[RowsOf], RowsOf]:
        """Declare a report by the function that gives its rows: `@service.report("RPT-03", "Role coverage", …)`."""

        def declare(function: RowsOf) -> RowsOf:
            report = Report(
                code,
                title,
                clauses,
                input,
                tuple(columns),
                function,
                whom,
                open_to,
                intro,
                finish,
                chart,
                empty,
                beside,
            )
            if not self.reports:
                declare_list(self)
            self.reports[code] = report
            declaring.declare(self, report)
            return function

        return declare

    def on(self, *kinds: EventKind) -> Callable[[F], F]:
        """Declare what is done when a fact arrives; it runs in the transaction that notes its arrival."""

        def declare(function: F) -> F:
            for kind in kinds:
                self.event_kinds[kind.name] = kind
                self.handlers.setdefault(kind.name, []).append(function)
            return function

        return declare

    def task(self, name: str, *, step: Step | None = None) -> Callable[[F], F]:
        """Declare work too long for a request; it is run from a task row, under a lease.

        A bulk job has a `step`: it does the next part and says whether there is more. Each is committed by itself, so
        that a job that was stopped goes on where it was; the task itself then ends the whole.
        """

        def declare(function: F) -> F:
            self.tasks[name] = function
            if step is not None:
                self.steps[name] = step
            return function

        return declare

    def gauge(self, name: str, says: str) -> Callable[[Measured], Measured]:
        """Declare a number for those who watch: the function gets a session and the policy clock's time."""

        def declare(function: Measured) -> Measured:
            self.gauges.append(ServiceGauge(name, says, function))
            return function

        return declare

    def each_tick(self, function: F) -> F:
        """Declare what is looked at on every tick; it claims what is due and must be safe to run twice at once.

        One that returns True has more to do, and is called again, each time in a transaction of its own.
        """
        self.ticks.append(function)
        return function

    def each_tick_first(self, function: F) -> F:
        """The same, before all others: what ends somebody's access does not wait for a day's long lists."""
        self.ticks.insert(0, function)
        return function

    def _new(self, name: str) -> None:
        if name in self.declarations.commands or name in self.declarations.queries:
            raise ValueError(f"{self.name} declares {name} twice")
