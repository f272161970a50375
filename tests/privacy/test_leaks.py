"""A whole day of somebody with a number and a telephone: neither is found where it does not belong."""

import json
import logging

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from miniapp_api import vault
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as conversation
from miniapp_api.database import load_models
from miniapp_api.extensions import db
from miniapp_api.people.models import Person
from tests.appointments.world import CATALOGUE
from tests.no_secrets import SEEDED_NUMBER, SEEDED_PHONE, find

PERSON = {"name": "郑一鸣", "number": SEEDED_NUMBER, "phone": SEEDED_PHONE, "relation": "self"}
SAID = f"我叫郑一鸣，{SEEDED_NUMBER}，电话 {SEEDED_PHONE[:3]} {SEEDED_PHONE[3:7]} {SEEDED_PHONE[7:]}"


@pytest.fixture(scope="module")
def whole_catalogue():
    """Load the real catalogue once."""
    return Content(CATALOGUE)


@pytest.fixture
def content(whole_catalogue):
    """Serve it."""
    return whole_catalogue


@pytest.fixture
def guides():
    """Speak with the real guides."""
    return conversation


@pytest.fixture
def told(app, visitor, caplog):
    """Go through the day, its mistakes included; gives all bodies of errors and all that was logged."""
    caplog.set_level(logging.DEBUG)
    app.testing = False

    def send(method, path, **content):
        return getattr(visitor, method)(f"/api/v1{path}", **content)

    answers = [
        send("post", "/people", json=PERSON | {"name": "1"}),
        send("post", "/people", json=PERSON | {"phone": f"{SEEDED_PHONE}9"}),
        send("post", "/people", json=PERSON | {"number": f"{SEEDED_NUMBER[:-1]}4"}),
        send("post", "/people", json=PERSON | {"relation": SEEDED_PHONE}),
        send("post", "/people", json=PERSON | {SEEDED_NUMBER: SEEDED_PHONE}),
        send("post", "/people", data=json.dumps(PERSON)[:-1], content_type="application/json"),
        send("post", "/people", json=PERSON),
        send("post", "/people", json=PERSON),
        send("get", "/people"),
        send("delete", f"/people/{SEEDED_NUMBER}"),
        send("get", f"/appointments/halls?service={SEEDED_NUMBER}&phone={SEEDED_PHONE}"),
        send("post", "/chat/messages", json={"text": SAID}),
        send("post", "/chat/messages", json={"text": "我想开个饭店"}),
        send("post", "/chat/messages", json={"text": f"饭店叫 {SEEDED_PHONE} 餐馆，我的号 {SEEDED_NUMBER}"}),
        send("get", "/chat/messages"),
        send("get", f"/{SEEDED_PHONE}"),
    ]
    assert {201, 404, 422} <= {answer.status_code for answer in answers}
    assert all(answer.status_code < 500 for answer in answers)
    return "\n".join([*(answer.text for answer in answers), caplog.text])


def test_neither_is_in_an_answer_a_log_or_the_metrics(told):
    assert [line for line in told.splitlines() if find(line)] == []
    assert find(generate_latest().decode()) == []


def test_the_search_would_find_them():
    assert len(find(f"{SEEDED_NUMBER} {SEEDED_PHONE} {SAID}")) == 4


@pytest.mark.usefixtures("told")
def test_the_whole_database_holds_them_sealed_only(app):
    with app.app_context():
        tables = {table.name: db.session.execute(select(table)).all() for table in load_models().sorted_tables}
        person = db.session.scalars(select(Person)).one()
        opened = json.loads(vault.unseal("people.sealed", person.public_id, person.sealed))
    assert (opened["number"], opened["phone"]) == (SEEDED_NUMBER, SEEDED_PHONE)
    assert [row for rows in tables.values() for row in rows if find(str(row))] == []
    assert PERSON["name"] not in str(tables["people"])


def test_an_error_of_the_database_does_not_quote_the_row(app):
    insert = text("INSERT INTO people (public_id, name_mask) VALUES (:id, :name)")
    with app.app_context(), pytest.raises(IntegrityError) as caught:
        db.session.execute(insert, {"id": "0" * 32, "name": SEEDED_PHONE})
    assert find(f"{caught.value} {caught.value!r} {caught.value.orig} {caught.value.orig!r}") == []
