"""Documents: published, signed again, seen by the CPC, signed on paper, and told of with read receipts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask

from services.identity.documents.library import ensure_library
from services.identity.documents.models import (
    Awareness,
    Document,
    DocumentVersion,
    Passage,
    Receipt,
    Signature,
    Signing,
)
from services.identity.documents.signings import settle_signings
from services.identity.people.models import Agency, Unit
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from shared.refusals import Invalid, NotFound, Refusal
from tests.services.files.visitor import pdf
from tests.services.identity.acting import ask, principal, refused_without_recent_sign_in, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, SCRUBS, House

NPPV3 = ("nppv3", -100, 900)
TEXT = "ViSOR\n\n1. Why\n\n1.1 Because what it holds is not for everybody to read.\n1.2 And so on."


@pytest.fixture
def staffed(house: House) -> House:
    with house.runtime.system_work("test.library") as work:
        ensure_library(work)
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("sue.sro", "home-office", vetting=NPPV3, roles=(("sro", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("paul.cpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("pat.prison", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    return house


def publish(house: House, document: str = "syops", version: str = "2.0", by: str = "ida.admin") -> UUID:
    given = {
        "document": document,
        "version": version,
        "text": TEXT,
        "announced_at": "RUG North, 3 February 2026",
    }
    run(house, by, "documents.publish", **given)
    (made,) = [
        row for row in house.rows(DocumentVersion) if (row.document, row.version) == (document, version)
    ]
    return UUID(str(made.id))


def sign(house: House, by: str, document: str = "syops", **changes: Any) -> Mapping[str, Any]:
    newest = max(
        (row for row in house.rows(DocumentVersion) if row.document == document),
        key=lambda row: (row.published_at, row.published_on),
    )
    given = {
        "text_hash": newest.text_hash,
        "typed_name": by.replace(".", " "),
        "accepted": True,
        "consequences": True,
    }
    return run(house, by, "documents.sign", code=document, **{**given, **changes})


def told(house: House, kind: str) -> set[tuple[str, str]]:
    """Everybody whom facts of this kind name, as (role, user name)."""
    names = {str(person_id): name for name, person_id in house.people.items()}
    return {
        (one["as"], names[one["person_id"]])
        for event in house.events(kind)
        for copy in event.copies
        for one in copy["people"]
    }


def later(house: House, days: int) -> None:
    house.clock.at += timedelta(days=days)


@pytest.mark.clause("PF-4.16/D.1", "PF-5.11.1")
def test_a_new_version_is_signed_within_its_grace_or_nothing_else_opens(app: Flask, staffed: House) -> None:
    later(staffed, 1)
    publish(staffed)
    assert ("signatory", "ann.ash") in told(staffed, "identity.document.to_sign")
    assert ("signatory", "pat.prison") in told(staffed, "identity.document.to_sign")
    later(staffed, 28)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    later(staffed, 1)
    browser = Browser(app, staffed, "10.1.0.7")
    assert browser.sign_in("ann.ash").location == "/identity/documents"
    refused = browser.get("/identity/my-access")
    assert refused.status_code == 403
    assert "Refusal R07" in refused.text
    assert "SyOPs changed on 3 March 2026. Read and sign it to continue." in refused.text
    sign(staffed, "ann.ash")
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    (event,) = staffed.events("identity.document.signed")
    assert event.data["person_id"] == str(staffed.people["ann.ash"])


def signings(house: House, kind: str = "to_sign") -> dict[str, list[str]]:
    """The ids of what is to be signed, by unit (told of), or those told of as all signed or replaced."""
    found: dict[str, list[str]] = {}
    for event in house.events(f"identity.document.{kind}"):
        found.setdefault(event.data.get("unit", ""), []).append(event.data["signing_id"])
    return found


def sweep(house: House) -> int:
    """A minute later."""
    house.runtime.extras.pop("documents.signings_swept", None)
    with house.runtime.system_work("tick") as work:
        return settle_signings(work)


@pytest.mark.clause("PF-4.16/D.1", "PF-5.11.1")
def test_a_version_is_signed_in_a_unit_when_the_last_of_it_has_signed(staffed: House) -> None:
    staffed.add("bob.birch", "pdu-N55LEE")
    later(staffed, 1)
    publish(staffed)
    asked = signings(staffed)
    (event,) = [
        one for one in staffed.events("identity.document.to_sign") if one.data["unit"] == "pdu-N55LEE"
    ]
    assert (event.data["signature"], event.data["jurisdiction"]) == ("required", "ENG")
    assert sweep(staffed) == 0
    sign(staffed, "ann.ash")
    assert signings(staffed, "all_signed") == {}
    sign(staffed, "bob.birch")
    assert signings(staffed, "all_signed") == {"": asked["pdu-N55LEE"]}
    assert sweep(staffed) == 0


@pytest.mark.clause("PF-4.16/D.1")
def test_nobody_waits_for_who_is_suspended_or_came_later_and_a_newer_version_takes_the_place(
    staffed: House,
) -> None:
    publish(staffed)
    asked = signings(staffed)
    later(staffed, 1)
    staffed.add("new.one", "prison-WSI", signed=False)
    run(
        staffed,
        "paul.cpc",
        "accounts.disable",
        person_id=staffed.people["pat.prison"],
        reason_code="suspended",
        note="",
    )
    assert sweep(staffed) == 1
    assert signings(staffed, "all_signed") == {"": asked["prison-WSI"]}
    publish(staffed, version="3.0")
    replaced = set(signings(staffed, "replaced")[""])
    assert replaced == {one for unit, ids in asked.items() for one in ids if unit != "prison-WSI"}


@pytest.mark.clause("PI-3.11")
def test_what_is_only_acknowledged_has_no_deadline(staffed: House) -> None:
    publish(staffed, "instruction", "1.0")
    events = staffed.events("identity.document.to_sign")
    assert {event.data["signature"] for event in events} == {"acknowledged"}
    assert staffed.rows(Signing) == []


@pytest.mark.clause("PF-4.16/D.1")
def test_of_two_who_sign_last_at_one_moment_the_signing_is_over_all_the_same(staffed: House) -> None:
    staffed.add("bob.birch", "pdu-N55LEE")
    publish(staffed)
    gate = Barrier(2)

    def signs(who: str) -> None:
        gate.wait()
        sign(staffed, who)

    with ThreadPoolExecutor(2) as both:
        list(both.map(signs, ("ann.ash", "bob.birch")))
    sweep(staffed)
    assert signings(staffed, "all_signed") == {"": signings(staffed)["pdu-N55LEE"]}


@pytest.mark.clause("PF-7/SyOps.1", "PF-6.3")
def test_who_never_signed_syops_is_refused_by_their_version(app: Flask, staffed: House) -> None:
    staffed.add("new.one", "pdu-N55LEE", signed=False)
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("new.one")
    refused = browser.get("/identity/my-access").text
    assert "Refusal R06" in refused
    assert "Read and sign SyOPs version 1 before you continue." in refused
    assert 'href="/identity/documents"' in refused


@pytest.mark.clause("PF-4.16/D.2", "PF-4.16/D.3", "PF-5.11.2", "PF-5.11.3")
@pytest.mark.parametrize(
    ("document", "probation", "prison"),
    [
        ("standards", "onboarding", "onboarding"),
        ("business_model", "onboarding", "full"),
        ("minimum_dataset_prison", "full", "onboarding"),
        ("instruction", "full", "full"),
    ],
)
def test_each_agency_signs_its_own(staffed: House, document: str, probation: str, prison: str) -> None:
    publish(staffed, document, "1.0")
    later(staffed, 29)
    assert staffed.sign_in("ann.ash", LEEDS).scope == probation
    assert staffed.sign_in("pat.prison", SCRUBS).scope == prison


@pytest.mark.clause("PF-4.16/D.1")
def test_somebody_new_has_the_grace_from_the_day_they_came(staffed: House) -> None:
    publish(staffed, "business_model", "1.0")
    later(staffed, 40)
    staffed.add("new.one", "pdu-N55LEE")
    assert staffed.sign_in("new.one", LEEDS).scope == "full"


@pytest.mark.clause("PF-7/SyOps.2", "PF-4.16/A.4")
def test_the_signature_keeps_what_stood_there(staffed: House) -> None:
    publish(staffed)
    with pytest.raises(Invalid) as invalid:
        sign(staffed, "ann.ash", consequences=False)
    assert set(invalid.value.errors) == {"consequences"}
    sign(staffed, "ann.ash")
    sign(staffed, "ann.ash")
    (made,) = [row for row in staffed.rows(Signature) if row.typed_name == "ann ash"]
    assert "disciplinary or legal action" in made.statement
    found = ask(staffed, "ann.ash", "documents.copy", signature_id=made.id)
    assert (found["text"], found["text_hash"], found["version"]) == (TEXT, made.text_hash, "2.0")
    assert len(staffed.events("identity.document.signed")) == 1


@pytest.mark.clause("PF-4.16/A.4", "PF-5.11.1")
def test_the_cpc_sees_each_persons_signatures_and_copies(app: Flask, staffed: House) -> None:
    staffed.add("gail.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    publish(staffed)
    sign(staffed, "pat.prison")
    person = {"person_id": staffed.people["pat.prison"]}
    for by in ("paul.cpc", "gail.governor", "pat.prison", "sue.sro"):
        found = ask(staffed, by, "documents.of_person", **person)
        assert [line["version"] for line in found["signatures"]] == ["2.0", "1"]
    for by in ("cora.cpc", "ann.ash"):
        with pytest.raises(Refusal) as refused:
            ask(staffed, by, "documents.of_person", **person)
        assert refused.value.code == "R24"
        with pytest.raises(Refusal):
            ask(staffed, by, "documents.copy", signature_id=found["signatures"][0]["id"])
    browser = Browser(app, staffed, "10.6.0.7")
    staffed.add("hope.help", "area-53", vetting=NPPV3)
    browser.sign_in("cora.cpc")
    page = browser.get(f"/identity/people/{staffed.people['ann.ash']}/documents")
    assert "Ann Ash" in page.text
    assert "Not signed" in page.text


@pytest.mark.clause("PF-4.16/A.4")
def test_the_cpc_downloads_a_tagged_pdf_of_what_was_signed(app: Flask, staffed: House) -> None:
    publish(staffed)
    sign(staffed, "ann.ash")
    (made,) = [row for row in staffed.rows(Signature) if row.typed_name == "ann ash"]
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = browser.get(f"/identity/documents/signatures/{made.id}")
    (link,) = [one for one in re.findall(r'href="([^"]+)"', page.text) if one.endswith("/pdf")]
    answer = browser.get(link)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    document = pypdfium2.PdfDocument(BytesIO(answer.data))
    assert document.is_tagged()
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    for said in (
        "Made for Cora Cpc",
        "OFFICIAL – SENSITIVE",
        "Ann Ash",
        "Because what it holds",
        "disciplinary",
    ):
        assert said in text
    assert "".join(made.text_hash.split()) in "".join(text.split())


@pytest.mark.clause("PF-4.16/A.5")
def test_a_signature_on_paper_counts_and_can_be_read_again(staffed: House) -> None:
    version = publish(staffed)
    given = {"person_id": staffed.people["ann.ash"], "version_id": version, "signed_on": staffed.today}

    def upload(by: str, **changes: Any) -> None:
        content = pdf(2_000)
        arriving = staffed.runtime.files.arrive("syops signed.pdf", 10 * 1024 * 1024)
        arriving.write(content)
        arriving.seek(0)
        run(staffed, by, "documents.upload_signed", **{**given, "scan": arriving, **changes})

    for by, code in (("paul.cpc", "R24"), ("ann.ash", "R24")):
        with pytest.raises(Refusal) as refused:
            upload(by)
        assert refused.value.code == code
    for day in (staffed.today + timedelta(days=1), staffed.today - timedelta(days=1)):
        with pytest.raises(Invalid) as invalid:
            upload("cora.cpc", signed_on=day)
        assert set(invalid.value.errors) == {"signed_on"}
    upload("cora.cpc")
    (made,) = [row for row in staffed.rows(Signature) if row.scan_id]
    assert made.added_by == staffed.people["cora.cpc"]
    found = ask(staffed, "cora.cpc", "documents.scan", signature_id=made.id)
    assert (found.name, found.size) == ("syops signed.pdf", len(b"".join(found.chunks())))
    with pytest.raises(Refusal):
        ask(staffed, "paul.cpc", "documents.scan", signature_id=made.id)
    later(staffed, 30)
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    with pytest.raises(Refusal) as refused:
        upload("cora.cpc")
    assert refused.value.code == "R34"


@pytest.mark.clause("PF-4.16/A.5")
def test_what_is_no_scan_is_refused_by_its_content_and_changes_nothing(app: Flask, staffed: House) -> None:
    version = publish(staffed)
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    page = f"/identity/people/{staffed.people['ann.ash']}/documents/signed/new"
    day = {"signed_on-day": "2", "signed_on-month": "3", "signed_on-year": "2026", "version_id": str(version)}
    for content, name in ((b"MZ\x90 no picture at all", "scan.pdf"), (b"", "empty.pdf")):
        answer = browser.post(page, {**day, "scan": (BytesIO(content), name)})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert [row for row in staffed.rows(Signature) if row.scan_id] == []
    assert browser.post(page, {**day, "scan": (BytesIO(pdf(900)), "scan.pdf")}).status_code == 303
    (made,) = [row for row in staffed.rows(Signature) if row.scan_id]
    scan = browser.get(f"/identity/api/documents/signatures/{made.id}/scan")
    assert (scan.mimetype, scan.headers["Content-Disposition"].split(";")[0]) == (
        "application/pdf",
        "attachment",
    )


@pytest.mark.clause("PF-4.16/E.1")
def test_administrators_and_the_sro_publish_and_cpcs_confirm_that_they_know(staffed: House) -> None:
    for by in ("cora.cpc", "ann.ash"):
        with pytest.raises(Refusal) as refused:
            publish(staffed, by=by)
        assert refused.value.code == "R32"
    version = publish(staffed, by="sue.sro")
    assert told(staffed, "identity.document.published") == {("cpc", "cora.cpc"), ("cpc", "paul.cpc")}
    (made,) = [row for row in staffed.rows(DocumentVersion) if row.version == "2.0"]
    assert made.announced_at == "RUG North, 3 February 2026"
    with pytest.raises(Refusal) as refused:
        run(staffed, "ann.ash", "documents.confirm_awareness", version_id=version, attendance="attended")
    assert refused.value.code == "R24"
    for attendance in ("represented", "attended"):
        run(staffed, "cora.cpc", "documents.confirm_awareness", version_id=version, attendance=attendance)
    (known,) = staffed.rows(Awareness)
    assert (known.person_id, known.attendance) == (staffed.people["cora.cpc"], "represented")
    assert len(staffed.events("identity.document.noted")) == 1
    assert refused_without_recent_sign_in(staffed, "ida.admin", "documents.publish")


def test_what_cannot_be_published(staffed: House) -> None:
    publish(staffed)
    for document, version, field in (
        ("syops", "2.0", "version"),
        ("niog", "9", "document"),
        ("x", "1", "document"),
    ):
        with pytest.raises(Invalid) as invalid:
            run(
                staffed,
                "ida.admin",
                "documents.publish",
                document=document,
                version=version,
                text=TEXT,
                announced_at="RUG North",
            )
        assert set(invalid.value.errors) == {field}


def test_of_two_who_publish_one_version_at_one_moment_one_does(staffed: House) -> None:
    staffed.add("eve.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    gate = Barrier(2)

    def publishes(by: str) -> str:
        gate.wait()
        try:
            run(
                staffed,
                by,
                "documents.publish",
                document="syops",
                version="3.0",
                text=TEXT,
                announced_at="RUG",
            )
        except (Refusal, Invalid):
            return "was there"
        return "published"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(publishes, ("ida.admin", "eve.admin"))) == ["published", "was there"]
    assert len([row for row in staffed.rows(DocumentVersion) if row.version == "3.0"]) == 1


@pytest.mark.clause("PI-H.1", "PI-3.6.2", "PSI-5.3.2.2")
def test_older_versions_stay_as_they_stood(app: Flask, staffed: House) -> None:
    publish(staffed)
    (first,) = [row for row in staffed.rows(DocumentVersion) if row.version == "1"]
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    page = browser.get(f"/identity/documents/syops/versions/{first.id}").text
    assert "SyOPs version 1." in page
    assert "Superseded" in page
    assert "Sign it" not in page
    niog = browser.get("/identity/documents/niog").text
    assert "Areas had to comply with it" in niog
    assert "Historical" in niog
    with pytest.raises(Refusal):
        sign(staffed, "ann.ash", "niog")


@pytest.mark.clause("PF-0.5.2", "SC-17.14")
def test_the_library_shows_what_somebody_may_read_and_whom_to_ask_for_copies(staffed: House) -> None:
    publish(staffed, "standards_scotland", "1.0")
    found = ask(staffed, "ann.ash", "documents.read", code="standards_scotland")
    assert found["contact"] == "Data Governance, Chief Data Office, Police Scotland"
    assert not found["signature_asked"]
    staffed.add("no.token", "pdu-N55LEE")
    with pytest.raises(NotFound):
        ask(staffed, "no.token", "documents.read", code="standards_scotland")
    titles = {line["code"] for line in ask(staffed, "no.token", "documents.list")["library"]}
    assert "pi_05_2009" in titles
    assert "niog" not in titles
    assert "niog" in {line["code"] for line in ask(staffed, "ann.ash", "documents.list")["library"]}


@pytest.mark.clause("SC-17.11")
def test_scottish_users_sign_the_scottish_standards(staffed: House) -> None:
    with staffed.runtime.system_work("test.scotland") as work:
        work.session.add(Agency(code="police-97", name="Police Scotland", kind="police"))
        work.session.flush()
        work.session.add(
            Unit(
                code="force-97",
                name="Police Scotland",
                kind="force",
                parent=None,
                agency="police-97",
                jurisdiction="SCT",
            )
        )
    staffed.add("iona.scott", "force-97", tokens=(("partner", "force-97"),))
    publish(staffed, "standards", "2.0")
    publish(staffed, "standards_scotland", "2.0")
    asked = {one.document.code for one in ask(staffed, "iona.scott", "documents.list")["documents"]}
    assert asked == {"syops", "standards_scotland"}
    assert {name for _, name in told(staffed, "identity.document.to_sign") if name == "iona.scott"}
    sign(staffed, "iona.scott", "standards_scotland")


@pytest.mark.clause("PI-3.11", "PSI-5.3.7")
def test_the_instruction_is_acknowledged_without_consequences(staffed: House) -> None:
    publish(staffed, "instruction", "1.0")
    sign(staffed, "ann.ash", "instruction", consequences=False)
    (made,) = [row for row in staffed.rows(Signature) if row.typed_name == "ann ash"]
    assert made.statement == "I have been made aware of this document."


@pytest.fixture
def prison(staffed: House) -> House:
    staffed.add("gail.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    staffed.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    staffed.add("paula.pvi", "prison-PVI")
    return staffed


def disseminate(house: House, by: str = "paul.cpc") -> UUID:
    version = publish(house)
    given = {"version_id": version, "text": "Section 4 is new: read it before Monday."}
    return UUID(run(house, by, "documents.disseminate", **given)["id"])


def passage_of(house: House, unit: str) -> UUID:
    (found,) = [row for row in house.rows(Passage) if row.unit == unit]
    return UUID(str(found.id))


@pytest.mark.clause("PF-5.11.4")
def test_a_message_goes_to_governor_and_leads_who_pass_it_on(prison: House) -> None:
    message = disseminate(prison)
    names = {person_id: name for name, person_id in prison.people.items()}

    def got() -> dict[str, str]:
        return {names[row.person_id]: row.role for row in prison.rows(Receipt)}

    # Nobody passes it on in the other prison: its users have it at once.
    assert got() == {"gail.governor": "governor", "lena.lead": "visor_lead", "paula.pvi": "user"}
    with pytest.raises(Refusal) as refused:
        run(prison, "pat.prison", "documents.pass_on", passage_id=passage_of(prison, "prison-WSI"))
    assert refused.value.code == "R32"
    run(prison, "lena.lead", "documents.pass_on", passage_id=passage_of(prison, "prison-WSI"))
    assert got()["pat.prison"] == "user"
    with pytest.raises(Refusal) as refused:
        run(prison, "gail.governor", "documents.pass_on", passage_id=passage_of(prison, "prison-WSI"))
    assert refused.value.code == "R34"
    run(prison, "pat.prison", "documents.confirm_read", message_id=message)
    run(prison, "pat.prison", "documents.confirm_read", message_id=message)
    whole = ask(prison, "paul.cpc", "documents.message", message_id=message)
    (scrubs,) = [one for one in whole["passages"] if one["unit"] == "prison-WSI"]
    assert (scrubs["sent_to"], scrubs["read_by"]) == (3, 1)
    assert len(prison.events("identity.document.read")) == 1
    (line,) = ask(prison, "paul.cpc", "documents.messages")["messages"]
    assert (line["sent_to"], line["read_by"]) == (4, 1)


@pytest.mark.clause("PF-5.11.4")
def test_of_two_who_pass_on_at_one_moment_one_does(prison: House) -> None:
    disseminate(prison)
    passage, gate = passage_of(prison, "prison-WSI"), Barrier(2)

    def pass_on(by: str) -> str:
        gate.wait()
        try:
            run(prison, by, "documents.pass_on", passage_id=passage)
        except Refusal as refused:
            return refused.code
        return "passed on"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(pass_on, ("gail.governor", "lena.lead"))) == ["R34", "passed on"]
    assert len([row for row in prison.rows(Receipt) if row.role == "user"]) == 2


@pytest.mark.clause("PF-5.11.4")
def test_only_a_cpc_sends_and_only_who_got_it_reads(prison: House) -> None:
    message = disseminate(prison)
    with pytest.raises(Refusal) as refused:
        run(
            prison,
            "gail.governor",
            "documents.disseminate",
            version_id=UUID(int=1),
            text="Read this, please.",
        )
    assert refused.value.code == "R24"
    for by in ("pat.prison", "cora.cpc"):
        with pytest.raises(NotFound):
            ask(prison, by, "documents.message", message_id=message)
        with pytest.raises(NotFound):
            run(prison, by, "documents.confirm_read", message_id=message)
    users = ask(prison, "paula.pvi", "documents.message", message_id=message)
    assert (users["passages"], users["unread"]) == ([], True)


def test_the_pages(app: Flask, prison: House) -> None:
    message = disseminate(prison, "paul.cpc")
    browser = Browser(app, prison, "10.2.0.7", "WSI-001")
    browser.sign_in("gail.governor")
    page = f"/identity/documents/messages/{message}"
    assert "Pass it on to all users" in browser.get(page).text
    assert browser.post(f"{page}/read", {}, page=page).status_code == 303
    passage = passage_of(prison, "prison-WSI")
    assert browser.post(f"/identity/documents/passages/{passage}/pass-on", {}).location.startswith(page)
    assert re.search(r"Passed on to all users by <a [^>]+>Gail Governor</a>", browser.get(page).text)
    assert browser.get("/identity/documents/messages").status_code == 200
    admin = Browser(app, prison, "10.5.0.7")
    admin.sign_in("ida.admin")
    form = {"document": "business_model", "version": "3.0", "text": TEXT, "announced_at": "RUG North, May"}
    answer = admin.post("/identity/documents/publish", form)
    assert answer.location.startswith("/identity/documents/business_model")
    assert "Because what it holds" in admin.get(answer.location).text
    cpc = Browser(app, prison, "10.6.0.7")
    cpc.sign_in("cora.cpc")
    assert "RUG North, May" in cpc.get(_awareness(prison)).text
    assert cpc.post(_awareness(prison), {"attendance": "attended"}).status_code == 303


def _awareness(house: House) -> str:
    (version,) = [row for row in house.rows(DocumentVersion) if row.version == "3.0"]
    return f"/identity/documents/versions/{version.id}/awareness/new"


def test_an_onboarding_session_signs_all_it_owes_before_it_ends(staffed: House) -> None:
    publish(staffed, "business_model", "1.0")
    staffed.add("new.one", "pdu-N55LEE", signed=False)
    opened = staffed.sign_in("new.one", LEEDS)
    known = principal(staffed, "new.one", scope="onboarding", session_id=opened.session_id)

    def sign_here(document: str) -> str:
        (version,) = [row for row in staffed.rows(DocumentVersion) if row.document == document]
        given = {
            "text_hash": version.text_hash,
            "typed_name": "New One",
            "accepted": True,
            "consequences": True,
        }
        command = service.declarations.commands["documents.sign"]
        return str(staffed.runtime.run(command, known, {"code": document, **given})["next_page"])

    assert sign_here("syops") == "/documents"
    assert sign_here("business_model") == "/sign-in?signed"
    (session,) = staffed.rows(SignInSession)
    assert session.end_reason == "onboarded"
    assert {row.code for row in staffed.rows(Document)} >= {"syops", "business_model"}
