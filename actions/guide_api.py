"""The one call that the action server makes."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import httpx

CONNECT_SECONDS = 1.0
READ_SECONDS = 4.0
KEEP_ALIVE_SECONDS = 1.0
"""Shorter than any usual server's own, so that a call never meets a connection being closed."""


class Failure(StrEnum):
    """Why a turn got no reply."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    REFUSED = "refused"
    BROKEN = "broken"


class TurnFailedError(Exception):
    """The API gave no usable reply to a turn."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True)
class Turn:
    """What the citizen said and what NLU made of it: the body of the call.

    The API does the turn of one `turn_id` (32 hexadecimal digits) once, however often it is asked.
    """

    text: str
    turn_id: str
    intent: str | None
    confidence: float | None
    theme: str | None
    themes: list[dict[str, Any]]
    guide_id: str | None


def http_client(api_url: str) -> httpx.AsyncClient:
    """Makes the client that all turns share.

    Args:
        api_url: where the API answers, e.g. `http://127.0.0.1:8000`.
    """
    return httpx.AsyncClient(
        base_url=api_url,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
        trust_env=False,  # a proxy from the environment has no business with a local call
    )


class GuideApi:
    """Sends turns to the API's guides."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def take_turn(self, turn: Turn, visitor_token: str) -> dict[str, Any]:
        """Sends one turn, once: whoever waits for the reply has less patience than two tries need.

        Args:
            turn: the body.
            visitor_token: the citizen's delegated token, sent as bearer.

        Returns:
            `{"messages": [{"text", "choices", …}], "guide": {"id", …} | None}` as the API sent it.

        Raises:
            TurnFailedError: if the API is away, late, unwilling, or its answer is not like that.
        """
        try:
            response = await self._client.post(
                "/api/v1/turns",
                json=asdict(turn),
                headers={"Authorization": f"Bearer {visitor_token}"},
            )
        except httpx.TimeoutException as error:
            raise TurnFailedError(Failure.TIMEOUT) from error
        except (httpx.HTTPError, UnicodeEncodeError) as error:
            raise TurnFailedError(Failure.UNREACHABLE) from error
        return _reply(response)


def _reply(response: httpx.Response) -> dict[str, Any]:
    if response.status_code in {401, 403}:
        raise TurnFailedError(Failure.UNAUTHORIZED)
    if response.is_client_error:
        raise TurnFailedError(Failure.REFUSED)
    if not response.is_success:
        raise TurnFailedError(Failure.BROKEN)
    try:
        body = response.json()
    except ValueError as error:
        raise TurnFailedError(Failure.BROKEN) from error
    if not (isinstance(body, dict) and _are_messages(body.get("messages")) and _is_guide(body)):
        raise TurnFailedError(Failure.BROKEN)
    return body


def _are_messages(messages: object) -> bool:
    return isinstance(messages, list) and all(
        isinstance(message, dict) and isinstance(message.get("text"), str) for message in messages
    )


def _is_guide(body: dict[str, Any]) -> bool:
    guide = body.get("guide")
    return guide is None or (isinstance(guide, dict) and isinstance(guide.get("id"), str))
