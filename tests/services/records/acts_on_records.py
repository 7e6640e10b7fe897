"""Acts on a record itself: who may see it, its category, its log, its attachments, and what nDelius tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tests.servers.records import LEEDS, World
from tests.services.records.acts import TEXT, TODAY, Act, Asked
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_activity_log import write
from tests.services.records.test_activity_log_follow_up import need_of
from tests.services.records.test_attachments import ABOUT, PHONE, add
from tests.services.records.test_attachments_grading import CONDITIONS, REPORT
from tests.services.records.test_categories import WHY
from tests.services.records.test_limited_access import REVIEW, limit
from tests.services.records.test_ndelius_contacts import CRN, MESSAGE
from tests.services.records.test_quality_reports import ASKED as REPORT_ASKED

NOBODY: dict[str, Any] = {"only_roles": [], "only_agencies": [], "only_people": []}


# ---- Limited access and conflicts. ----


def _limit(_world: World, cast: Cast) -> Asked:
    given = {"reason": TEXT, "review_on": REVIEW.isoformat(), "people": [], "others": []}
    return cast.cpc, {"nominal_id": cast.nominal, **given}


def _limited(world: World, cast: Cast, **given: Any) -> Asked:
    limit(world, cast.cpc, cast.nominal, cast.partner)
    return cast.cpc, {"nominal_id": cast.nominal, **given}


def _review(world: World, cast: Cast) -> Asked:
    return _limited(world, cast, reason=TEXT, review_on="2026-08-01")


def _open_again(world: World, cast: Cast) -> Asked:
    return _limited(world, cast, reason=TEXT)


def _list(world: World, cast: Cast) -> Asked:
    return _limited(world, cast, others=[f"{cast.supervisor.person_id}@example.invalid"])


def _unlist(world: World, cast: Cast) -> Asked:
    return _limited(world, cast, person_id=cast.partner.person_id)


def _conflict(_world: World, cast: Cast) -> Asked:
    return cast.partner, {"nominal_id": cast.nominal, "reason": TEXT}


def _no_conflict(world: World, cast: Cast) -> Asked:
    who, given = _conflict(world, cast)
    made = world.run("conflicts.declare", who, **given)
    return cast.cpc, given | {"conflict_id": UUID(made["conflict_id"])}


def _open(_world: World, cast: Cast) -> Asked:
    return cast.stranger, {"nominal_id": cast.nominal, "reason_type": "other", "reason": TEXT}


# ---- Category. ----


def _categorise(_world: World, cast: Cast) -> Asked:
    stands = {"category": "2", "level": 3, "statutory_supervision": True, "effective_on": TODAY.isoformat()}
    return cast.manager, {"nominal_id": cast.nominal, "version": 1, **stands, **WHY}


def _deregister(_world: World, cast: Cast) -> Asked:
    return cast.manager, {
        "nominal_id": cast.nominal,
        "deregistered_on": TODAY.isoformat(),
        "reason": TEXT,
    }


def _register_again(world: World, cast: Cast) -> Asked:
    who, given = _deregister(world, cast)
    world.run("nominals.deregister", who, **given)
    return who, {"nominal_id": cast.nominal, "reason": TEXT}


def _known(world: World, cast: Cast) -> UUID:
    given: dict[str, Any] = {
        "manager_id": cast.manager.person_id,
        "partners": (cast.partner,),
        "numbers": {"crn": CRN},
    }
    return world.nominal(surname="Known", **given)


def _told_of_deregistration(world: World, cast: Cast) -> Asked:
    _known(world, cast)
    return feed("integration.ndelius"), {"crn": CRN, "deregistered_on": TODAY.isoformat()}


def _change(_world: World, cast: Cast) -> Asked:
    given = {"risk_level": "high", "risk_reason": TEXT, "address": "LS1 4AP", "markers": []}
    return cast.manager, {"nominal_id": cast.nominal, "version": 1, **given}


# ---- Log, attachments, nDelius, papers. ----


def _write(_world: World, cast: Cast) -> Asked:
    return cast.partner, {"nominal_id": cast.nominal, "kind": "contact", "text": TEXT}


def _correct(world: World, cast: Cast) -> Asked:
    entry = write(world, cast.partner, cast)
    return cast.partner, {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), "text": TEXT}


def _need_not(world: World, cast: Cast) -> Asked:
    return cast.manager, {"nominal_id": cast.nominal, "need_id": need_of(world, cast), "reason": TEXT}


def _reviewed(world: World, cast: Cast) -> Asked:
    world.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    return cast.manager, {"nominal_id": cast.nominal, "completed_on": "2026-03-31"}


def _told_of_review(world: World, cast: Cast) -> Asked:
    _known(world, cast)
    return feed("integration.ndelius"), {"crn": CRN, "completed_on": "2026-03-31"}


def _attach(_world: World, cast: Cast) -> Asked:
    return cast.partner, {"nominal_id": cast.nominal, **ABOUT, **PHONE}


def _attached(world: World, cast: Cast, **given: Any) -> dict[str, Any]:
    entry = add(world, cast.partner, cast)
    return {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"]), **given}


def _change_phone(world: World, cast: Cast) -> Asked:
    given = {**ABOUT, **PHONE, "number_or_address": "07700 900456", "version": 1}
    return cast.manager, _attached(world, cast, **given)


def _end(world: World, cast: Cast) -> Asked:
    return cast.manager, _attached(world, cast, ended_on=TODAY.isoformat())


def _remove(world: World, cast: Cast) -> Asked:
    return cast.cpc, _attached(world, cast, reason=TEXT)


def _name_reader(world: World, cast: Cast) -> Asked:
    entry = add(world, cast.partner, cast, "intelligence", **REPORT | CONDITIONS)
    given = {"entry_id": UUID(entry["id"]), "person_id": cast.manager.person_id}
    return cast.partner, {"nominal_id": cast.nominal, **given}


def _told_of_contact(world: World, cast: Cast) -> Asked:
    _known(world, cast)
    given = MESSAGE | {"attachments": ["telecoms"], "to_inform": "Housing office"}
    return feed("integration.ndelius"), given


def _contact(world: World, cast: Cast) -> dict[str, Any]:
    who, given = _told_of_contact(world, cast)
    world.run("ndelius_contacts.hear", who, **given)
    [one] = world.rows("SELECT id, nominal_id FROM ndelius_contact")
    return {"nominal_id": one.nominal_id, "contact_id": one.id}


def _copy(world: World, cast: Cast) -> Asked:
    given = {"text": TEXT, "for_attention": [], "important": False, "attachments": [], "to_inform": ""}
    return cast.manager, {**_contact(world, cast), **given, **NOBODY}


def _leave_out(world: World, cast: Cast) -> Asked:
    return cast.manager, {**_contact(world, cast), "reason": TEXT}


def _partner_many(world: World, cast: Cast) -> Asked:
    una = world.person(LEEDS, "partner", name="Una User")
    return cast.cpc, {"person_id": una.person_id, "unit": LEEDS}


def _issue(world: World, cast: Cast) -> Asked:
    one = world.run("quality.request_report", cast.cpc, **REPORT_ASKED)
    return cast.cpc, {"request_id": UUID(one["id"])}


ON_RECORDS: Final[Mapping[str, Act]] = {
    "limited_access.set": Act(_limit, ("nominal.limited_access", "standing.changed")),
    "limited_access.review": Act(_review, (), again="done anew"),
    "limited_access.end": Act(_open_again, ("nominal.limited_access", "standing.changed"), again="gone"),
    "limited_access.list": Act(_list, ("standing.changed",), again="done anew"),
    "limited_access.unlist": Act(_unlist, (), again="gone"),
    "conflicts.declare": Act(_conflict, ("conflict.declared",), again="R49", at_once="R34"),
    "conflicts.end": Act(_no_conflict, (), again="gone"),
    "access.open": Act(_open, ("nominal.accessed_unpartnered",), again="done anew"),
    "nominals.categorise": Act(_categorise, ("level.changed", "nominal.changed"), again="stale"),
    "nominals.deregister": Act(_deregister, ("nominal.deregistered", "archive.ready")),
    "nominals.register_again": Act(_register_again, ("nominal.registered_again",)),
    "nominals.hear_deregistration": Act(_told_of_deregistration, ("nominal.deregistered",), again="done"),
    "nominals.change": Act(_change, ("nominal.changed",), again="stale"),
    "activity_log.add": Act(_write, ("activity.added",), again="done anew"),
    "activity_log.correct": Act(_correct, ("activity.added",)),
    "activity_log.decline_need": Act(_need_not, ("attachment.need_settled",)),
    "activity_log.review_completed": Act(_reviewed, ("review.completed",), again="invalid"),
    "activity_log.hear_review": Act(_told_of_review, ("review.completed",), again="done"),
    "attachments.add.telecoms": Act(_attach, ("attachment.changed",), again="done anew"),
    "attachments.change.telecoms": Act(_change_phone, ("attachment.changed",), again="stale"),
    "attachments.end": Act(_end, ("attachment.changed",)),
    "attachments.remove": Act(_remove, ("attachment.changed",)),
    "attachments.name_reader": Act(_name_reader, (), again="done"),
    "ndelius_contacts.hear": Act(_told_of_contact, ("ndelius_contact.told",), again="done"),
    "ndelius_contacts.add": Act(_copy, ("ndelius_contact.settled", "activity.added")),
    "ndelius_contacts.leave_out": Act(_leave_out, ("ndelius_contact.settled",)),
    "bulk_partner.start": Act(_partner_many, ()),
    "quality.issue_report": Act(_issue, (), again="done anew"),
}
