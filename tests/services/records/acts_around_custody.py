"""Acts before there is a record, and about custody: referrals, reception, moves between prisons, what prisons tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.access.principal import Principal
from tests.servers.records import LEEDS, PRISON, World
from tests.services.records.acts import TEXT, Act, Asked
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_custody_by_hand import AT
from tests.services.records.test_custody_messages import message
from tests.services.records.test_prison_moves import LEAVES, TO, Wing, on_a_wing
from tests.services.records.test_reception import ASK
from tests.services.records.test_referrals import CASE, register

DELIUS = {"level": 2, "crn": "X123456", "unit": LEEDS}


# ---- Referrals and reception. ----


def _tess(world: World) -> Principal:
    return world.person(
        LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Tess Tasked"
    )


def _register(world: World, _cast: Cast) -> Asked:
    return _tess(world), CASE | {"level": 2, "crn": "X123456"}


def _registered(world: World, cast: Cast) -> tuple[Principal, dict[str, Any]]:
    tess, given = _register(world, cast)
    return tess, {"referral_id": register(world, tess, **given)}


def _raise_level(world: World, cast: Cast) -> Asked:
    tess, one = _registered(world, cast)
    return tess, one | {"version": 2, "level": 3, "release_on": None, "sentenced_on": None}


def _close(world: World, cast: Cast) -> Asked:
    tess, one = _registered(world, cast)
    return tess, one | {"reason": TEXT}


def _create(world: World, cast: Cast) -> Asked:
    tess, one = _registered(world, cast)
    person = {name: CASE[name] for name in ("category", "forenames", "surname", "date_of_birth")}
    return tess, one | person | {"level": 2, "crn": "X123456"}


def _told_of_registration(world: World, _cast: Cast) -> Asked:
    _tess(world)
    return feed("integration.ndelius"), CASE | DELIUS


def _ask_for_record(world: World, _cast: Cast) -> Asked:
    _tess(world)
    return world.person(PRISON, "partner", roles=("prison_administrator",), name="Pat Prison"), dict(ASK)


# ---- Custody. ----


def _told_of_reception(_world: World, _cast: Cast) -> Asked:
    return feed(), {"Message": message()}


def _move(_world: World, cast: Cast) -> Asked:
    return cast.manager, {"nominal_id": cast.nominal, "kind": "received", "prison": PRISON, "at": AT}


def _wing(world: World, cast: Cast) -> tuple[Wing, dict[str, Any]]:
    wing = on_a_wing(world, cast)
    return wing, {"to_prison": TO, "departs_at": LEAVES.isoformat()}


def _book(world: World, cast: Cast) -> Asked:
    wing, move = _wing(world, cast)
    return wing.administrator, move | {"nominal_id": wing.nominal}


def _told_of_move(world: World, cast: Cast) -> Asked:
    _, move = _wing(world, cast)
    return feed(), move | {"noms": "A0009AA"}


def _confirm(world: World, cast: Cast) -> Asked:
    wing, _ = _wing(world, cast)
    move = wing.book()
    wing.fill()
    return wing.administrator, wing.of(move)


def _cancel(world: World, cast: Cast) -> Asked:
    wing, _ = _wing(world, cast)
    return wing.administrator, wing.of(wing.book())


def _override(world: World, cast: Cast) -> Asked:
    wing, _ = _wing(world, cast)
    return wing.lead, wing.of(wing.book(), reason=TEXT)


def _told_of_risk(world: World, cast: Cast) -> Asked:
    on_a_wing(world, cast)
    return feed(), {"noms": "A0009AA", "kind": "alert", "type": "x", "reference": "alert-77"}


def _look(_world: World, cast: Cast) -> Asked:
    return cast.manager, {"nominal_id": cast.nominal}


AROUND_CUSTODY: Final[Mapping[str, Act]] = {
    "referrals.register": Act(_register, ("referral.registered",)),
    "referrals.change": Act(_raise_level, (), again="stale"),
    "referrals.close": Act(_close, ("referral.closed",)),
    "referrals.hear": Act(_told_of_registration, ("referral.registered",), again="done"),
    "nominals.create": Act(_create, ("nominal.created",), again="R18"),
    "reception.ask_record": Act(_ask_for_record, ("referral.asked_informed",)),
    "custody.hear": Act(_told_of_reception, ("custody.received",), again="done"),
    "custody.record": Act(_move, ("custody.received", "nominal.changed"), again="invalid"),
    "prison_moves.book": Act(_book, ("prison_move.booked",)),
    "prison_moves.hear": Act(_told_of_move, ("prison_move.booked",), again="done"),
    "prison_moves.confirm": Act(_confirm, ("prison_move.ended",)),
    "prison_moves.cancel": Act(_cancel, ("prison_move.ended",)),
    "prison_moves.override": Act(_override, ("prison_move.ended",)),
    "prison_risk.hear": Act(_told_of_risk, ("prison_risk.told",), again="done"),
    "record_checks.check": Act(_look, ("record.checked",), again="done anew"),
}
