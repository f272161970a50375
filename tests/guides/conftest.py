"""The real catalogue and the real guides behind the application."""

from pathlib import Path
from uuid import uuid4

import pytest

from miniapp_api.content.service import Content
from miniapp_api.conversation import service

CATALOGUE = Path(__file__).parents[2] / "catalogue"
API = "/api/v1"


@pytest.fixture(scope="session")
def whole_catalogue():
    """Load the catalogue once."""
    return Content(CATALOGUE)


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


@pytest.fixture
def guides():
    """Use the real guides."""
    return service


class Citizen:
    """Someone who taps and talks."""

    def __init__(self, client):
        self.client = client
        self.guide = None

    def start(self, theme="open-restaurant", **more):
        self.guide = self.ok(self.client.post(f"{API}/guides", json={"theme": theme, **more}))
        return self

    def answer(self, fact, value, **more):
        self.guide = self.ok(self.try_answer(fact, value, **more))
        return self.guide

    def try_answer(self, fact, value, **more):
        return self.client.post(f"{API}/guides/{self.id}/answers", json={"fact": fact, "value": value, **more})

    def finish(self, **answers):
        """Tap to the end: the given answers where asked, else no, none or the first option."""
        for _ in range(60):
            if (question := self.guide["question"]) is None:
                break
            self.answer(question["fact"], answers.get(question["fact"], self._any(question)))
        return self

    def say(self, text):
        """Say something in the chat."""
        return self.ok(self.client.post(f"{API}/chat/messages", json={"text": text}))

    def turn(self, text, turn_id=None, **hints):
        """Say something as the action server passes it on."""
        body = {"text": text, "turn_id": turn_id or uuid4().hex, **hints}
        return self.ok(self.client.post(f"{API}/turns", json=body))

    def checklist(self):
        return self.ok(self.client.get(f"{API}/guides/{self.id}/checklist"))

    @property
    def id(self):
        return self.guide["id"]

    @staticmethod
    def ok(response):
        assert response.status_code in (200, 201), response.json
        return response.json

    @staticmethod
    def _any(question):
        if question["type"] == "yesno":
            return False
        if question["type"] == "number":
            return (question["range"] or [10])[0]
        first = question["options"][0]["value"]
        if question["type"] == "multi":
            return [] if question["allows_none"] else [first]
        return first


@pytest.fixture
def citizen(visitor):
    """A citizen in the default city."""
    return Citizen(visitor)


@pytest.fixture
def other_citizen(app):
    """Somebody else."""
    client = app.test_client()
    token = client.post(f"{API}/visitors", json={}).json["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return Citizen(client)


def question_of(reply):
    """The one message that asks."""
    asking = [message for message in reply["messages"] if "？" in message["text"]]
    assert len(asking) == 1, reply
    return asking[0]


def ids(entries, status="needed"):
    """The ids of entries of a status."""
    return {entry["id"] for entry in entries if entry.get("status", status) == status}
