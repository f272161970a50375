"""The city's sign-in: who comes from there is known, and whatever is not as it should be is refused."""

import logging
import re
import shutil
import time
from html import unescape
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from miniapp_api.app import create_app
from miniapp_api.config import Settings
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter
from miniapp_api.staff import openid, service, totp
from miniapp_api.staff.elsewhere import OpenIdSignIn
from miniapp_api.staff.models import StaffDeparture, StaffMember, StaffSession
from miniapp_api.staff.openid import Provider
from miniapp_api.staff.service import AWAY_COOKIE, COOKIE, Role
from miniapp_api.staff_settings import StaffOIDCSettings
from tests.conftest import only_sqlite
from tests.fakes import FakeGuides
from tests.staff.conftest import PASSWORD
from tests.staff.people import ORIGIN
from tests.staff.provider import CLIENT_ID, CLIENT_SECRET, path_of, serve_provider

OURS = {"Origin": ORIGIN}


@pytest.fixture(scope="module")
def serving():
    """Serve a provider for all tests of this module: keys take long to make."""
    with serve_provider() as provider:
        yield provider


@pytest.fixture
def city(serving):
    """Give the provider as it should be."""
    serving.subject = "city-0001"
    serving.claims, serving.answers, serving.metadata = {}, {}, {}
    serving.slow, serving.methods = 0.0, ["client_secret_basic"]
    serving.keys = [serving.rsa, serving.ec]
    serving.sign = serving.sign_with(serving.rsa, "RS256")
    serving.asked.clear()
    return serving


