"""E-mail to a real server on loopback: digests, urgent notes, a server that is down, and never a word about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from flask.testing import FlaskClient
from sqlalchemy import select, update

from deploy.ports import free_port
from services.notifications.delivery.letters import write_digests
from services.notifications.delivery.models import Letter
from services.notifications.delivery.posting import post_some, post_what_is_due
from services.notifications.todo.unopened import ask_each_morning, remind_some
from shared.directory.tables import DIRECTORY
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.ids import new_id
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.facts import meeting
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_pages import notified, page

API = "/notifications/api"


@dataclass
class Mailbox:
    """What the server took; `refuses` holds the answer for an address that it does not take."""

    taken: list[Envelope] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    takes_from: str = "250 OK"
    takes_data: str = "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.takes_from.startswith("250"):
            envelope.mail_from, envelope.mail_options = address, options
        return self.takes_from

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.takes_data.startswith("250"):
            self.taken.append(envelope)
        return self.takes_data

    @property
    def texts(self) -> list[str]:
        return [one.content.decode() for one in self.taken if isinstance(one.content, bytes)]


@dataclass
class Post:
    """The office with a mail server that can be switched off."""

    office: Office
    box: Mailbox
    port: int
    server: Controller | None = None

    def up(self) -> None:
        self.server = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.server.start()

    def down(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def send(self) -> None:
        """What the tick asks for, done as the task runner does it: a step at a time, each committed."""
        with self.office.runtime.system_work("tick") as work:
            write_digests(work)
        with self.office.runtime.system_work("tick") as work:
            post_what_is_due(work)
        more = True
        while more:
            with self.office.runtime.system_work("post") as work:
                more = post_some(work, {})

    def hurry(self) -> None:
        """The time until the next try is over."""
        with self.office.runtime.system_work("test") as work:
            waiting = update(Letter).where(Letter.state == "waiting")
            work.session.execute(waiting.values(due_at=work.system_now - timedelta(seconds=1)))

    def letters(self) -> list[Letter]:
        with self.office.runtime.database.session() as session:
            return list(session.execute(select(Letter).order_by(Letter.written_at, Letter.id)).scalars())

    def person(self, name: str, **more: Any) -> UUID:
        made = self.office.person(name, **more)
        table = DIRECTORY.person
        with self.office.runtime.system_work("test") as work:
            address = f"{name.lower()}@probation.example"
            work.session.execute(table.update().where(table.c.id == made).values(email=address))
        return made


@pytest.fixture
def post(office: Office) -> Iterator[Post]:
    port = free_port()
    office.runtime.settings = replace(
        office.runtime.settings,
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="visor@visor.example",
        origin="https://visor.example",
    )
    made = Post(office, Mailbox(), port)
    made.up()
    yield made
    made.down()


def chosen(client: FlaskClient, who: dict[str, str], *times: str, **more: Any) -> dict[str, Any]:
    said = {"times": list(times), "working_days_only": True, "urgent": True, **more}
    answer = client.post(f"{API}/preferences", json=said, headers=who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.clause("PF-4.29.2")
def test_an_urgent_item_is_mailed_at_once_and_says_nothing_about_anybody(post: Post) -> None:
    ada, nominal = post.person("Ada"), new_id()
    notified(post.office, ada, nominal)
    post.send()
    (text,) = post.box.texts
    assert "Subject: ViSOR: you have an urgent item" in text
    assert post.box.taken[0].rcpt_tos == ["ada@probation.example"]
    assert "https://visor.example/notifications/todo" in text
    for words in (str(nominal), "activity", "manager", "Ada EXAMPLE", "Leeds"):
        assert words not in text
    (letter,) = post.letters()
    assert (letter.state, letter.last_error) == ("sent", None)
    post.send()
    assert len(post.box.taken) == 1


def test_what_is_not_important_is_not_mailed_and_urgent_notes_can_be_declined(
    post: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, tess = post.person("Ada"), post.person("Tess")
    meeting(post.office, tess, level=3, held_on=date(2026, 3, 9))
    chosen(client, signed_in(ada), urgent=False)
    notified(post.office, ada)
    post.send()
    assert post.box.taken == []


@pytest.mark.clause("PF-4.29.2")
def test_a_digest_comes_at_the_chosen_hours_and_counts_what_is_new_since_the_last(
    post: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    tess = post.person("Tess")
    # A Monday, nine in the morning.
    answer = chosen(client, signed_in(tess), "12:00", "07:00")
    assert datetime.fromisoformat(answer["next_at"]) == datetime(2026, 3, 9, 12, tzinfo=UTC)
    for level in (2, 3, 3):
        meeting(post.office, tess, level=level, held_on=date(2026, 3, 9))
    post.send()
    assert post.box.taken == []
    post.office.at(date(2026, 3, 9), 12)
    post.send()
    assert "Subject: ViSOR: you have 3 new items" in post.box.texts[0]

    # Nothing new by Tuesday: no message. After a weekend without a tick there is one, and not one for each hour.
    post.office.at(date(2026, 3, 10), 8)
    post.send()
    assert len(post.box.taken) == 1
    meeting(post.office, tess, level=2, held_on=date(2026, 3, 10))
    post.office.at(date(2026, 3, 16), 9)
    post.send()
    assert "you have 1 new item\r\n" in post.box.texts[1].replace("\n", "\r\n").replace("\r\r", "\r")
    assert len(post.box.taken) == 2


@pytest.mark.clause("PF-4.29.2")
def test_a_mail_server_that_is_down_delays_mail_and_loses_none(post: Post) -> None:
    ada = post.person("Ada")
    post.down()
    for _ in range(3):
        notified(post.office, ada)
    post.send()
    letters = post.letters()
    assert [(one.state, one.tries) for one in letters] == [("waiting", 1)] * 3
    assert all(one.due_at > one.written_at + timedelta(seconds=25) for one in letters)
    post.send()
    assert [one.tries for one in post.letters()] == [1, 1, 1]
    for tries in range(2, 8):
        post.hurry()
        post.send()
        assert {one.tries for one in post.letters()} == {tries}
    post.up()
    post.hurry()
    post.send()
    assert {one.state for one in post.letters()} == {"sent"}
    assert len(post.box.taken) == 3


def test_the_same_letter_has_the_same_message_id_however_often_it_goes_out(post: Post) -> None:
    ada = post.person("Ada")
    notified(post.office, ada)
    post.send()
    with post.office.runtime.system_work("test") as work:
        again = {"state": "waiting", "ended_at": None}
        work.session.execute(update(Letter).values(again))
    post.hurry()
    post.send()
    ids = {line for text in post.box.texts for line in text.splitlines() if line.startswith("Message-ID: ")}
    assert len(post.box.taken) == 2
    assert len(ids) == 1


def test_a_mailbox_that_is_none_does_not_hold_up_the_others(post: Post) -> None:
    ada, ben, cal = post.person("Ada"), post.person("Ben"), post.person("Cal")
    post.box.refuses = {"ada@probation.example": "550 no such user", "ben@probation.example": "451 later"}
    for person in (ada, ben, cal):
        notified(post.office, person)
    post.send()
    assert {one.person_id: (one.state, one.refusals) for one in post.letters()} == {
        ada: ("waiting", 1),
        ben: ("waiting", 0),
        cal: ("sent", 0),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"takes_from": "550 not from here"},
        {"takes_data": "530 sign in first"},
        {"takes_data": "451 not now"},
        {"refuses": {"ada@probation.example": "535 who are you", "ben@probation.example": "421 later"}},
    ],
)
def test_a_server_that_takes_nothing_from_us_loses_nothing_of_ours(post: Post, wrong: dict[str, Any]) -> None:
    """It is set up wrongly: that is no fault of a letter's, and each goes once it is mended."""
    notified(post.office, post.person("Ada"))
    notified(post.office, post.person("Ben"))
    for name, answer in wrong.items():
        setattr(post.box, name, answer)
    for _ in range(12):
        post.send()
        post.hurry()
    assert [(one.state, one.tries) for one in post.letters()] == [("waiting", 12)] * 2
    post.box.takes_from, post.box.takes_data, post.box.refuses = "250 OK", "250 OK", {}
    post.hurry()
    post.send()
    assert [one.state for one in post.letters()] == ["sent", "sent"]
    assert len(post.box.taken) == 2


