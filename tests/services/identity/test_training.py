"""Training from the catalogue to the record: what counts, who is booked, who says that it was passed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.identity.people.models import Person
from services.identity.service import service
from services.identity.training.e_learning import tell_line_managers, tell_newcomers
from services.identity.training.models import Booking, ELearning, Trainer, TrainingRecord, TrainingSession
from shared.refusals import Invalid, NotFound, Refusal
from tests.services.identity.acting import principal, run
from tests.services.identity.house import LEEDS, House

DAYS = timedelta(days=1)


@pytest.fixture
def cast(house: House) -> House:
    """Ada administers nationally; Cora is CPC of West Yorkshire, Tess trains there; Nora is a newcomer, Tom a tutor."""
    house.add("ada.admin", "home-office", vetting=("nppv3", -100, 300), tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 300), tokens=(("cpc", "area-53"),))
    house.add("tess.trainer", "area-53")
    house.add("nora.new", "pdu-N55LEE", trained=False)
    return house


def course(house: House, code: str = "USER", **more: Any) -> UUID:
    given = {"code": code, "title": f"ViSOR {code.lower()}", "kind": "user", "taught_by": "hmpps", **more}
    return UUID(run(house, "ada.admin", "training.add_course", **given)["id"])


def approve(house: House, course_id: UUID, first: int = -400, last: int | None = None) -> UUID:
    given = {
        "reference": "NVTWG-7",
        "first_day": house.today + first * DAYS,
        "last_day": None if last is None else house.today + last * DAYS,
    }
    return UUID(run(house, "ada.admin", "training.approve_course", course_id=course_id, **given)["id"])


def trainer(house: House, username: str = "tess.trainer", *, first: int = -10, last: int = 300) -> UUID:
    given = {
        "username": username,
        "name": "",
        "employer": "hmpps",
        "region": "region-N55",
        "trained_on": house.today + (first - 5) * DAYS,
        "first_day": house.today + first * DAYS,
        "last_day": house.today + last * DAYS,
    }
    return UUID(run(house, "cora.cpc", "training.add_trainer", **given)["id"])


def held(house: House, by: str = "cora.cpc", *, days: int = 0, places: int = 10, **more: Any) -> UUID:
    given = {
        "starts_on": house.today + days * DAYS,
        "ends_on": house.today + days * DAYS,
        "starts_at": house.clock.now().time(),
        "venue": "Room 4, Leeds",
        "places": places,
        **more,
    }
    return UUID(run(house, by, "training.add_session", **given)["id"])


def ready(house: House, **more: Any) -> UUID:
    """An approved course, a listed trainer and a session today."""
    course_id = course(house)
    approve(house, course_id)
    return held(house, course_id=course_id, trainer_id=trainer(house), **more)


def book(house: House, session_id: UUID, person: str = "nora.new", by: str = "cora.cpc") -> UUID:
    given = {"person_id": house.people[person], "session_id": session_id}
    return UUID(run(house, by, "training.book", **given)["id"])


def result(house: House, booking: UUID, by: str = "tess.trainer", outcome: str = "passed") -> bool:
    score = None if outcome == "absent" else 80
    given = {"booking_id": booking, "outcome": outcome, "score": score}
    return bool(run(house, by, "training.record_result", **given)["counts"])


def refused(house: House, by: str, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        run(house, by, command, **given)
    return refusal.value.code


def ask(house: House, by: str, query: str, **given: Any) -> Any:
    return house.runtime.ask(service.declarations.queries[query], principal(house, by), given)


def wrong(house: House, by: str, command: str, **given: Any) -> set[str]:
    with pytest.raises(Invalid) as invalid:
        run(house, by, command, **given)
    return set(invalid.value.errors)


@pytest.mark.clause("PF-6.2.1", "PF-4.5.2", "PS-9", "PF-5.6.3")
def test_from_the_calendar_to_the_first_sign_in(cast: House) -> None:
    session_id = ready(cast)
    with pytest.raises(Refusal) as before:
        cast.sign_in("nora.new", LEEDS)
    assert before.value.code == "R04"
    assert result(cast, book(cast, session_id))
    (record,) = [row for row in cast.rows(TrainingRecord) if row.person_id == cast.people["nora.new"]]
    assert (record.course, record.score, record.trainer) == ("ViSOR user", 80, "Tess Trainer")
    assert (record.provider, record.approval_reference, record.passed) == ("HMPPS", "NVTWG-7", True)
    assert record.recorded_by == cast.people["tess.trainer"]
    (passed,) = cast.events("identity.training.passed")
    assert passed.data["course_kind"] == "user"
    cast.sign_in("nora.new", LEEDS)


@pytest.mark.clause("PF-6.2.1")
def test_failed_or_absent_opens_nothing(cast: House) -> None:
    session_id = ready(cast)
    cast.add("ned.new", "pdu-N55LEE", trained=False)
    assert not result(cast, book(cast, session_id), outcome="failed")
    assert not result(cast, book(cast, session_id, "ned.new"), outcome="absent")
    assert cast.events("identity.training.passed") == []
    for name in ("nora.new", "ned.new"):
        with pytest.raises(Refusal):
            cast.sign_in(name, LEEDS)
    assert [row.passed for row in cast.rows(TrainingRecord) if row.booking_id] == [False]


@pytest.mark.clause("PF-6.2.2")
def test_a_course_that_is_not_approved_is_not_put_into_the_calendar_and_opens_nothing(cast: House) -> None:
    course_id, listed = course(cast), trainer(cast)
    given: dict[str, Any] = {"course_id": course_id, "trainer_id": listed}
    when = {"starts_on": cast.today, "ends_on": cast.today, "starts_at": None, "venue": "Leeds", "places": 3}
    assert wrong(cast, "cora.cpc", "training.add_session", **given, **when) == {"course_id"}
    approval = approve(cast, course_id)
    booking = book(cast, held(cast, **given))
    run(cast, "ada.admin", "training.end_approval", approval_id=approval, last_day=cast.today - DAYS)
    assert not result(cast, booking), "the approval was taken back before the day of delivery"
    with pytest.raises(Refusal) as refusal:
        cast.sign_in("nora.new", LEEDS)
    assert refusal.value.code == "R04"


@pytest.mark.clause("PF-6.2.2")
def test_the_catalogue_is_national(cast: House) -> None:
    given = {"code": "X", "title": "A course", "kind": "user", "taught_by": "hmpps"}
    assert refused(cast, "cora.cpc", "training.add_course", **given) == "R32"
    course_id = course(cast)
    assert refused(cast, "ada.admin", "training.add_course", **{**given, "code": "USER"}) == "R34"
    approve(cast, course_id, last=10)
    overlapping = {"reference": "Y", "first_day": cast.today, "last_day": None}
    assert wrong(cast, "ada.admin", "training.approve_course", course_id=course_id, **overlapping) == {
        "first_day"
    }
    assert refused(cast, "cora.cpc", "training.approve_course", course_id=course_id, **overlapping) == "R32"


@pytest.mark.clause("PF-6.2.2")
def test_two_who_approve_one_course_at_one_moment_approve_it_once(cast: House) -> None:
    course_id = course(cast)

    def enter(_: int) -> str:
        try:
            return str(approve(cast, course_id))
        except Invalid:
            return "overlaps"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(enter, range(2)))
    assert outcomes.count("overlaps") == 1


@pytest.mark.clause("PF-6.2.3")
def test_a_trainer_who_is_not_on_the_list_on_the_day_delivers_nothing_that_counts(cast: House) -> None:
    course_id = course(cast)
    approve(cast, course_id)
    listed = trainer(cast, last=5)
    given = {"course_id": course_id, "trainer_id": listed, "venue": "Leeds", "places": 3, "starts_at": None}
    late = {"starts_on": cast.today + 6 * DAYS, "ends_on": cast.today + 6 * DAYS}
    assert wrong(cast, "cora.cpc", "training.add_session", **given, **late) == {"trainer_id"}
    session_id = held(cast, course_id=course_id, trainer_id=listed, days=2)
    booking = book(cast, session_id)
    removal = {"removed_on": cast.today + DAYS, "reason": "Left the service"}
    run(cast, "cora.cpc", "training.remove_trainer", trainer_id=listed, **removal)
    cast.clock.at += 2 * DAYS
    assert not result(cast, booking, by="cora.cpc")
    (record,) = [row for row in cast.rows(TrainingRecord) if row.booking_id == booking]
    assert (record.passed, record.approval_reference) == (True, None)


@pytest.mark.clause("PF-4.5.1", "PF-6.2.3")
def test_a_region_keeps_its_own_list_and_sees_everybodys(cast: House) -> None:
    cast.add("luke.london", "group-LNDN", vetting=("nppv3", -9, 99), tokens=(("cpc", "group-LNDN"),))
    given = {
        "username": "tess.trainer",
        "name": "",
        "employer": "hmpps",
        "region": "region-N55",
        "trained_on": cast.today - 3 * DAYS,
        "first_day": cast.today,
        "last_day": cast.today + DAYS,
    }
    assert refused(cast, "luke.london", "training.add_trainer", **given) == "R32"
    assert wrong(cast, "cora.cpc", "training.add_trainer", **{**given, "name": "Both"}) == {"name"}
    assert wrong(cast, "cora.cpc", "training.add_trainer", **{**given, "region": "area-53"}) == {"region"}
    assert wrong(
        cast, "cora.cpc", "training.add_trainer", **{**given, "first_day": cast.today - 9 * DAYS}
    ) == {"first_day"}
    assert refused(cast, "cora.cpc", "training.add_trainer", **{**given, "username": "cora.cpc"}) == "R23"
    trainer(cast)
    assert refused(cast, "cora.cpc", "training.add_trainer", **given) == "R34"
    outside = {**given, "username": "", "name": "Pat Police", "employer": "college"}
    run(cast, "cora.cpc", "training.add_trainer", **outside)
    seen = ask(cast, "luke.london", "training.trainers")
    assert {one["name"]: one["state"] for one in seen["trainers"]} == {
        "Tess Trainer": "On the list",
        "Pat Police": "On the list",
    }
    assert not any(one["may_remove"] for one in seen["trainers"])


@pytest.mark.clause("PF-4.3.3", "PF-6.3")
def test_nobody_is_booked_before_vetting_and_syops(cast: House) -> None:
    session_id = ready(cast)
    cast.add("una.unvetted", "pdu-N55LEE", vetting=None, trained=False)
    cast.add("umar.unsigned", "pdu-N55LEE", signed=False, trained=False)
    cast.add("olga.over", "pdu-N55LEE", vetting=("nppv2", -400, 0), trained=False)
    for name, step in [
        ("una.unvetted", "vetting is cleared"),
        ("umar.unsigned", "SyOPs is signed"),
        ("olga.over", "vetting is cleared"),
    ]:
        with pytest.raises(Refusal) as refusal:
            book(cast, session_id, name)
        assert refusal.value.code == "R05"
        assert refusal.value.message == f"Training cannot start until {step}."
    assert cast.rows(Booking) == []


@pytest.mark.clause("PF-4.5.2")
def test_who_may_book(cast: House) -> None:
    session_id = ready(cast)
    cast.add("vic.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    cast.add("pam.pom", "prison-WSI", trained=False)
    cast.add("lou.lpc", "pdu-N55LEE", tokens=(("lpc", "pdu-N55LEE"),))
    book(cast, session_id, "pam.pom", by="vic.lead")
    book(cast, session_id, "nora.new", by="lou.lpc")
    given = {"session_id": session_id, "person_id": cast.people["nora.new"]}
    assert refused(cast, "vic.lead", "training.book", **given) == "R32"
    assert refused(cast, "cora.cpc", "training.book", **given) == "R34"
    own = {"session_id": session_id, "person_id": cast.people["lou.lpc"]}
    assert refused(cast, "lou.lpc", "training.book", **own) == "R23"


@pytest.mark.clause("PF-4.5.2")
def test_two_for_the_last_place(cast: House) -> None:
    session_id = ready(cast, places=1)
    cast.add("ned.new", "pdu-N55LEE", trained=False)

    def take(name: str) -> str:
        try:
            return str(book(cast, session_id, name))
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(take, ["nora.new", "ned.new"]))
    assert outcomes.count("R44") == 1
    (session,) = cast.rows(TrainingSession)
    assert (session.booked, session.places) == (1, 1)
    (booking,) = cast.rows(Booking)
    left = run(cast, "cora.cpc", "training.cancel_booking", booking_id=booking.id)["places_left"]
    assert left == 1
    again = "ned.new" if booking.person_id == cast.people["nora.new"] else "nora.new"
    book(cast, session_id, again)


def test_the_same_person_booked_twice_at_one_moment_has_one_place(cast: House) -> None:
    session_id = ready(cast)

    def take(_: int) -> str:
        try:
            return str(book(cast, session_id))
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(take, range(2)))
    assert outcomes.count("R34") == 1
    assert [row.booked for row in cast.rows(TrainingSession)] == [1]


def test_sessions_that_began_or_are_cancelled_take_nobody(cast: House) -> None:
    session_id = ready(cast, days=1)
    book(cast, session_id)
    cancelled = {"session_id": session_id, "reason": "The trainer is ill"}
    assert refused(cast, "nora.new", "training.cancel_session", **cancelled) == "R32"
    run(cast, "tess.trainer", "training.cancel_session", **cancelled)
    (cancelled_event,) = cast.events("identity.training.cancelled")
    assert told(cancelled_event) == {cast.people["nora.new"], cast.people["cora.cpc"]}
    cast.add("ned.new", "pdu-N55LEE", trained=False)
    given = {"session_id": session_id, "person_id": cast.people["ned.new"]}
    assert wrong(cast, "cora.cpc", "training.book", **given) == {"session_id"}
    assert refused(cast, "tess.trainer", "training.cancel_session", **cancelled) == "R34"


@pytest.mark.clause("PF-6.2.1")
def test_who_says_that_it_was_passed(cast: House) -> None:
    session_id = ready(cast)
    booking = book(cast, session_id)
    given = {"booking_id": booking, "outcome": "passed", "score": 80}
    cast.add("lou.lpc", "pdu-N55LEE", tokens=(("lpc", "pdu-N55LEE"),))
    assert refused(cast, "lou.lpc", "training.record_result", **given) == "R32"
    assert refused(cast, "nora.new", "training.record_result", **given) == "R23"
    assert wrong(cast, "cora.cpc", "training.record_result", **{**given, "score": None}) == {"score"}
    assert result(cast, booking, by="cora.cpc")
    assert refused(cast, "tess.trainer", "training.record_result", **given) == "R34"
    with pytest.raises(NotFound):
        run(cast, "cora.cpc", "training.record_result", **{**given, "booking_id": session_id})


def test_a_result_before_the_session_is_over_is_refused(cast: House) -> None:
    booking = book(cast, ready(cast, days=3))
    given = {"booking_id": booking, "outcome": "passed", "score": 80}
    assert wrong(cast, "tess.trainer", "training.record_result", **given) == {"outcome"}


def test_a_record_made_by_mistake_is_withdrawn_and_stays(cast: House) -> None:
    result(cast, book(cast, ready(cast)))
    (record,) = [row for row in cast.rows(TrainingRecord) if row.booking_id]
    given = {"record_id": record.id, "reason": "It was somebody else"}
    assert refused(cast, "tess.trainer", "training.withdraw_result", **given) == "R24"
    run(cast, "cora.cpc", "training.withdraw_result", **given)
    with pytest.raises(Refusal):
        cast.sign_in("nora.new", LEEDS)
    seen = ask(cast, "cora.cpc", "training.of_person", person_id=cast.people["nora.new"])
    assert [one["state"] for one in seen["records"]] == ["Withdrawn"]
    assert refused(cast, "cora.cpc", "training.withdraw_result", **given) == "R34"


@pytest.mark.clause("PF-7/CPC Prison.5")
def test_a_cpc_course_is_what_the_prison_cpc_needs(cast: House) -> None:
    cast.add("dir.ector", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    cast.add("carl.cpc", "group-LNDN", vetting=("nppv3", -100, 300))
    grant = {
        "person_id": cast.people["carl.cpc"],
        "token": "cpc",
        "unit": "group-LNDN",
        "valid_from": None,
        "valid_to": None,
        "reason": "New in the post",
        "authority": None,
        "hand_over": False,
        "note": None,
    }
    assert refused(cast, "dir.ector", "tokens.grant", **grant) == "R04"
    cpc_course = course(cast, "CPC", kind="cpc")
    approve(cast, cpc_course)
    session_id = held(cast, course_id=cpc_course, trainer_id=trainer(cast))
    cast.add("lena.lead", "group-LNDN", roles=(("visor_lead", "group-LNDN"),))
    result(cast, book(cast, session_id, "carl.cpc", by="lena.lead"))
    run(cast, "dir.ector", "tokens.grant", **grant)


@pytest.mark.clause("PF-4.7.1")
def test_probation_staff_owe_the_e_learning_at_once_until_they_say_that_it_is_done(cast: House) -> None:
    result(cast, book(cast, ready(cast)))
    (owed,) = cast.events("identity.e_learning.owed")
    assert told(owed) == {cast.people["nora.new"]}
    assert owed.data["unit"] == "pdu-N55LEE"
    given = {"person_id": cast.people["nora.new"], "completed_on": cast.today}
    before = {**given, "completed_on": cast.today - DAYS}
    assert wrong(cast, "nora.new", "training.complete_e_learning", **before) == {"completed_on"}
    assert refused(cast, "tess.trainer", "training.complete_e_learning", **given) == "R24"
    run(cast, "nora.new", "training.complete_e_learning", **given)
    (done,) = cast.events("identity.e_learning.completed")
    assert done.data["e_learning_id"] == owed.data["e_learning_id"]
    assert refused(cast, "nora.new", "training.complete_e_learning", **given) == "R34"


@pytest.mark.clause("PF-4.7.2")
@pytest.mark.parametrize(("unit", "by"), [("prison-WSI", "luke.lead"), ("force-13", "fred.cpc")])
def test_police_and_prison_users_never_see_the_e_learning(cast: House, unit: str, by: str) -> None:
    cast.add("luke.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    cast.add("fred.cpc", "force-13", vetting=("nppv3", -9, 99), tokens=(("cpc", "force-13"),))
    cast.add("pia.new", unit, trained=False)
    assert result(cast, book(cast, ready(cast), "pia.new", by=by))
    assert cast.rows(ELearning) == []
    assert cast.events("identity.e_learning.owed") == []
    seen = ask(cast, "pia.new", "training.of_person", person_id=cast.people["pia.new"])
    assert seen["e_learning"] is None
    with pytest.raises(NotFound):
        run(
            cast,
            "pia.new",
            "training.complete_e_learning",
            person_id=cast.people["pia.new"],
            completed_on=cast.today,
        )


@pytest.mark.clause("PF-4.7.1")
def test_a_newcomer_is_told_of_the_e_learning_when_there_is_an_account(cast: House) -> None:
    cast.add("nell.nominated", "pdu-N55LEE", trained=False, state="nominated")
    result(cast, book(cast, ready(cast), "nell.nominated"))
    assert cast.events("identity.e_learning.owed") == []
    assert tick(cast) == 0
    with cast.runtime.system_work("test.create") as work:
        work.session.get_one(Person, cast.people["nell.nominated"]).state = "active"
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(lambda _: tick(cast), range(2))) == 1
    assert len(cast.events("identity.e_learning.owed")) == 1


@pytest.mark.clause("PF-4.7.1")
def test_when_the_e_learning_is_late_the_line_manager_is_told_once(cast: House) -> None:
    manager = cast.add("mia.manager", "pdu-N55LEE")
    cast.add("nils.new", "pdu-N55LEE", trained=False, line_manager=manager)
    result(cast, book(cast, ready(cast), "nils.new"))
    cast.clock.at += 28 * DAYS
    assert tick(cast) == 0
    cast.clock.at += DAYS
    assert [tick(cast), tick(cast)] == [1, 0]
    (late,) = cast.events("identity.e_learning.late")
    assert told(late) == {manager}


def told(event: Any) -> set[UUID]:
    return {UUID(str(one["person_id"])) for copy in event.copies for one in copy["people"]}


def tick(house: House) -> int:
    with house.runtime.system_work("tick") as work:
        return tell_newcomers(work) + tell_line_managers(work)


def test_who_sees_a_persons_training(cast: House) -> None:
    cast.add("sid.stranger", "pdu-N55LEE")
    person_id = cast.people["nora.new"]
    with pytest.raises(Refusal) as refusal:
        ask(cast, "sid.stranger", "training.of_person", person_id=person_id)
    assert refusal.value.code == "R24"
    for name in ("nora.new", "cora.cpc", "ada.admin"):
        assert ask(cast, name, "training.of_person", person_id=person_id)["person"].name == "Nora New"


def test_a_session_shows_each_only_those_they_oversee(cast: House) -> None:
    session_id = ready(cast)
    cast.add("vic.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    cast.add("pam.pom", "prison-WSI", trained=False)
    book(cast, session_id)
    book(cast, session_id, "pam.pom", by="vic.lead")

    def names(who: str) -> tuple[list[str], int]:
        seen = ask(cast, who, "training.session", session_id=session_id)
        return [one["person"].name for one in seen["bookings"]], seen["hidden"]

    assert names("tess.trainer") == (["Nora New", "Pam Pom"], 0)
    assert names("cora.cpc") == (["Nora New", "Pam Pom"], 0)
    assert names("vic.lead") == (["Pam Pom"], 1)
    assert names("nora.new") == (["Nora New"], 1)


def test_removing_a_trainer_twice_and_too_early(cast: House) -> None:
    listed = trainer(cast)
    given = {"trainer_id": listed, "reason": "Retired", "removed_on": cast.today - 11 * DAYS}
    assert wrong(cast, "cora.cpc", "training.remove_trainer", **given) == {"removed_on"}
    run(cast, "cora.cpc", "training.remove_trainer", **{**given, "removed_on": cast.today})
    assert refused(cast, "cora.cpc", "training.remove_trainer", **given) == "R34"
    (row,) = cast.rows(Trainer)
    assert row.removed_on == cast.today
    assert principal(cast, "tess.trainer").person_id == row.person_id
    trainer(cast)
