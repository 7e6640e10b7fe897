"""Identifiers against published examples, and against a calculation of our own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.identifiers import (
    Identifier,
    InvalidIdentifier,
    parse_crn,
    parse_cro,
    parse_nino,
    parse_noms,
    parse_pnc,
    parse_visor,
    recognise,
)

TODAY = date(2026, 11, 21)

# Typed out in the order of the remainder, apart from the suite's own table.
LETTER_OF_REMAINDER = {
    0: "Z", 1: "A", 2: "B", 3: "C", 4: "D", 5: "E", 6: "F", 7: "G", 8: "H", 9: "J", 10: "K", 11: "L",
    12: "M", 13: "N", 14: "P", 15: "Q", 16: "R", 17: "T", 18: "U", 19: "V", 20: "W", 21: "X", 22: "Y",
}  # fmt: skip


def remainder_by_hand(digits: str) -> int:
    """Long division by 23, digit by digit."""
    remainder = 0
    for digit in digits:
        remainder = (remainder * 10 + "0123456789".index(digit)) % 23
    return remainder


def letter_by_hand(digits: str) -> str:
    return LETTER_OF_REMAINDER[remainder_by_hand(digits)]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("81/34U", "1981/0000034U"),
        ("02/73319Z", "2002/0073319Z"),
        ("00/223R", "2000/0000223R"),
        ("79/163001B", "1979/0163001B"),
        ("033Y", "2003/0000003Y"),
        ("67/9893091D", "1967/9893091D"),
        (" 67 / 9893091 d ", "1967/9893091D"),
        ("1967/9893091D", "1967/9893091D"),
        ("19679893091D", "1967/9893091D"),
    ],
)
@pytest.mark.clause("PF-5.12.1")
def test_published_pnc_numbers_are_read(typed: str, canonical: str) -> None:
    assert parse_pnc(typed, TODAY) == canonical


@pytest.mark.parametrize("typed", ["20030011985Z", "20120052494O", "20230583843N", "2001/0171310S"])
def test_published_wrong_pnc_numbers_are_refused_for_their_letter(typed: str) -> None:
    with pytest.raises(InvalidIdentifier, match="letter"):
        parse_pnc(typed, TODAY)


@pytest.mark.parametrize(
    "typed", ["", "/", "PNC", "1967/D", "196/9893091D", "1967/98930911D", "67-9893091D", "6७/1A"]
)
def test_what_is_no_pnc_number_is_told_the_shape(typed: str) -> None:
    with pytest.raises(InvalidIdentifier, match="A PNC number has"):
        parse_pnc(typed, TODAY)


def test_a_two_digit_year_turns_with_the_century() -> None:
    letter = letter_by_hand("260000034")
    assert parse_pnc(f"26/34{letter}", date(2026, 1, 1)) == f"2026/0000034{letter}"
    assert parse_pnc(f"26/34{letter}", date(2025, 12, 31)) == f"1926/0000034{letter}"


def test_a_year_to_come_is_refused() -> None:
    with pytest.raises(InvalidIdentifier, match="future"):
        parse_pnc(f"2027/0000034{letter_by_hand('270000034')}", TODAY)


def test_a_number_that_reads_two_ways_without_its_slash_is_asked_for_the_slash() -> None:
    digits, letter = next(
        (digits, short)
        for year in range(1900, 2027)
        for serial in ("1", "12", "123", "1234", "12345")
        if (digits := f"{year}{serial}")
        and (short := letter_by_hand(digits[:2] + digits[2:].zfill(7)))
        == letter_by_hand(digits[2:4] + serial.zfill(7))
    )
    with pytest.raises(InvalidIdentifier, match="slash"):
        parse_pnc(digits + letter, TODAY)


@given(st.integers(1900, 2026), st.integers(0, 9_999_999))
def test_only_one_letter_fits_a_pnc_number(year: int, serial: int) -> None:
    right = letter_by_hand(f"{year % 100:02}{serial:07}")
    assert parse_pnc(f"{year}/{serial}{right.lower()}", TODAY) == f"{year}/{serial:07}{right}"
    for wrong in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {right}:
        with pytest.raises(InvalidIdentifier):
            parse_pnc(f"{year}/{serial}{wrong}", TODAY)


@given(st.integers(1900, 2026), st.integers(0, 9_999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_mistyped_digit_of_a_pnc_serial_is_always_found(
    year: int, serial: int, place: int, shift: int
) -> None:
    letter = letter_by_hand(f"{year % 100:02}{serial:07}")
    digits = list(f"{serial:07}")
    digits[place] = str((int(digits[place]) + shift) % 10)
    with pytest.raises(InvalidIdentifier):
        parse_pnc(f"{year}/{''.join(digits)}{letter}", TODAY)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [("SF05/482703J", "SF05/482703J"), ("SF83/50058Z", "SF83/50058Z"), ("65656/91H", "065656/91H")],
)
def test_published_cro_numbers_are_read(typed: str, canonical: str) -> None:
    assert parse_cro(typed) == canonical


def test_a_wrong_cro_number_is_refused() -> None:
    with pytest.raises(InvalidIdentifier, match="letter"):
        parse_cro("85227/65G")


@pytest.mark.parametrize("typed", ["", "65656H", "1234567/91H", "SF5/482703J", "SF05/4827030J"])
def test_what_is_no_cro_number_is_told_the_shape(typed: str) -> None:
    with pytest.raises(InvalidIdentifier, match="A CRO number has"):
        parse_cro(typed)


@given(st.integers(0, 99), st.integers(1, 999_999))
def test_cro_letters_count_the_serial_padded_and_those_of_the_search_file_do_not(
    year: int, serial: int
) -> None:
    padded, bare = letter_by_hand(f"{year:02}{serial:06}"), letter_by_hand(f"{year:02}{serial}")
    assert parse_cro(f"{serial}/{year:02}{padded}") == f"{serial:06}/{year:02}{padded}"
    assert parse_cro(f"SF{year:02}/{serial}{bare}") == f"SF{year:02}/{serial}{bare}"


@given(st.text(max_size=14))
def test_whatever_is_typed_is_read_or_refused_and_nothing_else(text: str) -> None:
    for identifier in recognise(text, TODAY):
        assert identifier in recognise(identifier.value, TODAY)


def test_prison_probation_and_visor_numbers() -> None:
    assert parse_noms("a0002aa") == "A0002AA"
    assert parse_crn(" x123456") == "X123456"
    assert parse_visor("v 1234 5678") == "V12345678"
    for parse, wrong in (
        (parse_noms, "A002AA"),
        (parse_noms, "A00O2AA"),
        (parse_crn, "XX12345"),
        (parse_crn, "X1234567"),
        (parse_visor, "V1234567"),
        (parse_visor, "X12345678"),
    ):
        with pytest.raises(InvalidIdentifier, match=r"has (a|the) letter"):
            parse(wrong)


def test_national_insurance_numbers() -> None:
    assert parse_nino("ab 12 34 56 c") == "AB123456C"
    for wrong in (
        "DB123456C",
        "AO123456C",
        "AV123456C",
        "QQ123456C",
        "AB123456E",
        "AB12345C",
        "AB123456",
        "BG123456A",
    ):
        with pytest.raises(InvalidIdentifier, match="National Insurance"):
            parse_nino(wrong)
    assert parse_nino("OA123456A") == "OA123456A", "O is barred from the second place only"


def test_a_search_box_knows_which_number_it_holds() -> None:
    assert recognise("81/34U", TODAY) == [Identifier("pnc", "1981/0000034U")]
    assert recognise("A0002AA", TODAY) == [Identifier("noms", "A0002AA")]
    assert recognise("X123456", TODAY) == [Identifier("crn", "X123456")]
    assert recognise("Sutcliffe", TODAY) == []
