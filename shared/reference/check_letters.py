"""The check letter that the PNC and the criminal record office share."""

from __future__ import annotations

# I, O and S are left out, since a written I, O or S is read as 1, 0 or 5.
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def check_letter(digits: str) -> str:
    """The letter for two digits of the year followed by the serial, read as one whole number."""
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def pnc_letter(year: int, serial: int) -> str:
    """The serial counts as seven digits."""
    return check_letter(f"{year % 100:02}{serial:07}")


def cro_letter(year: int, serial: int) -> str:
    """Standard form NNNNNN/YYC: the serial counts as six digits."""
    return check_letter(f"{year % 100:02}{serial:06}")


def search_file_letter(year: int, serial: int) -> str:
    """Search-file form SFYY/NC: the serial counts with the digits it has, without leading zeros."""
    return check_letter(f"{year % 100:02}{serial}")


def format_pnc(year: int, serial: int) -> str:
    return f"{year:04}/{serial:07}{pnc_letter(year, serial)}"


def format_cro(year: int, serial: int) -> str:
    return f"{serial:06}/{year % 100:02}{cro_letter(year, serial)}"


def format_search_file(year: int, serial: int) -> str:
    return f"SF{year % 100:02}/{serial}{search_file_letter(year, serial)}"
