"""Somebody is told before the published days run out, and nothing stops because of it."""

import re
from datetime import date, timedelta

import pytest

from miniapp_api.calendar import service
from miniapp_api.extensions import db

LAST = date(2026, 12, 31)


@pytest.fixture
def on(monkeypatch):
    return lambda day: monkeypatch.setattr(service, "today", lambda: day)


@pytest.fixture
def load(app):
    def load(notice):
        with app.app_context():
            service.load(db.session, notice)
            db.session.commit()

    return load


def ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    return answer.json["checks"]["calendar"]


def days_left(client):
    (figure,) = re.findall("^daoban_calendar_days_left (.+)$", client.get("/metrics").text, re.MULTILINE)
    return float(figure)


def test_the_warning_begins_ninety_days_before(client, on):
    on(LAST - timedelta(days=90))
    assert ready(client) == "ok"
    on(LAST - timedelta(days=89))
    assert ready(client).startswith("放假安排只到 2026 年 12 月 31 日。国务院公布 2027 年的通知后，请马上导入")
    on(LAST + timedelta(days=30))
    assert "2027" in ready(client)


def test_loading_the_notice_ends_the_warning(client, on, load, notice_2027):
    on(date(2026, 11, 25))
    assert ready(client) != "ok"
    assert days_left(client) == 36
    load(notice_2027)
    assert ready(client) == "ok"
    assert days_left(client) == 36 + 365


def test_days_that_are_past_are_counted_below_zero(client, on):
    on(LAST + timedelta(days=3))
    ready(client)
    assert days_left(client) == -3
