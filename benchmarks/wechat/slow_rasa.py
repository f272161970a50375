"""A proxy before the real Rasa that counts turns and holds answers back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

PATIENCE = 120
TURN = "/webhooks/rest/webhook"


class SlowRasa:
    """Stands where Rasa is; every request goes on to the real one.

    Attributes:
        turns: how many were asked for.
        delay: gives the seconds by which the answer to a turn is held back.
    """

    def __init__(self, rasa: str, delay: Callable[[], float] = lambda: 0.0) -> None:
        self.turns = 0
        self.delay = delay
        self._flowing = threading.Event()
        self._flowing.set()
        self._lock = threading.Lock()
        self._real = httpx.Client(base_url=rasa, timeout=PATIENCE, trust_env=False)
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stall(self) -> None:
        """Let nothing reach Rasa, nor answer, until `flow`."""
        self._flowing.clear()

    def flow(self) -> None:
        """Answer again."""
        self._flowing.set()

    def close(self) -> None:
        """Stop."""
        self.flow()
        self._server.shutdown()
        self._server.server_close()
        self._real.close()

    def pass_on(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Ask the real Rasa; 502 if it is down."""
        turn = path.startswith(TURN)
        if turn:
            with self._lock:
                self.turns += 1
        self._flowing.wait(PATIENCE)
        started = time.monotonic()
        try:
            answer = self._real.request(method, path, content=body)
        except httpx.HTTPError:
            return 502, b""
        if turn:
            time.sleep(max(0.0, self.delay() - (time.monotonic() - started)))
        return answer.status_code, answer.content


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the caller gave up waiting."""


def _handler(slow: SlowRasa) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a client waits 40 ms for what was written after the head

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            status, content = slow.pass_on(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Write no line for each request."""

    return Handler
