"""The one action: what it reads from a tracker, what it utters, what it keeps."""

import asyncio
import logging

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.__main__ import DomainlessExecutor
from actions.guide import APOLOGIES, ActionGuide, read_turn
from actions.guide_api import Failure, TurnFailedError
from tests.bot.fake_api import QUESTION

TURN_ID = "ab" * 16
REPLY = {
    "messages": [QUESTION],
    "guide": {"id": "g1", "theme": "open-restaurant", "state": "asking"},
}


class StubApi:
    def __init__(self, outcome):
        self.outcome = outcome
        self.calls = []

    async def take_turn(self, turn, visitor_token):
        self.calls.append((turn, visitor_token))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def tracker(metadata=None, guide_id=None, **message):
    latest = {
        "text": "一百二十平",
        "intent": {"name": "answer", "confidence": 0.8},
        "metadata": {"visitor_token": "secret-token", "turn_id": TURN_ID} if metadata is None else metadata,
        **message,
    }
    return Tracker.from_dict({"sender_id": "v1", "slots": {"guide_id": guide_id}, "latest_message": latest})


def run(api, tracker):
    dispatcher = CollectingDispatcher()
    events = asyncio.run(ActionGuide(api).run(dispatcher, tracker, {}))
    assert len(dispatcher.messages) == 1
    return dispatcher.messages[0]["custom"], events


def test_everything_known_of_the_message_is_handed_on():
    themes = [{"id": "open-restaurant", "confidence": 0.9}, {"id": "open-store", "confidence": 0.05}]
    turn = read_turn(tracker(guide_id="g0", theme="open-restaurant", themes=themes))
    assert (turn.text, turn.turn_id, turn.intent, turn.confidence) == ("一百二十平", TURN_ID, "answer", 0.8)
    assert (turn.theme, turn.themes, turn.guide_id) == ("open-restaurant", themes, "g0")


def test_below_the_threshold_there_is_no_intent_but_still_a_theme():
    turn = read_turn(tracker(intent={"name": "nlu_fallback", "confidence": 0.3}, theme="open-hotel"))
    assert (turn.intent, turn.confidence, turn.theme) == (None, None, "open-hotel")


def test_the_api_gets_its_own_name_for_going_back():
    assert read_turn(tracker(intent={"name": "go_back", "confidence": 0.9})).intent == "back"


def test_a_bare_message_makes_a_whole_turn():
    bare = Tracker.from_dict({"sender_id": "v1", "slots": {}, "latest_message": {}})
    turn = read_turn(bare)
    assert (turn.text, turn.intent, turn.confidence, turn.theme, turn.themes, turn.guide_id) == (
        "",
        None,
        None,
        None,
        [],
        None,
    )
    assert len(turn.turn_id) == 32
    assert turn.turn_id != read_turn(bare).turn_id


def test_the_reply_is_uttered_as_one_json_message_and_the_guide_is_kept():
    api = StubApi(REPLY)
    uttered, events = run(api, tracker())
    assert uttered == REPLY
    assert [(e["event"], e["name"], e["value"]) for e in events] == [("slot", "guide_id", "g1")]
    assert api.calls[0][1] == "secret-token"


def test_a_reply_without_a_guide_forgets_it():
    _, events = run(StubApi({"messages": [], "guide": None}), tracker(guide_id="g0"))
    assert [(e["name"], e["value"]) for e in events] == [("guide_id", None)]


@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_is_a_plain_sentence_and_the_guide_stays(failure):
    uttered, events = run(StubApi(TurnFailedError(failure)), tracker(guide_id="g0"))
    assert events == []
    assert uttered["error"] == failure.value
    assert "guide" not in uttered
    (message,) = uttered["messages"]
    assert message["text"] == APOLOGIES[failure]
    assert message["text"].endswith("。")
    assert "？" not in message["text"]


@pytest.mark.parametrize("metadata", [{}, {"visitor_token": ""}, {"visitor_token": None}, {"visitor_token": 7}])
def test_without_a_token_nothing_is_called(metadata):
    api = StubApi(REPLY)
    uttered, _ = run(api, tracker(metadata=metadata))
    assert api.calls == []
    assert uttered["error"] == "unauthorized"


def test_a_failure_logs_neither_token_nor_text(caplog):
    caplog.set_level(logging.DEBUG)
    run(StubApi(TurnFailedError(Failure.TIMEOUT)), tracker())
    assert "timeout" in caplog.text
    assert "secret-token" not in caplog.text
    assert "一百二十平" not in caplog.text


def test_rasa_may_leave_out_the_domain():
    executor = DomainlessExecutor()
    executor.register_action(ActionGuide(StubApi(REPLY)))
    state = {"sender_id": "v1", "slots": {}, "latest_message": {"metadata": {"visitor_token": "t"}}}
    result = asyncio.run(executor.run({"next_action": "action_guide", "tracker": state}))
    assert result.model_dump()["responses"][0]["custom"] == REPLY
