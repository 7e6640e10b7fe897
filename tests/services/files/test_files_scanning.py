"""clamd is asked over its socket, in its own words; where it is configured and does not answer, nothing is taken."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from shared.files import FileFolder, ScannerAway, scanner
from shared.runtime import Runtime
from shared.settings import Settings
from tests.servers.clamd import EICAR
from tests.servers.clamd import clamd as real_clamd
from tests.servers.required import require
from tests.services.files.test_files_upload import on_disk, rows
from tests.services.files.visitor import PDF, Visitor

BAD = PDF.replace(b"1 0 obj", b"a signature that the scanner knows")
ANSWERS = {
    BAD: b"stream: Invented-Signature FOUND",
    b"too much": b"INSTREAM size limit exceeded. ERROR",
    b"nothing": b"",
}


@contextmanager
def clamd(path: Path) -> Iterator[str]:
    """Speaks INSTREAM as clamd does: pieces with their length before them, and a verdict at the end."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        while True:
            try:
                visitor, _ = server.accept()
            except OSError:
                return
            with visitor, visitor.makefile("rb") as asked:
                assert asked.read(10) == b"zINSTREAM\0"
                seen = b""
                while length := int.from_bytes(asked.read(4), "big"):
                    seen += asked.read(length)
                visitor.sendall(ANSWERS.get(seen, b"stream: OK") + b"\0")

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"unix:{path}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def with_scanner(runtime: Runtime, settings: Settings, address: str) -> None:
    runtime.files = FileFolder(settings.home, runtime.service.name, scanner(address))


def test_an_infected_file_is_refused_and_a_clean_one_kept(
    visitor: Visitor, runtime: Runtime, settings: Settings, tmp_path: Path
) -> None:
    with clamd(tmp_path / "clamd.ctl") as address:
        with_scanner(runtime, settings, address)
        infected = visitor.post_api(BAD)
        assert infected.json["errors"]["file"] == ["The selected file contains a virus"]  # type: ignore[index]
        assert (rows(runtime), on_disk(settings)) == ([], [])
        visitor.paper(PDF)
    (row,) = rows(runtime)
    assert row.scanned == "clean"


def test_the_real_clamd_finds_what_it_knows_in_an_upload(
    visitor: Visitor, runtime: Runtime, settings: Settings
) -> None:
    require("clamd")
    infected = PDF.replace(b"1 0 obj", b"% " + EICAR + b"\n1 0 obj")
    with real_clamd() as address:
        with_scanner(runtime, settings, address)
        scan = scanner(address)
        assert scan is not None
        assert scan([EICAR[:20], EICAR[20:]]) == "Eicar-Test-Signature.UNOFFICIAL"
        assert scan([b"x" * 1_000_000] * 3) is None
        refused = visitor.post_api(infected)
        assert refused.json["errors"]["file"] == ["The selected file contains a virus"]  # type: ignore[index]
        assert (rows(runtime), on_disk(settings)) == ([], [])
        visitor.paper(PDF)
    (row,) = rows(runtime)
    assert row.scanned == "clean"


def test_without_an_answer_nothing_is_taken(
    visitor: Visitor, runtime: Runtime, settings: Settings, tmp_path: Path
) -> None:
    with_scanner(runtime, settings, f"unix:{tmp_path}/nobody")
    answer = visitor.post_form(PDF)
    assert (answer.status_code, "cannot be checked for viruses" in answer.text) == (422, True)
    assert (rows(runtime), on_disk(settings)) == ([], [])


def test_only_a_verdict_is_a_verdict(tmp_path: Path) -> None:
    with clamd(tmp_path / "c") as address:
        scan = scanner(address)
        assert scan is not None
        assert scan([b"any", b"thing"]) is None
        for unclear in (b"too much", b"nothing"):
            with pytest.raises(ScannerAway):
                scan([unclear])


def test_an_address_that_is_none_stops_the_service_at_its_start() -> None:
    with pytest.raises(ValueError, match="VISOR_CLAMD"):
        scanner("/run/clamav/clamd.ctl")
    assert scanner(None) is None
