"""The record on paper and as an open export: what is in it, who has it, and that it goes (SC-17.6.2, PS-15)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import update

from deploy.participants import participant
from services.records.access.models import Partnership
from services.records.printing.rules import digest
from shared.access.principal import Principal
from shared.messaging.task_runner import TaskRunner
from shared.refusals import NotFound
from tests.servers.records import World
from tests.services.records.conftest import Cast, Web, refusal

ASK, ONE, FILE = "printing.ask", "printing.one", "printing.file"


def work_off(records: World) -> None:
    """Every task that is due, as a worker would."""
    runner = TaskRunner(participant(records.runtime))
    for row in records.rows("SELECT id FROM task WHERE state = 'waiting' AND due_at <= now()"):
        runner.run(row.id)


def ask(records: World, who: Principal, cast: Cast, **changes: Any) -> UUID:
    given = {"nominal_id": cast.nominal, "parts": ["summary"], "form": "pdf", "reason": "For the meeting."}
    return UUID(str(records.run(ASK, who, **given | changes)["id"]))


def content(records: World, who: Principal, cast: Cast, job: UUID) -> bytes:
    return b"".join(records.ask(FILE, who, nominal_id=cast.nominal, print_id=job).chunks())


def made(records: World, who: Principal, cast: Cast, **changes: Any) -> bytes:
    job = ask(records, who, cast, **changes)
    work_off(records)
    return content(records, who, cast, job)


def pages(paper: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(paper))
    try:
        assert document.is_tagged()
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def write(records: World, who: Principal, cast: Cast, text: str, **changes: Any) -> None:
    given = {"nominal_id": cast.nominal, "kind": "risk", "text": text, "for_attention": []}
    records.run("activity_log.add", who, **given | changes)


def parts(export: Mapping[str, Any]) -> dict[str, Any]:
    return {part["name"]: part for part in export["parts"]}


@pytest.mark.clause("SC-17.6.1", "SC-17.6.2")
def test_each_page_has_the_marking_the_readers_name_and_the_time(records: World, cast: Cast) -> None:
    for number in range(40):
        write(records, cast.manager, cast, f"Entry {number}. " + "He was seen at home again. " * 20)
    paper = made(records, cast.partner, cast, parts=["activity_log", "summary"])
    found = pages(paper)
    assert len(found) > 3
    for page in found:
        assert page.count("OFFICIAL – SENSITIVE") >= 2
        assert "Made for Paul Police on 1 April 2026 at 10:30am" in page
    whole = "\n".join(found)
    assert whole.index("Darren Alan Example") < whole.index("Entry 0.") < whole.index("Entry 39.")
    assert "Mary Manager" in whole
    assert b"pdfuaid" in paper


@pytest.mark.clause("SC-17.6.2")
def test_asking_and_taking_are_audited_and_on_the_print_log(records: World, cast: Cast) -> None:
    made(records, cast.partner, cast)
    audit = [entry for entry in records.audit() if entry[0].startswith("printing")]
    assert audit == [(ASK, "done", None), ("printing.made", "done", None), (FILE, "viewed", None)]
    [mine] = records.ask("printing.log", cast.partner, nominal_id=cast.nominal)["prints"]
    assert (mine.state, mine.reason, mine.taken_at) == ("ready", "For the meeting.", records.policy.at)
    assert records.ask("printing.log", cast.manager, nominal_id=cast.nominal)["prints"] == []
    [seen] = records.ask("printing.log", cast.cpc, nominal_id=cast.nominal)["prints"]
    assert seen.reason == "For the meeting."
    with pytest.raises(NotFound):
        records.ask(FILE, cast.cpc, nominal_id=cast.nominal, print_id=seen.id)


def test_only_its_maker_has_it_and_nobody_who_may_no_longer(records: World, cast: Cast) -> None:
    job = ask(records, cast.partner, cast)
    work_off(records)
    for name in (ONE, FILE, "printing.discard"):
        declared = records.runtime.service.declarations
        run = records.run if name in declared.commands else records.ask
        with pytest.raises(NotFound):
            run(name, cast.manager, nominal_id=cast.nominal, print_id=job)
    with pytest.raises(NotFound):  # of another record
        records.ask(ONE, cast.partner, nominal_id=records.nominal(partners=(cast.partner,)), print_id=job)
    with records.session() as session:
        session.execute(update(Partnership).values(ended_at=records.policy.at))
        session.commit()
    assert refusal(records, FILE, cast.partner, nominal_id=cast.nominal, print_id=job).code == "R14"


@pytest.mark.clause("SC-17.6.2")
def test_the_file_lies_encrypted_and_is_gone_after_a_day(records: World, cast: Cast) -> None:
    job = ask(records, cast.partner, cast)
    work_off(records)
    assert content(records, cast.partner, cast, job).startswith(b"%PDF")
    home = records.runtime.settings.home / "files"
    assert not any(b"%PDF" in path.read_bytes()[:200] for path in home.rglob("*") if path.is_file())
    [(due,)] = records.rows("SELECT due_at FROM task WHERE name = 'printing.expire'")
    assert (due - records.system.at).total_seconds() == 24 * 3600
    with records.runtime.system_work("test") as work:
        records.runtime.service.tasks["printing.expire"](work, {"job_id": str(job)})
    refused = refusal(records, FILE, cast.partner, nominal_id=cast.nominal, print_id=job)
    assert refused.code == "R34"
    assert records.rows("SELECT FROM stored_file WHERE wrapped_key IS NOT NULL") == []
    [mine] = records.ask("printing.log", cast.partner, nominal_id=cast.nominal)["prints"]
    assert mine.state == "gone"


def test_it_can_be_discarded_before(records: World, cast: Cast) -> None:
    job = ask(records, cast.partner, cast)
    given = {"nominal_id": cast.nominal, "print_id": job}
    assert refusal(records, "printing.discard", cast.partner, **given).code == "R34"  # not made yet
    work_off(records)
    assert records.run("printing.discard", cast.partner, **given)["state"] == "gone"
    assert refusal(records, "printing.discard", cast.partner, **given).code == "R34"


def test_progress_is_told_part_by_part(records: World, cast: Cast) -> None:
    job = ask(records, cast.partner, cast, parts=["custody", "summary", "meetings"])
    step = records.runtime.service.steps["printing.make"]
    seen = []
    for _ in range(3):
        with records.runtime.system_work("test") as work:
            more = step(work, {"job_id": str(job)})
        one = records.ask(ONE, cast.partner, nominal_id=cast.nominal, print_id=job)
        seen.append((one.state, one.done, one.total, more))
    assert seen == [("making", 1, 3, True), ("making", 2, 3, True), ("making", 3, 3, False)]
    [sealed] = records.rows("SELECT content FROM print_part WHERE position = 0")
    assert b"Example" not in bytes(sealed.content)
    work_off(records)
    assert records.rows("SELECT FROM print_part") == []
    [job_row] = records.rows("SELECT state, asker FROM print_job")
    assert (job_row.state, job_row.asker) == ("ready", None)


def test_who_lost_the_record_meanwhile_gets_no_paper(records: World, cast: Cast) -> None:
    job = ask(records, cast.partner, cast)
    with records.session() as session:
        session.execute(update(Partnership).values(ended_at=records.policy.at))
        session.commit()
    work_off(records)
    [row] = records.rows("SELECT state, why_failed, asker FROM print_job")
    assert (row.state, row.why_failed, row.asker) == ("failed", "R14", None)
    records.partner(cast.nominal, cast.partner)
    with pytest.raises(NotFound):
        records.ask(FILE, cast.partner, nominal_id=cast.nominal, print_id=job)


def test_who_may_print(records: World, cast: Cast) -> None:
    for who in (cast.manager, cast.supervisor, cast.partner, cast.lpc, cast.cpc):
        ask(records, who, cast)
    for who in (cast.stranger, cast.prison):
        given = {"nominal_id": cast.nominal, "parts": ["summary"], "reason": "x"}
        assert refusal(records, ASK, who, **given).code == "R14"


def test_what_is_restricted_is_left_out_and_said_so(records: World, cast: Cast) -> None:
    write(records, cast.manager, cast, "For all who stand to him.")
    write(records, cast.manager, cast, "For the CPC alone.", only_roles=["cpc"])
    export = json.loads(made(records, cast.partner, cast, parts=["activity_log"], form="json"))
    log = parts(export)["activity_log"]
    assert [entry["text"] for entry in log["content"]] == ["For all who stand to him."]
    assert log["left_out"] == ["1 entry restricted to other readers."]
    paper = "\n".join(pages(made(records, cast.partner, cast, parts=["activity_log"])))
    assert "For the CPC alone" not in paper
    assert "1 entry restricted to other readers." in paper
    mine = json.loads(made(records, cast.cpc, cast, parts=["activity_log"], form="json"))
    assert len(parts(mine)["activity_log"]["content"]) == 2


@pytest.mark.clause("PS-15")
def test_the_export_says_what_it_is_and_its_hashes_hold(records: World, cast: Cast) -> None:
    write(records, cast.manager, cast, "Łukasz – seen.\nTwice.")
    export = json.loads(made(records, cast.manager, cast, parts=["summary", "activity_log"], form="json"))
    assert (export["format"], export["version"], export["marking"]) == (
        "visor-record",
        1,
        "OFFICIAL – SENSITIVE",
    )
    assert export["made_for"]["name"] == "Mary Manager"
    assert parts(export)["summary"]["content"]["identifiers"] == [{"kind": "noms", "value": "A0002AA"}]
    assert parts(export)["activity_log"]["content"][0]["text"] == "Łukasz – seen.\nTwice."
    for part in export["parts"]:
        said = part["sha256"]
        assert digest({"content": part["content"], "left_out": part["left_out"]}) == said
    whole = export.pop("sha256")
    assert digest(export) == whole


PHONE = {
    "telecom_type": "mobile",
    "number_or_address": "07700 900123",
    "from_date": "2026-01-02",
    "status": "current",
}
ABOUT = {"source": "visit", "source_date": "2026-04-01"}


def attach(records: World, who: Principal, cast: Cast, folder: str, **given: Any) -> None:
    records.run(f"attachments.add.{folder}", who, nominal_id=cast.nominal, **ABOUT | given)


@pytest.mark.clause("PF-1.4.3")
def test_handling_code_c_and_what_is_masked_are_left_out_and_said_so(records: World, cast: Cast) -> None:
    attach(records, cast.partner, cast, "telecoms", **PHONE)
    attach(
        records,
        cast.partner,
        cast,
        "telecoms",
        **PHONE | {"number_or_address": "07700 900456"},
        grading="victim-sensitive",
    )
    secret = {"grading": "intelligence-handled", "handling_code": "C", "handling_conditions": "Ask us first."}
    attach(records, cast.partner, cast, "telecoms", **PHONE | {"number_or_address": "07700 900789"}, **secret)
    asked = {
        "parts": ["attachments"],
        "form": "json",
        "intelligence": "released",
        "decision": "For the trial.",
    }
    theirs = parts(json.loads(made(records, cast.manager, cast, **asked)))["attachments"]
    assert [one["values"].get("number_or_address") for one in theirs["content"]["telecoms"]] == [
        None,
        "07700900123",
    ]
    assert [one["masked"] for one in theirs["content"]["telecoms"]] == [True, False]
    assert theirs["left_out"] == [
        "Intelligence with handling code C that belongs to other agencies, if there is any.",
        "What is masked in 1 entry: it is shown on the page alone, for a reason.",
    ]
    mine = parts(json.loads(made(records, cast.partner, cast, **asked)))["attachments"]["content"]["telecoms"]
    assert [one["handling_code"] for one in mine] == ["C", None, None]
    paper = "\n".join(pages(made(records, cast.manager, cast, parts=["attachments"], folders=["telecoms"])))
    assert "07700900123" in paper
    assert "900456" not in paper
    assert "900789" not in paper
    assert "What is masked in 1 entry" in paper
    other = made(records, cast.manager, cast, parts=["attachments"], folders=["addresses"])
    assert "07700" not in "\n".join(pages(other))


@pytest.mark.clause("SC-17.8.2", "PF-5.21", "PF-5.25")
def test_intelligence_goes_nowhere_without_a_decision_and_code_c_out_of_no_prison(
    records: World, cast: Cast
) -> None:
    records.partner(cast.nominal, cast.prison)
    for code, number in (("P", "07700 900111"), ("C", "07700 900222")):
        secret = {"grading": "intelligence-handled", "handling_code": code, "handling_conditions": "Ask us."}
        attach(records, cast.prison, cast, "telecoms", **PHONE | {"number_or_address": number}, **secret)
    asked = {"parts": ["attachments"], "form": "json"}
    plain = parts(json.loads(made(records, cast.prison, cast, **asked)))["attachments"]
    assert plain["content"] == {}
    assert plain["left_out"] == [
        "Intelligence, if there is any: it is released only by a decision about each entry."
    ]
    given = {"nominal_id": cast.nominal, "reason": "For the wing.", **asked, "intelligence": "released"}
    refused = refusal(records, ASK, cast.prison, **given, decision="  ")
    assert refused.code == "R28"
    assert refused.message.startswith("1 ")
    whole = made(records, cast.prison, cast, **asked, intelligence="released", decision="The wing must know.")
    theirs = parts(json.loads(whole))["attachments"]
    assert [one["values"]["number_or_address"] for one in theirs["content"]["telecoms"]] == ["07700900111"]
    assert theirs["left_out"][-1] == "Intelligence with handling code C of prisons, if there is any."
    assert b"900222" not in whole


def test_only_the_days_asked_for(records: World, cast: Cast) -> None:
    write(records, cast.manager, cast, "On the first.")
    records.later(days=1)
    write(records, cast.manager, cast, "On the second.")
    records.later(days=1)
    write(records, cast.manager, cast, "On the third.")
    days = {"since": "2026-04-02", "through": "2026-04-02"}
    export = json.loads(made(records, cast.manager, cast, parts=["activity_log"], form="json", **days))
    assert [entry["text"] for entry in parts(export)["activity_log"]["content"]] == ["On the second."]


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    visit, base = web(cast.partner), f"/nominals/{cast.nominal}/prints"
    assert "Nothing yet" in visit.get(base).text
    for typed, message in (
        ({"reason": " "}, "Enter why you need it"),
        ({"reason": "x"}, "Select at least one part"),
    ):
        wrong = visit.fill(f"{base}/new", form="pdf", **typed)
        assert wrong.status_code == 422
        assert message in wrong.text
    answer = visit.fill(f"{base}/new", parts="summary", form="pdf", reason="For the meeting.")
    page = answer.headers["location"].removeprefix("/records").partition("?")[0]
    assert "0 of 1 parts" in visit.get(page).text
    work_off(records)
    assert "Download" in visit.get(page).text
    file = visit.http.get(f"/records{page}/file")
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith('attachment; filename="V10000001 2026-04-01.pdf"')
    assert "Print or export" in visit.get(f"/nominals/{cast.nominal}").text
    assert "For the meeting." in web(cast.cpc).get(base).text


@pytest.mark.parametrize("broken", [{"parts": ["x"]}, {"folders": ["x"]}, {"form": "doc"}, {"since": "x"}])
def test_bad_input(
    records: World, cast: Cast, web: Callable[[Principal], Web], broken: dict[str, Any]
) -> None:
    body = {"parts": ["summary"], "reason": "x", **broken}
    answer = web(cast.partner).send(f"/nominals/{cast.nominal}/prints", body)
    assert answer.status_code == 422, answer.text
    assert records.rows("SELECT FROM print_job") == []


def test_a_deleted_record_takes_its_prints_along(records: World, cast: Cast) -> None:
    from services.records.nominals.keepers import purge_rows  # noqa: PLC0415

    ask(records, cast.partner, cast)
    work_off(records)
    with records.runtime.system_work("test") as work:
        assert purge_rows(work, cast.nominal)["print_job"] == 1
    assert records.rows("SELECT FROM stored_file WHERE wrapped_key IS NOT NULL") == []
