"""Fixtures: a Rasa for the chat to speak with, and an action server behind it that calls the API back."""

import pytest
from flask import request

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.extensions import db
from tests.fakes import FakeRasa


@pytest.fixture
def rasa():
    """Start a Rasa on a free port."""
    fake = FakeRasa()
    yield fake
    fake.close()


@pytest.fixture
def patience():
    """Say how many seconds the chat waits for Rasa."""
    return 20


@pytest.fixture
def settings(settings, rasa, patience):
    """Point the installation at that Rasa."""
    return settings.model_copy(update={"rasa_url": rasa.url, "rasa_token": "t0ken", "rasa_timeout": patience})


@pytest.fixture
def app(app, rasa, guides):
    """Add the route that the action calls, as the citizen, with the token from the metadata."""

    @app.post("/turns-for-the-test")
    @requires_visitor
    @app.doc(hide=True)
    def turns():
        said = request.get_json()
        hints = guides.Hints(intent="answer")
        return guides.turn(db.session, current_visitor(), said["text"], hints, said["turn_id"])

    def act(body):
        metadata = body["metadata"]
        answer = app.test_client().post(
            "/turns-for-the-test",
            json={"text": body["message"], "turn_id": metadata["turn_id"]},
            headers={"Authorization": f"Bearer {metadata['visitor_token']}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    rasa.call_back = act
    return app