def test_whoever_was_suspended_meanwhile_gets_nothing(post: Post) -> None:
    ada = post.person("Ada")
    notified(post.office, ada)
    post.office.suspend(ada)
    post.send()
    assert post.box.taken == []
    assert post.letters()[0].state == "dropped"


def test_without_a_mail_server_nothing_is_written(office: Office) -> None:
    notified(office, office.person("Ada"))
    with office.runtime.database.session() as session:
        assert session.execute(select(Letter)).first() is None


@pytest.mark.parametrize("wrong", [{"times": ["25:00"]}, {"times": ["07:00"] * 7}, {"times": "x"}, {"x": 1}])
def test_wrong_preferences_are_said(
    office: Office, client: FlaskClient, signed_in: SignedIn, wrong: dict[str, Any]
) -> None:
    who = signed_in(office.person("Ada"))
    assert client.post(f"{API}/preferences", json=wrong, headers=who).status_code == 422


def test_the_page_shows_what_was_chosen(office: Office, client: FlaskClient, signed_in: SignedIn) -> None:
    who = signed_in(office.person("Ada"))
    chosen(client, who, "07:00", "13:00", urgent=False)
    text = page(client, "/notifications/preferences/new", who)
    checked = [
        part.split('value="')[1].split('"')[0] for part in text.split("<input")[1:] if " checked" in part
    ]
    assert {"07:00", "13:00"} <= set(checked)


