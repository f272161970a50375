"""A case in the database: its number, its events, its papers, what its applicant is told, and stale screens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from miniapp_api.cases import handling, tasks
from miniapp_api.cases.acting import acting
from miniapp_api.cases.events import (
    Accepted,
    By,
    Cause,
    Corrected,
    CorrectionRequested,
    Delivered,
    Granted,
    Inspected,
    Stopped,
    TakenUp,
)
from miniapp_api.cases.models import Case, CaseEvent, CaseMaterial
from miniapp_api.cases.receiving import Application, personal, receive
from miniapp_api.cases.recording import broken_at, course_of, projection, record, rows_of
from miniapp_api.cases.view import card
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.numbering.service import verify
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.papers.service import papers_of
from tests.cases.conftest import APPLICANT_DATA, ITEM, MATERIALS
from tests.cases.world import on

RECEIVER, REVIEWER = By("staff", "receiver"), By("staff", "reviewer")


@pytest.fixture
def at(app, city):
    """Act at a moment of 2026 in somebody's name, in a context that stays open."""
    with app.app_context():
        yield lambda day, by=RECEIVER, clock="10:00": acting(db.session, by, on(day, clock))
        db.session.rollback()


@pytest.fixture
def case(at, city):
    """Hand a case in on 2 November, followed by a visitor."""
    application = Application(ITEM, "shiyan", "center", APPLICANT_DATA, MATERIALS, visitor_id=city.visitors[0])
    made = receive(at("11-02"), application)
    db.session.commit()
    return made


def granted(at, case):
    record(at("11-03"), case, Accepted())
    record(at("11-04", REVIEWER), case, TakenUp())
    record(at("11-05", REVIEWER), case, Inspected(inspectors=("a", "b"), passed=True))
    record(at("11-06", REVIEWER), case, Granted(valid_until=date(2031, 11, 5)))


def test_a_number_has_region_day_count_and_a_digit_to_check(at, case):
    assert (len(case.number), case.number[:20]) == (21, "42030020261102000001")
    assert verify(case.number)
    again = receive(at("11-02"), Application(ITEM, "shiyan", "center", APPLICANT_DATA, MATERIALS))
    assert again.number[14:20] == "000002"


def test_what_is_personal_is_sealed_and_opens_again(case):
    assert APPLICANT_DATA.name not in str(case.sealed)
    opened = personal(case)
    assert (opened["name"], opened["number"]) == (APPLICANT_DATA.name, APPLICANT_DATA.number)
    assert len(opened["query"]) == 8


def test_the_whole_way_from_receipt_to_conclusion(at, case):
    granted(at, case)
    record(at("11-09", By("staff", "deliverer")), case, Delivered(way="counter"))
    db.session.commit()
    kinds = [row.kind for row in rows_of(db.session, case)]
    assert kinds == ["received", "accepted", "taken_up", "inspected", "granted", "delivered"]
    assert (case.state, case.outcome, case.decided_on) == ("decided", "granted", date(2026, 11, 6))
    assert [one.kind for one in papers_of(db.session, case.public_id)] == ["receipt", "acceptance", "grant", "delivery"]
    shown = card(at("11-09"), case)
    assert shown.promise.kept is True
    assert [line["said"][:4] for line in shown.history][:2] == ["收到您交", "材料齐全"]


def test_lists_show_what_the_events_say(at, case):
    granted(at, case)
    course = course_of(at("11-06"), case)
    assert all(getattr(case, column) == value for column, value in projection(at("11-06"), course).items())


def test_every_step_is_told_once_to_who_follows(at, case):
    granted(at, case)
    db.session.commit()
    told = db.session.scalars(select(OutboxMessage.topic).order_by(OutboxMessage.id)).all()
    assert told == ["case.received", "case.accepted", "case.inspected", "case.granted"]
    texts = db.session.scalars(select(OutboxMessage.text)).all()
    assert not any(APPLICANT_DATA.name in text for text in texts)


def test_who_must_hand_something_in_is_reminded_until_they_have(at, case):
    record(at("11-03"), case, CorrectionRequested(items=("经营场所平面图",), until=date(2026, 11, 20)))
    reminder = select(OutboxMessage).where(OutboxMessage.topic == "case.reminder")
    assert db.session.scalars(reminder).one().state == "waiting"
    record(at("11-10"), case, Corrected(items=("经营场所平面图",)))
    assert db.session.scalars(reminder, execution_options={"populate_existing": True}).one().state == "withdrawn"


