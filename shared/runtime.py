"""One service as it runs: its database, clocks and keys, and the way every command and query goes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from shared import once
from shared.access.principal import Principal, system_principal
from shared.access.revocations import Revocations
from shared.clock import Clocks
from shared.database import Database
from shared.declarations import Command, Query
from shared.dumping import dumper
from shared.files import FileFolder, scanner
from shared.keys import KeyDestroyed, NominalKeys
from shared.policy.standing import StandingPolicy
from shared.refusals import Invalid, NotFound, Refusal, Stale
from shared.service import Service
from shared.settings import Settings
from shared.time.policy_clock import DatabaseOffset
from shared.work import About, Outcome, Work, unit_of_work

T = TypeVar("T")
# Two people at one moment can block each other; PostgreSQL ends one of them, and it is simply tried again.
_TRY_AGAIN = frozenset({"40001", "40P01"})
_TRIES = 3


@dataclass
class Runtime:
    """A service bound to one deployment. `ring` wakes the relay; `session` is Flask-SQLAlchemy's at the web edge."""

    service: Service
    settings: Settings
    database: Database
    clocks: Clocks
    offset: DatabaseOffset
    keys: NominalKeys
    ring: Callable[[], None] = lambda: None
    # For samples; a demonstration brings its own, to draw the same each time.
    randbelow: Callable[[int], int] = secrets.randbelow
    session: Callable[[], AbstractContextManager[Session]] = field(default=None)  # type: ignore[assignment]
    extras: dict[str, Any] = field(default_factory=dict)
    closings: list[Callable[[], None]] = field(default_factory=list)
    pools: list[Callable[[], None]] = field(default_factory=list)
    revocations: Revocations = field(init=False)
    files: FileFolder = field(init=False)
    policy: StandingPolicy = field(init=False)

    def __post_init__(self) -> None:
        if self.session is None:
            self.session = self.database.session
        self.revocations = Revocations(self.database.reading, self.service.tables.revocation)
        self.files = FileFolder(self.settings.home, self.service.name, scanner(self.settings.clamd))
        self.policy = StandingPolicy(self.database.reading, self.service.tables.policy)

    def close(self) -> None:
        """Give back what was opened for this service: connections, and the thread that rings."""
        for closing in self.closings:
            closing()
        self.hang_up()

    def hang_up(self) -> None:
        """End the connections that wait in pools; whoever needs one again opens it."""
        for end in self.pools:
            end()

    @property
    def demonstration(self) -> bool:
        return self.offset.demonstration

    def work(self, principal: Principal, action: str) -> AbstractContextManager[Work]:
        """A unit of work of its own; commands get theirs from `run`."""
        return unit_of_work(self, principal, action)

    def system_work(self, action: str) -> AbstractContextManager[Work]:
        return self.work(system_principal(self.service.name), action)

    def work_in(self, session: Session, action: str) -> Work:
        """Work inside somebody else's transaction: the consumer's, which commits it with the inbox row."""
        return Work(self, session, system_principal(self.service.name), action)

    def encrypt(self, nominal_id: UUID | None, purpose: str, text: str) -> bytes:
        """Personal text under the nominal's own key, or under the service's where it belongs to no nominal."""
        return self.keys.encrypt_for(nominal_id, purpose, text)

    def decrypt(self, nominal_id: UUID | None, purpose: str, sealed: bytes) -> str:
        """Raises KeyDestroyed when the nominal was deleted."""
        return self.keys.decrypt_for(nominal_id, purpose, sealed)

    def ask_recent_sign_in(self, principal: Principal) -> None:
        """Raises Refusal R31 where it is too long ago that the person proved who they are."""
        lasts = self.policy().period("sign_in.recent", self.clocks.policy.today()).length
        if self.clocks.system.now() - principal.auth_time > lasts:
            raise Refusal("R31")

    def readable(self, nominal_id: UUID | None, purpose: str, sealed: bytes) -> str | None:
        """As `decrypt`, but None where the nominal, and its key with it, is gone: for pages that show the rest."""
        try:
            return self.decrypt(nominal_id, purpose, sealed)
        except KeyDestroyed:
            return None

    def run(
        self, command: Command, principal: Principal, given: Mapping[str, Any], *, once_key: str | None = None
    ) -> Mapping[str, Any]:
        """Do one command: claim its key, decide, change, audit, emit, commit. Returns its dumped answer.

        Raises Refusal, Invalid, NotFound or Stale; then nothing has changed but the audit entry of the refusal.
        """

        def act() -> Mapping[str, Any]:
            with unit_of_work(self, principal, command.name, apart="writes" if command.apart else "") as work:
                if command.recent_sign_in:
                    self.ask_recent_sign_in(principal)
                keys = (principal.person_id, command.name, once_key or "")
                table = self.service.tables.once
                if once_key:
                    before = once.claim(work.session, table, *keys, work.system_now)
                    if before is not None:
                        work.audit(command.name, About(facts={"sent_again": True}))
                        return before
                result = command.function(work, **given)
                if work.own_session is not None:
                    work.own_session.flush()
                answer: Mapping[str, Any] = dumper(command.answer)(result)
                if once_key:
                    once.remember(work.session, table, *keys, answer)
                work.audit(command.name, work.about)
                return answer

        return self._answered(act, command.name, principal, given, repeatable=bool(once_key))

    def ask(self, query: Query, principal: Principal, given: Mapping[str, Any]) -> Any:
        """Answer one query, undumped. Its audit entry is committed before this returns; raises as `run` does."""

        def act() -> Any:
            with unit_of_work(self, principal, query.name, apart="reads" if query.apart else "") as work:
                result = query.function(work, **given)
                if query.audited:
                    work.audit(query.name, work.about, outcome="viewed")
                return result

        return self._answered(act, query.name, principal, given, repeatable=True)

    def _answered(
        self,
        act: Callable[[], T],
        action: str,
        principal: Principal,
        given: Mapping[str, Any],
        *,
        repeatable: bool,
    ) -> T:
        """`repeatable`: it counts once however often it is tried, so a connection that had gone stale is no answer."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return act()
            except Refusal as refusal:
                self._note(action, principal, given, "refused", refusal)
                raise
            except (NotFound, Invalid, Stale) as problem:
                self._note(action, principal, given, "failed", problem)
                raise
            except ValidationError as problem:
                raise Invalid(problem.messages_dict) from problem
            except IntegrityError as error:
                refusal_of = self.service.constraints.get(_constraint(error))
                if refusal_of is None:
                    raise
                refused = refusal_of()
                self._note(action, principal, given, "refused", refused)
                raise refused from error
            except DBAPIError as error:
                blocked = getattr(error.orig, "sqlstate", None) in _TRY_AGAIN
                if not (blocked or (repeatable and error.connection_invalidated)) or not tries_left:
                    raise
        raise AssertionError("unreachable")

    def _note(
        self,
        action: str,
        principal: Principal,
        given: Mapping[str, Any],
        outcome: Outcome,
        problem: Exception,
    ) -> None:
        """The audit entry of a refusal or failure, in its own transaction, after the rollback."""
        about = About(facts={"problem": type(problem).__name__})
        nominal = given.get("nominal_id")
        about.nominal_id = nominal if isinstance(nominal, UUID) else None
        with self.work(principal, action) as work:
            code = None
            if isinstance(problem, Refusal):
                code = problem.code
                about.nominal_id = problem.nominal_id or about.nominal_id
                if problem.afterwards is not None:
                    problem.afterwards(work)
            work.audit(action, about, outcome=outcome, refusal_code=code)


def _constraint(error: IntegrityError) -> str:
    diagnostics = getattr(error.orig, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")
