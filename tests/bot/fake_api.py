"""A stand-in for POST /api/v1/turns that keeps what it was sent."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

QUESTION = {"text": "您的店有多大？", "choices": [{"label": "不知道", "value": "不知道"}], "kind": "question"}


class FakeApi(ThreadingHTTPServer):
    """Checks each turn as the API does, and answers with `reply(turn)` or, if set, with `answer`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.turns = []
        self.tokens = []
        self.problems = []
        self.answer = None  # (status, body as bytes)
        self.arrived = threading.Event()
        self.free_to_answer = threading.Event()
        self.free_to_answer.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    @staticmethod
    def reply(turn):
        """Starts a guide if there is none; a guide that there is goes on."""
        guide_id = turn["guide_id"] or f"g-{turn['turn_id']}"
        return {
            "messages": [
                {"text": "您的店有多大？", "choices": [{"label": "不知道", "value": "不知道"}], "kind": "question"}
            ],
            "guide": {"id": guide_id, "theme": "open-restaurant", "state": "asking"},
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a client waits 40 ms for what was written after the head

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        turn = json.loads(raw)
        self.server.tokens.append(self.headers.get("Authorization"))
        self.server.problems += _problems(self.path, turn)
        self.server.turns.append(turn)
        self.server.arrived.set()
        self.server.free_to_answer.wait()
        status, body = self.server.answer or (200, json.dumps(self.server.reply(turn)).encode())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def _problems(path, turn):
    """What the real API would refuse in a turn."""
    found = []
    if path != "/api/v1/turns":
        found.append(f"path {path}")
    if not isinstance(turn["text"], str) or len(turn["text"]) > 2000:
        found.append("text")
    if len(turn["turn_id"]) != 32 or set(turn["turn_id"]) - set("0123456789abcdef"):
        found.append(f"turn_id {turn['turn_id']!r}")
    strings = [turn[name] for name in ("intent", "theme", "guide_id") if turn[name] is not None]
    numbers = [theme["confidence"] for theme in turn["themes"]]
    if turn["confidence"] is not None:
        numbers.append(turn["confidence"])
    found += [f"string {value!r}" for value in strings if not isinstance(value, str) or len(value) > 48]
    found += [f"number {value!r}" for value in numbers if not 0 <= value <= 1]
    found += [f"themes {theme!r}" for theme in turn["themes"] if set(theme) != {"id", "confidence"}]
    return found


@contextmanager
def fake_api():
    """Serves on a free port until left."""
    server = FakeApi()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.free_to_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
