"""Rasa's REST channel, as a service that may be down, slow or wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from miniapp_api.chat.breaker import Breaker
from miniapp_api.chat.schemas import RasaPart, Turn
from miniapp_api.config import Settings

_PARTS = TypeAdapter(list[RasaPart])
_FAILURES_IN_A_ROW = 3
_SECONDS_BETWEEN_PROBES = 15.0


class RasaError(Exception):
    """Rasa gave no answer of use; the argument is one word: down, slow, broken, silent or open."""


class RasaBusyError(Exception):
    """This process has as many turns waiting on Rasa as it may."""


class Rasa:
    """The Rasa of one process: kept-alive connections, bounded places, a circuit breaker."""

    def __init__(self, settings: Settings) -> None:
        self._places = threading.BoundedSemaphore(settings.rasa_places)
        self._breaker = Breaker(_FAILURES_IN_A_ROW, _SECONDS_BETWEEN_PROBES)
        self._client = httpx.Client(
            base_url=settings.rasa_url,
            params={"token": settings.rasa_token} if settings.rasa_token else None,
            timeout=httpx.Timeout(settings.rasa_timeout, connect=settings.rasa_connect_timeout),
            # Rasa's server closes idle connections after 5 s; we let go before it does.
            limits=httpx.Limits(
                max_connections=settings.rasa_places + 1 + (settings.wechat.turns if settings.wechat else 0),
                keepalive_expiry=3.0,
            ),
            trust_env=False,
        )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places for turns that wait on Rasa.

        Raises:
            RasaBusyError: At once if none is free; waiting would use up the threads kept free.
        """
        if not self._places.acquire(blocking=False):
            raise RasaBusyError
        try:
            yield
        finally:
            self._places.release()

    def ask(self, sender: str, text: str, metadata: dict[str, Any]) -> Turn:
        """Say something to Rasa.

        Args:
            sender: Opaque id of the conversation's owner.
            text: What they said.
            metadata: Handed on to the action server as it is.

        Returns:
            What the guides answered, through the action server and Rasa.

        Raises:
            RasaError: If that cannot be had; the action may have run all the same.
        """
        if not self._breaker.allows():
            raise RasaError("open")
        try:
            turn = self._post({"sender": sender, "message": text, "metadata": metadata})
        except RasaError:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return turn

    def alive(self) -> bool:
        """Tell whether Rasa answers at all."""
        try:
            return self._client.get("/webhooks/rest/", timeout=1.0).is_success
        except httpx.HTTPError:
            return False

    def _post(self, body: dict[str, Any]) -> Turn:
        """Post one message; what goes wrong is told by its word alone.

        The causes are cut off: they hold Rasa's address with its token, and the citizen's words.
        """
        try:
            answer = self._client.post("/webhooks/rest/webhook", json=body)
            parts = _PARTS.validate_json(answer.raise_for_status().content)
        except httpx.TimeoutException:
            raise RasaError("slow") from None
        except httpx.TransportError:
            raise RasaError("down") from None
        except (httpx.HTTPStatusError, ValidationError):
            raise RasaError("broken") from None
        turns = [part.custom for part in parts if part.custom]
        if not turns:
            raise RasaError("silent")
        return turns[0]
