"""The only way into Rasa: one request of Daoban's API per turn."""

import hmac
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint
from sanic.exceptions import InvalidUsage, Unauthorized
from sanic.request import Request
from sanic.response import HTTPResponse, json

MAX_TEXT = 2000
MAX_SENDER = 200


class GatewayInput(InputChannel):
    """Answers POST /webhooks/rest/webhook like Rasa's own REST channel, with less trust.

    Unlike that one it asks for the token, refuses what is not a message, never reads a citizen's
    "/..." as a command to Rasa, and says so with a status of 500 when the turn failed. The text
    of a message reaches no log.
    """

    @classmethod
    def name(cls) -> str:
        """Names the channel, and with it the path."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """Makes the channel from its entry in credentials.yml.

        Raises:
            InvalidConfigException: if there is no token, for then anyone could speak as anyone.
        """
        token = str((credentials or {}).get("token") or "")
        if not token:
            raise InvalidConfigException("The gateway channel needs a token: set RASA_TOKEN.")
        return cls(token)

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Groups the routes under /webhooks/rest."""
        routes = Blueprint("gateway")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not hmac.compare_digest((request.args.get("token") or "").encode(), self._token):
                raise Unauthorized("wrong or missing token")
            message = _read_message(request.json)
            await on_new_message(message)
            return json(message.output_channel.messages)

        return routes


def _read_message(body: Any) -> UserMessage:
    if not isinstance(body, dict):
        raise InvalidUsage("the body must be a JSON object")
    sender, text, metadata = body.get("sender"), body.get("message"), body.get("metadata")
    if not (isinstance(sender, str) and sender.isascii() and 0 < len(sender) <= MAX_SENDER):
        raise InvalidUsage(f"sender must be 1 to {MAX_SENDER} ASCII characters")
    if not isinstance(text, str):
        raise InvalidUsage("message must be a string")
    if not isinstance(metadata, (dict, type(None))):
        raise InvalidUsage("metadata must be an object")
    return UserMessage(
        _as_plain_speech(text),
        CollectingOutputChannel(),
        sender,
        input_channel=GatewayInput.name(),
        metadata=metadata,
    )


def _as_plain_speech(text: str) -> str:
    """Bounds a text, makes it sendable, and keeps Rasa from reading it as a command.

    JSON may hold halves of characters (lone surrogates), which nothing after Rasa could encode.
    Rasa takes "/restart" or "/intent{...}" as an order; a full-width slash it does not. A blank
    text would be no turn at all for Rasa; an ellipsis is one that means as little.
    """
    text = text[:MAX_TEXT].encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if text.startswith("/"):
        text = "\uff0f" + text[1:]
    return text or "\u2026"
