"""Files of entries: taken in, shown as pictures, downloaded, and refused where they may harm."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from deploy.participants import participant
from services.records.attachment_files.rules import MOST
from services.records.nominals.keepers import purge_rows
from shared.access.principal import Principal
from shared.files import Arriving, FileFolder, scanner
from shared.messaging.task_runner import TaskRunner
from shared.refusals import Invalid, NotFound
from tests.rules.test_office_files import document
from tests.servers.clamd import EICAR, clamd
from tests.servers.records import World
from tests.servers.required import require
from tests.services.records.conftest import Cast, Web, refusal
from tests.services.records.test_attachments import add, change

ATTACH, LIST, LOOK = "attachment_files.attach", "attachment_files.list", "attachment_files.look"
PICTURE, DOWNLOAD = "attachment_files.picture", "attachment_files.download"


def jpeg(colour: str = "green") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(made, "JPEG")
    return made.getvalue()


def arriving(records: World, content: bytes, name: str) -> Arriving:
    found = records.runtime.files.arrive(name, 10_000_000)
    found.write(content)
    found.seek(0)
    return found


def photograph(records: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    said = {"taken_date": "2026-03-05", "view": "front", "taken_by": "police", "is_current": True}
    image = arriving(records, jpeg(), "DSC01.JPG")
    return add(records, who, cast, "photographs", image=image, **said | changes)


def attach(records: World, who: Principal, cast: Cast, entry: Any, content: bytes, name: str) -> Any:
    given = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "description": "Taken at the station"}
    return records.run(ATTACH, who, **given, file=arriving(records, content, name))


def ask(records: World, name: str, who: Principal, cast: Cast, entry: Any, **more: Any) -> Any:
    return records.ask(name, who, nominal_id=cast.nominal, entry_id=UUID(entry["id"]), **more)


def work_off(records: World) -> None:
    runner = TaskRunner(participant(records.runtime))
    for row in records.rows("SELECT id FROM task WHERE state = 'waiting'"):
        assert runner.run(row.id)


def body(download: Any) -> bytes:
    return b"".join(download.chunks())


@pytest.mark.clause("PF-7/Nominal Summary.2")
def test_the_current_photograph_stands_on_the_summary(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    visit, summary = web(cast.partner), f"/nominals/{cast.nominal}"
    assert "No photograph on record" in visit.get(summary).text
    entry = photograph(records, cast.partner, cast)
    assert "Photograph taken 5 March 2026, which cannot be shown yet" in visit.get(summary).text
    work_off(records)
    page = visit.get(summary).text
    assert 'alt="Photograph taken 5 March 2026"' in page
    picture = f"/attachments/entries/{entry['id']}/files/{entry['values']['image']}/pictures/0"
    assert picture in page
    shown = visit.http.get(f"/records/nominals/{cast.nominal}{picture}")
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/jpeg", "inline")
    assert Image.open(io.BytesIO(shown.content)).size == (320, 213)
    photograph(records, cast.partner, cast, taken_date="2026-03-20", view="left profile")
    assert "Photograph taken 5 March 2026" in visit.get(summary).text  # the front view stays
    photograph(records, cast.partner, cast, taken_date="2026-03-25")
    assert "Photograph taken 25 March 2026" in visit.get(summary).text


def test_several_files_to_an_entry_with_descriptions(records: World, cast: Cast) -> None:
    entry = photograph(records, cast.partner, cast)
    attach(records, cast.partner, cast, entry, jpeg("red"), "b.jpg")
    attach(records, cast.manager, cast, entry, document(), "statement.docx")
    work_off(records)
    listed = ask(records, LIST, cast.manager, cast, entry)["files"]
    assert [(one.name, one.description, one.preview) for one in listed] == [
        ("DSC01.JPG", "Photograph", "ready"),
        ("b.jpg", "Taken at the station", "ready"),
        ("statement.docx", "Taken at the station", "impossible"),
    ]
    [(kept,)] = records.rows("SELECT description FROM attachment_file LIMIT 1")
    assert b"station" not in bytes(kept)
    assert body(ask(records, DOWNLOAD, cast.manager, cast, entry, file_id=listed[1].file_id)) == jpeg("red")
    ask(records, LOOK, cast.manager, cast, entry, file_id=listed[1].file_id)
    done = [one[:2] for one in records.audit() if one[0].startswith("attachment_files")]
    assert done == [(ATTACH, "done")] * 2 + [(LIST, "viewed"), (DOWNLOAD, "viewed"), (LOOK, "viewed")]


def test_nothing_of_them_lies_in_clear(records: World, cast: Cast) -> None:
    photograph(records, cast.partner, cast)
    work_off(records)
    kept = [path for path in (records.runtime.settings.home / "files").rglob("*") if path.is_file()]
    assert len(kept) >= 3
    assert not any(path.read_bytes().startswith(b"\xff\xd8") for path in kept)


def test_a_file_of_another_entry_or_one_that_was_replaced(records: World, cast: Cast) -> None:
    entry = photograph(records, cast.partner, cast)
    other = photograph(records, cast.partner, cast, view="left profile")
    mine = UUID(entry["values"]["image"])
    for name in (LOOK, DOWNLOAD):
        with pytest.raises(NotFound):
            ask(records, name, cast.manager, cast, other, file_id=mine)
    with pytest.raises(NotFound):
        ask(records, PICTURE, cast.manager, cast, entry, file_id=mine, number=9)
    said: dict[str, Any] = {
        "taken_date": "2026-03-05",
        "view": "front",
        "taken_by": "police",
        "is_current": True,
    }
    change(records, cast.partner, cast, entry, image=arriving(records, jpeg("blue"), "new.jpg"), **said)
    listed = ask(records, LIST, cast.manager, cast, entry)["files"]
    assert [one.description for one in listed] == ["Photograph", "Photograph, of an earlier version"]


def test_who_may_attach_and_look(records: World, cast: Cast) -> None:
    entry = photograph(records, cast.partner, cast)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    file = arriving(records, jpeg(), "a.jpg")
    assert refusal(records, ATTACH, cast.stranger, **ids, description="x", file=file).code == "R14"
    assert refusal(records, LIST, cast.stranger, **ids).code == "R13"
    for name in (LOOK, DOWNLOAD):
        assert (
            refusal(records, name, cast.stranger, **ids, file_id=UUID(entry["values"]["image"])).code == "R13"
        )


def test_a_folder_that_takes_none_and_an_entry_that_has_enough(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = add(records, cast.partner, cast)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(phone["id"]), "description": "x"}
    assert (
        refusal(records, ATTACH, cast.partner, **ids, file=arriving(records, jpeg(), "a.jpg")).code == "R34"
    )
    assert MOST == 20
    monkeypatch.setattr("services.records.attachment_files.rules.MOST", 1)
    entry = photograph(records, cast.partner, cast)
    attach(records, cast.partner, cast, entry, jpeg(), "a.jpg")
    with pytest.raises(Invalid) as invalid:
        attach(records, cast.partner, cast, entry, jpeg(), "b.jpg")
    assert list(invalid.value.errors) == ["file"]
    assert len(records.rows("SELECT FROM attachment_file")) == 1


def test_what_concerns_victims_is_not_seen_without_a_reason(records: World, cast: Cast) -> None:
    entry = photograph(records, cast.partner, cast, grading="victim-sensitive")
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    assert refusal(records, LIST, cast.manager, **ids).code == "R47"
    [(image,)] = records.rows("SELECT file_id FROM file_preview")
    assert refusal(records, DOWNLOAD, cast.manager, **ids, file_id=image).code == "R47"
    assert refusal(records, PICTURE, cast.manager, **ids, file_id=image, number=0).code == "R47"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (document(**{"word/vbaProject.bin": b"x"}), "The selected file contains macros"),
        (
            document(**{"word/embeddings/a.bin": b"MZ"}),
            "The selected file contains an embedded file or programme",
        ),
        (b"MZ\x90\x00" + bytes(200), "The selected file must be a PDF"),
        (b"", "The selected file is empty"),
    ],
)
def test_what_may_harm_is_refused_in_its_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], content: bytes, message: str
) -> None:
    entry = photograph(records, cast.partner, cast)
    visit = web(cast.partner)
    path = f"/nominals/{cast.nominal}/attachments/entries/{entry['id']}/files/new"
    assert 'enctype="multipart/form-data"' in visit.get(path).text
    answer = visit.http.post(
        f"/records/api{path.removesuffix('/new')}",
        data={"description": "x"},
        files={"file": ("letter.docx", content)},
    )
    assert answer.status_code == 422, answer.text
    assert message in answer.text
    assert records.rows("SELECT FROM attachment_file") == []


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    entry = photograph(records, cast.partner, cast)
    base = f"/nominals/{cast.nominal}/attachments/entries/{entry['id']}"
    visit = web(cast.partner)
    assert "Files of this entry" in visit.get(base).text
    assert "Picture being made" in visit.get(f"{base}/files").text
    work_off(records)
    assert "Picture being made" not in visit.get(f"{base}/files").text
    file = f"{base}/files/{entry['values']['image']}"
    assert 'alt="Photograph"' in visit.get(file).text
    saved = visit.http.get(f"/records{file}/download")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.content == jpeg()


def test_a_deleted_record_takes_its_files_along(records: World, cast: Cast) -> None:
    entry = photograph(records, cast.partner, cast)
    attach(records, cast.partner, cast, entry, jpeg(), "a.jpg")
    work_off(records)
    with records.runtime.system_work("test") as work:
        purge_rows(work, cast.nominal)
    assert records.rows("SELECT FROM stored_file WHERE wrapped_key IS NOT NULL") == []
    assert records.rows("SELECT FROM file_preview") == []


@pytest.fixture
def scanned(records: World) -> Iterator[None]:
    """A real clamd looks at whatever arrives."""
    require("clamd")
    runtime = records.runtime
    with clamd() as address:
        runtime.files = FileFolder(runtime.settings.home, "records", scanner(address))
        yield
        runtime.files = FileFolder(runtime.settings.home, "records")


@pytest.mark.usefixtures("scanned")
def test_a_virus_is_refused_in_its_field_and_leaves_nothing(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    entry = photograph(records, cast.partner, cast)
    kept = len(list((records.runtime.settings.home / "files").rglob("*")))
    visit = web(cast.partner)
    path = f"/nominals/{cast.nominal}/attachments/entries/{entry['id']}/files/new"
    token = re.search(r'name="csrf_token" value="([^"]+)"', visit.get(path).text)
    assert token
    data = {"csrf_token": token[1], "description": "A statement"}
    infected = b"%PDF-1.4\n" + EICAR + b"\n%%EOF\n"
    answer = visit.http.post(f"/records{path}", data=data, files={"file": ("statement.pdf", infected)})
    assert answer.status_code == 422
    assert "The selected file contains a virus" in answer.text
    assert 'value="A statement"' in answer.text
    assert records.rows("SELECT FROM attachment_file") == []
    assert len(list((records.runtime.settings.home / "files").rglob("*"))) == kept
    clean = visit.http.post(
        f"/records{path}", data=data, files={"file": ("statement.pdf", b"%PDF-1.4\nclean\n%%EOF\n")}
    )
    assert clean.status_code == 303
