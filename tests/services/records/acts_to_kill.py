"""Acts that decide or change a state: `test_killed_acts.py` kills each, `test_two_at_once.py` has two do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.records.deletion.rules import CHECKLIST
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World
from tests.services.records.acts import TEXT, TODAY, Act, Asked
from tests.services.records.acts_around_custody import AROUND_CUSTODY
from tests.services.records.acts_in_few_rows import IN_FEW_ROWS
from tests.services.records.acts_on_records import ON_RECORDS
from tests.services.records.conftest import Cast, feed
from tests.services.records.test_archiving import allocated, archive, deregister, terminated
from tests.services.records.test_deletion import WHY
from tests.services.records.test_deletion import ask as ask_for_deletion
from tests.services.records.test_imminent_risk import entered, raise_risk
from tests.services.records.test_meetings import record
from tests.services.records.test_merging import SOUTH_YORKSHIRE, opened
from tests.services.records.test_offender_managers import DIFFERS, named
from tests.services.records.test_partnership_drafts import CRN, police_owned
from tests.services.records.test_partnership_removals import leave as leave_prison
from tests.services.records.test_quality import begin, check_all, lead_check, prison_of
from tests.services.records.test_retention import hundred_on
from tests.services.records.test_retention import tick as ask_for_reviews
from tests.services.records.test_risk import add as assess
from tests.services.records.test_rotl import check
from tests.services.records.test_transfers import REASON, SHEFFIELD, ask_for, receiving

# ---- Transfers. ----


def _request(_world: World, cast: Cast) -> Asked:
    return cast.cpc, {"nominal_id": cast.nominal, "to_unit": SHEFFIELD, "reason": REASON}


def _agree(world: World, cast: Cast) -> Asked:
    there = receiving(world)
    return there.cpc, {"transfer_id": ask_for(world, cast), **there.people}


def _answer(world: World, cast: Cast) -> Asked:
    return receiving(world).cpc, {"transfer_id": ask_for(world, cast), "text": TEXT}


def _reply(world: World, cast: Cast) -> Asked:
    who, given = _answer(world, cast)
    world.run("transfers.ask", who, **given)
    return cast.cpc, given


def _withdraw(world: World, cast: Cast) -> Asked:
    receiving(world)
    return cast.cpc, {"transfer_id": ask_for(world, cast), "text": TEXT}


def _bulk(_world: World, cast: Cast) -> Asked:
    return cast.cpc, {"from_unit": LEEDS, "to_unit": SHEFFIELD, "reason": REASON, "whole": True}


def _bulk_asked(world: World, cast: Cast) -> dict[str, Any]:
    who, given = _bulk(world, cast)
    return {"bulk_id": UUID(world.run("bulk_transfer.request", who, **given)["id"])}


def _bulk_agree(world: World, cast: Cast) -> Asked:
    there = receiving(world)
    return there.cpc, _bulk_asked(world, cast) | there.people


def _bulk_refuse(world: World, cast: Cast) -> Asked:
    return receiving(world).cpc, _bulk_asked(world, cast) | {"text": TEXT}


def _bulk_withdraw(world: World, cast: Cast) -> Asked:
    receiving(world)
    return cast.cpc, _bulk_asked(world, cast) | {"text": TEXT}


def _bulk_go_on(world: World, cast: Cast) -> Asked:
    who, given = _bulk_agree(world, cast)
    world.run("bulk_transfer.agree", who, **given)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'failed', attempts = 5, finished_at = now()"))
    return cast.cpc, {"bulk_id": given["bulk_id"]}


def _see(world: World, cast: Cast) -> Asked:
    return receiving(world).cpc, {"transfer_id": ask_for(world, cast)}


# ---- Partnership. ----


def _ask_to_be(_world: World, cast: Cast) -> Asked:
    return cast.prison, {"nominal_id": cast.nominal, "whom": "unit", "reason": TEXT}


def _grant(world: World, cast: Cast) -> Asked:
    who, given = _ask_to_be(world, cast)
    asked = UUID(world.run("partnership.request", who, **given)["id"])
    return cast.manager, {"nominal_id": cast.nominal, "request_id": asked}


def _no_partner(world: World, cast: Cast) -> Asked:
    who, given = _grant(world, cast)
    return who, given | {"answer": TEXT}


def _add_partner(_world: World, cast: Cast) -> Asked:
    return cast.manager, {
        "nominal_id": cast.nominal,
        "people": [cast.prison.person_id],
        "reason": TEXT,
    }


def _end_partner(_world: World, cast: Cast) -> Asked:
    given = {"nominal_id": cast.nominal, "person_id": cast.partner.person_id}
    return cast.manager, given | {"reason": TEXT}


def _send_removal(world: World, cast: Cast) -> Asked:
    return cast.prison, {"draft_id": leave_prison(world, cast)}


def _dismiss_removal(world: World, cast: Cast) -> Asked:
    who, given = _send_removal(world, cast)
    return who, given | {"reason": TEXT}


def _remove_prison(world: World, cast: Cast) -> Asked:
    who, given = _send_removal(world, cast)
    world.run("partnership.send_draft", who, **given)
    return cast.manager, given | {"nominal_id": cast.nominal}


def _supervise(world: World, _cast: Cast) -> Asked:
    police_owned(world)
    return feed("integration.ndelius"), {"crn": CRN, "unit": LEEDS}


# ---- Risk and meetings. ----


def _sign_off(world: World, cast: Cast) -> Asked:
    return cast.supervisor, {
        "nominal_id": cast.nominal,
        "assessment_id": assess(world, cast.manager, cast),
    }


def _return(world: World, cast: Cast) -> Asked:
    who, given = _sign_off(world, cast)
    return who, given | {"comment": TEXT}


def _raise(_world: World, cast: Cast) -> Asked:
    return cast.partner, {"nominal_id": cast.nominal, **entered(cast)}


def _acknowledge(world: World, cast: Cast) -> Asked:
    return cast.manager, {"nominal_id": cast.nominal, "risk_id": raise_risk(world, cast.partner, cast)}


def _stand_down(world: World, cast: Cast) -> Asked:
    who, given = _acknowledge(world, cast)
    return who, given | {"reason": TEXT}


def _meet(_world: World, cast: Cast) -> Asked:
    return cast.manager, {"nominal_id": cast.nominal, "level": 3, "held_on": TODAY.isoformat()}


def _held(world: World, cast: Cast) -> dict[str, Any]:
    meeting = UUID(record(world, cast.manager, cast)["id"])
    return {"nominal_id": cast.nominal, "meeting_id": meeting, "received_on": TODAY.isoformat()}


def _receive(world: World, cast: Cast) -> Asked:
    return cast.manager, _held(world, cast)


def _minute(world: World, cast: Cast) -> Asked:
    return cast.manager, _held(world, cast) | {"minutes": "Those present agreed."}


# ---- Archive, retention, deletion, merging. ----


def _archive(world: World, cast: Cast) -> Asked:
    terminated(world, cast.nominal)
    deregister(world, cast)
    return cast.cpc, {"nominal_id": cast.nominal, "ground": "deregistered"}


def _unarchive(world: World, cast: Cast) -> Asked:
    archive(world, cast)
    return cast.cpc, allocated(cast)


def _look_through(world: World, cast: Cast) -> Asked:
    archive(world, cast)
    return cast.cpc, {"unit": WEST_YORKSHIRE, "note": ""}


def _death(_world: World, cast: Cast) -> Asked:
    source = "Death certificate, seen by the manager."
    return cast.manager, {"nominal_id": cast.nominal, "died_on": TODAY.isoformat(), "source": source}


def _no_death(world: World, cast: Cast) -> Asked:
    who, given = _death(world, cast)
    world.run("archiving.note_death", who, **given)
    return who, {"nominal_id": cast.nominal, "reason": TEXT}


def _keep(world: World, cast: Cast) -> Asked:
    old = world.nominal(date_of_birth=hundred_on(TODAY))
    ask_for_reviews(world)
    next_on = (TODAY + timedelta(days=365)).isoformat()
    return cast.cpc, {"nominal_id": old, "next_on": next_on, "reason": TEXT}


def _delete(_world: World, cast: Cast) -> Asked:
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST)}
    return cast.cpc, asked | {"reason": WHY}


def _keep_it(world: World, cast: Cast) -> Asked:
    head = world.person(WEST_YORKSHIRE, "admin", roles=("head_of_public_protection",), name="Hal Head")
    return head, {"request_id": ask_for_deletion(world, cast), "text": TEXT}


def _ask_no_more(world: World, cast: Cast) -> Asked:
    return cast.cpc, {"request_id": ask_for_deletion(world, cast), "text": TEXT}


def _propose(world: World, cast: Cast) -> Asked:
    """Of a record of another area, whose CPC is to agree."""
    world.person(SOUTH_YORKSHIRE, "cpc", "partner", name="Cora Cpc")
    other = world.nominal(surname="Exampel", owner_unit=SOUTH_YORKSHIRE, managing_unit=SHEFFIELD)
    colin = opened(world, cast.cpc, other)
    return colin, {"nominal_id": cast.nominal, "other_id": other, "reason": TEXT}


def _take_back(world: World, cast: Cast) -> Asked:
    colin, asked = _propose(world, cast)
    return colin, {"merge_id": UUID(world.run("merging.merge", colin, **asked)["id"]), "text": TEXT}


def _not_same(world: World, cast: Cast) -> Asked:
    _, given = _take_back(world, cast)
    cora = world.person(SOUTH_YORKSHIRE, "cpc", "partner", name="Cleo Cpc")
    return opened(world, cora, cast.nominal), given | {"not_same": True}


def _merge_across(world: World, cast: Cast) -> Asked:
    cora, given = _not_same(world, cast)
    return cora, {"merge_id": given["merge_id"]}


# ---- Quality, temporary release, offender managers, hand-over. ----


def _audit(_world: World, cast: Cast) -> Asked:
    return cast.cpc, {"unit": WEST_YORKSHIRE, "sample": 3}


def _hand_in(world: World, cast: Cast) -> Asked:
    audit = begin(world, cast.cpc)
    check_all(world, cast.cpc, audit)
    return cast.cpc, {"audit_id": UUID(audit["id"]), "words": TEXT}


def _check_by_lead(world: World, cast: Cast) -> Asked:
    return prison_of(world, cast).lead, {"sample": 3}


def _look_again(world: World, cast: Cast) -> Asked:
    house = prison_of(world, cast)
    return house.group_cpc, {"audit_id": UUID(lead_check(world, house, 3)["id"])}


def _looked_again(world: World, cast: Cast) -> Asked:
    who, given = _look_again(world, cast)
    again = world.run("quality.recheck", who, **given)
    check_all(world, who, again)
    return who, {"audit_id": UUID(again["id"]), "words": ""}


def _sign_check(world: World, cast: Cast) -> Asked:
    who, again = _looked_again(world, cast)
    world.run("quality.submit", who, **again)
    [(of_id,)] = world.rows("SELECT of_id FROM quality_audit WHERE id = :id", id=again["audit_id"])
    return who, {"audit_id": of_id}


def _send_back(world: World, cast: Cast) -> Asked:
    who, given = _look_again(world, cast)
    return who, given | {"words": TEXT}


def _compare(world: World, cast: Cast) -> Asked:
    spo = world.person(LEEDS, "partner", roles=("spo",), name="Sam Spo")
    world.partner(cast.nominal, spo)
    said = {"risk_level": "high", "address": "LS1 4AP", "level": 2, "used": TEXT}
    return spo, {"nominal_id": cast.nominal, **said}


def _rotl(world: World, cast: Cast) -> Asked:
    world.partner(cast.nominal, cast.prison)
    return cast.prison, {"nominal_id": cast.nominal, "outcome": "referred", "text": TEXT}


def _leave(world: World, cast: Cast) -> Asked:
    world.partner(cast.nominal, cast.prison)
    check(world, cast.prison, cast)
    approver = world.person(PRISON, roles=("approving_manager",), name="Ann Approver")
    return approver, {"noms": "A0002AA", "leave_on": (TODAY + timedelta(days=3)).isoformat()}


def _take_over(world: World, cast: Cast) -> Asked:
    nominal = world.nominal(manager_id=cast.manager.person_id, numbers={"crn": "X000002"})
    named(world, "Olive Officer")
    return cast.manager, {"nominal_id": nominal, "named_id": UUID(world.events(DIFFERS)[0][0]["named_id"])}


def _hand_over(world: World, cast: Cast) -> Asked:
    nora = world.person(LEEDS, "manager", name="Nora New")
    given = {"role": "manager", "to_id": nora.person_id, "reason": TEXT}
    return cast.cpc, {"nominal_id": cast.nominal, **given}


ACTS: Final[Mapping[str, Act]] = {
    "transfers.request": Act(_request, ("transfer.requested", "transfer.progressed")),
    "transfers.agree": Act(_agree, ("transfer.completed", "transfer.progressed")),
    "transfers.ask": Act(_answer, ("transfer.questioned", "transfer.progressed"), again="done anew"),
    "transfers.reply": Act(_reply, ("transfer.answered",)),
    "transfers.refuse": Act(_answer, ("transfer.refused", "transfer.progressed")),
    "transfers.withdraw": Act(_withdraw, ("transfer.withdrawn", "transfer.progressed")),
    "transfers.read": Act(_see, ("transfer.progressed",), again="done"),
    "partnership.request": Act(_ask_to_be, ("partnership.requested", "partnership.pending")),
    "partnership.grant": Act(_grant, ("partnership.granted", "standing.changed")),
    "partnership.refuse": Act(_no_partner, ("partnership.refused",)),
    "partnership.add": Act(_add_partner, ("partnership.added", "standing.changed"), again="invalid"),
    "partnership.end": Act(_end_partner, ("partnership.removed", "standing.changed"), again="gone"),
    "partnership.send_draft": Act(
        _send_removal, ("partnership.removal_requested", "partnership.draft_settled")
    ),
    "partnership.dismiss_draft": Act(_dismiss_removal, ("partnership.draft_settled",)),
    "partnership.remove_unit": Act(_remove_prison, ("partnership.removed", "partnership.draft_settled")),
    "partnership.hear_supervision": Act(_supervise, ("partnership.request_drafted",), again="done"),
    "bulk_transfer.request": Act(_bulk, ("bulk_transfer.requested",), again="invalid"),
    "bulk_transfer.agree": Act(_bulk_agree, ()),
    "bulk_transfer.resume": Act(_bulk_go_on, ()),
    "bulk_transfer.refuse": Act(_bulk_refuse, ("bulk_transfer.refused",)),
    "bulk_transfer.withdraw": Act(_bulk_withdraw, ("bulk_transfer.withdrawn",)),
    "risk.sign_off": Act(_sign_off, ("assessment.signed_off",)),
    "risk.return": Act(_return, ("assessment.returned",)),
    "imminent_risk.raise": Act(_raise, ("imminent_risk.raised",), again="done anew"),
    "imminent_risk.acknowledge": Act(_acknowledge, ("imminent_risk.acknowledged",), again="done"),
    "imminent_risk.stand_down": Act(_stand_down, ("imminent_risk.stood_down",)),
    "meetings.record": Act(_meet, ("meeting.held",), again="invalid"),
    "meetings.receive_minutes": Act(_receive, ("minutes.received",)),
    "meetings.add_minutes": Act(_minute, ("minutes.added",)),
    "archiving.archive": Act(_archive, ("nominal.archived",), again="R27"),
    "archiving.unarchive": Act(_unarchive, ("nominal.unarchived",)),
    "archiving.review": Act(_look_through, ("archive.reviewed",), again="done anew", at_once="R34"),
    "archiving.note_death": Act(_death, ("archive.ready",)),
    "archiving.withdraw_death": Act(_no_death, ("archive.not_ready",), again="gone"),
    "retention.keep": Act(_keep, ("retention.reviewed",)),
    "deletion.request": Act(_delete, ("deletion.requested",)),
    "deletion.refuse": Act(_keep_it, ("deletion.refused",)),
    "deletion.withdraw": Act(_ask_no_more, ("deletion.withdrawn",)),
    "merging.merge": Act(_propose, ("merge.proposed",), again="R29"),
    "merging.agree": Act(_merge_across, ("nominal.merged",)),
    "merging.refuse": Act(_not_same, ("merge.refused",)),
    "merging.withdraw": Act(_take_back, ("merge.withdrawn",)),
    "quality.begin": Act(_audit, (), again="done anew"),
    "quality.begin_lead_check": Act(_check_by_lead, (), again="done anew"),
    "quality.recheck": Act(_look_again, ()),
    "quality.submit": Act(_hand_in, ("quality.signed", "quality.round_done")),
    "quality.sign": Act(_sign_check, ("quality.signed",)),
    "quality.return": Act(_send_back, ("quality.returned",)),
    "quality.check_record": Act(_compare, (), again="done anew"),
    "rotl.check": Act(_rotl, ("rotl.checked",), again="done anew"),
    "rotl.approve": Act(_leave, ()),
    "offender_managers.take": Act(_take_over, ("offender_manager.settled", "nominal.changed")),
    "hand_over.one": Act(_hand_over, ("hand_over.done",), again="invalid"),
    **AROUND_CUSTODY,
    **IN_FEW_ROWS,
    **ON_RECORDS,
}
_ONE_ROW, _SAME = "writes what one person says, and decides nothing", "does what another does that is killed"
NOT_KILLED_HERE: Final[Mapping[str, str]] = {
    "deletion.approve": "killed in test_killed.py",
    "merging.undo": "killed in test_killed.py",
    "offender_managers.accept": f"{_SAME}: partners are added by whoever decides",
    "offender_managers.hear_com": f"{_SAME}: offender_managers.take settles it",
    "offender_managers.hear_pom": f"{_SAME}: offender_managers.take settles it",
    "offender_managers.ask": _ONE_ROW,
    "offender_managers.note": _ONE_ROW,
    "imminent_risk.flag_contact": _ONE_ROW,
    "imminent_risk.handle_contact": _ONE_ROW,
    "imminent_risk.hear_contact": _ONE_ROW,
    "activity_log.add_assessment": f"{_SAME}: activity_log.add",
    "activity_log.send_to_police": f"{_SAME}: activity_log.add",
    "ndelius_contacts.paste": f"{_SAME}: ndelius_contacts.add",
    "attachment_files.attach": "what is left of a file whose act failed: tests/services/files/test_files_upload.py",
    "attachments.nothing_known": _ONE_ROW,
    "attachments.reveal": _ONE_ROW,
    "drafts.discard": _ONE_ROW,
    "intelligence_returns.tell": _ONE_ROW,
    "practitioner_digest.tell": _ONE_ROW,
    "printing.ask": "its job is killed in test_killed_jobs.py",
    "printing.discard": _ONE_ROW,
    "release_notices.switch": _ONE_ROW,
    "sharing.note": _ONE_ROW,
}
# One function for each of the 47 folders: it is killed for one of them.
OF_EACH_FOLDER: Final = ("attachments.add.", "attachments.change.")
