"""An upload, by form and by API: encrypted as it comes, kept with its act or not at all."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from shared.files import sweeping
from shared.files.segments import SEGMENT
from shared.keys import KeyDestroyed
from shared.runtime import Runtime
from shared.settings import Settings
from shared.web import uploads
from tests.services.files.drawer import MOST, service
from tests.services.files.visitor import PDF, Visitor, pdf


def on_disk(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.home / "files").rglob("*") if path.is_file())


def rows(runtime: Runtime) -> list[Any]:
    with runtime.system_work("test.read") as work:
        return list(work.session.execute(select(service.tables.stored_file)))


def audited(runtime: Runtime, action: str) -> list[Any]:
    entry = service.tables.audit.entry
    with runtime.system_work("test.read") as work:
        return list(work.session.execute(select(entry).where(entry.c.action == action)))


def sweep(runtime: Runtime) -> None:
    with runtime.system_work("test.sweep") as work:
        sweeping.sweep(work)


def grow_old(path: Path) -> None:
    long_ago = path.stat().st_mtime - 2 * sweeping.UNSETTLED_SECONDS
    os.utime(path, (long_ago, long_ago))


@pytest.mark.clause("SC-17.6.2")
def test_a_form_brings_a_file_that_comes_back_as_it_was(
    visitor: Visitor, runtime: Runtime, settings: Settings
) -> None:
    content = pdf(200_000)
    answer = visitor.post_form(content, "Résumé <1>.pdf")
    assert answer.status_code == 303
    (row,) = rows(runtime)
    assert (row.kind, row.size, row.sha256) == ("pdf", len(content), hashlib.sha256(content).digest())
    (entry,) = audited(runtime, "paper.add")
    assert entry.facts["sha256"] == hashlib.sha256(content).hexdigest()
    (kept,) = on_disk(settings)
    assert kept.parts[-3] == "kept"
    assert kept.stat().st_mode & 0o777 == 0o600
    sealed = kept.read_bytes()
    assert b"%PDF" not in sealed
    assert b"xxxx" not in sealed
    assert "Résumé".encode() not in row.name
    paper = answer.headers["Location"].split("/")[3].split("?")[0]
    back = visitor.download(paper)
    assert back.data == content
    assert back.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''R%C3%A9sum%C3%A9" in back.headers["Content-Disposition"]
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert back.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in back.headers["Content-Security-Policy"]
    (seen,) = audited(runtime, "paper.file")
    assert (seen.outcome, seen.facts["file_id"]) == ("viewed", str(row.id))


@pytest.mark.parametrize(
    "size", [1, 100, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT, 4 * SEGMENT, MOST]
)
def test_every_length_comes_back(visitor: Visitor, size: int) -> None:
    content = os.urandom(size // 2 + 1).hex().encode()[:size]
    assert visitor.download(visitor.paper(content, "a.txt")).data == content


def test_no_plain_byte_is_ever_spooled(visitor: Visitor, settings: Settings, monkeypatch: Any) -> None:
    """Werkzeug alone would spool whatever is over 500 KB to a temporary file, also where no file was asked for."""

    def spool(*_given: object, **_more: object) -> None:
        raise AssertionError("spooled in plain")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", spool)
    monkeypatch.setattr("werkzeug.formparser.TemporaryFile", spool, raising=False)
    large = pdf(900_000)
    assert visitor.post_form(large).status_code == 422
    asked_for_none = visitor.send(f"/drawer/api/papers/{uuid4()}/remove", {"x": (BytesIO(large), "x.pdf")})
    assert asked_for_none.status_code == 404
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "paper.pdf", "The selected file is empty"),
        (b"MZ\x90\x00" + b"\x00" * 50, "paper.pdf", "must be a PDF, plain text or JPEG"),
        (PDF[:-6], "paper.pdf", "must be a PDF, plain text or JPEG"),
        (b"<!DOCTYPE html><p>Hello", "a.txt", "must be a PDF, plain text or JPEG"),
        (b"<svg xmlns='x'><script>1</script></svg>", "a.jpg", "must be a PDF, plain text or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a.jpg", "must be a PDF, plain text or JPEG"),
        (pdf(MOST + 1), "paper.pdf", "must be smaller than 300KB"),
    ],
)
def test_what_cannot_be_taken_is_said_in_its_field(
    visitor: Visitor, runtime: Runtime, settings: Settings, content: bytes, name: str, says: str
) -> None:
    page = visitor.post_form(content, name, title="Kept title")
    assert page.status_code == 422
    assert says in page.text
    assert 'href="#file"' in page.text
    assert 'value="Kept title"' in page.text
    program = visitor.post_api(content, name)
    assert program.status_code == 422
    assert says in program.json["errors"]["file"][0]  # type: ignore[index]
    assert rows(runtime) == []
    assert on_disk(settings) == []


def test_a_missing_file_and_an_unknown_field_are_said_too(visitor: Visitor) -> None:
    page = visitor.post_form(b"", "")
    assert (page.status_code, "Select the file" in page.text) == (422, True)
    program = visitor.post_api(PDF, colour="blue", title="")
    assert set(program.json["errors"]) == {"colour", "title"}  # type: ignore[index]
    listed = visitor.post_api(PDF, tags=["one", "two"])
    assert listed.json["title"] == "A paper one two"  # type: ignore[index]


def test_a_body_beyond_all_measure_is_refused_unread(
    visitor: Visitor, settings: Settings, monkeypatch: Any
) -> None:
    monkeypatch.setattr(uploads, "MOST_READ", 0)
    huge = pdf(3 * MOST)
    page = visitor.post_form(huge)
    assert (page.status_code, "Too Large" in page.text) == (413, True)
    assert visitor.post_api(huge).status_code == 413
    assert on_disk(settings) == []


@pytest.mark.parametrize("title", ["forbidden", "broken"])
def test_an_act_that_fails_after_all_leaves_nothing_of_its_file(
    visitor: Visitor, runtime: Runtime, settings: Settings, title: str
) -> None:
    assert visitor.post_api(PDF, title=title).status_code in {403, 500}
    assert rows(runtime) == []
    assert on_disk(settings) == []


def test_a_forged_form_leaves_nothing(visitor: Visitor, runtime: Runtime, settings: Settings) -> None:
    assert visitor.post_form(PDF, csrf_token="made up").status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.post_api(PDF, headers=elsewhere).status_code == 403
    assert (rows(runtime), on_disk(settings)) == ([], [])


def test_sent_twice_it_is_kept_once(visitor: Visitor, runtime: Runtime, settings: Settings) -> None:
    first, second = (visitor.post_form(PDF, _once="the same") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (len(rows(runtime)), len(on_disk(settings))) == (1, 1)


def test_a_process_that_dies_before_the_commit_leaves_a_file_that_the_sweep_takes(
    runtime: Runtime, settings: Settings
) -> None:
    arriving = runtime.files.arrive("a.pdf", MOST)
    arriving.write(PDF)
    arriving.seek(0)
    (lost,) = on_disk(settings)
    sweep(runtime)
    assert on_disk(settings) == [lost], "it may still be somebody's who is about to commit"
    grow_old(lost)
    sweep(runtime)
    assert on_disk(settings) == []


def test_a_process_that_dies_after_the_commit_leaves_a_file_that_can_be_read_and_is_kept(
    visitor: Visitor, settings: Settings, runtime: Runtime, monkeypatch: Any
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(runtime.files, "settle", lambda *_: None)
        paper = visitor.paper(PDF)
    (unsettled,) = on_disk(settings)
    assert unsettled.parts[-2] == "arriving"
    assert visitor.download(paper).data == PDF
    grow_old(unsettled)
    sweep(runtime)
    (kept,) = on_disk(settings)
    assert kept.parts[-3] == "kept"
    assert visitor.download(paper).data == PDF


def test_the_sweep_leaves_alone_what_was_kept_whatever_database_it_is_given(
    visitor: Visitor, settings: Settings, runtime: Runtime
) -> None:
    visitor.paper(PDF)
    (kept,) = on_disk(settings)
    grow_old(kept)
    with runtime.system_work("test.other_database") as work:
        work.session.execute(service.tables.stored_file.delete())
    sweep(runtime)
    assert on_disk(settings) == [kept]


def test_a_removed_file_is_gone_at_once_and_its_bytes_with_the_sweep(
    visitor: Visitor, settings: Settings, runtime: Runtime
) -> None:
    paper = visitor.paper(PDF)
    assert visitor.remove(paper).status_code == 200
    assert visitor.download(paper).status_code == 404
    assert visitor.remove(paper).status_code == 404
    (row,) = rows(runtime)
    assert (row.wrapped_key, row.name, row.sha256) == (None, None, None)
    sweep(runtime)
    assert on_disk(settings) == []


def test_a_file_of_a_nominal_goes_with_the_nominals_key(visitor: Visitor, runtime: Runtime) -> None:
    nominal = uuid4()
    runtime.keys.create(nominal)
    theirs, other = visitor.paper(PDF, nominal_id=str(nominal)), visitor.paper(PDF)
    assert visitor.download(theirs).data == PDF
    runtime.keys.destroy(nominal)
    with pytest.raises(KeyDestroyed):
        runtime.keys.for_nominal(nominal)
    assert visitor.download(theirs).status_code == 404
    assert visitor.download(other).data == PDF


@pytest.mark.parametrize("harm", ["cut", "altered", "swapped", "longer", "gone", "another"])
def test_what_was_harmed_on_the_disk_is_refused_before_the_first_byte(
    visitor: Visitor, settings: Settings, runtime: Runtime, harm: str
) -> None:
    paper = visitor.paper(pdf(3 * SEGMENT))
    (path,) = on_disk(settings)
    visitor.paper(pdf(3 * SEGMENT))
    other = next(each for each in on_disk(settings) if each != path)
    sealed = bytearray(path.read_bytes())
    piece = SEGMENT + 16
    if harm == "cut":
        del sealed[1 + 2 * piece :]
    elif harm == "altered":
        sealed[2 * piece] ^= 1
    elif harm == "swapped":
        sealed[1 : 1 + 2 * piece] = sealed[1 + piece : 1 + 2 * piece] + sealed[1 : 1 + piece]
    elif harm == "longer":
        sealed += b"x" * 16
    elif harm == "another":
        sealed = bytearray(other.read_bytes())
    path.write_bytes(sealed)
    if harm == "gone":
        path.unlink()
    answer = visitor.download(paper)
    assert (answer.status_code, answer.json["code"]) == (409, "R37")  # type: ignore[index]
    assert audited(runtime, "paper.file")[-1].refusal_code == "R37"


def test_a_row_of_another_file_opens_nothing(visitor: Visitor, runtime: Runtime) -> None:
    """Who can write to the database cannot give one paper the file of another by copying its key."""
    first, second = visitor.paper(PDF), visitor.paper(PDF)
    table = service.tables.stored_file
    rows_by_age = sorted(rows(runtime), key=lambda row: row.arrived_at)
    with runtime.system_work("test.tamper") as work:
        stolen = {"wrapped_key": rows_by_age[0].wrapped_key}
        work.session.execute(table.update().where(table.c.id == rows_by_age[1].id).values(stolen))
    assert visitor.download(first).status_code == 200
    assert visitor.download(second).json["code"] == "R37"  # type: ignore[index]
