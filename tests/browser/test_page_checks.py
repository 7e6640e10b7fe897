"""The page fixture itself: each of its rules refuses the page that breaks it."""

from __future__ import annotations

import pytest

from tests.browser.gallery import PAGES, create
from tests.page_checks import BadPage, check_page

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Home – ViSOR</title></head><body>
<p>OFFICIAL – SENSITIVE</p><h1 id="a">Home</h1><p><a href="/x">On</a></p>{}<p>OFFICIAL – SENSITIVE</p></body></html>"""


@pytest.mark.parametrize("name", ["", *PAGES])
def test_every_page_of_the_gallery_keeps_the_rules(name: str) -> None:
    answer = create().test_client().get(f"/{name}")

    assert answer.status_code == 200
    check_page(answer.text, f"/{name}")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>Again</h1>", "2 h1 headings"),
        ("<p><div></div></p>", "not valid HTML"),
        ('<p id="a">x</p>', "the id 'a' stands 2 times"),
        ("<script>alert(1)</script>", "an inline script"),
        ("<p onclick='x()'>x</p>", "p has the attribute onclick"),
        ("<p style='color: red'>x</p>", "p has the attribute style"),
        ("<form><input name='q'></form>", "input 'q' has no label"),
        ("<form method='post'></form>", "has no csrf_token"),
        ("<form method='post'><input type='hidden' name='csrf_token' value=''></form>", "has no csrf_token"),
        ("<form><input type='hidden' name='csrf_token' value='x'></form>", "would stand in the address"),
        ("<a href='javascript:x'>y</a>", "goes to"),
        ("<a href='#nowhere'>y</a>", "which is not on the page"),
        ("<a href='/people/None'>y</a>", "goes to"),
        ("<a href='/y'></a>", "a a without words"),
        ('<p>&lt;a class="x"&gt;y&lt;/a&gt;</p>', "markup shown as text"),
        ("<p aria-describedby='b'>x</p>", "points to nothing"),
        (
            "<button class='govuk-button'>x</button><button class='govuk-button'>y</button>",
            "more than one green",
        ),
    ],
)
def test_a_page_that_breaks_a_rule_is_named(body: str, fault: str) -> None:
    with pytest.raises(BadPage, match="/here") as found:
        check_page(GOOD.replace("{}", body), "/here")

    assert fault in str(found.value)


def test_the_heading_begins_the_title() -> None:
    with pytest.raises(BadPage, match="does not start with"):
        check_page(GOOD.replace("{}", "").replace("<title>Home", "<title>Other"), "/here")


def test_a_good_page_passes() -> None:
    check_page(GOOD.replace("{}", ""), "/here")


def test_nothing_typed_becomes_markup() -> None:
    answer = create().test_client().get("/unavailable").text

    assert "<b>Twice" not in answer
    assert "&lt;b&gt;Twice" in answer


def test_assets_may_be_kept_for_ever_and_name_no_font_or_crest() -> None:
    client = create().test_client()
    address = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]

    with client.get(address) as sheet, client.get("/assets/images/icon-document.svg") as icon:
        assert sheet.status_code == 200
        assert "immutable" in sheet.headers["Cache-Control"]
        assert "@font-face" not in sheet.get_data(as_text=True)
        assert "crest" not in sheet.get_data(as_text=True)
        assert icon.headers["Cache-Control"] == "max-age=86400, public"
    assert client.get("/assets/fonts/light-94a07e06a1-v2.woff2").status_code == 404
