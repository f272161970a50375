"""Citizens who talk about appointments in the small city, with a clock that the tests set."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from stdnum.cn import ric

from miniapp_api.appointments import service as appointments
from miniapp_api.appointments.availability import Visit, free_times
from miniapp_api.appointments.models import Booking
from miniapp_api.conversation import service as conversation
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool
from tests.appointments import world

API = "/api/v1"

SERVICES = """
schema: daoban/services/1
services:
  licence:
    name: 营业执照
    minutes: 15
    items: [register-individual, register-company]
    say: [营业执照, 执照]
    bring: [身份证, 租房合同]
  tax: {name: 税务登记, minutes: 30, items: [tax-info], say: [税务登记, 税务, 办税], bring: [身份证]}
  permit: {name: 施工许可, minutes: 45, say: [施工许可]}
  nowhere: {name: 老年人优待证, minutes: 10, say: [老年证]}
facilities: {}
"""


@pytest.fixture
def settings(settings):
    """Describe an installation whose services belong to the items of the real themes."""
    (settings.catalogue_dir / "services.yaml").write_text(SERVICES, "utf-8")
    return settings


@pytest.fixture
def guides():
    """Use the real conversation."""
    return conversation


class Clock:
    """The time in China, as the tests set it."""

    def __init__(self):
        self.now = world.NOW

    def set(self, day, clock="08:30"):
        self.now = world.moment(day, clock)

    def later(self, minutes):
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock(monkeypatch):
    """A clock at half past eight on an ordinary Monday."""
    clock = Clock()
    monkeypatch.setattr(appointments, "now_in_china", lambda: clock.now)
    return clock


class Answer:
    """What a citizen is answered."""

    def __init__(self, body):
        self.body = body
        self.messages = body["messages"]
        self.text = "\n".join(message["text"] for message in self.messages)
        self.choices = [choice["value"] for choice in self.messages[-1]["choices"]]
        self.links = [message["link"] for message in self.messages if "link" in message]
        self.kinds = [message.get("kind") for message in self.messages]

    def __contains__(self, words):
        return words in self.text

    @property
    def times(self):
        """The choices that are times."""
        return [choice for choice in self.choices if choice[-3:-2] == ":"]


_numbers = itertools.count(1)


def id_number(born):
    """A valid resident identity number that nobody has had yet."""
    digits = f"110105{born}{next(_numbers) % 1000:03d}"
    return digits + ric.calc_check_digit(digits + "0")


class Citizen:
    """Someone who taps and talks in the chat."""

    def __init__(self, client):
        self.client = client
        self.last = None

    def say(self, text, turn_id=None, **hints):
        """Say something, or tap what says it; every answer is checked for what all have to be."""
        body = {"text": text, "turn_id": turn_id or uuid4().hex, **hints}
        self.last = Answer(self.ok(self.client.post(f"{API}/turns", json=body)))
        check(self.last)
        return self.last

    def tap(self, at=0):
        """Tap a choice by its place, or by a part of its words."""
        choices = self.last.choices
        chosen = choices[at] if isinstance(at, int) else next(choice for choice in choices if at in choice)
        return self.say(chosen)

    def add(self, name="王小明", relation="self", born="19900101"):
        """Enter somebody to book for, on the page."""
        person = {"name": name, "number": id_number(born), "relation": relation, "consent": True}
        return self.ok(self.client.post(f"{API}/people", json=person))

    def book(self, *talk):
        """Book by talking, tapping the first time and the first person."""
        for text in talk:
            self.say(text)
        self.tap()
        return self.tap()

    def bookings(self, *statuses):
        found = self.ok(self.client.get(f"{API}/appointments"))["bookings"]
        return [each for each in found if each["status"] in (statuses or ("confirmed",))]

    @staticmethod
    def ok(response):
        assert response.status_code in (200, 201, 204), response.text
        return response.json


def check(answer):
    """What holds for every answer: one question, choices that differ, and a way to go on."""
    assert all(message["text"].count("？") <= 1 for message in answer.messages), answer.text
    assert sum("？" in message["text"] for message in answer.messages) <= 1, answer.text
    for message in answer.messages:
        labels = [choice["label"] for choice in message["choices"]]
        assert len(labels) == len(set(labels)) and all(labels), labels
        assert len(message["text"].encode()) < 2000
    assert answer.choices or answer.links or any(way in answer.text for way in ("12345", "说“", "直接说")), answer.text


@pytest.fixture
def citizen(city, clock, visitor):
    """A citizen who has entered themselves."""
    citizen = Citizen(visitor)
    citizen.add()
    return citizen


@pytest.fixture
def stranger(app, city, clock):
    """A citizen who has entered nobody."""
    client = app.test_client()
    token = client.post(f"{API}/visitors", json={}).json["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return Citizen(client)


@pytest.fixture
def fill(app, city):
    """Have others take all that citizens can have of some pools on a day."""

    def filled(day, *pools, now=world.NOW):
        with app.app_context():
            for pool_id in pools:
                visit = Visit.of(db.session.get_one(Pool, pool_id), 1)
                while rows := free_times(db.session, visit, day, now):
                    for row in rows:
                        world.book(pool_id, day, row.start, now=now, who=next(_others))
            db.session.commit()

    return filled


_others = itertools.count(10_000)


def statuses(app):
    """The states of all bookings."""
    with app.app_context():
        return sorted(db.session.scalars(select(Booking.status)))
