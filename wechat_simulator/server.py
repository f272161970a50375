"""The HTTP server: threaded, on this machine's loopback address only."""

from __future__ import annotations

import threading

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from wechat_simulator.api import add_api
from wechat_simulator.window_api import add_window
from wechat_simulator.world import World

HOST = "127.0.0.1"
BODY_LIMIT = 64 * 1024
NOTICES_CLOSE = 0.01
"""Seconds between two looks whether to stop."""


class QuietHandler(WSGIRequestHandler):
    """Logs no requests: their addresses hold secrets and tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """Serves the API and the chat window from a thread."""

    def __init__(self, world: World, port: int) -> None:
        app = Flask(__name__, static_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
        add_api(app, world)
        add_window(app, world)
        self._server = make_server(HOST, port, app, threaded=True, request_handler=QuietHandler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(NOTICES_CLOSE,), name="simulator", daemon=True
        )
        self.url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
