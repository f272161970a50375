"""What anybody may ask about halls and services."""

import pytest

from miniapp_api.extensions import db
from miniapp_api.sites.service import Halls, sync

API = "/api/v1"


@pytest.fixture
def client(app, shiyan):
    """Call the application, whose tables hold the halls of a city."""
    with app.app_context():
        sync(db.session, shiyan)
        db.session.commit()
    return app.test_client()


def codes(answer):
    return [site["code"] for site in answer.json["sites"]]


def test_services_are_listed_and_searched(client):
    everything = client.get(f"{API}/services").json["services"]
    assert len(everything) == 31 and everything[0]["id"] == "business-registration"
    (found,) = client.get(f"{API}/services?q=我要办食品证").json["services"]
    assert found["name"] == "食品经营许可" and found["minutes"] == 30 and "营业执照" in found["bring"]
    assert client.get(f"{API}/services?q=天气").json["services"] == []


def test_the_halls_of_the_default_city_come_in_pages(client):
    answer = client.get(f"{API}/sites")
    assert codes(answer)[0] == "shiyan-center" and len(codes(answer)) == 20
    assert (answer.json["page"], answer.json["pages"], answer.json["total"]) == (1, 6, 105)
    assert client.get(f"{API}/sites?locality=jinan").json["total"] == 0
    assert client.get(f"{API}/sites?locality=shiyan&page=4&size=50").json["sites"] == []


def test_a_hall_in_a_list_says_where_it_is_and_that_it_is_a_demonstration(client):
    first = client.get(f"{API}/sites?locality=shiyan&tier=center").json["sites"][0]
    assert first["demo"] is True and first["tier_name"] == "中心" and first["district_name"] == "茅箭区"
    assert {"id": "nursing-room", "name": "母婴室"} in first["facilities"]
    assert first["booking"] is None and first["km"] is None


def test_the_nearest_hall_that_accepts_a_service_comes_first(client):
    answer = client.get(f"{API}/sites?service=food-licence&near=32.6520,110.7720")
    assert codes(answer)[:2] == ["shiyan-zhangwan", "shiyan-center"]
    assert answer.json["sites"][0]["km"] == 0 and answer.json["sites"][0]["booking"] == "online"


def test_how_a_service_is_booked_is_said(client):
    ways = client.get(f"{API}/sites?service=consultation&size=50").json["sites"]
    assert {site["tier"]: site["booking"] for site in ways} == {
        "center": "walk_in", "branch": "online", "township": "walk_in"
    }  # fmt: skip
    home = client.get(f"{API}/sites?service=home-visit&tier=center").json["sites"]
    assert [site["booking"] for site in home] == ["staff"]


def test_a_district_lists_its_halls_and_those_above(client):
    found = client.get(f"{API}/sites?district=yunxi&size=50").json["sites"]
    assert found[0]["code"] == "shiyan-yunxi" and found[-1]["code"] == "shiyan-center"
    assert {site["district"] for site in found[:-1]} == {"yunxi"}


def test_a_hall_shows_its_counters_and_what_they_accept(client):
    hall = client.get(f"{API}/sites/shiyan-wuyan").json
    assert hall["parent"] == {"code": "shiyan-maojian", "name": "茅箭区政务服务中心（演示）"}
    general = next(pool for pool in hall["pools"] if pool["code"] == "general")
    assert general["counters"] == ["A01", "A02"]
    ways = {service["id"]: service["booking"] for service in general["services"]}
    assert ways["medical-insurance"] == "online" and ways["business-registration"] == "staff"
    assert client.get(f"{API}/sites/shiyan-center").json["parent"] is None


@pytest.mark.parametrize("code", ["nowhere", "shiyan%00center", "%E5%8D%81%E5%A0%B0", "x" * 200])
def test_a_hall_that_is_not_there_is_a_404(client, code):
    answer = client.get(f"{API}/sites/{code}")
    assert answer.status_code == 404 and "从列表里选" in answer.json["detail"]


def test_a_hall_that_is_closed_for_good_is_not_shown(app, client, shiyan):
    with app.app_context():
        kept = {code: plan for code, plan in shiyan.sites.items() if code != "shiyan-wuyan"}
        sync(db.session, Halls(shiyan.offering, kept, ()))
        db.session.commit()
    assert client.get(f"{API}/sites/shiyan-wuyan").status_code == 404
    assert "shiyan-wuyan" not in codes(client.get(f"{API}/sites?tier=township&size=50"))


@pytest.mark.parametrize(
    "query", ["near=1", "near=91,0", "near=0,181", "near=1,2,3", "near=nan,1", "size=51", "page=0", "tier=x",
              "service=A", "locality=%00", "unknown=1"]
)  # fmt: skip
def test_what_makes_no_sense_is_refused(client, query):
    assert client.get(f"{API}/sites?{query}").status_code == 422


def test_an_answer_may_be_kept_and_asked_about(client):
    for path in ("services", "sites", "sites/shiyan-center"):
        first = client.get(f"{API}/{path}")
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = client.get(f"{API}/{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and again.data == b""
    assert client.get(f"{API}/sites/nowhere").headers["Cache-Control"] == "no-store"
