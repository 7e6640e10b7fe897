"""Papers as PDF: what stands on them, that typed text stays text, and that no text can stop them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.print import NotMade, pdf

TEMPLATE = """
= About
#data.text
#facts(data.pairs)
#pagebreak()
= More
#table(columns: 2, table.header[Day][What], ..data.rows.flatten())
"""
FRAME = {"title": "Copy of a paper", "reader": "Ruth Reader", "printed": "30 November 2026 at 9:15am"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("print") / "paper.typ"
    path.write_text(TEMPLATE)
    return path


def data(text: str = "Plain.", **changes: Any) -> dict[str, Any]:
    pairs = [["Signed by", "Ann Ash"]]
    return {**FRAME, "text": text, "pairs": pairs, "rows": [["1 May", "Signed"]], **changes}


def pages(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(made))
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_the_marking_and_the_readers_name_stand_on_each_page(template: Path) -> None:
    found = pages(pdf(template, data()))
    assert len(found) == 2
    for number, page in enumerate(found, start=1):
        assert page.count("OFFICIAL – SENSITIVE") >= 2
        assert "Made for Ruth Reader on 30 November 2026 at 9:15am" in page
        assert f"Page {number} of 2" in page
    assert "Copy of a paper" in found[0]
    assert "Signed by" in found[0]
    assert "1 May" in found[1]


def test_it_is_tagged_for_screen_readers(template: Path) -> None:
    made = pdf(template, data())
    document = pypdfium2.PdfDocument(BytesIO(made))
    assert document.is_tagged()
    assert document.get_metadata_dict()["Title"] == "Copy of a paper"
    document.close()
    assert b"pdfuaid" in made
    assert b"/Lang" in made


def test_typed_text_stays_text(template: Path) -> None:
    typed = '= Heading #read("/etc/passwd") $a$ *bold* \\ <label> #data.reader "quoted" /* no */ // neither'
    (first, _) = pages(pdf(template, data(typed)))
    assert "".join(typed.split()) in "".join(first.split())


def test_what_has_no_space_does_not_run_off_the_page(template: Path) -> None:
    document = pypdfium2.PdfDocument(BytesIO(pdf(template, data(pairs=[["Hash", "ab" * 100]]))))
    page = document[0]
    text = page.get_textpage()
    _, _, right, _ = zip(*(text.get_rect(each) for each in range(text.count_rects())), strict=True)
    assert max(right) < page.get_width() - 40
    assert "ab" * 100 in "".join(text.get_text_bounded().split())
    document.close()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("a\x00b", "a[U+0000]b"),
        ("half \ud83d pair", "half [U+D83D] pair"),
        ("\U0010ffff", "[U+10FFFF]"),
        ("\ufffe and \x7f", "[U+FFFE] and [U+007F]"),
    ],
)
def test_what_no_font_knows_is_said_by_number(template: Path, typed: str, shown: str) -> None:
    assert shown in pages(pdf(template, data(typed)))[0]


@settings(max_examples=12, deadline=None)
@given(typed=st.text(max_size=200))
def test_no_text_stops_it(template: Path, typed: str) -> None:
    assert pdf(template, data(typed, rows=[[typed, typed]])).startswith(b"%PDF")


@pytest.mark.parametrize("word", sorted(FRAME))
def test_a_paper_without_its_frame_is_not_made(template: Path, word: str) -> None:
    with pytest.raises(KeyError, match=word):
        pdf(template, data(**{word: ""}))


def test_a_wrong_template_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wrong.typ"
    path.write_text("#data.nothing")
    with pytest.raises(NotMade, match="nothing"):
        pdf(path, data())
