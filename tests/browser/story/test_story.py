"""The story of one nominal, lived in a browser by the people who would live it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from shared.clock import LONDON
from shared.reference.check_letters import format_pnc
from tests.browser.story.conftest import Arrive
from tests.browser.story.user import User, code_of
from tests.servers.running import Running

# One suite is started for all of them: they stay with one worker.
SAMPLE = Path(__file__).parents[2] / "journeys/samples/prisoner-received.json"
EXPLANATION = "He was received into our prison this morning and we must plan his custody."


@dataclass(frozen=True)
class Invented:
    """Whom this telling of the story is about: each telling has a person of its own."""

    surname: str
    pnc: str
    noms: str
    crn: str


WITH_JAVASCRIPT = Invented("Thackwray", format_pnc(2006, 341178), "A0002AA", "X700441")
WITHOUT = Invented("Thistlewood", format_pnc(2007, 341179), "A0003AA", "X700442")


@pytest.fixture
def nominal(javascript: bool) -> Invented:
    return WITH_JAVASCRIPT if javascript else WITHOUT


@cache
def secret(suite: Running) -> str:
    return suite.visor("clients", "add", "hmpps", "--name", "The prisons' own system").strip()


def tell(suite: Running, nominal: Invented, at: datetime) -> dict[str, Any]:
    """What the prisons' own system sends when somebody is received."""
    message = json.loads(SAMPLE.read_text())
    inner = json.loads(message["Message"])
    inner["occurredAt"] = at.isoformat()
    inner["additionalInformation"]["nomsNumber"] = nominal.noms
    sent = {**message, "MessageId": str(uuid4()), "Message": json.dumps(inner)}
    who = {"client_id": "hmpps", "client_secret": secret(suite)}
    token = httpx.post(f"{suite.address}/identity/api/clients/token", json=who).json()["access_token"]
    answer = httpx.post(
        f"{suite.address}/records/api/integrations/hmpps/domain-events",
        json=sent,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 202, answer.text
    heard: dict[str, Any] = answer.json()
    return heard


@pytest.mark.clause("PF-6.1.1", "PF-4.16/A.2", "PF-6.2.1", "PF-4.16/A.6")
@pytest.mark.parametrize(
    ("username", "says"),
    [
        ("peter.expired", "Your vetting expired on"),
        ("fiona.unvetted", "No current vetting is recorded for you"),
        ("liam.untrained", "No passed accredited ViSOR training is recorded"),
        ("gareth.disabled", "This account is disabled"),
    ],
)
def test_who_may_not_come_in_reads_why(try_to_arrive: Arrive, username: str, says: str) -> None:
    user = try_to_arrive(username)
    user.page.locator("main input[autocomplete=one-time-code]").fill(code_of(user))
    for box in user.page.locator("main input[type=checkbox]").all():
        box.check(force=True)
    user.clicks("Sign in")
    user.reads(says)


@pytest.mark.clause(
    "PF-4.10.2", "PF-5.13.1", "PF-7/Accessing.3", "PF-5.13.2", "PF-4.25.1", "PF-4.19.2", "PF-7/To do list.5"
)
def test_the_story(arrive: Arrive, suite: Running, nominal: Invented, javascript: bool) -> None:
    ruth = arrive("ruth.ackroyd")
    _refers(ruth, nominal)
    _creates(ruth, nominal, picture="story-nominal" if javascript else None)
    record = ruth.page.url.split("?")[0].rsplit("/", 1)[-1]

    at = datetime.now(UTC)
    assert tell(suite, nominal, at)["outcome"] == "taken"
    assert tell(suite, nominal, at)["outcome"] == "known"

    grace = arrive("grace.mensah")
    grace.finds_on_the_list("Request partnership", picture="story-to-do" if javascript else None)
    grace.reads("PF-5.13")
    _searches(grace, nominal)
    _opens_with_a_reason(grace, record)
    _cannot_write(grace, record)

    samuel = arrive("samuel.oyelade")
    _reads_who_and_why(samuel, record)

    _asks_for_all(grace, record)
    ruth.finds_on_the_list("Answer the partnership request")
    ruth.clicks("Answer the partnership request")
    ruth.clicks("Go to where this is done")
    _grants(ruth)
    grace.finds_on_the_list("You have been partnered")

    _notifies_the_manager(grace, record)
    ruth.finds_on_the_list("activity log", picture="story-important" if javascript else None)
    ruth.reads("Important")


def _refers(ruth: User, nominal: Invented) -> None:
    ruth.goes_to("/records/referrals")
    ruth.clicks("Register a referral")
    ruth.chooses("category", "2")
    ruth.chooses("level", "2")
    _who(ruth, nominal)
    ruth.dates("registered_on", datetime.now(LONDON).date())
    ruth.presses(ruth.page.locator("main button.govuk-button").last)
    ruth.finds_on_the_list("Create the ViSOR record")


def _who(ruth: User, nominal: Invented) -> None:
    ruth.fills(
        forenames="Darren Lee", surname=nominal.surname, pnc=nominal.pnc, noms=nominal.noms, crn=nominal.crn
    )
    ruth.dates("date_of_birth", datetime(1984, 2, 29, tzinfo=LONDON).date())


def _creates(ruth: User, nominal: Invented, picture: str | None) -> None:
    ruth.goes_to("/records/referrals")
    ruth.presses(ruth.page.locator("tr", has_text=nominal.surname).get_by_role("link").first)
    ruth.presses(ruth.page.locator("main button.govuk-button").last)
    expect(ruth.page.get_by_role("heading", level=1)).to_contain_text(nominal.surname)
    ruth.looks(picture)


def _searches(grace: User, nominal: Invented) -> None:
    grace.goes_to("/records/search")
    grace.fills(number=nominal.pnc)
    grace.presses(grace.page.locator("main button.govuk-button").first)
    grace.reads(nominal.surname)
    grace.reads("1984")
    assert nominal.pnc not in grace.page.url


def _opens_with_a_reason(grace: User, record: str) -> None:
    grace.goes_to(f"/records/nominals/{record}")
    grace.presses(grace.page.locator("main button.govuk-button").last)
    grace.reads("There is a problem")
    grace.page.locator("main [name=reason_type]").first.check(force=True)
    grace.fills(reason=EXPLANATION)
    grace.presses(grace.page.locator("main button.govuk-button").last)
    grace.reads("Risk")


def _cannot_write(grace: User, record: str) -> None:
    grace.goes_to(f"/records/nominals/{record}/activity-log/add")
    grace.reads("R14")


def _reads_who_and_why(samuel: User, record: str) -> None:
    samuel.finds_on_the_list("opened")
    samuel.goes_to(f"/records/nominals/{record}/access-history")
    samuel.reads("Grace Mensah")
    samuel.reads(EXPLANATION)


def _asks_for_all(grace: User, record: str) -> None:
    grace.goes_to(f"/records/nominals/{record}/partnership/requests/new")
    grace.chooses("whom", "unit")
    grace.fills(reason="He is held in our prison; all of us may meet him.")
    grace.clicks("Send request")
    grace.reads("Daniel Pascoe")


def _grants(ruth: User) -> None:
    ruth.clicks("Grant partnership")
    ruth.clicks("Grant partnership")
    ruth.reads("Granted")


def _notifies_the_manager(grace: User, record: str) -> None:
    grace.goes_to(f"/records/nominals/{record}/activity-log/add")
    grace.chooses("kind", "custody")
    grace.fills(text="Received from court; settled on the wing.")
    grace.chooses("for_attention", "manager")
    grace.clicks("Add entry")
    grace.reads("settled on the wing")


@pytest.mark.clause("PF-7/Bulk Partner.1", "PF-7/Bulk Partner.2")
def test_a_cpc_makes_a_newcomer_partner_to_a_whole_unit(arrive: Arrive, javascript: bool) -> None:
    samuel = arrive("samuel.oyelade")
    samuel.goes_to("/records/bulk-partner")
    samuel.fills(**{"person_id-find": "Imran Sadiq"})
    samuel.page.locator("select[name=unit]").select_option("pdu-N55LEE")
    samuel.clicks("Continue")
    samuel.reads("Imran Sadiq")
    samuel.looks("story-bulk-partner" if javascript else None)
    samuel.presses(samuel.page.locator("main button.govuk-button").last)
    for _ in range(40):
        if "ompleted" in samuel.page.locator("main").inner_text():
            break
        samuel.page.wait_for_timeout(500)
        samuel.page.reload()
    samuel.looks()
    samuel.reads("ompleted")
