"""What a stranger is told: on the page, and by the API to the mini-program."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from miniapp_api.app import create_app
from miniapp_api.calendar.service import today
from miniapp_api.extensions import db
from miniapp_api.signed_codes import service
from miniapp_api.signed_codes.installation import codes_of
from miniapp_api.signed_codes.models import SignedCode
from miniapp_api.signed_codes.service import Kind, PublicView
from tests.conftest import only_sqlite

pytestmark = only_sqlite

BOOKED = PublicView("政务服务大厅的预约", "已经约好", ("请按时到。",))


@pytest.fixture
def show(app):
    """Let a domain of the test, and no other, show appointments: what it was `asked`, and its `view`."""

    class Domain:
        def __init__(self):
            self.view = BOOKED
            self.asked = []

        def __call__(self, session, code_id, visitor):
            assert session is db.session
            self.asked.append((code_id, visitor and visitor.public_id))
            return self.view

    domain = Domain()
    codes_of(app).shows.clear()
    service.register(app, Kind.APPOINTMENT, domain)
    return domain


def both(client, digits):
    return client.get(f"/r/{digits}"), client.get(f"/api/v1/codes/{digits}")


def test_a_genuine_code_says_what_it_is_who_issued_it_when_and_how_far_it_is(client, issued, show):
    page, answer = both(client, issued()[1])
    day = f"{today().year}年{today().month}月{today().day}日"
    for words in ("是真的", "预约凭证", "十堰市行政审批局", day, "政务服务大厅的预约", "已经约好", "请按时到。"):
        assert words in page.text
    assert answer.json == {
        "state": "valid",
        "kind": "appointment",
        "kind_name": "预约凭证",
        "bureau": "十堰市行政审批局",
        "issued_on": today().isoformat(),
        "revoked_on": None,
        "view": {
            "title": "政务服务大厅的预约",
            "stage": "已经约好",
            "lines": ["请按时到。"],
            "tone": "good",
            "link": None,
        },
    }
    assert (page.status_code, answer.status_code) == (200, 200)


def test_a_view_that_is_void_is_not_praised(client, issued, show):
    show.view = replace(BOOKED, stage="已经取消", tone="void")
    page, answer = both(client, issued()[1])
    assert "真的，但不能用了" in page.text
    assert "已经取消" in page.text
    assert (answer.json["state"], answer.json["view"]["tone"]) == ("valid", "void")


def test_the_bureau_may_have_a_name_of_its_own(app, client, issued):
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"bureau_name": "某某区行政审批服务局"})
    page, answer = both(client, issued()[1])
    assert answer.json["bureau"] == "某某区行政审批服务局"
    assert "某某区行政审批服务局" in page.text


def test_a_code_is_genuine_though_its_domain_says_nothing_more(client, issued, show):
    show.view = None
    for digits in (issued()[1], issued(Kind.CONCLUSION)[1]):
        page, answer = both(client, digits)
        assert "是真的" in page.text
        assert "不再显示进展" in page.text
        assert (answer.json["state"], answer.json["view"]) == ("archived", None)


@pytest.mark.parametrize(("days", "told"), [(90, True), (91, False)])
def test_strangers_are_not_told_about_old_appointments(app, client, issued, show, days, told):
    _, digits = issued()
    codes_of(app).today = lambda: today() + timedelta(days=days)
    _, answer = both(client, digits)
    assert (answer.json["state"], len(show.asked)) == (("valid", 2) if told else ("archived", 0))


def test_a_revoked_code_says_so_and_not_why(client, issued, show, revoke):
    code_id, digits = issued()
    revoke(code_id, "当事人王小明打错")
    page, answer = both(client, digits)
    assert "已经作废" in page.text
    assert "到窗口重新领预约凭证" in page.text
    assert answer.json["state"] == "revoked"
    assert answer.json["revoked_on"] == today().isoformat()
    assert "王小明" not in page.text + answer.text
    assert show.asked == []


def test_a_forged_code_is_called_so_with_what_to_do(client):
    page, answer = both(client, "1" * 179)
    assert "不是真的" in page.text
    assert "12345" in page.text
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (answer.status_code, answer.json["code"]) == (404, "forged_code")


def test_an_unknown_code_is_no_proof(app, client, issued):
    code_id, digits = issued()
    with app.app_context():
        db.session.delete(db.session.get_one(SignedCode, code_id))
        db.session.commit()
    page, answer = both(client, digits)
    assert "查不到" in page.text
    assert "是真的" not in page.text.replace("不能证明它是真的", "")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")


def test_the_domain_learns_who_asks_from_the_api_only(client, visitor, issued, show):
    code_id, digits = issued()
    both(visitor, digits)
    stale = {"Authorization": "Bearer v.forged"}
    assert client.get(f"/api/v1/codes/{digits}", headers=stale).status_code == 200
    (on_page, by_api, by_stranger) = show.asked
    assert on_page == by_stranger == (code_id, None)
    assert len(by_api[1]) == 32


def test_a_page_stays_with_us_and_out_of_search_engines(client, issued):
    for digits in (issued()[1], "1" * 179):
        page, answer = both(client, digits)
        for response in (page, answer):
            assert response.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert 'content="noindex"' in page.text
        assert "//" not in page.text.replace("<!doctype", "")
        assert "<script>" not in page.text
        assert digits not in page.text


def test_codes_do_nothing(client, issued):
    _, digits = issued()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (f"/r/{digits}", f"/api/v1/codes/{digits}"):
            assert client.open(path, method=method).status_code == 405


def test_what_the_domain_says_cannot_break_out_of_the_page(client, issued, show):
    show.view = PublicView("<script>alert(1)</script>", "<b>", ("</dl>",))
    assert "<script>alert" not in client.get(f"/r/{issued()[1]}").text


def test_one_address_may_only_scan_so_often_and_is_told_on_a_page(settings, content, guides):
    app = create_app(settings.model_copy(update={"code_limit": "3 per minute"}), content=content, guides=guides)
    client = app.test_client()
    client.get(f"/r/{'1' * 179}")
    client.get(f"/api/v1/codes/{'1' * 179}")
    client.get("/.well-known/receipt-keys.json")
    page, answer = both(client, "1" * 179)
    assert (page.status_code, answer.status_code) == (429, 429)
    assert "请等一分钟" in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 61  # the limiter counts whole seconds
    elsewhere = client.get(f"/r/{'1' * 179}", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 404
    with app.app_context():
        db.engine.dispose()


def test_without_the_database_nothing_is_said_about_a_code(client, issued, monkeypatch):
    _, digits = issued()

    def lost(*_arguments, **_options):
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.get", lost)
    page, answer = both(client, digits)
    assert (page.status_code, answer.status_code) == (503, 503)
    assert "现在查不了" in page.text
    assert "是真的" not in page.text


def test_two_domains_cannot_show_the_same_kind(app, show):
    with pytest.raises(ValueError, match="APPOINTMENT"):
        service.register(app, Kind.APPOINTMENT, show)


def test_applications_do_not_share_what_is_registered(app, show, settings, content, guides):
    other = create_app(settings, content=content, guides=guides)
    assert codes_of(app).shows == {Kind.APPOINTMENT: show}
    assert show not in codes_of(other).shows.values()
    with other.app_context():
        db.engine.dispose()
