"""The one action: every turn goes to the API, whatever NLU took it for."""

import logging
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guide_api import Failure, GuideApi, Turn, TurnFailedError

logger = logging.getLogger(__name__)

SLOT = "guide_id"
FALLBACK_INTENT = "nlu_fallback"
PUBLIC_INTENT_NAMES = {"go_back": "back"}
"""Where the API's name for an intent is one that Rasa keeps for itself."""

_TRY_AGAIN = "系统有点忙，这句话没能处理好。请稍等一会儿再发一次，您前面的回答都还在。"
APOLOGIES = {
    Failure.TIMEOUT: _TRY_AGAIN,
    Failure.UNREACHABLE: _TRY_AGAIN,
    Failure.BROKEN: _TRY_AGAIN,
    Failure.UNAUTHORIZED: "您停留的时间有点长，登录已失效。请刷新页面后再试，您前面的回答都还在。",
    Failure.REFUSED: "这句话我没能处理。请换个说法再试，也可以直接点下面的选项。",
}


class ActionGuide(Action):
    """Sends the latest message to the API and utters its reply as one JSON message."""

    def __init__(self, api: GuideApi) -> None:
        self._api = api

    def name(self) -> str:
        """Returns the name the domain knows the action by."""
        return "action_guide"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002  (the SDK passes it)
    ) -> list[dict[str, Any]]:
        """Takes one turn.

        Returns:
            The event that keeps the guide's id for the next turn. After a failure there is no
            event, so the id stays; what is uttered then has `error` and no `guide`.
        """
        try:
            reply = await self._take_turn(tracker)
        except TurnFailedError as error:
            logger.warning("a turn got no reply: %s", error.failure)
            dispatcher.utter_message(json_message=_apology(error.failure))
            return []
        guide = reply.get("guide")
        dispatcher.utter_message(json_message={"messages": reply["messages"], "guide": guide})
        return [SlotSet(SLOT, guide["id"] if guide else None)]

    async def _take_turn(self, tracker: Tracker) -> dict[str, Any]:
        token = _metadata(tracker).get("visitor_token")
        if not isinstance(token, str) or not token:
            raise TurnFailedError(Failure.UNAUTHORIZED)
        return await self._api.take_turn(read_turn(tracker), token)


def read_turn(tracker: Tracker) -> Turn:
    """Collects what the API wants to know from the latest message and the slot.

    An intent below NLU's threshold is no intent: `intent` and `confidence` are None then.
    """
    message = tracker.latest_message
    intent = message.get("intent") or {}
    name, confidence = intent.get("name"), intent.get("confidence")
    if name == FALLBACK_INTENT:
        name = confidence = None
    return Turn(
        text=message.get("text") or "",
        turn_id=_metadata(tracker).get("turn_id") or uuid.uuid4().hex,
        intent=PUBLIC_INTENT_NAMES.get(name, name),
        confidence=confidence,
        theme=message.get("theme"),
        themes=message.get("themes") or [],
        guide_id=tracker.slots.get(SLOT),
    )


def _metadata(tracker: Tracker) -> dict[str, Any]:
    return tracker.latest_message.get("metadata") or {}


def _apology(failure: Failure) -> dict[str, Any]:
    message = {"text": APOLOGIES[failure], "choices": [], "kind": "error"}
    return {"messages": [message], "error": failure.value}
