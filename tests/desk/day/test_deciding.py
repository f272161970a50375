"""What managers decide: shown before it is done, reported afterwards; on both databases."""

import pytest

from miniapp_api.appointments.models import DayOverride, SessionRun, Slot
from miniapp_api.extensions import db
from miniapp_api.outbox.models import OutboxMessage
from tests.appointments.world import MONDAY
from tests.desk.day.conftest import HTMX, press

TUESDAY = "2026-09-08"


def wish(**more):
    return {"action": "close", "day": TUESDAY, "pool": "p0", "reason": "停电"} | more


def kept(app, model):
    with app.app_context():
        return db.session.query(model).all()


def ask(client, **more):
    return client.post("/desk/decisions/preview", data=wish(**more), headers=HTMX)


def decide(client, **more):
    return client.post("/desk/decisions", data=wish(**more), headers=HTMX)


@pytest.fixture
def tuesdays(booked):
    """Somebody who has booked for Tuesday."""
    return booked("09:00", day=MONDAY.replace(day=8))


def test_asking_tells_who_would_be_affected_and_changes_nothing(app, manager, tuesdays, status_of):
    before = [(slot.id, slot.status, slot.used_total) for slot in kept(app, Slot)]
    messages = len(kept(app, OutboxMessage))
    answer = ask(manager)
    assert "会取消 1 个预约" in answer.text
    assert tuesdays.code in answer.text and tuesdays.name_mask in answer.text
    assert status_of(tuesdays) == "confirmed"
    assert kept(app, DayOverride) == []
    assert len(kept(app, OutboxMessage)) == messages
    assert [(slot.id, slot.status, slot.used_total) for slot in kept(app, Slot)] == before


def test_confirmed_it_is_done_and_reported(app, manager, tuesdays, status_of):
    answer = press(manager, ask(manager).text, "就这样办")
    assert "取消了 1 个预约" in answer.text and tuesdays.code in answer.text
    assert status_of(tuesdays) == "revoked"
    (row,) = kept(app, DayOverride)
    assert (str(row.day), row.action, row.reason, row.actor) == (TUESDAY, "close", "停电", f"staff:{manager.staff}")
    page = manager.get("/desk/decisions").text
    assert "9月8日 周二" in page and "1 号区" in page and "停电" in page


def test_a_part_of_a_day_is_closed_for_the_whole_hall(manager, tuesdays):
    spared = ask(manager, pool="", start="09:15", end="10:00")
    assert "不会取消任何预约" in spared.text and "全大厅" in spared.text and "09:15–10:00" in spared.text
    assert "会取消 1 个预约" in ask(manager, pool="", start="08:30", end="09:10").text


def test_the_same_is_not_decided_twice(app, manager):
    decide(manager)
    again = decide(manager)
    assert again.status_code == 409 and "一条一样的安排" in again.text
    assert len(kept(app, DayOverride)) == 1


def test_a_decision_is_taken_back(app, manager, tuesdays, status_of):
    decide(manager)
    (row,) = kept(app, DayOverride)
    asked = manager.post(f"/desk/decisions/{row.id}/preview", headers=HTMX)
    assert "不会取消任何预约" in asked.text
    assert kept(app, DayOverride)[0].withdrawn_at is None
    done = press(manager, asked.text, "就撤销")
    assert "撤销了" in done.text
    assert kept(app, DayOverride)[0].withdrawn_at is not None
    assert status_of(tuesdays) == "revoked"
    assert manager.post(f"/desk/decisions/{row.id}/withdraw", headers=HTMX).status_code == 404


def test_fewer_places_leave_the_bookings_and_tell_where_it_is_crowded(manager, tuesdays, status_of):
    asked = ask(manager, action="cap", cap_total="0")
    assert "不会取消任何预约" in asked.text and "9月8日 周二 09:00，1 号区" in asked.text
    decide(manager, action="cap", cap_total="0")
    assert status_of(tuesdays) == "confirmed"


def test_a_session_is_opened_where_there_was_none(app, manager):
    saturday = "2026-09-12"
    answer = decide(manager, action="open", day=saturday, rule="special")
    assert "安排好了" in answer.text
    with app.app_context():
        wanted = db.session.query(Slot).filter_by(day=MONDAY.replace(day=12), session="special")
        assert wanted.count() == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"action": "burn"}, "请选要做什么"),
        ({"day": ""}, "请选一个日子"),
        ({"day": "2026-09-06"}, "日子已经过了"),
        ({"pool": "p9"}, "没有这个窗口组"),
        ({"reason": " "}, "请填原因"),
        ({"reason": "停" * 101}, "原因太长"),
        ({"start": "10:00", "end": "09:00"}, "结束要晚于开始"),
        ({"start": "10:00"}, "请选到几点"),
        ({"action": "open"}, "请选按哪一场"),
        ({"action": "cap"}, "每个时段的号数请填"),
        ({"action": "cap", "cap_total": "-1"}, "每个时段的号数请填"),
        ({"action": "cap", "cap_total": "101"}, "每个时段的号数请填"),
    ],
)
def test_what_makes_no_sense_is_refused_before_it_is_asked(app, manager, wrong, said):
    for way in (ask, decide):
        answer = way(manager, **wrong)
        assert answer.status_code == 422
        assert said in answer.text
    assert kept(app, DayOverride) == []


def test_clerks_decide_nothing_and_other_halls_nothing_here(app, clerk, manager, stranger):
    assert decide(clerk).status_code == 403
    decide(manager)
    (row,) = kept(app, DayOverride)
    assert stranger.post(f"/desk/decisions/{row.id}/withdraw", headers=HTMX).status_code == 404
    assert "停电" not in stranger.get("/desk/decisions").text


def test_sessions_that_take_place_are_listed_for_the_roster(app, city, manager):
    with app.app_context():
        run = SessionRun(pool_id=city.pools[0], day=MONDAY.replace(day=12), session="weekend", state="on", bookings=3)
        db.session.add(run)
        db.session.commit()
    page = manager.get("/desk/decisions").text
    assert "9月12日 周六" in page and "双休日" in page and "3 位" in page


def test_the_page_works_without_scripts(manager, tuesdays, status_of):
    page = manager.post("/desk/decisions/preview", data=wish()).text
    assert "<html" in page
    press(manager, page, "就这样办")
    assert status_of(tuesdays) == "revoked"
