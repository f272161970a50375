"""Booking by talking: two taps, refined in any order, asked back when unclear, with a way on from everything."""

from datetime import timedelta

import pytest

from tests.appointments.talking.conftest import API, statuses
from tests.appointments.world import MONDAY, NOW

SATURDAY = MONDAY + timedelta(days=5)


def test_a_sentence_and_two_taps_make_a_booking(citizen):
    answer = citizen.say("这周六上午能去办营业执照吗")
    assert answer.times[0] == "9月12日（周六）09:00"
    assert "替谁" in citizen.tap()
    answer = citizen.tap("王")
    assert "约好了" in answer and "身份证" in answer
    booked = citizen.bookings()
    assert [(each["day"], each["time"], each["service"]) for each in booked] == [("2026-09-12", "09:00", "licence")]
    assert answer.links[0]["path"] == f"/appointments/{booked[0]['id']}"


def test_before_the_second_tap_one_is_told_what_not_coming_costs(citizen):
    citizen.say("明天上午办营业执照，帮我约")
    answer = citizen.tap()
    assert "记 1 分" in answer and answer.kinds[0] == "notice"
    assert citizen.bookings("held")


@pytest.mark.parametrize(
    "talk",
    [
        ["我要预约", "执照", "周三", "上午"],
        ["我要预约", "周三上午", "执照"],
        ["约周三", "营业执照", "上午9点半"],
        ["营业执照能预约吗", "上午的", "周三"],
        ["周五下午办执照，约一下", "周三上午吧"],
        ["我要預約", "禮拜三上午", "營業執照"],
        ["去东区分中心约个营业执照的号", "去政务服务中心吧", "周三上午"],
    ],
)
def test_day_time_and_service_can_be_told_in_any_order(citizen, talk):
    for text in talk:
        answer = citizen.say(text)
    assert all(time.startswith("9月9日（周三）09:") for time in answer.times), answer.text
    assert "政务服务中心" in answer


def test_what_is_not_said_again_stays_the_day_or_the_time_of_day(citizen):
    citizen.say("约周三办执照")
    assert citizen.say("下午").times[0] == "9月9日（周三）14:00"
    assert citizen.say("那周四呢").times[0] == "9月10日（周四）14:00"


def test_another_service_can_be_named_on_the_way(citizen):
    citizen.say("约周三办执照")
    answer = citizen.say("不对，是办税务")
    assert "税务登记" in answer and answer.times[0].startswith("9月9日（周三）")


def test_a_hall_can_be_named_with_the_rest_or_chosen(citizen):
    assert "在东区分中心" in citizen.say("去东区分中心办执照，约周三")
    citizen.say("换个大厅")
    assert "在政务服务中心" in citizen.tap("政务服务中心")


def test_a_time_just_offered_can_be_typed(citizen):
    citizen.say("约周三办执照")
    assert "替谁" in citizen.say("九点半吧")
    assert citizen.bookings("held")[0]["time"] == "09:30"


@pytest.mark.parametrize("words", ["第二个", "就第2个吧"])
def test_a_time_can_be_chosen_by_its_place(citizen, words):
    times = citizen.say("约周三办执照").times
    assert times[1] in citizen.say(words)


@pytest.mark.parametrize("yes", ["好的", "对", "可以", "嗯", "就这个"])
def test_yes_books_for_the_only_person(citizen, yes):
    citizen.say("约周三办执照")
    citizen.tap()
    assert "约好了" in citizen.say(yes)


def test_yes_to_several_times_is_no_choice(citizen):
    question = citizen.say("约周三办执照")
    assert citizen.say("好的").choices == question.choices
    assert not citizen.bookings("held")


@pytest.mark.parametrize("no", ["都不行", "换一天", "有别的时间吗", "没有合适的", "换个日子"])
def test_no_time_that_suits_leads_to_other_days(citizen, no):
    citizen.say("约周三办执照")
    answer = citizen.say(no)
    assert "您哪天方便" in answer
    assert "（周四）" in citizen.tap("周四").times[0]


def test_what_is_unclear_is_asked_back_before_anything_is_done(citizen):
    answer = citizen.say("周六，9月10号去办执照，帮我约")
    assert "9月10日是周四，不是周六" in answer and len(answer.choices) == 2
    assert citizen.tap().times[0].startswith("9月10日（周四）")
    assert not citizen.bookings("held", "confirmed")


