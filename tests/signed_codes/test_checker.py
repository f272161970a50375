"""What the server gives out for checking codes without it."""

import json
import re

import pytest

from miniapp_api.signed_codes import checker
from miniapp_api.signed_codes.code import Kind
from tests.conftest import only_sqlite
from tests.staff.people import sign_in_as

pytestmark = only_sqlite


@pytest.fixture
def settings(settings):
    """Serve it on plain HTTP, as the test client speaks it."""
    return settings.model_copy(update={"public_url": "http://zwfw.example.gov.cn"})


def worker_of(client):
    answer = client.get("/desk/verify/worker.js")
    (version,) = re.findall(r'^const VERSION = "([0-9a-f]{12})";', answer.text)
    files = re.findall(r'^ {2}"(/[^"]+)",$', answer.text, re.MULTILINE)
    return answer, version, files


def test_the_page_is_for_staff_and_the_same_for_all_of_them(app, client):
    turned_away = client.get("/desk/verify")
    assert turned_away.status_code == 303
    assert turned_away.headers["Location"].startswith("/desk/sign-in")
    pages = [sign_in_as(app, name=name).get("/desk/verify") for name in ("张三", "李四")]
    assert {page.status_code for page in pages} == {200}
    assert pages[0].text == pages[1].text
    assert "张三" not in pages[0].text


def test_the_page_may_use_the_camera_and_no_other_host(app):
    page = sign_in_as(app).get("/desk/verify")
    assert page.headers["Permissions-Policy"].startswith("camera=(self)")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "//" not in page.text.replace("<!doctype", "")


def test_the_page_knows_every_kind_by_the_number_on_paper(app):
    page = sign_in_as(app).get("/desk/verify")
    (told,) = re.findall(r"data-format='([^']+)'", page.text)
    known = json.loads(told)
    assert known["kinds"].keys() == {str(kind.value) for kind in Kind}
    assert (known["version"], known["first_day"]) == (1, "2020-01-01")


def test_the_worker_may_serve_the_page_and_keeps_all_that_it_loads(app, client):
    answer, _, files = worker_of(client)
    assert answer.headers["Service-Worker-Allowed"] == "/desk/verify"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    page = sign_in_as(app).get("/desk/verify").text
    named = re.findall(r'(?:src|href)="(/[^"#]+\.(?:js|css|svg))[#"]', page)
    loaded = {name: client.get(name) for name in {*named, *files}}
    assert {one.status_code for one in loaded.values()} == {200}
    assert {one.headers["Cache-Control"] for one in loaded.values()} == {"public, max-age=31536000, immutable"}
    assert set(named) <= set(files)
    for name, one in loaded.items():  # modules name others by relative path
        for other in re.findall(r'^import .* from "\./([\w.]+)";$', one.text, re.MULTILINE):
            assert f"{name.rpartition('/')[0]}/{other}" in files
        for other in re.findall(r'^import .* from "\.\./([\w./]+)";$', one.text, re.MULTILINE):
            assert f"{name.rpartition('/')[0].rpartition('/')[0]}/{other}" in files


def test_the_worker_is_another_one_when_a_file_has_changed(client, monkeypatch):
    before = worker_of(client)[1]
    assert worker_of(client)[1] == before
    monkeypatch.setattr(checker, "DIGEST", "0" * 12)
    assert worker_of(client)[1] != before


def test_what_was_vendored_says_which_version_it_is_and_has_its_licence(client):
    vendored = [name for name in worker_of(client)[2] if "/vendor/" in name]
    assert len(vendored) == 2
    for name in vendored:
        licence = client.get(name.replace(".min.js", ".LICENSE.txt")).text
        assert licence.startswith(("tweetnacl 1.0.3, ", "sm-crypto 0.5.8, "))
