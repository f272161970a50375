"""What is published, what a guide is pinned to, and what happens to bad content."""

import shutil

import pytest

from miniapp_api.content import service as content_service
from miniapp_api.content.service import CatalogueError, Content
from tests.guides.conftest import API, CATALOGUE, Citizen

THEME = "themes/open-restaurant.yaml"


@pytest.fixture
def folder(tmp_path):
    """Copy the catalogue to where it can be changed."""
    return shutil.copytree(CATALOGUE, tmp_path / "catalogue")


@pytest.fixture
def content(folder, monkeypatch):
    """Serve the copy, and look for changes at every request."""
    monkeypatch.setattr(content_service, "LOOK_EVERY", 0.0)
    return Content(folder)


def edit(folder, old, new, file=THEME):
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_guide_goes_on_with_the_texts_it_began_with(citizen, folder):
    citizen.start()
    asked = citizen.guide["question"]["ask"]
    edit(folder, asked, "您的店在什么房子里？")
    edit(folder, "version: 2026.11.1", "version: 2026.11.2")
    pinned = citizen.ok(citizen.client.get(f"{API}/guides/{citizen.id}"))
    assert pinned["question"]["ask"] == asked and pinned["theme"]["version"] == "2026.11.1"
    fresh = Citizen(citizen.client).start()
    assert fresh.guide["question"]["ask"] == "您的店在什么房子里？"
    assert fresh.guide["theme"]["version"] == "2026.11.2"
    citizen.answer("location", "street")


def test_a_broken_change_is_refused_and_the_last_valid_content_served(citizen, folder, client):
    citizen.start()
    edit(folder, "type: choice", "type: chioce")
    assert client.get(f"{API}/localities").status_code == 200
    assert Citizen(citizen.client).start().guide["question"]
    assert client.get("/readyz").json["checks"]["catalogue"] != "ok"
    edit(folder, "type: chioce", "type: choice")
    client.get(f"{API}/localities")
    assert client.get("/readyz").json["checks"]["catalogue"] == "ok"


def test_the_service_does_not_start_on_broken_content(folder):
    edit(folder, "type: choice", "type: chioce")
    with pytest.raises(CatalogueError) as refused:
        Content(folder)
    problem = refused.value.problems[0]
    assert problem.file == "open-restaurant.yaml" and problem.line > 1
    assert "choice" in problem.message


def test_what_a_city_sets_decides_the_list(citizen):
    here = Citizen(citizen.client).start(locality="shiyan").finish(location="street", serves=["hot"], area=45)
    there = Citizen(citizen.client).start(locality="jinan").finish(location="street", serves=["hot"], area=45)
    lists = [{entry["id"] for entry in found.checklist()["items"]} for found in (here, there)]
    assert lists[0] != lists[1]


def test_what_a_city_has_not_set_is_said_to_be_unset(citizen):
    found = []
    for city in ("shiyan", "jinan", "caofeidian", "anshan", "qingshan"):
        listed = Citizen(citizen.client).start(locality=city).finish(
            location="street", serves=["hot"], area=260, extras=["sign", "tobacco"]
        ).checklist()  # fmt: skip
        found += listed["unset"]
        for entry in listed["unset"]:
            assert entry["params"] and "以窗口为准" in entry["say"]
    assert found