def test_a_doubt_is_settled_by_a_tap_or_by_other_words(citizen):
    answer = citizen.say("元旦后第一个工作日去办执照行吗")
    assert "放假安排还没有公布" in answer and len(answer.choices) == 1
    assert "您看怎么办" in citizen.say("好的")
    citizen.say("元旦后第一个工作日去办执照行吗")
    assert citizen.say("那就周三").times[0].startswith("9月9日（周三）")


# ---------------------------------------------------------------------- for whom


def test_who_has_entered_nobody_gets_the_place_held_and_a_page_to_fill_in(stranger):
    stranger.say("这周六上午能去办营业执照吗")
    answer = stranger.tap()
    held = stranger.bookings("held")[0]
    assert answer.links == [{"label": "填写办事人", "path": f"/appointments/{held['id']}"}]
    assert "不要发在对话里" in answer
    person = stranger.add()
    stranger.ok(stranger.client.post(f"{API}/appointments/{held['id']}/confirm", json={"person": person["id"]}))
    assert held["code"] in stranger.say("我的预约")
    assert [each["id"] for each in stranger.bookings()] == [held["id"]]
    assert "约好了" not in stranger.say("好的")


@pytest.mark.parametrize("text", ["给我妈约周三办执照", "周三替老爸约个执照", "幫我爸約週三辦執照"])
def test_a_relative_who_was_entered_is_the_one_who_is_offered(citizen, text):
    citizen.add("李秀英", "parent", "19500101")
    citizen.say(text)
    answer = citizen.tap()
    assert [choice for choice in answer.choices if choice.startswith("给")] == [answer.choices[0]]
    assert answer.choices[0].startswith("给李**约（父母")
    citizen.tap()
    assert citizen.bookings()[0]["relation_text"] == "父母"


def test_a_relative_who_was_not_entered_is_to_be_added(citizen):
    citizen.say("给我妈约周三办执照")
    answer = citizen.tap()
    assert "还没有填过父母的信息" in answer and answer.links[0]["label"] == "填写办事人"
    assert any(choice.startswith("给王**约（本人") for choice in answer.choices)


def test_for_whom_can_be_told_instead_of_tapped(citizen):
    citizen.add("李秀英", "parent", "19500101")
    citizen.say("约周三办执照")
    citizen.tap()
    assert "约好了" in citizen.say("给我妈")
    assert citizen.bookings()[0]["relation_text"] == "父母"


def test_two_parents_are_asked_for(citizen):
    citizen.add("李秀英", "parent", "19500101")
    citizen.add("王大山", "parent", "19490101")
    citizen.say("约周三办执照")
    citizen.tap()
    answer = citizen.say("给我爸")
    assert "替谁" in answer and sum(choice.startswith("给") for choice in answer.choices) == 2


# ---------------------------------------------------------------------- what cannot be had


def test_a_full_day_says_why_and_offers_the_nearest_another_day_another_hall_and_to_wait(citizen, fill, city):
    fill(MONDAY + timedelta(days=2), *city.pools)
    answer = citizen.say("约周三办执照")
    assert "9月9日（周三）已满" in answer
    assert any(time.startswith("9月10日（周四）") for time in answer.times)
    assert {"换一天", "换个大厅", "候补，有号告诉我"} <= set(answer.choices)
    assert "已经给王**候补" in citizen.tap("候补")
    assert "候补“营业执照”" in citizen.say("我的预约")
    assert "不候补了" in citizen.say("取消候补")
    assert "候补“" not in citizen.say("我的预约")


def test_another_hall_has_what_the_first_has_not(citizen, fill, city):
    fill(MONDAY + timedelta(days=2), *city.pools[:2])
    answer = citizen.say("约周三办执照")
    assert "在东区分中心" in answer and answer.times[0] == "9月9日（周三）09:00"


def test_a_named_hall_that_is_full_says_so(citizen, fill, city):
    fill(MONDAY + timedelta(days=2), *city.pools[2:])
    answer = citizen.say("约周三去东区分中心办执照")
    assert "东区分中心：9月9日（周三）已满" in answer
    assert "政务服务中心" in citizen.tap("换个大厅").choices[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("约9月25日办执照", "中秋"),
        ("约9月13日去东区分中心办执照", "休息"),
        ("约9月16日办执照", "未放号"),
        ("约周三晚上8点办执照", "那个时间没有空号"),
    ],
)
def test_why_there_is_nothing_is_said(citizen, text, why):
    answer = citizen.say(text)
    assert why in answer
    assert answer.times


