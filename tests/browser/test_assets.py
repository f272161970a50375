"""What is sent to a phone: from here only, small, cached for long, never stale."""

import re
import shutil

import pytest
from apiflask import APIFlask

from miniapp_api.accounts.service import Access, access_of
from miniapp_api.web import assets
from miniapp_api.web.api import bp

APPOINTMENTS = ["/appointments", "/appointments/new", "/appointments/" + "0" * 32]
CASES = ["/cases", "/cases/found", "/cases/" + "0" * 32]
PAGES = ["/", "/checklist/" + "0" * 32, "/c/" + "0" * 32, *APPOINTMENTS, *CASES]
MOST_BYTES = 70_000


@pytest.fixture
def app():
    """Serve nothing but the pages."""
    app = APIFlask("pages")
    app.register_blueprint(bp)
    return app


@pytest.fixture
def client(app):
    """Call the pages."""
    return app.test_client()


def links(html):
    return re.findall(r'(?:href|src)="(/assets/[^"#]+)"', html)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_and_all_it_needs_weigh_little(client, path):
    page = client.get(path)
    files = {link: client.get(link) for link in links(page.text)}
    icons = client.get(links(page.text)[0].rsplit("/", 1)[0] + "/icons.svg")
    assert {answer.status_code for answer in files.values()} == {200}
    assert len(page.data) + len(icons.data) + sum(len(answer.data) for answer in files.values()) < MOST_BYTES


@pytest.mark.parametrize("path", PAGES)
def test_every_module_of_a_page_is_asked_for_at_once(client, path):
    html = client.get(path).text
    asked = set(links(html))
    entry = re.search(r'type="module" src="([^"]+)"', html)[1]
    assert imported(client, entry) <= asked


def imported(client, address):
    folder = address.rsplit("/", 1)[0]
    found = {address}
    for name in re.findall(r'from "(\.[^"]+)"', client.get(address).text):
        parts = f"{folder}/{name}".split("/")
        while ".." in parts:
            at = parts.index("..")
            del parts[at - 1 : at + 1]
        found |= imported(client, "/".join(part for part in parts if part != "."))
    return found


@pytest.mark.parametrize("path", PAGES)
def test_pages_forbid_what_they_do_not_need(client, path):
    page = client.get(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-cache"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text)


def test_no_file_names_another_host():
    allowed = {"http://www.w3.org/2000/svg"}
    folders = [assets.FOLDER, assets.FOLDER.parent / "templates"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    named = {url for path in files for url in re.findall(r"(?:https?:)?//[\w.]+\.[\w./]+", path.read_text())}
    assert len(files) > 20
    assert named <= allowed


def test_files_are_cached_for_a_year_under_their_digest(client):
    link = links(client.get("/").text)[0]
    assert "max-age=31536000" in client.get(link).headers["Cache-Control"]
    stale = client.get(link.replace(assets.DIGEST, "0" * 12))
    assert stale.status_code == 200
    assert stale.headers["Cache-Control"] == "no-cache"


def test_the_digest_follows_every_change(tmp_path):
    copy = shutil.copytree(assets.FOLDER, tmp_path / "static")
    assert assets.digest_of(copy) == assets.DIGEST
    module = copy / "lib" / "dom.js"
    module.write_text(module.read_text() + "\n")
    changed = assets.digest_of(copy)
    assert changed != assets.DIGEST
    module.rename(copy / "lib" / "dom2.js")
    assert assets.digest_of(copy) not in {changed, assets.DIGEST}


@pytest.mark.parametrize("path", ["/assets/x/../api.py", "/assets/x/%2e%2e/api.py", "/assets/x/none.js", "/assets/x/"])
def test_nothing_but_the_folder_is_served(client, path):
    assert client.get(path).status_code == 404


def test_overlong_tokens_have_no_code(client):
    assert client.get(f"/c/{'a' * 200}/qr.svg").mimetype == "image/svg+xml"
    assert client.get(f"/c/{'a' * 201}/qr.svg").status_code == 404


def test_odd_tokens_cannot_break_out_of_the_page(client):
    page = client.get("/c/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>alert" not in page


def test_pages_are_public_and_no_part_of_the_api(app):
    views = {name: view for name, view in app.view_functions.items() if name.startswith("web.")}
    assert len(views) == 11
    assert {access_of(view) for view in views.values()} == {Access.PUBLIC}
    with app.app_context():
        assert not [path for path in app.spec["paths"] if not path.startswith("/api")]