@pytest.fixture
def settings(settings, city):
    """Send staff to the provider; only administrators have passwords of ours."""
    oidc = StaffOIDCSettings(issuer=city.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    return settings.model_copy(update={"staff_oidc": oidc, "staff_local_sign_in": "admins"})


@pytest.fixture(scope="module")
def lasting(sqlite_template, tmp_path_factory, serving):
    """Make one application for all that is refused, with a clerk who has an account over there."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("elsewhere") / "daoban.sqlite3")
    oidc = StaffOIDCSettings(issuer=serving.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    settings = Settings(daoban_demo=True, database_url=f"sqlite:///{database}", staff_oidc=oidc)
    content = SimpleNamespace(locality_ids=lambda: {"shiyan"}, fault=lambda: None)
    app = create_app(settings, content=content, guides=FakeGuides())
    with app.app_context():
        add_wang()
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def quick(lasting, city):
    """Call it as anybody; it knows nothing yet of the provider, and nobody has tried too often."""
    lasting.extensions["sign_in_elsewhere"] = OpenIdSignIn(
        Provider(lasting.extensions["settings"].staff_oidc, f"http://127.0.0.1:8000{service.RETURN_PATH}")
    )
    with lasting.app_context():
        limiter.reset()
    return lasting.test_client()


@pytest.fixture
def here(app):
    """Give a way to do something to the database, beside the requests."""

    def do(work):
        with app.app_context():
            done = work()
            db.session.commit()
            return done

    return do


@pytest.fixture
def wang(here):
    """Have an account there."""
    here(add_wang)


def add_wang():
    who = {"username": "wang", "name": "王小青", "role": Role.CLERK, "site_code": "shiyan-center"}
    service.set_external_id(db.session, service.add_member(db.session, password=PASSWORD, **who), "city-0001")


def wang_here():
    return service.find_member(db.session, "wang")


def all_of(kind):
    return lambda: db.session.scalars(select(kind)).all()


def leave(client, wish=""):
    """Press the button; gives the address over there."""
    answer = client.post("/desk/sign-in/away", data={"next": wish}, headers=OURS)
    assert answer.status_code == 200, answer.text
    return unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)[1])


def bring(client, address):
    """Be over there and come back: what the page here sends on."""
    there = httpx.get(address, trust_env=False)
    back = client.get(path_of(there.headers["Location"]))
    assert back.status_code == 200
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', unescape(back.text)))


def arrive(client, brought):
    return client.post("/desk/sign-in/back", data=brought, headers=OURS)


def sign_in(client, wish=""):
    return arrive(client, bring(client, leave(client, wish)))


def refused(client, status=401):
    """Try, and be refused; gives the reason in the log."""
    with capture_logs() as lines:
        answer = sign_in(client)
    assert answer.status_code == status, answer.text
    assert client.get_cookie(COOKIE) is None
    return next(line["reason"] for line in lines if "reason" in line)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_who_is_known_there_and_here_gets_in(client, city, wang, here, algorithm):
    city.sign = city.sign_with(city.ec if algorithm == "ES256" else city.rsa, algorithm)
    answer = sign_in(client, "/desk/password")
    assert (answer.status_code, answer.location) == (303, "/desk/password")
    assert "王小青" in client.get("/desk/").text
    assert client.get_cookie(AWAY_COOKIE) is None
    assert here(all_of(StaffDeparture)) == []
    assert "这里没有密码可改" in client.get("/desk/password").text


def test_the_secret_goes_in_the_body_where_the_provider_wants_that(quick, city):
    city.methods = ["client_secret_post"]
    assert sign_in(quick).status_code == 303


def test_who_has_no_account_here_is_told_so_with_their_identifier_and_gets_none(client, city, wang, here):
    city.subject = "city-0002"
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "没有您能用的账号" in answer.text and "city-0002" in answer.text
    assert len(here(all_of(StaffMember))) == 1
    assert client.get_cookie(COOKIE) is None


def test_who_is_disabled_does_not_get_in(client, city, wang, here):
    here(lambda: service.set_active(db.session, wang_here(), False))
    assert refused(client, 403) == "no account"


def test_who_has_a_second_factor_shows_it_here_too(client, city, wang, here):
    secret = here(bind)
    half = sign_in(client, "/desk/password")
    assert half.location == "/desk/sign-in/code?next=/desk/password"
    assert client.get("/desk/").status_code == 303
    inside = client.post("/desk/sign-in/code", data={"code": code(secret, 0), "next": "/desk/password"}, headers=OURS)
    assert inside.location == "/desk/password"
    assert here(all_of(StaffSession.second_factor)) == [True]


def bind():
    service.bind_second_factor(db.session, wang_here())
    secret = service.second_factor_of(db.session, wang_here()).pending
    service.confirm_second_factor(db.session, wang_here(), "", code(secret, -1))
    return secret


def code(secret, steps):
    return totp.code_at(secret, totp.counter_at(utc_now()) + steps)


WRONG_CLAIMS = {
    "of another issuer": ({"iss": "https://evil.test"}, "InvalidClaimError: iss"),
    "of no issuer": ({"iss": None}, "MissingClaimError: iss"),
    "for another client": ({"aud": "somebody"}, "InvalidClaimError: aud"),
    "for nobody": ({"aud": None}, "MissingClaimError: aud"),
    "for several, of whom we are not who asked": ({"aud": [CLIENT_ID, "other"], "azp": "other"}, "azp"),
    "for several, without saying who asked": ({"aud": [CLIENT_ID, "other"]}, "azp"),
    "expired": ({"exp": int(time.time()) - 3600}, "ExpiredTokenError"),
    "that never expires": ({"exp": None}, "MissingClaimError: exp"),
    "from tomorrow": ({"iat": int(time.time()) + 86400}, "iat"),
    "with another nonce": ({"nonce": "x" * 43}, "InvalidClaimError: nonce"),
    "without a nonce": ({"nonce": None}, "MissingClaimError: nonce"),
    "of another access token": ({"at_hash": "x" * 22}, "InvalidClaimError: at_hash"),
    "of nobody": ({"sub": None}, "MissingClaimError: sub"),
    "of somebody without a name": ({"sub": ""}, "sub"),
    "of a number": ({"sub": 1}, "sub"),
    "of somebody with a name without end": ({"sub": "x" * 256}, "sub"),
}


@pytest.mark.parametrize("case", WRONG_CLAIMS)
def test_a_token_is_refused_that_is(quick, city, case):
    city.claims, said = WRONG_CLAIMS[case]
    assert said in refused(quick)


def test_a_token_nobody_signed_is_refused(quick, city):
    city.sign = city.sign_with_nothing
    assert "Algorithm" in refused(quick)


def test_a_token_signed_with_the_public_key_is_refused(quick, city):
    city.sign = city.sign_with_the_public_key
    assert "Algorithm" in refused(quick)


def test_a_token_signed_with_a_key_of_the_same_name_is_refused(quick, city):
    stranger = type(city.rsa).generate_key(2048, {"kid": "rsa"})
    city.sign = city.sign_with(stranger, "RS256")
    assert refused(quick) == "BadSignatureError"


def test_a_token_changed_on_the_way_is_refused(quick, city):
    sign = city.sign
    city.sign = lambda claims: sign(claims)[:-6] + "AAAAAA"
    assert refused(quick) == "BadSignatureError"


def test_several_for_whom_a_token_is_are_well_if_we_asked(quick, city):
    city.claims = {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}
    assert sign_in(quick).status_code == 303


def test_a_key_that_is_new_there_is_fetched_and_not_for_every_forgery(quick, city, monkeypatch):
    assert sign_in(quick).status_code == 303
    fresh = type(city.rsa).generate_key(2048, {"kid": "fresh"})
    city.sign = city.sign_with(fresh, "RS256")
    before = city.asked.count("/keys")
    quick.post("/desk/sign-out", headers=OURS)
    assert sign_in(quick).status_code == 401
    assert city.asked.count("/keys") == before  # just fetched
    city.keys = [fresh]
    monkeypatch.setattr(openid, "NOT_AGAIN_FOR", 0)
    assert sign_in(quick).status_code == 303
    assert city.asked.count("/keys") == before + 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"iss": "https://evil.test"}, "another issuer answers"),
        ({"code": None, "error": "access_denied"}, "the provider says no"),
        ({"code": None}, "no code"),
        ({"code": "stolen"}, "the token endpoint says OAuthError"),
    ],
)
def test_what_the_browser_brings_has_to_be_right(quick, city, answers, said):
    city.answers = answers
    assert said in refused(quick)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://evil.test/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_description_that_cannot_be_right_is_not_used(quick, city, metadata):
    city.metadata = metadata
    answer = quick.post("/desk/sign-in/away", headers=OURS)
    assert answer.status_code == 503
    assert "统一身份认证现在连不上" in answer.text


def test_a_provider_without_usable_keys_is_not_used(quick, city):
    city.keys = []
    assert quick.post("/desk/sign-in/away", headers=OURS).status_code == 503


def test_a_provider_that_hangs_is_given_up(quick, city, monkeypatch):
    monkeypatch.setattr(openid, "TIMEOUTS", (0.2, 0.2))
    city.slow = 1.0
    assert quick.post("/desk/sign-in/away", headers=OURS).status_code == 503


def test_an_answer_without_end_is_cut(quick, city, monkeypatch):
    monkeypatch.setattr(openid, "_MOST", 100)
    assert quick.post("/desk/sign-in/away", headers=OURS).status_code == 503


def test_a_departure_is_good_for_one_arrival(client, city, wang):
    brought = bring(client, leave(client))
    state = client.get_cookie(AWAY_COOKIE).value
    assert arrive(client, brought).status_code == 303
    client.delete_cookie(COOKIE)
    client.set_cookie(AWAY_COOKIE, state)
    with capture_logs() as lines:
        assert arrive(client, brought).status_code == 401
    assert lines[0]["reason"] == "state"
    assert client.get_cookie(COOKIE) is None


@only_sqlite
def test_what_was_begun_in_another_browser_does_not_end_in_this_one(app, client, city, wang):
    """Else somebody could have me sign in as them."""
    theirs = bring(app.test_client(), leave(app.test_client()))
    leave(client)
    assert arrive(client, theirs).status_code == 401
    client.delete_cookie(AWAY_COOKIE)
    assert arrive(client, theirs).status_code == 401


def test_who_stays_away_too_long_begins_anew(client, city, wang, here):
    brought = bring(client, leave(client))
    here(lambda: db.session.execute(update(StaffDeparture).values(expires_at=utc_now())))
    assert arrive(client, brought).status_code == 401
    leave(client)
    assert len(here(all_of(StaffDeparture))) == 1


def test_no_other_page_sends_anybody_away_or_in(quick, city):
    for path in ("away", "back"):
        assert quick.post(f"/desk/sign-in/{path}", headers={"Origin": "http://evil.test"}).status_code == 403


def test_coming_back_cannot_break_the_page(quick, city):
    page = quick.get("/desk/sign-in/back", query_string={"code": '"><script>', "state": "x", "more": "y"})
    assert "<script>" not in page.text and 'name="more"' not in page.text
    assert quick.get("/desk/sign-in/back", query_string={"code": "x" * 4001}).status_code == 414


@only_sqlite
def test_with_a_password_only_administrators_get_in(client, city, wang, here):
    here(lambda: service.add_member(db.session, username="zhao", name="赵", role=Role.ADMIN, password=PASSWORD))
    for username, status in (("wang", 401), ("zhao", 303)):
        data = {"username": username, "password": PASSWORD}
        assert client.post("/desk/sign-in", data=data, headers=OURS).status_code == status
    assert "用统一身份认证登录" in client.get("/desk/sign-in").text


@only_sqlite
def test_without_a_provider_there_is_no_such_way(settings, content, guides):
    plain = settings.model_copy(update={"staff_oidc": None, "staff_local_sign_in": "all"})
    client = create_app(plain, content=content, guides=guides).test_client()
    assert client.post("/desk/sign-in/away", headers=OURS).status_code == 404
    assert client.post("/desk/sign-in/back", headers=OURS).status_code == 404
    assert "统一身份认证" not in client.get("/desk/sign-in").text


def test_no_token_is_logged(quick, city, caplog):
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG):
            sign_in(quick)
            city.claims = {"nonce": "wrong"}
            sign_in(quick)
            city.subject, city.claims = "city-0002", {}
            sign_in(quick)
            states = [quick.get_cookie(AWAY_COOKIE).value]
    finally:
        root.setLevel(level)
    assert "sign_in_elsewhere_failed" in caplog.text
    for secret in (*city.tokens, *states, CLIENT_SECRET, "city-0001", "city-0002"):
        assert secret not in caplog.text


def test_an_identity_belongs_to_one_person(in_app):
    who = {"name": "王", "role": Role.CLERK, "password": PASSWORD, "site_code": "shiyan-center"}
    wang, other = (service.add_member(db.session, username=name, **who) for name in ("wang", "li"))
    service.set_external_id(db.session, wang, "city-0001")
    with pytest.raises(Problem, match="已经是 wang 的"):
        service.set_external_id(db.session, other, "city-0001")
    for nonsense in ("", "x" * 256):
        with pytest.raises(Problem) as caught:
            service.set_external_id(db.session, other, nonsense)
        assert caught.value.code == 422
    service.set_external_id(db.session, wang, None)
    service.set_external_id(db.session, other, "city-0001")
    db.session.commit()
