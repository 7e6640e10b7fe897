"""Letters that the mail server refuses for good: set aside, told to the administrator, sent again once that is mended.

What they told of is on the list all the same; what is lost without them is that somebody hears of it in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from services.notifications.delivery.aside import ASIDE, CALLED, first_set_aside
from services.notifications.delivery.models import Letter
from services.notifications.delivery.people import rung_holders
from services.notifications.delivery.queries import SEES_ALL
from services.notifications.delivery.schemas import (
    RefusedLettersAnswer,
    SendAgainInput,
    SentAgainAnswer,
)
from services.notifications.service import service
from services.notifications.todo.items import close_for_cause, raise_again
from services.notifications.todo.kinds import register
from services.notifications.todo.task import Task
from services.notifications.todo.telling import NEXT_IN_LINE, report_vacant
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

KIND = "mail_refused"
CLAUSE = "PF-4.29.2"
TITLE = "E-mail is refused for good: see whose, and send it again"
# One item for each administrator, whoever's letters they are.
_CAUSE = "refused"
_PATH = "/refused-mail"
_unit = DIRECTORY.unit
register(KIND, "E-mail refused")


def set_aside(work: Work, letter: Letter) -> None:
    """Keep it, and tell the administrator of whoever was to have it: one item, which comes back with each letter."""
    letter.state, letter.ended_at = "aside", work.system_now
    home = _home(work, letter)
    if home is None:
        return
    found = rung_holders(work, SEES_ALL, home)
    task = Task(KIND, TITLE, _CAUSE, CLAUSE, link=f"/notifications{_PATH}", important=True)
    raise_again(work, task, found.people)
    report_vacant(work, found, NEXT_IN_LINE)


def _home(work: Work, letter: Letter) -> str | None:
    """The unit whose administrator it is: of somebody without an account that of the whole service, if there is one."""
    if letter.person_id is not None and (card := read_model.person(work.session, letter.person_id)):
        return card.unit
    national = select(_unit.c.code).where(_unit.c.kind == "national").order_by(_unit.c.code).limit(1)
    return work.session.execute(national).scalar_one_or_none()


def _only_administrators(work: Work) -> None:
    if not work.principal.holds(*SEES_ALL):
        raise Refusal("R32", role="an administrator")


@service.query(
    "delivery.refused_letters",
    path=_PATH,
    input=Nothing,
    answer=RefusedLettersAnswer,
    page=Page("E-mail that was refused", "delivery/refused_letters.html"),
)
def refused_letters(work: Work) -> dict[str, Any]:
    """What the mail server refused for good, the oldest first, with the server's answer."""
    _only_administrators(work)
    letters, names = first_set_aside(work.session)
    total = work.session.execute(select(func.count()).select_from(Letter).where(ASIDE)).scalar_one()
    work.concerns(count=len(letters))
    return {"letters": letters, "names": names, "total": total, "called": CALLED}


def all_of_them(work: Work) -> dict[str, Any]:
    """Whoever may not send again is told before they choose, and so is who would choose from nothing."""
    _only_administrators(work)
    letters, _names = first_set_aside(work.session)
    if not letters:
        raise Refusal("R34", what="No e-mail is set aside: there is nothing to send again.")
    return {"letters": [str(one.id) for one in letters]}


@service.command(
    "delivery.send_again",
    path=f"{_PATH}/again",
    input=SendAgainInput,
    answer=SentAgainAnswer,
    form=FormPage(
        title="Send refused e-mail again",
        button="Send again",
        done="It is handed to the mail server again, to the addresses as they are now.",
        next=_PATH,
        path=f"{_PATH}/again/new",
        values=all_of_them,
    ),
)
def send_again(work: Work, *, letters: Sequence[UUID]) -> dict[str, Any]:
    """Each gets all its tries again; its address is looked up when it is sent."""
    _only_administrators(work)
    chosen = update(Letter).where(ASIDE, Letter.id.in_(letters))
    anew = {"state": "waiting", "ended_at": None, "due_at": work.system_now, "refusals": 0, "tries": 0}
    sent = work.session.execute(chosen.values(anew).returning(Letter.id)).scalars().all()
    if work.session.execute(select(Letter.id).where(ASIDE).limit(1)).first() is None:
        close_for_cause(work, KIND, _CAUSE)
    work.concerns(count=len(sent))
    return {"sent": len(sent), "left": len(set(letters)) - len(sent)}