def test_a_stale_screen_is_told_what_happened_and_nothing_is_done(at, case):
    seen = case.version
    record(at("11-03"), case, Accepted())
    with pytest.raises(Problem) as refused:
        record(at("11-03"), case, CorrectionRequested(items=("平面图",), until=date(2026, 12, 1)), seen=seen)
    assert refused.value.kind == "case_changed"
    assert "已经受理" in refused.value.description
    assert case.version == seen + 1


def test_an_illegal_step_is_refused_in_words_and_leaves_no_trace(at, case):
    with pytest.raises(Problem) as refused:
        record(at("11-03", REVIEWER), case, Granted())
    assert refused.value.code == 409
    assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == 1


@pytest.mark.parametrize("deed", [update(CaseEvent).values(said="改了"), delete(CaseEvent)], ids=["changed", "deleted"])
def test_the_database_refuses_to_change_what_happened(at, case, deed):
    with pytest.raises(DatabaseError, match="never changed"):
        db.session.execute(deed)
    db.session.rollback()


def test_a_changed_event_shows_in_the_chain(at, case):
    granted(at, case)
    rows = list(rows_of(db.session, case))
    assert broken_at(rows) is None
    db.session.expunge_all()
    rows[2].said = "别的"
    assert broken_at(rows) == 3
    assert broken_at(rows[1:]) == 1


def test_silence_of_five_working_days_is_acceptance_by_itself(at, case):
    tasks.settle(at("11-09", By("system")), case.id)
    assert case.state == "received"
    tasks.settle(at("11-10", By("system")), case.id)
    assert case.state == "accepted"
    assert course_of(at("11-10"), case).accepted_on == date(2026, 11, 2)
    assert papers_of(db.session, case.public_id)[-1].kind == "deemed_acceptance"


def test_what_is_owed_for_too_long_ends_the_case_by_itself(at, case):
    case.terms = {**case.terms, "provisional": ["经营场所平面图"]}
    record(at("11-03"), case, Accepted(owed=("经营场所平面图",), owed_until=date(2026, 11, 10)))
    tasks.settle(at("11-10", By("system")), case.id)
    assert case.state == "accepted"
    tasks.settle(at("11-11", By("system")), case.id)
    assert (case.state, papers_of(db.session, case.public_id)[-1].kind) == ("terminated", "termination")


def test_a_last_day_beyond_the_published_years_is_said_to_be_open(at, case):
    late = receive(at("12-24"), Application(ITEM, "shiyan", "center", APPLICANT_DATA, MATERIALS))
    record(at("12-25"), late, Accepted())
    shown = card(at("12-25"), late)
    assert shown.promise.day is None
    assert "2027" in shown.promise.text
    assert late.next_due is None


def test_a_stop_shows_the_first_promise_and_why_it_moved(at, case):
    record(at("11-03"), case, Accepted())
    record(at("11-04", REVIEWER), case, Stopped(cause=Cause.TESTING, workdays=4))
    shown = card(at("11-05"), case)
    assert shown.turn.who == "others"
    assert shown.promise.first < shown.promise.day
    assert "检测" in shown.promise.why[0]


def test_materials_follow_what_happens(at, case):
    record(at("11-03"), case, CorrectionRequested(items=("经营场所平面图",), until=date(2026, 11, 20)))
    handling._mark_materials(at("11-03"), case, Corrected(items=("经营场所平面图",)))
    states = db.session.execute(select(CaseMaterial.name, CaseMaterial.state)).all()
    assert dict(map(tuple, states))["经营场所平面图"] == "handed_in"


def test_two_clerks_at_one_case_take_turns(app, at, case):
    """The second one waits, and then sees what the first one did."""
    seen, case_id = case.version, case.id

    def accept(_):
        with app.app_context():
            act = acting(db.session, RECEIVER, on("11-03"))
            try:
                record(act, db.session.get_one(Case, case_id), Accepted(), seen=seen)
                db.session.commit()
            except Problem as problem:
                db.session.rollback()
                return problem.kind
        return "done"

    db.session.rollback()
    with ThreadPoolExecutor(4) as clerks:
        ends = sorted(clerks.map(accept, range(4)))
    assert ends == ["case_changed"] * 3 + ["done"]
    with app.app_context():
        assert broken_at(rows_of(db.session, db.session.get_one(Case, case_id))) is None
