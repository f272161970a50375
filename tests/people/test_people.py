"""Whom a citizen may book for: checked, kept encrypted, shown masked, forgotten on request."""

import json
import threading
from datetime import date

import pytest
from flask import current_app
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select
from stdnum.cn import ric

from miniapp_api import vault
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.field_settings import INDEX, FieldKey
from miniapp_api.people.identity import age, identify
from miniapp_api.people.models import Person
from miniapp_api.vault import Vault
from tests.appointments.world import id_number

NUMBER = "11010519491231002X"
"""The example of GB 11643."""

FULL_WIDTH = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789X"}


def body(**more):
    return {"name": "王小明", "number": id_number(), "relation": "self"} | more


def add(client, **more):
    return client.post("/api/v1/people", json=body(**more))


def named(answer):
    assert answer.status_code == 422, answer.json
    return [param["name"] for param in answer.json["invalid_params"]]


# ---------------------------------------------------------------------- who somebody is


@pytest.mark.usefixtures("sealing")
def test_a_number_is_the_same_person_however_it_is_written():
    keys = {
        identify("王小明", text).subject_key
        for text in (NUMBER, NUMBER.lower(), f" {NUMBER[:6]} {NUMBER[6:]} ", NUMBER.translate(FULL_WIDTH))
    }
    assert len(keys) == 1
    current_app.extensions["vault"] = Vault([FieldKey.new(0, INDEX), FieldKey.new(1, "sm4-gcm")])
    assert identify("王小明", NUMBER).subject_key not in keys
    assert NUMBER not in keys.pop()


@pytest.mark.usefixtures("sealing")
@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王", "王"),
        ("李芳", "李*"),
        ("王小明", "王**"),
        ("欧阳震华", "欧***"),
        ("买买提·吐尔逊", "买***"),
        ("John Smith", "J***"),
        (" 王小明 ", "王**"),
        ("𠮷野", "𠮷*"),
    ],
)
def test_of_a_name_only_the_first_character_is_shown(name, mask):
    assert identify(name, NUMBER).name_mask == mask


@pytest.mark.usefixtures("sealing")
@pytest.mark.parametrize("name", ["", " ", "王小明1", "<b>王</b>", "13800000000", "王\n明", "王" * 21, "x", "·", "王·"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(Problem) as refused:
        identify(name, NUMBER)
    assert [param for param, _ in refused.value.invalid_params] == ["name"]


@pytest.mark.usefixtures("sealing")
@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 16), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(at, digit):
    wrong = NUMBER[:at] + str(digit) + NUMBER[at + 1 :]
    if wrong == NUMBER:
        return
    with pytest.raises(Problem, match="422"):
        identify("王小明", wrong)


@pytest.mark.usefixtures("sealing")
@pytest.mark.parametrize(
    "number", ["110105194912310021", "11010519491331002X", "130503670401001", "A1234567(8)", "１１０１０５"]
)
def test_what_is_no_number_is_refused_in_words(number):
    with pytest.raises(Problem) as refused:
        identify("王小明", number)
    [(name, reason)] = refused.value.invalid_params
    assert (name, "18 位" in reason, number in reason) == ("number", True, False)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1966, 9, 7), date(2026, 9, 6), 59),
        (date(1966, 9, 7), date(2026, 9, 7), 60),
        (date(1964, 2, 29), date(2024, 2, 28), 59),
        (date(1964, 2, 29), date(2025, 3, 1), 61),
    ],
)
def test_age_is_in_full_years(born, on, years):
    assert age(born, on) == years


@pytest.mark.usefixtures("sealing")
def test_the_birthday_is_read_from_the_number():
    assert identify("王小明", NUMBER).born == ric.get_birth_date(NUMBER) == date(1949, 12, 31)


# ---------------------------------------------------------------------- through the API


def test_what_is_shown_is_masked_and_what_is_kept_is_encrypted(app, visitor):
    number = id_number("19491001")
    shown = add(visitor, number=number, phone="13800000000")
    assert shown.status_code == 201
    assert shown.json == {
        "id": shown.json["id"],
        "name": "王**",
        "number_tail": number[-4:],
        "relation": "self",
        "relation_text": "本人",
    }
    with app.app_context():
        row = db.session.scalars(select(Person)).one()
        kept = str([getattr(row, column.key) for column in Person.__table__.columns])
        private = json.loads(vault.unseal("people.sealed", row.public_id, row.sealed))
    assert private == {"name": "王小明", "number": number, "phone": "13800000000"}
    assert not any(secret in kept for secret in (number, "王小明", "13800000000"))


def test_the_same_person_again_is_the_one_who_is_there(visitor):
    number = id_number()
    first = add(visitor, number=number).json
    assert add(visitor, number=number).json == first
    assert visitor.get("/api/v1/people").json == {"people": [first]}


def test_tapped_twice_one_person_is_there(app, visitor):
    number, answers, start = id_number(), [], threading.Barrier(4)

    def tap():
        client = app.test_client()
        client.environ_base.update(visitor.environ_base)
        start.wait()
        answers.append(add(client, number=number).status_code)

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 4
    assert len(visitor.get("/api/v1/people").json["people"]) == 1


def test_for_others_one_needs_their_consent(visitor):
    assert named(add(visitor, relation="parent")) == ["consent"]
    assert add(visitor, relation="parent", consent=True).status_code == 201


def test_oneself_is_one_and_all_together_are_eight(visitor):
    add(visitor)
    again = add(visitor)
    assert (again.status_code, again.json["code"]) == (409, "self_exists")
    for _ in range(7):
        assert add(visitor, relation="other", consent=True).status_code == 201
    more = add(visitor, relation="other", consent=True)
    assert (more.status_code, more.json["code"]) == (409, "too_many_people")
    assert "打电话、到窗口" in more.json["detail"]
    first, *_ = visitor.get("/api/v1/people").json["people"]
    assert first["relation"] == "self"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"number": "110105194912310021"}, "number"),
        ({"number": 110105194912310021}, "number"),
        ({"name": "123"}, "name"),
        ({"phone": "123"}, "phone"),
        ({"relation": "friend"}, "relation"),
        ({"born": "1990-01-01"}, "born"),
    ],
)
def test_what_does_not_fit_is_named_and_not_repeated(visitor, change, name):
    answer = add(visitor, **change)
    assert named(answer) == [name]
    assert "110105194912310021" not in answer.text


def test_forgetting_somebody_takes_all_of_them_out(app, visitor, client):
    mine = add(visitor).json["id"]
    assert client.delete(f"/api/v1/people/{mine}").status_code == 401
    other = app.test_client()
    token = other.post("/api/v1/visitors", json={}).json["token"]
    other.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    assert other.delete(f"/api/v1/people/{mine}").status_code == 404
    assert visitor.delete(f"/api/v1/people/{mine}").status_code == 204
    assert visitor.delete(f"/api/v1/people/{mine}").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Person)).all() == []
