"""How the suite is, for an operator: each line a fact, and a word in front where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError

from deploy.announce import answers, place
from shared.messaging.status import LATE_SECONDS, SpineStatus, status
from shared.runtime import Runtime
from shared.settings import Settings

WRONG = "PROBLEM"
PATIENCE_SECONDS = 5.0


def report(settings: Settings, runtimes: Mapping[str, Runtime]) -> tuple[list[str], bool]:
    """The lines, and whether all is well."""
    lines = [f"transport: {_transport(settings)}"]
    for name, runtime in runtimes.items():
        page = f"http://127.0.0.1:{settings.port}/{name}/readyz"
        lines.append(
            f"{name}: pages answer"
            if answers(page, PATIENCE_SECONDS)
            else f"{WRONG} {name}: no page at {page}"
        )
        try:
            lines += _spine(name, status(runtime.database.reading))
        except SQLAlchemyError as error:
            lines.append(f"{WRONG} {name}: the database is away: {str(error.__cause__).strip()}")
    return lines, not any(line.startswith(WRONG) for line in lines)


def _transport(settings: Settings) -> str:
    return (
        f"RabbitMQ at {place(settings.amqp_url)}" if settings.transport == "rabbitmq" else "local, no broker"
    )


def _spine(name: str, spine: SpineStatus) -> Iterator[str]:
    late = spine.oldest_seconds > LATE_SECONDS
    yield f"{_wrong(late)}{name}: {spine.waiting} facts wait to leave, the oldest for {spine.oldest_seconds:.0f} s"
    for count, what in (
        (spine.refused, "facts refused by the broker"),
        (spine.dead_letters, "dead letters: see `visor dead-letters list`"),
        (spine.tasks_failed, "tasks given up: see `visor tasks list`"),
    ):
        if count:
            yield f"{WRONG} {name}: {count} {what}"
    for role, seconds in sorted(spine.heartbeats.items()):
        yield f"{_wrong(seconds > LATE_SECONDS)}{name}: {role} seen {seconds:.0f} s ago"
    if not spine.heartbeats:
        yield f"{WRONG} {name}: neither relay nor tick was ever seen"


def _wrong(is_so: bool) -> str:
    return f"{WRONG} " if is_so else ""
