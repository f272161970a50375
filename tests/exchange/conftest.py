"""An installation with a partner that sends us progress and wants our events."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from miniapp_api.exchange import signing
from miniapp_api.extensions import db
from miniapp_api.partner_settings import read_partners
from tests.appointments import world as halls
from tests.cases.conftest import content, whole_catalogue

__all__ = ["content", "whole_catalogue"]

SECRET = base64.urlsafe_b64encode(bytes(range(40))).decode().rstrip("=")


class Listener:
    """A real server that notes what it is told; `faults` are the statuses of its next answers."""

    def __init__(self):
        self.heard, self.faults = [], []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                given = {
                    name: self.headers.get(name, "")
                    for name in (signing.TIMESTAMP, signing.DELIVERY, signing.SIGNATURE)
                }
                assert signing.is_signed(bytes(range(40)), given, body)
                status = listener.faults.pop(0) if listener.faults else 200
                if status == 200:
                    listener.heard.append(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"


@pytest.fixture
def listener():
    """Run the partner's server."""
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()


@pytest.fixture
def settings(settings, listener):
    """Describe an installation with the partner."""
    partners = read_partners(f"name=province secret={SECRET} push={listener.url}")
    return settings.model_copy(update={"partners": partners})


@pytest.fixture
def city(app):
    """Build the halls."""
    with app.app_context():
        built = halls.build(db.session)
        db.session.commit()
    return built
