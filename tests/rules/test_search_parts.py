"""By which parts what is known beside the summary is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.search.parts import kept, sought, telephone, vehicle


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("07700 900123", "7700900123"),
        ("+44 7700 900123", "7700900123"),
        ("+44 (0)7700-900123", "7700900123"),
        ("0044 7700 900123", "7700900123"),
        ("447700900123", "7700900123"),
        ("0113 496 0000 ext. 23", "1134960000"),
        ("0113 496 0000 x23", "1134960000"),
        ("+33 1 99 00 12 34", "33199001234"),
        ("4496 0000", "44960000"),
        ("٠٧٧٠٠٩٠٠١٢٣", "7700900123"),
        ("none", ""),
    ],
)
def test_a_telephone_number_in_its_normal_form(written: str, digits: str) -> None:
    assert telephone(written) == digits


def test_a_registration_in_its_normal_form() -> None:
    assert vehicle("ab12 cde") == vehicle("AB 12-CDE") == "ABI2CDE"
    assert vehicle("AO51 BOB") == vehicle("A051 B0B")


def found(kind: str, known: str, typed: str) -> list[str]:
    here = set(kept(kind, known))  # type: ignore[arg-type]
    return [one.says for one in sought(kind, typed) if here.issuperset(one.parts)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "known", "typed", "why"),
    [
        ("telephone", "07700 900123", "+447700900123", "same telephone number"),
        ("telephone", "07700 900123", "900 123", "telephone number with the same last 6 digits"),
        ("vehicle", "AB12 CDE", "ab12cde", "same vehicle registration"),
        ("vehicle", "AB12 CDE", "AB12", "vehicle registration that begins so"),
        ("vehicle", "AB12 CDE", "cde", "vehicle registration that ends so"),
        ("identifier", "AB 12-34 c", "ab1234C", "same identifier"),
        (
            "address",
            "12 Acacia Ave, Leeds LS6 1AB",
            "12 acacia avenue ls61ab",
            "same house number, street and postcode",
        ),
        ("address", "12 Acacia Avenue, Leeds LS6 1AB", "LS6 1AB", "same postcode"),
        (
            "address",
            "12 Acacia Avenue, Leeds",
            "12 Acacia Road, Leeds",
            "same house number, street and place",
        ),
        ("address", "12 Acacia Avenue, Leeds", "Acacia Avenue Leeds", "same street and place"),
        ("address", "12 Park Road, Leeds", "12 Park Rd Leeds", "same house number, street and place"),
        ("address", "12 Park Road", "12 park road", "same house number and street"),
        ("address", "Flat 3, 12 Acacia Avenue", "12 Acacia Avenue", "same house number and street"),
        ("address", "12 St. Mary's Rd, Leeds", "st marys road leeds", "same street and place"),
    ],
)
def test_what_is_known_is_found(kind: str, known: str, typed: str, why: str) -> None:
    assert found(kind, known, typed)[0] == why


@pytest.mark.parametrize(
    ("kind", "known", "typed"),
    [
        ("telephone", "07700 900123", "07700 900124"),
        ("telephone", "07700 900123", "00123"),
        ("vehicle", "AB12 CDE", "AB13 CDE"),
        ("vehicle", "AB12 CDE", "A"),
        ("address", "12 Acacia Avenue, Leeds", "Leeds"),
        ("address", "12 Acacia Avenue, Leeds", "The Road, Leeds"),
        ("address", "12 Acacia Avenue, Leeds", "12"),
        ("address", "12 Acacia Avenue, Leeds", "13 Acacia Avenue, York"),
        ("address", "12 Park Road, Leeds", "12 Park"),
        ("address", "12 Park Road, Leeds", "12 Park Lane"),
        ("identifier", "AB1234C", "-- --"),
    ],
)
def test_less_or_other_finds_nothing(kind: str, known: str, typed: str) -> None:
    assert found(kind, known, typed) == []


@pytest.mark.parametrize("kind", ["telephone", "vehicle", "address", "identifier"])
@given(text=st.text(max_size=600))
def test_whatever_is_typed_is_taken(kind: str, text: str) -> None:
    """And whoever looks for exactly what is kept finds it, if there is a way to look for it at all."""
    here = set(kept(kind, text))  # type: ignore[arg-type]
    ways = sought(kind, text)  # type: ignore[arg-type]
    assert all(here.issuperset(way.parts) for way in ways if not way.parts[0].startswith("vehicle "))
    assert len(ways) < 200
