"""Named formats of what people type about addresses, vehicles, telephones and accounts.

Each takes the text and today's date and returns it as it is kept, or raises InvalidIdentifier with a message for the
person who typed it. Numbers of persons are in identifiers.py, and are formats too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from shared.reference.identifiers import PARSERS, InvalidIdentifier

_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_GRID = re.compile(r"[A-Z]{2}([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})")
_MARK = re.compile(r"[A-Z0-9]{2,8}")
_TELEPHONE = re.compile(r"(\+[1-9]|0)[0-9]{6,14}|[0-9]{3,6}")
_EMAIL = re.compile(r"[^@\s<>()]{1,64}@[^@\s<>()]{1,190}\.[^@\s<>().]{2,60}")
_SORT_CODE = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Z0-9]{6,34}")


def postcode(text: str) -> str:
    found = _POSTCODE.fullmatch(_squeezed(text))
    if not found:
        raise InvalidIdentifier("Enter a full UK postcode, like LS1 1UR.")
    return f"{found[1]} {found[2]}"


def postcode_or_grid(text: str) -> str:
    """A postcode, or a reference of the National Grid (two letters and 2 to 10 digits)."""
    squeezed = _squeezed(text)
    if _GRID.fullmatch(squeezed):
        return squeezed
    try:
        return postcode(text)
    except InvalidIdentifier:
        raise InvalidIdentifier(
            "Enter a full UK postcode, like LS1 1UR, or a grid reference, like SE297335."
        ) from None


def registration_mark(text: str) -> str:
    """A vehicle's mark of any country: letters and digits, without spaces."""
    found = _squeezed(text, "-.")
    if not _MARK.fullmatch(found):
        raise InvalidIdentifier("A registration mark has 2 to 8 letters and digits, like AB12 CDE.")
    return found


def telephone(text: str) -> str:
    """Digits, with the + of a country's code: "+44 (0)113 496 0000" is kept as +441134960000."""
    found = _squeezed(text, "-./()").replace("\u2013", "")
    if found.startswith("00"):
        found = f"+{found[2:]}"
    if found.startswith("+440"):
        found = f"+44{found[4:]}"
    if not found.isascii() or not _TELEPHONE.fullmatch(found):
        raise InvalidIdentifier("Enter a telephone number, like 0113 496 0000 or +44 113 496 0000.")
    return found


def email(text: str) -> str:
    found = text.strip()
    if not _EMAIL.fullmatch(found):
        raise InvalidIdentifier("Enter an email address in the correct format, like name@example.com.")
    return found


def sort_code(text: str) -> str:
    found = _squeezed(text, "-")
    if not found.isascii() or not _SORT_CODE.fullmatch(found):
        raise InvalidIdentifier("A sort code has 6 digits, like 30-94-30.")
    return f"{found[:2]}-{found[2:4]}-{found[4:]}"


def account_number(text: str) -> str:
    """Of an account, a card or an IBAN: 6 to 34 digits and letters."""
    found = _squeezed(text, "-")
    if not found.isascii() or not _ACCOUNT.fullmatch(found):
        raise InvalidIdentifier("An account or card number has 6 to 34 digits, like 12345678.")
    return found


FORMATS: dict[str, Callable[[str, date], str]] = {
    **PARSERS,
    "postcode": lambda text, _: postcode(text),
    "postcode_or_grid": lambda text, _: postcode_or_grid(text),
    "vrm": lambda text, _: registration_mark(text),
    "telephone": lambda text, _: telephone(text),
    "email": lambda text, _: email(text),
    "sort_code": lambda text, _: sort_code(text),
    "account_number": lambda text, _: account_number(text),
}


def _squeezed(text: str, also: str = "") -> str:
    return "".join(each for each in text.upper() if not each.isspace() and each not in also)
