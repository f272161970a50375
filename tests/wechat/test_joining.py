"""One citizen in two places is one citizen: by WeChat's unionid, or by a code of their own."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from miniapp_api.accounts import service as accounts
from miniapp_api.accounts.models import Login, MergedVisitor, Visitor
from miniapp_api.chat.models import ChatMessage
from miniapp_api.conversation import service as guides_service
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.idempotency.service import once
from miniapp_api.wechat import tasks
from miniapp_api.wechat.identities import identity_of, learn_unionid
from miniapp_api.wechat.joining import ALPHABET, LENGTH
from miniapp_api.wechat.models import JoinCode, WeChatIdentity
from miniapp_api.wechat.platform.client import WeChatError
from tests.conftest import only_sqlite
from tests.guides.conftest import whole_catalogue
from tests.wechat.conftest import door
from wechat_simulator import pushes

__all__ = ["whole_catalogue"]

JOIN = "/api/v1/auth/wechat/join"
SESSION = "/api/v1/auth/session"
MESSAGES = "/api/v1/chat/messages"
CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


class Caller:
    """Calls with a token."""

    def __init__(self, app, token):
        self.client = app.test_client()
        self.token = token
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def status(self):
        return self.client.get(MESSAGES).status_code

    def said(self):
        return [message["text"] for message in self.client.get(MESSAGES).json["messages"] if message["from"] != "bot"]

    def join(self, code):
        answer = self.client.post(JOIN, json={"code": code})
        return answer.status_code, answer.json["code"] if answer.data else None


@pytest.fixture
def log_in(app, wechat):
    """Log somebody in to the mini-program."""

    def enter(name="alice"):
        answer = app.test_client().post("/api/v1/auth/wechat", json={"code": wechat.login_code(name)})
        return Caller(app, answer.json["token"])

    return enter


@pytest.fixture
def web(app):
    """Come by the web page."""
    return lambda: Caller(app, app.test_client().post("/api/v1/visitors", json={}).json["token"])


@pytest.fixture
def code_of(served, wechat):
    """Ask for a code in the chat."""

    def ask(name="alice", text="绑定小程序"):
        (code,) = CODE.findall(wechat.citizen(name).text(text).text)
        return code

    return ask


@pytest.fixture
def read(app):
    """Read what a query finds."""

    def run(query):
        with app.app_context():
            return db.session.scalars(query).all()

    return run


@pytest.fixture
def behind(read):
    """The visitors behind all identities, in the order of the identities."""
    return lambda: read(select(WeChatIdentity.visitor_id).order_by(WeChatIdentity.id))


@pytest.fixture
def learn(app, read):
    """Learn the unionid of all who are known in the official account, as the worker does."""

    def run():
        for identity in read(select(WeChatIdentity).filter_by(app_id=app.extensions["settings"].wechat.app_id)):
            with app.app_context():
                tasks.learn(identity.id)

    return run


class TestUnionid:
    @pytest.fixture
    def account(self, account):
        return replace(account, open_platform=True)

    @pytest.fixture
    def settings(self, settings, account, wechat):
        return settings.model_copy(update={"wechat": door(account, wechat.url, open_platform=True)})

    def test_first_the_account_then_the_mini_program(self, alice, log_in, learn, behind, read):
        alice.text("一")
        learn()
        log_in()
        assert behind() == [1, 1]
        assert read(select(WeChatIdentity.unionid)) == [alice.unionid] * 2
        assert read(select(MergedVisitor.visitor_id)) == [2]

    def test_first_the_mini_program_then_the_account(self, alice, log_in, learn, behind):
        phone = log_in()
        alice.text("一")
        assert behind() == [1, 2]
        learn()
        assert behind() == [1, 1]
        assert phone.status() == 200

    def test_what_was_the_newer_ones_is_the_older_ones(self, alice, log_in, learn, read):
        alice.text("一")
        phone = log_in()
        phone.client.post(MESSAGES, json={"text": "二"})
        assert set(read(select(ChatMessage.visitor_id))) == {1, 2}
        learn()
        for owner in (ChatMessage.visitor_id, Login.visitor_id, WeChatIdentity.visitor_id):
            assert set(read(select(owner))) == {1}
        assert phone.said() == ["二"]
        log_in().client.post(MESSAGES, json={"text": "三"})
        assert phone.said() == ["二", "三"]
        alice.text("四")
        assert set(read(select(ChatMessage.visitor_id))) == {1}

    @pytest.mark.parametrize("way", ["stuck", "error"])
    def test_a_turn_that_runs_meanwhile_is_the_older_ones_and_done_once(
        self, alice, log_in, learn, read, rasa, guides, until, way
    ):
        log_in().client.post(MESSAGES, json={"text": "一"})
        rasa.behave = "stuck"
        told = alice.begin(pushes.text("二"))
        until(lambda: guides.done == ["一", "二"])
        learn()
        rasa.behave = way
        rasa.release.set()
        assert "「二」" in told.result().text
        assert set(read(select(ChatMessage.visitor_id))) == {1}
        assert guides.done == ["一", "二"]

    def test_the_worker_learns_it(self, worker, alice, log_in, behind, until):
        log_in()
        alice.text("一")
        until(lambda: behind() == [1, 1])

    @pytest.mark.usefixtures("worker")
    def test_a_wechat_that_is_away_is_asked_again_with_the_next_push(self, wechat, alice, log_in, behind, until):
        wechat.faults.drop("/cgi-bin/user/info", 1)
        log_in()
        alice.text("一")
        until(lambda: wechat.requests["/cgi-bin/user/info"])
        assert behind() == [1, 2]
        alice.text("二")
        until(lambda: behind() == [1, 1])
        alice.text("三")
        assert wechat.requests["/cgi-bin/user/info"] == 2

    def test_two_citizens_stay_two(self, wechat, alice, log_in, learn, behind):
        alice.text("一")
        wechat.citizen("bob").text("一")
        learn()
        log_in("bob")
        log_in("alice")
        alice_here, bob_here, bob_there, alice_there = behind()
        assert (alice_here, bob_here) == (alice_there, bob_there)
        assert alice_here != bob_here

    def test_what_two_learn_at_one_moment_the_next_login_mends(self, app, alice, log_in, behind):
        log_in()
        alice.text("一")
        with app.app_context():
            db.session.execute(update(WeChatIdentity).values(unionid=alice.unionid))
            db.session.commit()
        assert behind() == [1, 2]
        log_in()
        assert behind() == [1, 1]

    def test_three_apps_of_one_citizen(self, app, behind):
        with app.app_context():
            first, *others = [identity_of(db.session, f"wx{n}", "oSIM", "shiyan") for n in range(3)]
            for identity in (*others, first):
                learn_unionid(db.session, identity, "uSIM")
            db.session.commit()
        assert behind() == [1, 1, 1]


class TestWithoutUnionid:
    def test_nobody_is_joined(self, alice, log_in, behind, learn, wechat):
        log_in()
        alice.text("一")
        assert wechat.requests["/cgi-bin/user/info"] == 0
        learn()
        assert behind() == [1, 2]

    @only_sqlite
    def test_a_refusal_is_not_hidden_from_the_worker(self, alice, wechat, learn):
        alice.text("一")
        wechat.faults.always("/cgi-bin/user/info", 48001)
        with pytest.raises(WeChatError):
            learn()


class TestCode:
    def test_it_joins_whoever_gives_it(self, code_of, log_in, behind):
        code = code_of()
        phone = log_in()
        assert behind() == [1, 2]
        assert phone.join(code) == (204, None)
        assert behind() == [1, 1]
        assert phone.status() == 200

    def test_the_older_one_stays_whoever_asks(self, code_of, web, read, behind):
        page = web()
        page.client.post(MESSAGES, json={"text": "一"})
        assert page.join(code_of()) == (204, None)
        assert behind() == [1]
        assert read(select(MergedVisitor.visitor_id)) == [2]
        assert page.said() == ["一"]

    def test_tokens_of_the_newer_one_go_on_to_work(self, app, code_of, web, read):
        code = code_of()
        page = web()
        with app.app_context():
            visitor = db.session.get_one(Visitor, 2)
            delegated = Caller(app, accounts.delegate(visitor))
            public_id = visitor.public_id
        assert page.join(code) == (204, None)
        assert page.token.startswith("v.")
        for caller in (page, delegated):
            caller.client.post(MESSAGES, json={"text": "一"})
        assert set(read(select(ChatMessage.visitor_id).filter_by(channel="web"))) == {1}
        assert read(select(Visitor.public_id).filter_by(id=2)) == [public_id]

    def test_it_is_good_for_one_time(self, code_of, web, behind):
        code, (first, second) = code_of(), (web(), web())
        assert first.join(code) == (204, None)
        assert first.join(code) == second.join(code) == (422, "code_invalid")

    def test_it_is_good_for_ten_minutes(self, app, code_of, web):
        codes = [code_of("alice"), code_of("bob")]
        page = web()
        for code, seconds, answer in zip(codes, (30, -1), ((204, None), (422, "code_invalid")), strict=True):
            with app.app_context():
                db.session.execute(update(JoinCode).values(expires_at=utc_now() + timedelta(seconds=seconds)))
                db.session.commit()
            assert page.join(code) == answer

    def test_a_new_one_makes_the_one_before_void(self, code_of, web, read):
        old, new = code_of(), code_of(text="关联")
        assert len(read(select(JoinCode))) == 1
        page = web()
        assert page.join(old) == (422, "code_invalid")
        assert page.join(new) == (204, None)

    def test_one_is_one_with_oneself(self, code_of, log_in, behind, read):
        phone = log_in()
        for _ in range(2):
            assert phone.join(code_of()) == (204, None)
        assert behind() == [1, 1]
        assert read(select(MergedVisitor.visitor_id)) == [2]

    def test_how_it_is_typed_does_not_matter(self, code_of, web):
        assert web().join(f" {code_of().lower()} ") == (204, None)

    def test_it_is_nowhere_kept_or_logged(self, code_of, web, read, capsys):
        code = code_of()
        assert web().join(code) == (204, None)
        assert code not in capsys.readouterr().out

    def test_its_digest_is_all_that_is_known(self, code_of, read):
        code = code_of()
        (row,) = read(select(JoinCode))
        assert code not in row.digest
        assert timedelta(minutes=9) < row.expires_at - utc_now() <= timedelta(minutes=10)

    def test_a_chain_of_three(self, app, code_of, web, read, behind):
        a, b, c = web(), web(), web()
        assert c.join(code_of("alice")) == (204, None)  # 4 into 3
        assert b.join(code_of("alice")) == (204, None)  # 3 into 2
        assert a.join(code_of("alice")) == (204, None)  # 2 into 1
        assert behind() == [1]
        with app.app_context():
            merged = db.session.execute(select(MergedVisitor.visitor_id, MergedVisitor.into_id)).all()
        assert sorted(map(tuple, merged)) == [(2, 1), (3, 1), (4, 1)]
        for caller in (c, b, a):
            caller.client.post(MESSAGES, json={"text": "一"})
        assert set(read(select(ChatMessage.visitor_id).filter_by(channel="web"))) == {1}

    def test_what_both_did_once_is_no_hindrance(self, app, code_of, web, read):
        code, page = code_of(), web()
        with app.app_context():
            for visitor_id in (1, 2):
                once(db.session, visitor_id, "same", lambda: {"by": visitor_id})  # noqa: B023 - called at once
            once(db.session, 2, "own", lambda: {"by": 2})
            db.session.commit()
        assert page.join(code) == (204, None)
        with app.app_context():
            assert once(db.session, 1, "same", dict) == {"by": 1}
            assert once(db.session, 1, "own", dict) == {"by": 2}


@only_sqlite
class TestRefused:
    @pytest.mark.parametrize("code", ["AAAAAAAA", "00000000", "        ", "绑定小程序绑定小", "A" * 16, "\x00" * 8])
    def test_a_code_that_nobody_was_given(self, web, code):
        assert web().join(code) == (422, "code_invalid")

    @pytest.mark.parametrize("code", ["", "A" * 7, "A" * 17, 12345678, None])
    def test_what_is_no_code(self, web, code):
        assert web().join(code) == (422, "invalid")

    def test_nobody(self, app, code_of):
        code = code_of()
        assert app.test_client().post(JOIN, json={"code": code}).status_code == 401
        assert Caller(app, "s.nonsense").join(code) == (401, "unauthorized")


@only_sqlite
class TestTooMany:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"visitor_limit": "3 per minute"})

    def test_guessing_is_limited(self, web, code_of):
        page = web()
        answers = [page.join("AAAAAAAA")[0] for _ in range(4)]
        assert answers == [422, 422, 422, 429]
        assert page.join(code_of()) == (429, "rate_limited")


class TestAtOneMoment:
    """Several join at the same time."""

    def at_once(self, *joins):
        """Do several joins at one moment, each `(caller, code)`; gives the answers."""
        barrier = threading.Barrier(len(joins))

        def one(caller, code):
            barrier.wait()
            return caller.join(code)

        with ThreadPoolExecutor(len(joins)) as pool:
            return list(pool.map(one, *zip(*joins, strict=True)))

    def test_two_callers_with_one_code(self, code_of, web, behind, read):
        code = code_of()
        answers = self.at_once(*((web(), code) for _ in range(4)))
        assert sorted(answers) == [(204, None), *[(422, "code_invalid")] * 3]
        assert behind() == [1]
        assert len(read(select(MergedVisitor.visitor_id))) == 1

    def test_a_chain_ends_at_one_or_is_tried_again(self, code_of, web, app, read):
        first, second = web(), web()
        assert second.join(code_of("alice")) == (204, None)  # 3 into 2
        joins = [(first, code_of("alice")), (second, code_of("bob"))]  # 2 into 1, 4 into 2
        for (caller, code), answer in zip(joins, self.at_once(*joins), strict=True):
            assert answer == (204, None) or (answer == (409, "conflict") and caller.join(code) == (204, None))
        with app.app_context():
            merged = dict(map(tuple, db.session.execute(select(MergedVisitor.visitor_id, MergedVisitor.into_id))))
        assert merged == {2: 1, 3: 1, 4: 1}
        assert set(read(select(WeChatIdentity.visitor_id))) == {1}

    def test_who_was_merged_a_moment_ago_is_not_merged_again(self, app, web):
        for _ in range(3):
            web()
        with app.app_context():
            one, two, three = db.session.scalars(select(Visitor).order_by(Visitor.id))
            accounts.merge(db.session, into=one, gone=two)
            for into, gone in ((two, three), (one, two)):
                with pytest.raises(Problem) as caught:
                    accounts.merge(db.session, into=into, gone=gone)
                assert caught.value.code == 409


class TestGuides:
    """With the real guides behind it."""

    @pytest.fixture
    def content(self, whole_catalogue):
        return whole_catalogue

    @pytest.fixture
    def guides(self, rasa):
        rasa.behave = "silent"
        return guides_service

    def test_the_newer_ones_guide_goes_on_in_both_places(self, app, code_of, log_in, alice):
        code, phone = code_of(), log_in()
        guide = phone.client.post("/api/v1/guides", json={"theme": "open-restaurant"}).json
        assert phone.join(code) == (204, None)
        assert phone.client.get(f"/api/v1/guides/{guide['id']}").json["question"] == guide["question"]
        with app.app_context():
            older = Caller(app, accounts.token_for(db.session.get_one(Visitor, 1)))
        assert older.client.get(f"/api/v1/guides/{guide['id']}").status_code == 200
        assert guide["question"]["ask"] in alice.text("为什么问这个").text
