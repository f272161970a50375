"""Appointments and guides in one conversation: each gets what is meant for it."""

import pytest

from tests.appointments.talking.conftest import API

START = "我打算开个餐馆，要跑哪些手续"


@pytest.fixture
def guided(citizen):
    """A citizen whom a guide has asked its first question."""
    citizen.say(START, intent="start_guide", confidence=0.9, theme="open-restaurant")
    return citizen


def question(citizen):
    guide = citizen.last.body["guide"]
    return citizen.ok(citizen.client.get(f"{API}/guides/{guide['id']}"))["question"]


def answers(citizen):
    guide = citizen.last.body["guide"]
    found = citizen.ok(citizen.client.get(f"{API}/guides/{guide['id']}"))
    return {answer["fact"]: answer["value"] for answer in found["answers"]}


def until(citizen, fact, **given):
    """Tap through the guide until a fact is asked."""
    for _ in range(40):
        asked = question(citizen)
        if asked is None or asked["fact"] == fact:
            return
        value = given.get(asked["fact"])
        if value is None:
            value = [] if asked["allows_none"] else False if asked["type"] == "yesno" else 30
            if asked["options"] and asked["type"] not in ("multi", "yesno"):
                value = asked["options"][0]["value"]
            elif asked["type"] == "multi" and not asked["allows_none"]:
                value = [asked["options"][0]["value"]]
        body = {"fact": asked["fact"], "value": value}
        citizen.ok(citizen.client.post(f"{API}/guides/{citizen.last.body['guide']['id']}/answers", json=body))


def finish(citizen):
    until(citizen, "nothing")
    return citizen.say("看看现在的清单")


def test_a_question_in_passing_is_answered_and_the_guides_question_comes_again(guided):
    asked = guided.last
    answer = guided.say("你们周六上班吗")
    assert answer.kinds[0] == "hours" and answer.choices == asked.choices
    assert answers(guided) == {}


def test_looking_at_what_is_booked_does_not_lose_the_guide(guided):
    choices = guided.last.choices
    assert guided.say("我的预约").choices == choices


def test_an_appointment_in_the_middle_of_a_guide_ends_with_the_guides_question(guided):
    choices = guided.last.choices
    guided.say("约周三办税务")
    guided.tap()
    answer = guided.tap("给王")
    assert "约好了" in answer and answer.choices == choices
    guided.say("约周四办执照")
    assert guided.say("先不约了").choices == choices


def test_the_guides_answers_reach_it_while_an_appointment_is_being_arranged(guided):
    guided.say("约周三办税务")
    guided.say("沿街独立门面")
    assert "location" in answers(guided)
    until(guided, "area", location="street", serves=["hot"])
    guided.say("约周三办税务")
    guided.say("约三十平")
    assert answers(guided)["area"] == {"low": 27.0, "high": 33.0, "low_open": False, "high_open": False}
    assert guided.say("周四").body["guide"]


@pytest.mark.parametrize("text", ["80平", "3个人", "一百三", "约三十平", "大约两个月", "有，十五个", "8号铺面"])
def test_numbers_of_a_guide_are_no_times(guided, text):
    guided.say("约周三办税务")
    guided.say("沿街独立门面")
    assert "有号" not in guided.say(text) and not guided.bookings("held")


def test_yes_answers_what_was_asked_last(guided):
    guided.say("想在张湾区临街的门面开，大概九十平")
    guided.say("约周三办税务")
    guided.say("好的")
    assert answers(guided) == {}


@pytest.mark.parametrize("intent", ["book_appointment", "ask_hours"])
@pytest.mark.parametrize("text", ["一百三", "沿街独立门面", "营业到晚上十二点", "明年三月开业"])
def test_a_guess_of_the_model_takes_no_answer_from_the_guide(guided, text, intent):
    answer = guided.say(text, intent=intent, confidence=0.99)
    assert "哪一项" not in answer and "hours" not in answer.kinds


@pytest.mark.parametrize("text", ["合约到期了要换证吗", "预约挂号的小程序要备案吗"])
def test_a_guess_of_the_model_alone_begins_no_appointment(citizen, text):
    assert "哪一项" not in citizen.say(text, intent="book_appointment", confidence=0.9)


def test_the_models_guess_counts_where_no_cue_is(citizen):
    answer = citizen.say("帮我弄个周三上午的名额办税务", intent="book_appointment", confidence=0.9)
    assert answer.times[0].startswith("9月9日（周三）")


def test_after_a_guide_its_services_are_offered_one_appointment_each(guided):
    done = finish(guided)
    assert "帮我预约" in done.choices
    answer = guided.tap("帮我预约")
    assert "一项约一个号" in answer and {"营业执照", "税务登记"} <= set(answer.choices)
    assert "大约 15 分钟" in guided.tap("营业执照")
    guided.tap()
    answer = guided.tap("给王")
    booked = guided.bookings()[0]
    assert booked["service"] == "licence" and booked["counter_group"]
    assert "还有“税务登记”要约" in answer
    assert "办“税务登记”，大约 30 分钟" in guided.tap("税务登记")
    guided.say("周三")
    guided.tap()
    guided.tap("给王")
    assert {each["service"] for each in guided.bookings()} == {"licence", "tax"}


def test_a_booking_for_a_guide_lists_what_to_bring_from_it(guided):
    finish(guided)
    guided.tap("帮我预约")
    guided.tap("营业执照")
    guided.tap()
    guided.tap("给王")
    booking = guided.bookings()[0]
    assert len(guided.ok(guided.client.get(f"{API}/appointments/{booking['id']}"))["bring"]) > 2


def test_opening_a_restaurant_is_a_guide_also_while_a_service_is_asked_for(citizen):
    citizen.say("我要预约")
    assert citizen.say("我想开个小饭馆").body["guide"]["theme"] == "open-restaurant"


def test_without_rasa_an_appointment_is_made_all_the_same(citizen):
    def say(text):
        return citizen.ok(citizen.client.post(f"{API}/chat/messages", json={"text": text}))["messages"][-1]

    time = say("这周六上午能去办营业执照吗")["choices"][0]["value"]
    person = say(time)["choices"][0]["value"]
    told = say(person)
    assert "约好了" in told["text"] and told["link"]["path"].startswith("/appointments/")