def test_a_service_that_cannot_be_booked_says_what_to_do(citizen):
    answer = citizen.say("给我妈约个老年证")
    assert "不能在网上预约" in answer and "12345" in answer


def test_a_service_that_is_not_known_says_so_and_asks_again(citizen):
    citizen.say("我要预约")
    answer = citizen.say("健康证")
    assert "没找到" in answer and "营业执照" in answer.choices


def test_full_at_the_moment_of_tapping_offers_others(citizen, fill, city):
    question = citizen.say("约周三上午办执照")
    fill(MONDAY + timedelta(days=2), city.pools[0])
    answer = citizen.say(question.times[0])
    assert "刚刚约满" in answer and answer.times
    assert "替谁" in citizen.tap()


def test_a_second_booking_for_the_same_person_is_refused_with_a_way_on(citizen):
    citizen.book("约周三办执照")
    answer = citizen.book("约周三办执照")
    assert "已经约了9月9日（周三）" in answer and "改约" in answer.choices
    assert len(citizen.bookings()) == 1


def test_a_hold_that_ran_out_is_told_and_times_are_offered_again(citizen, clock):
    citizen.say("约周三办执照")
    person = citizen.tap().choices[0]
    clock.later(11)
    answer = citizen.say(person)
    assert "过时放掉" in answer and answer.times
    citizen.tap()
    assert "约好了" in citizen.tap()


def test_waiting_without_anybody_entered_says_what_to_do(stranger, fill, city):
    fill(MONDAY + timedelta(days=2), *city.pools)
    stranger.say("约周三办执照")
    answer = stranger.tap("候补")
    assert answer.links[0]["label"] == "填写办事人"
    stranger.add()
    assert "已经给王**候补" in stranger.tap("候补")


# ---------------------------------------------------------------------- stopping, forgetting, repeating


@pytest.mark.parametrize("words", ["先不约了", "算了", "不约了", "先不了", "取消"])
def test_who_stops_lets_go_of_what_was_held(citizen, app, words):
    citizen.say("约周三办执照")
    citizen.tap()
    assert "先不动" in citizen.say(words)
    assert statuses(app) == ["cancelled"]


def test_another_time_lets_go_of_the_first(citizen, app):
    citizen.say("约周三办执照")
    citizen.tap()
    citizen.say("换成周四")
    citizen.tap()
    assert statuses(app) == ["cancelled", "held"]
    citizen.tap()
    assert [each["day"] for each in citizen.bookings()] == ["2026-09-10"]


def test_beginning_anew_lets_go_of_what_was_held(citizen, app):
    citizen.say("约周三办执照")
    citizen.tap()
    citizen.say("我要预约税务登记")
    assert statuses(app) == ["cancelled"]


def test_after_half_an_hour_it_is_forgotten(citizen, clock, app):
    times = citizen.say("约周三办执照").times
    citizen.tap()
    clock.later(31)
    assert "替谁" not in citizen.say(times[1])
    assert citizen.bookings("held") == [] and "held" not in statuses(app)


def test_within_half_an_hour_it_is_remembered(citizen, clock):
    citizen.say("约周三办执照")
    clock.later(29)
    assert "替谁" in citizen.tap()


def test_a_repeated_turn_is_answered_again_and_done_once(citizen, app):
    time = citizen.say("约周三办执照").times[0]
    once = citizen.say(time, "a" * 32)
    assert citizen.say(time, "a" * 32).body == once.body
    assert statuses(app) == ["held"]


def test_an_offer_of_the_waiting_list_can_be_taken_in_the_chat(citizen, stranger, fill, city, clock, app):
    stranger.add("赵四")
    stranger.book("约周三上午九点去东区分中心办执照")
    fill(MONDAY + timedelta(days=2), *city.pools, now=NOW)
    citizen.say("约周三去东区分中心办执照")
    citizen.tap("候补")
    stranger.say("取消预约")
    stranger.tap()
    answer = citizen.say("我的预约")
    assert "等您确认" in answer
    assert "约好了" in citizen.tap("确认")


def test_what_is_not_understood_is_asked_again(citizen):
    question = citizen.say("约周三办执照")
    answer = citizen.say("阿巴阿巴")
    assert "没听明白" in answer and answer.choices == question.choices
