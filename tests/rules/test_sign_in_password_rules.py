"""What a password must be."""

from __future__ import annotations

import pytest

from services.identity.sign_in.password_rules import why_not_password

NAMES = ("ann.ash-worthy", "Ann Ashworthy")


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijkl",
        "correct horse battery staple",
        "x" * 195 + "abcde",
        "all small letters only",
        "123456789012 345",
        "planned washing",  # "Ann" and "Ash" are too short to count
    ],
)
def test_whatever_is_long_and_not_the_person_will_do(password: str) -> None:
    assert why_not_password(password, NAMES) is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "12 characters"),
        ("abcdefghijk", "12 characters"),
        ("x" * 196 + "abcde", "200 characters"),
        ("my ASHWORTHY password", "your name"),
        ("not so worthy a password", "your name"),
        ("aaaaaaaaaaaa", "different"),
        ("abababababcdcd", "different"),
    ],
)
def test_what_will_not_do_says_why(password: str, said: str) -> None:
    assert said in (why_not_password(password, NAMES) or "")