@pytest.mark.clause("PF-4.27", "PF-4.27b", "PF-3b")
def test_a_practitioner_without_an_account_is_told_to_see_the_administrator(
    post: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, nominal = post.person("Ada"), new_id()
    standings = [{"person_id": ada, "standing": "manager"}]
    post.office.runtime.keys.create(nominal)
    picture = {"nominal_id": nominal, "chunk": 1, "chunks": 1, "version": 1, "standings": standings}
    post.office.deliver(STANDING_CHANGED, picture)
    post.office.deliver(NOMINAL_CHANGED, {"nominal_id": nominal, "what": "address", "standing_version": 1})
    who, url = signed_in(ada), f"{API}/changes/{nominal}/practitioner"

    assert client.post(url, json={"address": "pat@elsewhere.example"}, headers=who).status_code == 422
    assert client.post(url, json={"address": "not an address"}, headers=who).status_code == 422
    other = signed_in(post.person("Eve"))
    assert client.post(url, json={"address": "pat@probation.example"}, headers=other).status_code == 404
    for _ in range(2):
        assert client.post(url, json={"address": "pat@probation.example"}, headers=who).status_code == 200
    post.send()
    (text,) = post.box.texts
    assert post.box.taken[0].rcpt_tos == ["pat@probation.example"]
    assert "See your administrator" in text
    assert str(nominal) not in text
    (letter,) = post.letters()
    assert letter.address is not None
    assert b"pat" not in letter.address
    assert "pat" not in letter.key
    assert "No record has changed" in page(client, "/notifications/changes", who)


# ---- A list that nobody opens ----


def _remind(post: Post) -> None:
    post.office.runtime.extras.pop("todo.unopened_asked_for", None)
    with post.office.runtime.system_work("tick") as work:
        ask_each_morning(work)
    more = True
    while more:
        with post.office.runtime.system_work("remind") as work:
            more = remind_some(work, {})
    post.send()


@pytest.mark.clause("PF-4.29.1")
def test_whoever_has_not_opened_their_list_for_a_week_is_reminded_once_a_week(
    post: Post, client: FlaskClient, signed_in: SignedIn
) -> None:
    office = post.office
    ada, ben = post.person("Ada"), post.person("Ben")
    cleo, dora = post.person("Cleo"), post.person("Dora")
    chosen(client, signed_in(dora), urgent=False)
    for who in (ada, ada, ben, dora):
        meeting(office, who, level=2, held_on=office.clock.today())
    page(client, "/notifications/todo", signed_in(ben))
    office.later(days=6)
    _remind(post)
    assert post.box.taken == []
    office.later(days=1)
    page(client, "/notifications/todo", signed_in(ben))
    _remind(post)
    _remind(post)
    (text,) = post.box.texts
    assert post.box.taken[0].rcpt_tos == ["ada@probation.example"]
    assert "2 open items wait on it." in text
    assert "minutes" not in text.lower()
    office.later(days=6)
    _remind(post)
    assert len(post.box.taken) == 1
    office.later(days=1)
    _remind(post)
    assert [one.rcpt_tos[0] for one in post.box.taken[1:]] == [
        "ada@probation.example",
        "ben@probation.example",
    ]
    assert office.items(cleo) == []


def test_the_look_for_unopened_lists_is_asked_for_once_a_day_from_nine(post: Post) -> None:
    task = post.office.runtime.service.tables.messaging.task
    asked = []
    for hour in (8, 9, 10):
        post.office.at(date(2026, 3, 10), hour=hour)
        with post.office.runtime.system_work("tick") as work:
            ask_each_morning(work)
        with post.office.runtime.database.session() as session:
            mine = session.execute(select(task.c.id).where(task.c.name == "todo.remind_unopened")).all()
        asked.append(len(mine))
    assert asked == [0, 1, 1]
