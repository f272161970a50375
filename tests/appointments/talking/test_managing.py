"""What is booked already: seen, moved and cancelled, by tapping and in free words."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from miniapp_api.appointments.models import Slot
from miniapp_api.extensions import db
from tests.appointments.world import MONDAY


def days(citizen):
    return sorted((each["service"], each["day"], each["time"]) for each in citizen.bookings())


@pytest.fixture
def booked(citizen):
    """A citizen with one booking, on Saturday."""
    citizen.book("这周六上午去办营业执照，帮我约")
    return citizen


@pytest.fixture
def twice(booked):
    """A citizen with a booking on Saturday and another on Wednesday, for something else."""
    booked.book("约周三办税务")
    return booked


def test_what_is_booked_is_told_with_its_code_and_what_can_be_done(booked):
    answer = booked.say("我约的是几点来着")
    assert booked.bookings()[0]["code"] in answer and "9月12日（周六）09:00" in answer
    assert {"改约", "取消预约"} <= set(answer.choices)


def test_nothing_booked_says_how_to_book(citizen):
    assert "我要预约" in citizen.say("我的预约").choices


def test_several_are_listed_and_link_to_their_page(twice):
    answer = twice.say("我的预约")
    assert all(each["code"] in answer for each in twice.bookings())
    assert answer.links[0]["path"] == "/appointments"


# ---------------------------------------------------------------------- cancelling


@pytest.mark.parametrize("words", ["取消预约", "周六那个不去了", "我周六来不了了", "把执照的号退了", "號不要了"])
def test_cancelling_asks_once_more(booked, words):
    answer = booked.say(words)
    assert "要取消9月12日（周六）09:00 营业执照" in answer
    assert booked.bookings()
    booked.tap()
    assert not booked.bookings()


@pytest.mark.parametrize(("word", "left"), [("是的", 0), ("确定", 0), ("不取消了", 1), ("不", 1), ("算了", 1)])
def test_the_question_is_answered_in_words_too(booked, word, left):
    booked.say("取消预约")
    booked.say(word)
    assert len(booked.bookings()) == left


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("把周六的预约取消", "licence"),
        ("周三那个不去了", "tax"),
        ("取消税务登记的预约", "tax"),
        ("我周三去不了了，退号吧", "tax"),
        ("执照那个号取消", "licence"),
    ],
)
def test_of_several_the_one_that_is_named_is_cancelled(twice, words, service):
    assert "取消以后" in twice.say(words)
    twice.say("对")
    assert service not in {each["service"] for each in twice.bookings()} and len(twice.bookings()) == 1


@pytest.mark.parametrize("pick", ["周六那个", "执照", "第二个", "办执照的"])
def test_of_several_it_is_asked_which_and_answered_in_words(twice, pick):
    assert "哪一个？" in twice.say("取消预约")
    assert "要取消9月12日（周六）09:00 营业执照" in twice.say(pick)


def test_a_booking_that_is_not_there_is_not_mistaken_for_another(booked):
    answer = booked.say("周日的预约取消")
    assert "没有您说的那个预约" in answer and "9月12日" in answer.choices[0]
    assert "要取消9月12日" in booked.tap()


def test_nothing_to_cancel_says_so(citizen):
    assert "没有可以改或取消的预约" in citizen.say("取消预约")


def test_not_coming_without_a_booking_is_about_something_else(citizen):
    assert "预约" not in citizen.say("我不去了").text.replace("我要预约", "")


# ---------------------------------------------------------------------- another time


@pytest.mark.parametrize(
    "words", ["把我周六的预约改到周日", "周六去不了，改到周日上午行吗", "改约到周日", "换到周日吧"]
)
def test_a_booking_is_moved_by_a_sentence_and_a_tap(booked, words):
    code = booked.bookings()[0]["code"]
    answer = booked.say(words)
    assert "现在约的是9月12日（周六）09:00" in answer and answer.times
    assert "改好了" in booked.tap()
    assert days(booked) == [("licence", "2026-09-13", answer.times[0][-5:])]
    assert booked.bookings()[0]["code"] == code


def test_a_booking_is_moved_by_tapping(booked):
    booked.say("我的预约")
    assert "哪天方便" in booked.tap("改约")
    booked.tap("9月9日（周三）")
    assert "改好了" in booked.tap()
    assert days(booked) == [("licence", "2026-09-09", "09:00")]


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("把周六的改到周四上午", "licence"),
        ("税务那个改到周四", "tax"),
        ("周三的号挪到周四上午", "tax"),
        ("营业执照的预约推迟到周四", "licence"),
        ("能把星期三的号改成星期四吗", "tax"),
    ],
)
def test_of_several_the_one_that_is_named_is_moved(twice, words, service):
    assert "（周四）" in twice.say(words).times[0]
    twice.tap()
    assert (service, "2026-09-10") in {(each["service"], each["day"]) for each in twice.bookings()}
    assert len(twice.bookings()) == 2


def test_of_several_it_is_asked_which_and_the_wish_is_kept(twice):
    assert "哪一个？" in twice.say("改到周四")
    answer = twice.say("税务那个")
    assert "税务登记" in answer and "（周四）" in answer.times[0]


def test_the_old_place_stays_until_the_new_one_is_taken(booked, fill, city):
    times = booked.say("把周六的预约改到周三").times
    fill(MONDAY + timedelta(days=2), *city.pools)
    answer = booked.say(times[0])
    assert "刚刚约满" in answer
    assert days(booked) == [("licence", "2026-09-12", "09:00")]
    booked.say("先不改了")
    assert days(booked) == [("licence", "2026-09-12", "09:00")]


def test_another_hall_can_be_moved_to(booked):
    booked.say("改约")
    booked.tap("换个大厅")
    booked.tap("东区分中心")
    assert "改好了" in booked.tap() and booked.bookings()[0]["site_name"] == "东区分中心"


def test_moved_too_often_says_what_to_do(booked):
    for day in ("周三", "周四"):
        booked.say(f"改约到{day}")
        booked.tap()
    booked.say("改约到周六")
    assert "最多改 2 次" in booked.tap()


def test_a_new_appointment_is_refined_not_the_one_that_is_booked(booked):
    booked.say("我要预约税务登记，周三")
    assert "（周四）" in booked.say("换到周四").times[0]
    assert days(booked) == [("licence", "2026-09-12", "09:00")]


# ---------------------------------------------------------------------- hours


def test_hours_are_told_for_the_hall_and_the_day(citizen):
    assert "9:00–15:00" in citizen.say("你们几点上班")
    assert "9月12日（周六）：双休日 09:00–10:00（要预约）" in citizen.say("周六上班吗")
    assert "9月9日（周三）：平时 09:00–10:00，午间 12:00–12:30（要预约），平时 14:00–15:00" in citizen.say("后天开门吗")
    assert "休息" in citizen.say("国庆上班吗")
    assert "东区分中心：" in citizen.say("东区分中心周六开门吗")


def test_a_day_that_is_shut_for_another_reason_says_so(citizen, app, city):
    with app.app_context():
        shut = update(Slot).where(Slot.day == MONDAY + timedelta(days=2))
        db.session.execute(shut.values(status="closed", reason="停电检修"))
        db.session.commit()
    assert "停电检修" in citizen.say("后天上班吗")


def test_hours_in_passing_do_not_end_what_is_being_arranged(citizen):
    question = citizen.say("约周三办执照")
    answer = citizen.say("你们中午休息吗")
    assert answer.kinds[0] == "hours" and answer.choices == question.choices
    assert "替谁" in citizen.tap()
