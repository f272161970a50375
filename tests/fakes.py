"""Stand-ins for what the chat speaks with: the guides, and Rasa with its action server."""

import json
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from miniapp_api.idempotency.service import once


class FakeGuides:
    """Answers with a numbered question and keeps account of what it was asked and did."""

    Hints = dict

    def __init__(self):
        self.asked = []
        self.done = []
        self.guide = {"id": "0" * 32, "theme": "open-restaurant", "state": "asking"}

    def turn(self, session, visitor, text, hints, turn_id):
        """Answer once per turn."""
        self.asked.append((text, hints, turn_id))
        return once(session, visitor.id, turn_id, lambda: self._act(text))

    def _act(self, text):
        self.done.append(text)
        choices = [{"label": "有", "value": "有"}]
        question = {"text": f"第{len(self.done)}题：有凉菜吗？", "choices": choices, "kind": "question"}
        return {"messages": [{"text": f"您说了「{text}」。", "choices": []}, question], "guide": self.guide}

    def welcome(self, visitor):
        """Greet."""
        return {"text": "您好。", "choices": [{"label": "我想开饭店", "value": "我想开饭店"}]}

    def share(self, session, visitor, public_id):
        """Give a token."""
        return f"shared-{public_id}"

    def active_guide(self, session, visitor):
        """Summarise the guide."""
        return self.guide


class FakeRasa:
    """Rasa's REST channel on a real socket, with the action server's call-back behind it.

    `behave` is one of: normal · late (the action runs, but only once `release` is set) · stuck
    (the action runs at once, the answer waits for `release`) · garbage · error · silent (an empty
    list, as when the action server is down) · words (text, no payload) · odd (a wrong payload).
    """

    def __init__(self):
        self.call_back = None  # what the action server does: gets the body, returns the payload
        self.behave = "normal"
        self.release = threading.Event()
        self.heard = []
        self.answered = threading.Semaphore(0)
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a client waits 40 ms for what was written after the head

            def setup(self):
                super().setup()
                fake._connections.append(self.connection)

            def do_GET(self):
                healthy = urlsplit(self.path).path == "/webhooks/rest/"
                self._send(200 if healthy else 404, b'{"status": "ok"}')

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.heard.append((parse_qs(urlsplit(self.path).query), body))
                status, content = fake._answer(body)
                fake.answered.release()
                self._send(status, content)

            def _send(self, status, content):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments):
                pass

            def handle(self):
                try:
                    super().handle()
                except ConnectionError:
                    self.close_connection = True  # the caller gave up waiting: that is the test

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._connections = []
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(self, body):
        parts = {"garbage": b"<html>", "error": b"", "silent": b"[]"}
        parts["words"] = json.dumps([{"recipient_id": body["sender"], "text": "hi"}]).encode()
        parts["odd"] = json.dumps([{"recipient_id": body["sender"], "custom": {"messages": 7}}]).encode()
        if self.behave in parts:
            return 500 if self.behave == "error" else 200, parts[self.behave]
        if self.behave == "late":
            self.release.wait(60)
        payload = self.call_back(body)
        if self.behave == "stuck":
            self.release.wait(60)
        return 200, json.dumps([{"recipient_id": body["sender"], "custom": payload}]).encode()

    def close(self):
        """Stop it: what is connected is cut off, and from now on connections are refused."""
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in self._connections:
            with suppress(OSError):  # it is closed already
                connection.shutdown(socket.SHUT_RDWR)
