"""The same talks in WeChat: every choice by its number, links that act as the citizen, texts that fit."""

import pytest

from miniapp_api.accounts.models import Visitor
from miniapp_api.chat.service import Turn
from miniapp_api.extensions import db
from miniapp_api.wechat.links import links_of
from miniapp_api.wechat.text.markup import MAX_BYTES, size
from miniapp_api.wechat.text.rendering import render
from tests.appointments.talking.conftest import Citizen


class ByNumbers(Citizen):
    """A citizen in WeChat, who types numbers."""

    def __init__(self, app, client):
        super().__init__(client)
        self.app, self.menu, self.shown = app, None, None

    def write(self, text):
        """Write something; the answer as WeChat shows it."""
        answer = self.say(self.menu.meant(text) if self.menu else text)
        turn = Turn.model_validate(answer.body)
        with self.app.app_context():
            visitor = db.session.query(Visitor).order_by(Visitor.id.desc()).first()
            links = links_of(db.session, visitor, turn)
        rendering = render([each.model_dump() for each in turn.messages], menu_id=7, links=links)
        pieces = [rendering.first, *rendering.rest]
        assert all(size(piece) <= MAX_BYTES for piece in pieces)
        labels = [entry.label for entry in rendering.menu.entries]
        assert labels == answer.choices and len(set(labels)) == len(labels)
        self.menu, self.shown = rendering.menu, "\n".join(pieces)
        return answer


@pytest.fixture
def alice(app, visitor, city, clock):
    """Somebody in WeChat."""
    return ByNumbers(app, visitor)


def test_a_booking_by_numbers(alice):
    alice.add()
    alice.write("这周六上午能去办营业执照吗")
    alice.write("1")
    assert "约好了" in alice.write("1")
    assert alice.bookings()[0]["time"] == "09:00"
    assert "/appointments/" in alice.shown


def test_every_number_says_its_choice(alice):
    alice.add()
    question = alice.write("约周三办执照")
    for place, choice in enumerate(question.choices, 1):
        assert alice.menu.meant(str(place)) == choice


def test_who_has_entered_nobody_gets_a_link_that_acts_as_them(alice):
    alice.write("约周三办执照")
    alice.write("1")
    held = alice.bookings("held")[0]["id"]
    assert f"https://zwfw.example.gov.cn/appointments/{held}#as=" in alice.shown
    assert "填写办事人" in alice.shown


def test_moving_and_cancelling_by_numbers(alice):
    alice.add()
    for text in ("约周三办执照", "1", "1", "改约", "2", "1"):
        alice.write(text)
    assert alice.bookings()[0]["day"] != "2026-09-09"
    alice.write("取消预约")
    alice.write("1")
    assert alice.bookings() == []
