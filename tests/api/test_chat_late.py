"""Rasa is slow. The action may have run, run now, or run late: a text takes effect once."""

import threading

import pytest

from miniapp_api.chat import service

CHAT = "/api/v1/chat/messages"


@pytest.fixture
def patience():
    return 0.3


def say(client, text):
    answer = client.post(CHAT, json={"text": text})
    assert answer.status_code == 200, answer.text
    return [message["text"] for message in answer.json["messages"]]


def test_an_action_that_runs_after_the_guides_answered_alone_changes_nothing(visitor, rasa, guides):
    rasa.behave = "late"
    late = []
    act = rasa.call_back
    rasa.call_back = lambda body: late.append(act(body)) or late[0]
    alone = say(visitor, "有")
    assert alone == [service.WITHOUT_RASA, "您说了「有」。", "第1题：有凉菜吗？"]
    rasa.release.set()
    assert rasa.answered.acquire(timeout=60)
    assert guides.done == ["有"]
    assert len(guides.asked) == 2  # both came, under one turn id
    assert guides.asked[0][2] == guides.asked[1][2]
    assert [message["text"] for message in late[0]["messages"]] == alone[1:]


def test_an_action_that_ran_before_the_answer_was_lost_is_answered_from_its_turn(visitor, rasa, guides):
    rasa.behave = "stuck"
    assert say(visitor, "有") == [service.WITHOUT_RASA, "您说了「有」。", "第1题：有凉菜吗？"]
    rasa.release.set()
    assert guides.done == ["有"]
    assert guides.asked[0][1] == {"intent": "answer"}  # the action came first


def test_the_same_words_said_twice_are_two_turns(visitor, rasa, guides):
    rasa.release.set()
    say(visitor, "有")
    say(visitor, "有")
    assert guides.done == ["有", "有"]


class TestPlaces:
    """Two threads stay free for the action server's call-backs."""

    @pytest.fixture
    def patience(self):
        return 30

    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"web_threads": 4})

    def test_beyond_the_places_a_turn_is_refused_at_once_and_nothing_is_done(self, app, visitor, rasa, guides):
        rasa.behave = "late"
        header = visitor.environ_base["HTTP_AUTHORIZATION"]
        answers = []

        def speak(number):
            client = app.test_client()
            sent = client.post(CHAT, json={"text": f"第{number}句"}, headers={"Authorization": header})
            answers.append(sent.status_code)

        speakers = [threading.Thread(target=speak, args=[number]) for number in range(2)]
        for speaker in speakers:
            speaker.start()
        while len(rasa.heard) < 2:
            threading.Event().wait(0.01)
        refused = visitor.post(CHAT, json={"text": "第三句"})
        assert (refused.status_code, refused.json["code"]) == (503, "busy")
        assert refused.headers["Retry-After"] == "1"
        rasa.release.set()
        for speaker in speakers:
            speaker.join()
        assert answers == [200, 200]
        assert sorted(guides.done) == ["第0句", "第1句"]
        said = [message["text"] for message in visitor.get(CHAT).json["messages"] if message["from"] == "citizen"]
        assert "第三句" not in said
        rasa.behave = "normal"
        assert visitor.post(CHAT, json={"text": "第三句"}).status_code == 200
