"""Invents people, and the slips with which the same people are written down again: typing, sound and order.

Made for the test of the duplicate check alone, and knows nothing of how that works.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

_FORENAMES = (
    "James John Robert Michael William David Richard Thomas Christopher Daniel Matthew Anthony Mark Paul Steven Andrew "
    "Kenneth Joshua Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan "
    "Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Mohammed Ahmed Imran Tariq Aleksander Piotr Tomasz "
    "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Margaret Lisa Betty Dorothy Sandra "
    "Ashley Kimberly Donna Emily Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Kathleen"
)
_SURNAMES = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green "
    "Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis Rodgers Cox Alexander Marshall "
    "Whitehouse Fitzgerald Macdonald Sutherland Cunningham Harrington Blackwood Shackleton Featherstone Montgomery "
    "Kowalski Nowak Hussain Begum Okonkwo Adeyemi Ferreira Schneider Petrov Horvath Lindqvist Vandenberg Castellano "
    "Braithwaite Chatterjee Dhaliwal Eastwood Farquharson Gallagher Heathcote Ingleby Jefferies Kirkpatrick Llewellyn"
)
FORENAMES, SURNAMES = _FORENAMES.split(), _SURNAMES.split()
SHORT = {
    "Robert": "Bob",
    "William": "Bill",
    "Elizabeth": "Liz",
    "Michael": "Mike",
    "Anthony": "Tony",
    "Daniel": "Dan",
}
SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ll", "l"), ("tt", "t"), ("ss", "s"), ("nn", "n"), ("ie", "ei"), ("ei", "ie"),
    ("ey", "y"), ("th", "t"), ("ough", "uff"), ("son", "sen"), ("mac", "mc"), ("sch", "sh"), ("wh", "w"), ("ea", "ee"),
    ("ow", "ou"), ("v", "w"), ("x", "ks"), ("dg", "g"), ("ai", "ay"), ("z", "s"), ("qu", "kw"), ("c", "k"), ("i", "y"),
)  # fmt: skip


@dataclass(frozen=True)
class Invented:
    forename: str
    surname: str
    born: date


def invented(chance: random.Random) -> Invented:
    """The commoner names, which stand first, are commoner here, too."""
    surname = SURNAMES[int(len(SURNAMES) * chance.random() ** 2)]
    if chance.random() < 0.5:  # a register has thousands of surnames that a list of seventy has not
        surname = surname[: chance.randrange(2, 5)].capitalize() + chance.choice(
            ("ley", "worth", "ham", "berg", "ford", "ington", "well", "stone", "ard", "mond", "ski", "by")
        )
    forename = FORENAMES[int(len(FORENAMES) * chance.random() ** 1.5)]
    return Invented(forename, surname, date(1940, 1, 1) + timedelta(days=chance.randrange(24_000)))


def mistyped(chance: random.Random, name: str) -> str:
    """One letter left out, doubled, replaced or turned round with the next; not the first."""
    at = chance.randrange(1, len(name) - 1) if len(name) > 2 else 1
    done = chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + chance.choice("aeioustrnl") + name[at + 1 :],
            name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
        )
    )
    return done if done != name else name + name[-1]


def misheard(chance: random.Random, name: str) -> str:
    """Written as it sounds; where no rule fits, mistyped."""
    lower = name.lower()
    fitting = [(heard, as_) for heard, as_ in SOUNDS if heard in lower]
    if not fitting:
        return mistyped(chance, name)
    return lower.replace(*chance.choice(fitting), 1).capitalize()


def wrong_date(chance: random.Random, born: date) -> date:
    """A digit wrong, or day and month the other way round."""
    for _ in range(50):
        digits = list(f"{born:%Y%m%d}")
        digits[chance.choice((2, 3, 5, 6, 7))] = chance.choice("0123456789")
        text = "".join(digits)
        swapped = f"{born:%Y}{born:%d}{born:%m}"
        try:
            found = date.fromisoformat(swapped if chance.random() < 0.2 else text)
        except ValueError:
            continue
        if found != born:
            return found
    raise AssertionError(born)


def surname_slip(chance: random.Random, one: Invented) -> Invented:
    return replace(one, surname=chance.choice((mistyped, misheard))(chance, one.surname))


def forename_slip(chance: random.Random, one: Invented) -> Invented:
    if one.forename in SHORT and chance.random() < 0.5:
        return replace(one, forename=SHORT[one.forename])
    return replace(one, forename=mistyped(chance, one.forename))


def date_slip(chance: random.Random, one: Invented) -> Invented:
    return replace(one, born=wrong_date(chance, one.born))


def order_slip(_chance: random.Random, one: Invented) -> Invented:
    return replace(one, forename=one.surname, surname=one.forename)


def written_again(chance: random.Random, one: Invented) -> Invented:
    """The same person with none, one or two slips."""
    slips = chance.choice(
        (
            (),
            (surname_slip,),
            (forename_slip,),
            (date_slip,),
            (order_slip,),
            (surname_slip, date_slip),
            (surname_slip, date_slip),
            (forename_slip, date_slip),
            (surname_slip, forename_slip),
        )
    )
    for slip in slips:
        one = slip(chance, one)
    return one


def somebody_else(chance: random.Random, one: Invented) -> Invented:
    """Another person who has something in common with this one, as many on a register have."""
    other = invented(chance)
    return chance.choice(
        (
            other,
            replace(other, surname=one.surname),
            replace(other, surname=one.surname, forename=one.forename),
            replace(other, born=one.born),
            replace(other, born=one.born, surname=one.surname),  # a twin
            replace(other, born=one.born.replace(day=min(28, other.born.day)), forename=one.forename),
            replace(other, surname=one.surname, born=other.born.replace(year=one.born.year, day=1)),
        )
    )
