"""What must hold of every page that any test fetches. The test client calls `check_page` on each HTML answer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

GOVUK_SCRIPT = "GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="  # the one inline script that the policy allows
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
SCHEMES = {"", "http", "https", "mailto", "tel"}
MARKING = "OFFICIAL – SENSITIVE"


class BadPage(AssertionError):
    """Every fault of the page, one a line."""


def check_page(html: str, url: str) -> None:
    """Raises BadPage, naming `url` and each fault, unless the page keeps the rules below."""
    try:
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except ParseError as error:
        raise BadPage(f"{url}: not valid HTML: {error}") from error
    faults = [fault for check in CHECKS for fault in check(page)]
    if faults:
        raise BadPage("\n".join([f"{url}:", *faults]))


def one_heading(page: Element) -> Iterator[str]:
    headings = [text_of(each) for each in page.iter("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1 headings: {headings}"
        return
    title = text_of(next(page.iter("title")))
    if not headings[0] or not title.startswith(headings[0]):
        yield f"the title {title!r} does not start with the heading {headings[0]!r}"


def unique_ids(page: Element) -> Iterator[str]:
    counts = Counter(each.attrib["id"] for each in page.iter() if "id" in each.attrib)
    yield from (f"the id {name!r} stands {count} times" for name, count in counts.items() if count > 1)


def ids_exist(page: Element) -> Iterator[str]:
    ids = {each.attrib["id"] for each in page.iter() if "id" in each.attrib}
    for each in page.iter():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-aria-controls"):
            for target in each.attrib.get(name, "").split():
                if target not in ids:
                    yield f"{each.tag} {name}={target!r} points to nothing"


def nothing_inline(page: Element) -> Iterator[str]:
    yield from (f"an inline style sheet: {text_of(each)[:60]!r}" for each in page.iter("style"))
    for script in page.iter("script"):
        if "src" not in script.attrib and script_hash(script) != GOVUK_SCRIPT:
            yield f"an inline script: {(script.text or '')[:60]!r}"
    for each in page.iter():
        for name in each.attrib:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                yield f"{each.tag} has the attribute {name}"


def script_hash(script: Element) -> str:
    return base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()


def everything_labelled(page: Element) -> Iterator[str]:
    labelled = {each.attrib.get("for") for each in page.iter("label")}
    within = {id(inner) for label in page.iter("label") for inner in label.iter()}
    for tag in ("input", "select", "textarea"):
        for each in page.iter(tag):
            named = each.attrib.get("aria-label") or each.attrib.get("aria-labelledby")
            if each.attrib.get("type") in UNLABELLED or named or id(each) in within:
                continue
            if each.attrib.get("id") not in labelled:
                yield f"{tag} {each.attrib.get('name')!r} has no label"
    yield from (
        f"a {tag} without words" for tag in ("a", "button") for each in page.iter(tag) if not spoken(each)
    )
    yield from (
        f"the image {each.attrib.get('src')!r} has no alt"
        for each in page.iter("img")
        if "alt" not in each.attrib
    )


def forms_protected(page: Element) -> Iterator[str]:
    for form in page.iter("form"):
        method = form.attrib.get("method", "get").lower()
        tokens = [each for each in form.iter("input") if each.attrib.get("name") == "csrf_token"]
        if method == "post" and (len(tokens) != 1 or not tokens[0].attrib.get("value")):
            yield f"a form posting to {form.attrib.get('action', 'its own address')!r} has no csrf_token"
        if method == "get" and tokens:
            yield "a csrf_token in a form that is not posted would stand in the address"


def links_well_formed(page: Element) -> Iterator[str]:
    ids = {each.attrib["id"] for each in page.iter() if "id" in each.attrib}
    for link in page.iter("a"):
        href = link.attrib.get("href", "")
        parts = urlsplit(href)
        if (
            not href
            or re.search(r"[\s<>\"{}]", href)
            or parts.scheme not in SCHEMES
            or "None" in parts.path.split("/")
        ):
            yield f"the link {text_of(link)!r} goes to {href!r}"
        elif href.startswith("#") and href[1:] not in ids:
            yield f"the link {text_of(link)!r} points to {href!r}, which is not on the page"


def one_green_button(page: Element) -> Iterator[str]:
    green = [
        text_of(each)
        for each in page.iter()
        if "govuk-button" in (names := each.attrib.get("class", "").split())
        and not {"govuk-button--secondary", "govuk-button--warning", "govuk-button--inverse"} & set(names)
        and "govuk-password-input__toggle" not in names
    ]
    if len(green) > 1:
        yield f"more than one green button: {green}"


def marked(page: Element) -> Iterator[str]:
    found = text_of(page).count(MARKING)
    if found < 2:
        yield f"the marking stands {found} times, not top and bottom"


def markup_not_shown(page: Element) -> Iterator[str]:
    """Markup escaped by mistake stands on the page as text."""
    found = re.search(r"<(?:a|span|strong|p|div|dl|ul|li|time) [a-z]+=.{0,60}", text_of(page))
    if found:
        yield f"markup shown as text: {found.group()}"


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def spoken(element: Element) -> str:
    alternatives = [each.attrib.get("alt", "") for each in element.iter("img")]
    return element.attrib.get("aria-label", "") or text_of(element) or "".join(alternatives)


CHECKS: list[Callable[[Element], Iterator[str]]] = [
    one_heading,
    unique_ids,
    ids_exist,
    nothing_inline,
    everything_labelled,
    forms_protected,
    links_well_formed,
    one_green_button,
    marked,
    markup_not_shown,
]
