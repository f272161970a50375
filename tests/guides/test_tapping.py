"""A guide walked by tapping."""

import pytest

from tests.guides.conftest import API, ids


def test_from_start_to_list(citizen):
    citizen.start().finish(location="street", serves=["fry", "cold"], area=260)
    assert citizen.guide["state"] == "done"
    listed = citizen.checklist()
    assert "food-licence" in ids(listed["items"])
    assert listed["open_questions"] == []
    assert ids(listed["items"], "perhaps") == set()
    for item in listed["items"]:
        assert item["basis"] and item["basis"][0]["checked"] and item["fee"]["text"] and item["where"]["name"]


def test_the_list_can_be_seen_at_any_time_and_only_firms_up(citizen):
    citizen.start()
    before = citizen.checklist()
    citizen.finish(location="street", serves=["hot"])
    after = citizen.checklist()
    assert ids(before["items"]) <= ids(after["items"])
    assert ids(after["items"]) <= ids(before["items"]) | ids(before["items"], "perhaps")


def test_a_red_light_is_told_at_once_and_can_be_looked_past(citizen):
    citizen.start()
    while citizen.guide["question"]:
        fact = citizen.guide["question"]["fact"]
        citizen.answer(fact, {"location": "dwelling", "serves": ["fry"]}.get(fact, True))
    assert citizen.guide["state"] == "done" and citizen.guide["vetoes"]
    assert len(citizen.guide["answers"]) <= 3
    path = f"{API}/guides/{citizen.id}/continue"
    assert citizen.ok(citizen.client.post(path, json={}))["question"] is not None


def test_a_changed_answer_keeps_the_others(citizen):
    citizen.start().finish(location="street", serves=["hot"], area=60)
    before = {answer["fact"]: answer["value"] for answer in citizen.guide["answers"]}
    citizen.answer("area", 800)
    after = {answer["fact"]: answer["value"] for answer in citizen.guide["answers"]}
    assert after | {"area": before["area"]} == before | {key: after[key] for key in after.keys() - before.keys()}


def test_back_takes_the_last_answer_back(citizen):
    citizen.start()
    asked = citizen.guide["question"]["fact"]
    citizen.answer(asked, "street")
    guide = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/back", json={}))
    assert guide["question"]["fact"] == asked and guide["answers"] == []


def test_back_at_the_start_changes_nothing(citizen):
    citizen.start()
    guide = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/back", json={}))
    assert guide == citizen.guide


def test_dont_know_is_not_no(citizen):
    citizen.start().finish(location="street", serves=["fry"], area="unknown")
    while citizen.guide["question"]:
        citizen.answer(citizen.guide["question"]["fact"], "unknown")
    listed = citizen.checklist()
    assert any(answer["value"] == "unknown" for answer in listed["answers"]) or listed["assumptions"]


def test_a_range_across_a_threshold_is_asked_about(citizen):
    question = citizen.start().guide["question"]
    while question["fact"] != "area":
        citizen.answer(question["fact"], citizen._any(question))
        question = citizen.guide["question"]
    citizen.answer("area", {"low": 250, "high": 400})
    question = citizen.guide["question"]
    assert question["fact"] == "area"
    sides = [option["value"] for option in question["options"]]
    assert len(sides) >= 2
    citizen.answer("area", sides[0])
    assert citizen.guide["question"] is None or citizen.guide["question"]["fact"] != "area"


def test_a_double_tap_counts_once(citizen):
    citizen.start()
    body = {"fact": "location", "value": "street", "revision": 0}
    once = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/answers", json=body))
    twice = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/answers", json=body))
    assert once == twice


