"""Wherever a page names a user, the name leads to their white-pages card: who reads it can see who that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

import html5lib

CARD = re.compile(r"/identity/people/[0-9a-f-]{36}$")
# Where a link cannot stand (choices, buttons, what is typed), or the page is about that person itself.
NO_PLACE_FOR_A_LINK = {
    "option",
    "button",
    "label",
    "legend",
    "textarea",
    "h1",
    "title",
    "script",
    "header",
    "svg",
}


def unlinked(html: str, names: Collection[str]) -> list[str]:
    """Each text of the page that names one of these and stands in no link to a card."""
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    return list(_unlinked(page, names))


def _unlinked(element: Element, names: Collection[str]) -> Iterator[str]:
    linked = element.tag == "a" and CARD.search(element.get("href", ""))
    # "Remove", and for a screen reader "Ruth Ackroyd": another link of a row that has the name's own.
    unseen = "govuk-visually-hidden" in element.get("class", "")
    if linked or unseen or element.tag in NO_PLACE_FOR_A_LINK:
        return
    yield from (text for text in _own_texts(element) if any(name in text for name in names))
    for child in element:
        yield from _unlinked(child, names)


def _own_texts(element: Element) -> Iterator[str]:
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield " ".join(text.split())
