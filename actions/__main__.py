"""Starts the action server: `python -m actions`, with ACTION_PORT and API_URL if not usual."""

import logging
import os
import warnings
from typing import Any

import httpx
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.guide import ActionGuide
from actions.guide_api import GuideApi, http_client


class DomainlessExecutor(ActionExecutor):
    """Runs actions that need no domain.

    With `enable_selective_domain` Rasa 3.6 sends neither the domain nor a digest of it; this SDK
    would answer that with a demand for the domain, which Rasa 3.6 does not understand.
    """

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Returns an empty domain whatever the call holds."""
        del payload, action_name
        return {}


def build_app(client: httpx.AsyncClient) -> Sanic:
    """Wires the action to its client; the app closes the client when it stops."""
    executor = DomainlessExecutor()
    executor.register_action(ActionGuide(GuideApi(client)))
    app = create_app(executor, cors_origins=None)

    @app.after_server_stop
    async def close_client(_app: Sanic) -> None:
        await client.aclose()

    return app


def main() -> None:
    """Serves on the loopback address only, until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    warnings.filterwarnings("ignore", message="(?s).*versions of rasa and rasa_sdk")
    app = build_app(http_client(os.environ.get("API_URL", "http://127.0.0.1:8000")))
    app.run(
        host="127.0.0.1",
        port=int(os.environ.get("ACTION_PORT", "5055")),
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
