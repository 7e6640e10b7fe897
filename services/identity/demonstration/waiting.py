"""One of each thing that waits for somebody else or that is looked at now and then: no page without an occasion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from services.identity.adjustments import commands as adjustments
from services.identity.adjustments.models import AdjustmentPlan, MandateExemption
from services.identity.coverage.models import LocalPractice
from services.identity.demonstration.invented import User
from services.identity.demonstration.rows import person_id
from services.identity.entitlements.models import NetworkEntitlement
from services.identity.log_on_audit.models import LogOnAudit, SupervisionDate
from services.identity.log_on_audit.supervision import tell_booked
from services.identity.people.models import Person
from services.identity.policy.models import PolicyChange
from services.identity.prison_returns.figures import as_kept, figures, month_before
from services.identity.prison_returns.models import PrisonReturn
from services.identity.questions import commands as questions
from services.identity.questions.models import AccessQuestion
from services.identity.service import Base
from services.identity.staffing.models import StaffingDeclaration
from services.identity.vetting.models import VettingTypeChange
from shared.ids import new_id
from shared.work import Work

_LEEDS, _AREA, _NEXT_AREA, _PRISON = "pdu-N55LEE", "area-53", "area-52", "prison-WSI"
_SPO, _PRACTITIONER, _ADMINISTRATOR = "joanna.kaczmarek", "imran.sadiq", "ruth.ackroyd"
_CPC, _LEAD, _SRO = "samuel.oyelade", "owen.llewellyn", "arthur.moncrieff"
_UNITS = frozenset({_LEEDS, "pdu-N55WAK", "pdu-N55KIR", "pdu-N55BAC"})
_TAKEN = 5  # so many people of the area without a part are taken below
Known = Mapping[str, User]


def add_what_waits(work: Work, users: Sequence[User]) -> None:
    """Nothing of anybody who is not there: tests load a few units alone."""
    known = {user.username: user for user in users}
    plain = [user.username for user in users if user.unit in _UNITS and not user.part]
    if {_SPO, _ADMINISTRATOR, _CPC} <= known.keys() and len(plain) >= _TAKEN:
        work.session.add_all(_of_people(work, sorted(plain)))
    work.session.add_all([*_national(work, users), *_areas(work, known, users), *_prison(work, known)])
    _supervision(work, known)
    work.session.flush()


def _of_people(work: Work, plain: Sequence[str]) -> Iterable[Base]:
    """A plan of adjustments, an exemption, one whose review is overdue, a question and an entitlement."""
    by, now = person_id(_CPC), work.system_now

    def kept(text: str) -> bytes:
        return work.runtime.encrypt(None, adjustments.PURPOSE, text)

    yield AdjustmentPlan(
        person_id=person_id(plain[0]),
        need=kept("Reads with a screen reader, which the scanned minutes of meetings defeat."),
        adjustment=kept("Minutes are asked for as text; an administrator reads out what comes as a picture."),
        administrator=person_id(_ADMINISTRATOR),
        made_by=by,
        made_at=now - timedelta(days=70),
    )
    for username, review in ((plain[1], 110), (plain[2], -8)):
        yield MandateExemption(
            person_id=person_id(username),
            options_tried=kept("Three screen readers, a larger screen and speech recognition were tried."),
            exempt_from=work.today - timedelta(days=120),
            review_on=work.today + timedelta(days=review),
            made_by=by,
            made_at=now - timedelta(days=120),
        )
    yield AccessQuestion(
        person_id=person_id(plain[3]),
        text=work.runtime.encrypt(
            None, questions.PURPOSE, "I cover for a manager next month. Do I need the Manager token for that?"
        ),
        asked_at=now - timedelta(days=1),
    )
    yield NetworkEntitlement(
        person_id=person_id(plain[4]),
        kind="probation_lan",
        reference="Demonstration",
        valid_from=work.today - timedelta(days=200),
        recorded_by=by,
        recorded_at=now - timedelta(days=200),
    )


def _national(work: Work, users: Sequence[User]) -> Iterable[Base]:
    """What one proposed and another confirms: a change of policy, and one of the kinds of vetting."""
    administrators = [user.username for user in users if any(held.name == "admin" for held in user.tokens)]
    other = next((name for name in administrators if name != "yvonne.blenkinsop"), None)
    if any(user.username == _SRO for user in users):
        yield PolicyChange(
            id=new_id(),
            key="rotl.check_lasts",
            value="10 calendar days",
            in_force_from=work.today + timedelta(days=30),
            source="Proposal of the user group, for the demonstration",
            state="proposed",
            proposed_by=person_id(_SRO),
            proposed_at=work.system_now - timedelta(days=2),
            decision="",
        )
    if other is not None:
        yield VettingTypeChange(
            code="rv",
            wanted={
                "name": "Recruitment Vetting (police)",
                "level": 2,
                "scheme": "nppv2023",
                "accepted_from": work.today.isoformat(),
                "accepted_to": None,
                "authority": "Home Office letter, for the demonstration",
                "needs_sro": True,
            },
            reason="Forces ask for it",
            proposed_by=person_id(other),
            proposed_at=work.system_now - timedelta(days=3),
        )


def _areas(work: Work, known: Known, users: Sequence[User]) -> Iterable[Base]:
    """A statement that waits for the regional director, and audits of log-ons that are begun and to be signed."""
    cpc = next((user for user in users if user.unit == _NEXT_AREA and _holds(user, "cpc")), None)
    if cpc is not None:
        yield StaffingDeclaration(
            area=_NEXT_AREA,
            sufficient=True,
            reason="All but two of those in listed posts are vetted and trained",
            proposed_by=person_id(cpc.username),
            proposed_at=work.system_now - timedelta(days=4),
        )
    helper = next((user for user in users if user.unit == _AREA and _holds(user, "central_support")), None)
    if _CPC in known and helper is not None:
        yield LogOnAudit(
            unit=_AREA,
            period_from=work.today - timedelta(days=30),
            period_to=work.today - timedelta(days=1),
            state="begun",
            begun_by=person_id(_CPC),
            begun_at=work.now - timedelta(hours=3),
        )
        yield LogOnAudit(
            unit=_AREA,
            period_from=work.today - timedelta(days=60),
            period_to=work.today - timedelta(days=31),
            state="completed",
            begun_by=person_id(helper.username),
            begun_at=work.now - timedelta(days=9),
            findings="All but one of the sample logged on each week.",
            complies="partly",
            actions="The LPC speaks with the one who did not.",
            completed_by=person_id(helper.username),
            completed_at=work.now - timedelta(days=8),
        )


def _holds(user: User, token: str) -> bool:
    return any(held.name == token for held in user.tokens)


def _prison(work: Work, known: Known) -> Iterable[Base]:
    """A practice of Wormwood Scrubs' own, and its return of the month before the last."""
    if _LEAD not in known:
        return
    by = person_id(_LEAD)
    yield LocalPractice(
        unit=_PRISON,
        title="Names for the gate",
        text="The duty governor has the names of those who leave on temporary licence the evening before.",
        in_force_from=work.today - timedelta(days=90),
        complies=True,
        equality_checked=True,
        written_by=by,
        written_at=work.now,
    )
    month = month_before(month_before(work.today))
    yield PrisonReturn(
        unit=_PRISON,
        month=month,
        figures=as_kept(figures(work, _PRISON, month)),
        note="One case administrator joined.",
        confirmed_by=by,
        confirmed_at=work.now - timedelta(days=28),
    )


def _supervision(work: Work, known: Known) -> None:
    if not {_SPO, _PRACTITIONER} <= known.keys():
        return
    booked = SupervisionDate(
        practitioner=person_id(_PRACTITIONER),
        supervisor=person_id(_SPO),
        day=work.today + timedelta(days=20),
        entered_at=work.now,
    )
    work.session.add(booked)
    work.session.flush()
    tell_booked(work, booked, work.session.get_one(Person, booked.practitioner))
