"""The periods are data, checked at start; the page and the list say what the registry says."""

import re
import shutil
from pathlib import Path

import pytest

from guidance.documents import CatalogueError
from miniapp_api import holdings
from miniapp_api.app import create_app
from tests.conftest import only_sqlite

FILE = Path("catalogue/retention.yaml")

pytestmark = only_sqlite


@pytest.fixture
def start(settings, content, guides, tmp_path):
    """Start an installation whose periods were edited."""

    def with_(change):
        folder = tmp_path / "catalogue"
        shutil.copytree("catalogue", folder)
        text = FILE.read_text("utf-8")
        changed = change(text)
        (folder / FILE.name).write_text(changed, "utf-8") if changed else (folder / FILE.name).unlink()
        return create_app(settings.model_copy(update={"catalogue_dir": folder}), content=content, guides=guides)

    return with_


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda _text: None, "缺少这个文件"),
        (lambda text: re.sub(r"\n  chat: .*", "", text), "缺少 chat"),
        (lambda text: text + "  chats: {days: 10, why: 写错了名称}\n", "不认识的名称：chats"),
        (lambda text: text.replace("logs: {days: 184", "logs: {days: 183"), "logs（运行日志）至少要保存 184 天"),
        (lambda text: text.replace("personal_reads: {days: 1095", "personal_reads: {days: 30"), "至少要保存 184 天"),
        (lambda text: text.replace("wechat_exchanges: {days: 7", "wechat_exchanges: {days: 6"), "至少要保存 7 天"),
        (lambda text: text.replace("chat: {days: 184", "chat: {days: 0"), "retention.yaml:11 G002 days"),
        (lambda text: text.replace("chat: {days: 184", "chat: {days: 半年"), "retention.yaml:11 G002 days"),
        (lambda text: text.replace("daoban/retention/1", "daoban/retention/2"), "retention"),
    ],
)
def test_a_file_that_does_not_fit_stops_the_start_and_says_why(start, change, why):
    with pytest.raises(CatalogueError, match=re.escape(why)):
        start(change)


def test_another_period_is_the_one_that_counts_and_is_told(start):
    app = start(lambda text: text.replace("chat: {days: 184", "chat: {days: 199"))
    with app.app_context():
        assert holdings.kept("chat").days == 199
    assert "199 天" in app.test_client().get("/privacy").text


def test_the_page_tells_of_every_holding_what_why_how_long_and_how_it_goes(app, client):
    page = client.get("/privacy")
    assert page.status_code == 200
    assert "我们收集什么、为什么、留多久、怎么删" in page.text
    with app.app_context():
        registered = holdings.registered()
        for holding in registered:
            period = holdings.period_of(holding.id)
            parts = (holding.name, holding.what, holding.why, holding.basis, holding.gone)
            assert [part for part in parts if part not in page.text] == []
            assert f"{holding.after} {period.days} 天（{period.why}）" in page.text
    assert len(registered) >= 13


def test_the_page_asks_nothing_of_other_hosts(client):
    page = client.get("/privacy")
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert addresses
    assert all(address.startswith(("/assets/", "tel:12345", "#")) for address in addresses)
    for address in addresses:
        if address.startswith("/assets/"):
            assert client.get(address.partition("#")[0]).status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_law_is_quoted_only_as_the_reference_has_it(app):
    with app.app_context():
        quoted = {law for holding in holdings.registered() for law in re.findall("第[^条]+条", holding.basis)}
    assert quoted <= {"第六条", "第十七条", "第十九条", "第二十四条", "第三十五条", "第三十六条", "第二十三条"}


def test_two_holdings_cannot_share_a_name(app):
    with app.app_context():
        known = holdings.registered()[0]
    with pytest.raises(ValueError, match="two holdings"):
        holdings.register(app, known)
