"""Tokens to set, a request, a deputy and assurance, so that a CPC's pages are not empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import update

from services.identity.assurance.models import AssuranceEntry
from services.identity.central_support.commands import tell_asked
from services.identity.central_support.models import CentralSupportRequest
from services.identity.demonstration.invented import User
from services.identity.demonstration.rows import person_id
from services.identity.deputies.models import Deputyship
from services.identity.tokens.models import TokenGrant, TokenOrder
from shared.work import Work

_CPC, _LEEDS, _AREA, _NEXT_AREA = "samuel.oyelade", "pdu-N55LEE", "area-53", "area-52"
_SOUTH_YORKSHIRE = frozenset({"pdu-N55BAS", "pdu-N55DNR", "pdu-N55SHF"})
_PRISON, _GROUP, _PRISON_CPC = "prison-WSI", "group-LNDN", "patrick.doyle"
# who, token, why
_ORDERS = (
    ("imran.sadiq", "manager", "Takes over records of a colleague who left"),
    ("joanna.kaczmarek", "manager", "Manages records while the team is short"),
)
# unit, writer, days ago, kind, subject, outcome, note
_ASSURED = (
    (_AREA, _CPC, 40, "security", "Offices in Leeds: screens and clear desks", "assured", ""),
    (_AREA, _CPC, 21, "account_access", "New case administrators in Bradford", "assured", "Five accounts"),
    (
        _AREA,
        _CPC,
        6,
        "security",
        "Printer in Wakefield reception",
        "assured_with_actions",
        "Moves to a locked room by the end of the month",
    ),
    (_GROUP, _PRISON_CPC, 12, "terminal", "Wormwood Scrubs, offender management unit", "assured", ""),
)


def add_entitlements(work: Work, users: Sequence[User]) -> None:
    """Nothing of anybody who is not there: tests load a few units alone."""
    known = {user.username: user for user in users}
    rows = [
        *_orders(work, known),
        *_requests(work, known),
        *_assurance(work, known),
    ]
    work.session.add_all([*rows, *_deputies(work, users)])
    work.session.execute(
        update(TokenGrant)
        .where(TokenGrant.token == "cpc", TokenGrant.unit == _NEXT_AREA)  # noqa: S105 - an access right
        .values(
            warnings=["other_appointer"], note="The head of public protection was ill; the director appointed"
        )
    )
    work.session.flush()
    for row in rows:
        if isinstance(row, CentralSupportRequest):
            tell_asked(work, row)


def _orders(work: Work, known: Mapping[str, User]) -> Iterable[TokenOrder]:
    for username, token, reason in _ORDERS:
        if {username, _CPC} <= known.keys():
            yield TokenOrder(
                token=token,
                person_id=person_id(username),
                unit=_LEEDS,
                valid_from=work.today,
                reason=reason,
                authorised_by=person_id(_CPC),
                authorised_at=work.system_now - timedelta(days=1),
            )


def _requests(work: Work, known: Mapping[str, User]) -> Iterable[CentralSupportRequest]:
    if "owen.llewellyn" in known:
        yield CentralSupportRequest(
            person_id=person_id("owen.llewellyn"),
            unit=_PRISON,
            reason="To bulk partner new staff and archive accounts in our prison",
            asked_at=work.system_now - timedelta(days=1),
        )


def _assurance(work: Work, known: Mapping[str, User]) -> Iterable[AssuranceEntry]:
    for unit, writer, days_ago, kind, subject, outcome, note in _ASSURED:
        if writer in known:
            yield AssuranceEntry(
                unit=unit,
                happened_on=work.today - timedelta(days=days_ago),
                kind=kind,
                subject=subject,
                outcome=outcome,
                note=note,
                written_by=person_id(writer),
                written_at=work.system_now - timedelta(days=days_ago),
            )


def _deputies(work: Work, users: Sequence[User]) -> Iterable[Deputyship]:
    """South Yorkshire's CPC is away now; the deputy is an LPC there who holds Central Support."""
    fit = [user for user in users if _fit(user)]
    cpc = next((user for user in users if user.unit == _NEXT_AREA and _holds(user, "cpc")), None)
    deputy = next((user for user in fit if user.unit in _SOUTH_YORKSHIRE), None)
    if cpc is not None and deputy is not None:
        yield Deputyship(
            unit=_NEXT_AREA,
            person_id=person_id(deputy.username),
            ground="absent",
            valid_from=work.today,
            valid_to=work.today + timedelta(days=13),
            reason="Annual leave",
            named_by=person_id(cpc.username),
            named_at=work.system_now,
            started_at=work.system_now,
        )


def _fit(user: User) -> bool:
    return _holds(user, "lpc") and _holds(user, "central_support")


def _holds(user: User, token: str) -> bool:
    return any(held.name == token for held in user.tokens)