def test_a_stale_screen_is_told_so_and_changes_nothing(citizen):
    citizen.start()
    citizen.answer("location", "street")
    stale = citizen.try_answer("location", "mall", revision=0)
    assert (stale.status_code, stale.json["code"]) == (409, "stale_revision")
    assert citizen.ok(citizen.client.get(f"{API}/guides/{citizen.id}"))["answers"][0]["value"] == "street"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("location", "moon"), ("location", True), ("location", ["street"]), ("location", 3), ("serves", []),
        ("serves", "fry"), ("serves", ["fry", "nothing"]), ("serves", ["packed", "fry"]), ("area", -1), ("area", 10**9),
        ("area", "big"), ("area", True), ("fumes", "yes"), ("fumes", 1), ("nothing", True),
        ("area", {"low": 900000, "high": 900001}),
    ],
)  # fmt: skip
def test_answers_that_do_not_fit_are_refused_with_the_reason(citizen, fact, value):
    citizen.start()
    refused = citizen.try_answer(fact, value)
    assert refused.status_code == 422
    assert refused.json["invalid_params"][0]["name"].startswith((fact, "value"))
    assert citizen.ok(citizen.client.get(f"{API}/guides/{citizen.id}"))["revision"] == 0


@pytest.mark.parametrize("path", ["", "/checklist", "/explanations?item=food-licence"])
def test_somebody_elses_guide_is_not_there(citizen, other_citizen, path):
    citizen.start()
    assert other_citizen.client.get(f"{API}/guides/{citizen.id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["answers", "back", "continue", "what-if", "share"])
def test_nobody_else_can_change_a_guide(citizen, other_citizen, path):
    citizen.start()
    bodies = {"answers": {"fact": "location", "value": "mall"}, "what-if": {"changes": {"location": "mall"}}}
    answer = other_citizen.client.post(f"{API}/guides/{citizen.id}/{path}", json=bodies.get(path, {}))
    assert answer.status_code == 404
    assert citizen.ok(citizen.client.get(f"{API}/guides/{citizen.id}"))["revision"] == 0


def test_unknown_themes_and_cities_are_refused(citizen):
    for body, name in (
        ({"theme": "open-casino"}, "theme"),
        ({"theme": "open-restaurant", "locality": "atlantis"}, "locality"),
    ):
        refused = citizen.client.post(f"{API}/guides", json=body)
        assert refused.status_code == 422
        assert refused.json["invalid_params"][0]["name"] == name


def test_why_and_why_not_name_the_answers_that_decide(citizen):
    citizen.start().finish(location="street", serves=["hot"], area=800)
    listed = citizen.checklist()
    for entry in [*listed["items"][:2], *listed["not_needed"][:2]]:
        told = citizen.ok(citizen.client.get(f"{API}/guides/{citizen.id}/explanations?item={entry['id']}"))
        assert told["name"] == entry["name"]
        assert told["why"]
    assert citizen.client.get(f"{API}/guides/{citizen.id}/explanations?item=nothing").status_code == 404


def test_what_if_changes_nothing(citizen):
    citizen.start().finish(location="street", serves=["hot"], subject="individual", area=40)
    before = citizen.checklist()
    tried = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/what-if", json={"changes": {"area": 2000}}))
    assert tried["added"] or tried["undecided"]
    after = citizen.checklist()
    assert before | {"as_of": None} == after | {"as_of": None}


def test_a_shared_link_reads_one_list_and_nothing_else(citizen, client):
    citizen.start().finish(location="street")
    shared = citizen.ok(citizen.client.post(f"{API}/guides/{citizen.id}/share"))
    token = shared["path"].rsplit("/", 1)[1]
    listed = client.get(f"{API}/shared-checklists/{token}")
    assert listed.json["guide"]["id"] == citizen.id
    assert client.get(f"{API}/guides/{citizen.id}").status_code == 401
    for broken in (token[:-1], token + "x", "x", token.swapcase()):
        assert client.get(f"{API}/shared-checklists/{broken}").status_code == 404


@pytest.mark.parametrize("city", ["shiyan", "jinan", "caofeidian", "anshan", "qingshan"])
def test_every_city_guides_to_an_end(citizen, city):
    citizen.start(locality=city).finish(location="street", serves=["fry", "cold"], area=260)
    listed = citizen.checklist()
    assert listed["guide"]["locality"]["id"] == city
    assert ids(listed["items"])
    assert ids(listed["items"], "perhaps") == set()
