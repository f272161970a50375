"""An application that owes citizens messages, and the simulated WeChat that it sends them through."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from miniapp_api import database
from miniapp_api.accounts.models import Visitor
from miniapp_api.extensions import db
from miniapp_api.outbox import claims, figures, inbox, notices, service, sweeping, tasks
from miniapp_api.outbox.models import NoticeConsent, OutboxMessage
from miniapp_api.outbox.service import Notice
from miniapp_api.wechat import notifying
from miniapp_api.wechat import tasks as wechat_tasks
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat_settings import MiniProgramSettings, SubscribeTemplate, WeChatSettings
from wechat_simulator import Account, Simulator

TOPIC = "appointment.reminder"
TEMPLATE = "TemplateOfTheSimulator-1"
REMINDER = Notice(
    topic=TOPIC,
    title="明天的预约",
    text="您明天 9:00 在政务服务中心有一个预约，请带上材料。",
    link="/appointments/17",
    fields={"when": "2026年11月28日 09:00", "where": "政务服务中心二楼"},
)
OTHER = Notice(topic="hall.closure", title="大厅临时关闭", text="明天大厅停电，您的预约要改期。")


class Clock:
    """A clock that a test turns on."""

    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now

    def turn(self, seconds):
        self.now += timedelta(seconds=seconds)

    def after(self, seconds):
        return self.now + timedelta(seconds=seconds)


CLOCKED = (claims, figures, inbox, notices, sweeping, notifying)


@pytest.fixture
def clock(monkeypatch):
    """Let the outbox live by a clock of ours."""
    clock = Clock()
    for module in CLOCKED:
        monkeypatch.setattr(module, "utc_now", clock)
    return clock


@pytest.fixture
def engine(database_url):
    """Open the database beside any application."""
    engine = database.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def nobody(engine):
    """A visitor whom WeChat does not know; gives the id."""
    return new_visitor(engine)


def new_visitor(engine):
    with Session(engine) as session, session.begin():
        visitor = Visitor(locality="shiyan")
        session.add(visitor)
        session.flush()
        return visitor.id


@pytest.fixture
def account():
    """Describe the account."""
    return Account(open_platform=True)


@pytest.fixture
def wechat(account):
    """Start WeChat, with one template."""
    with Simulator(account) as simulator:
        simulator.add_template(TEMPLATE, "thing1", "time2", "thing3")
        yield simulator


@pytest.fixture
def redis_url():
    """Say where Redis is: away, unless a test has one."""
    return "redis://127.0.0.1:9/0"


@pytest.fixture
def settings(settings, wechat, account, redis_url):
    """Describe an installation with an official account, a mini-program and one template."""
    fields = {"thing1": "title", "time2": "when", "thing3": "where"}
    return settings.model_copy(
        update={
            "redis_url": redis_url,
            "public_url": "https://daoban.example.cn",
            "wechat": WeChatSettings(
                app_id=account.app_id,
                app_secret=account.app_secret,
                token=account.token,
                account=account.original_id,
                aes_key=account.aes_key,
                api_url=wechat.url,
                api_timeout=2,
                open_platform=True,
            ),
            "miniprogram": MiniProgramSettings(
                app_id=account.mini_app_id,
                app_secret=account.mini_app_secret,
                api_url=wechat.url,
                api_timeout=2,
                templates={TOPIC: SubscribeTemplate(TEMPLATE, fields)},
                notice_page="pages/open/open",
            ),
        }
    )


class _Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        """Say nothing."""


@pytest.fixture
def served(app, wechat):
    """Serve the application, and let WeChat push to it."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    wechat.callback_url = f"http://127.0.0.1:{server.server_port}/wechat"
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


class Owed:
    """A citizen, and the outbox seen from their side."""

    def __init__(self, app, wechat, name):
        self.app, self.wechat = app, wechat
        self.phone = wechat.citizen(name)
        self.client = app.test_client()
        self.visitor_id = None

    def log_in(self):
        """Open the mini-program."""
        answer = self.client.post("/api/v1/auth/wechat", json={"code": self.wechat.login_code(self.phone.name)})
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {answer.json['token']}"
        return self._found(self.phone.mini_openid)

    def agree(self, times=1):
        """Tap 「允许」 in the mini-program."""
        self.wechat.accept(self.phone.name, TEMPLATE, times)
        assert self.client.post("/api/v1/notices/consents", json={TOPIC: times}).status_code == 204
        return self

    def speak(self):
        """Say something to the official account; the reply takes none of its quota."""
        assert self.phone.text("你好").kind == "passive"
        return self._found(self.phone.openid)

    def _found(self, openid):
        with self.app.app_context():
            identity_id = db.session.scalars(select(WeChatIdentity.id).filter_by(openid=openid)).one()
            db.session.commit()
            if openid == self.phone.openid:
                wechat_tasks.learn(identity_id)
            self.visitor_id = db.session.get_one(WeChatIdentity, identity_id).visitor_id
            db.session.commit()
        return self

    def post(self, notice=REMINDER, key="appointment:17:reminder", **when):
        """Owe them a message, in a transaction that is committed."""
        with self.app.app_context():
            service.post(db.session, self.visitor_id, notice, dedupe_key=key, **when)
            db.session.commit()

    def withdraw(self, prefix):
        with self.app.app_context():
            service.withdraw(db.session, prefix)
            db.session.commit()

    def deliver(self):
        """What the worker's task does."""
        with self.app.app_context():
            tasks.deliver(self.visitor_id)

    def row(self, key="appointment:17:reminder"):
        with self.app.app_context():
            row = db.session.scalars(select(OutboxMessage).filter_by(dedupe_key=key)).one()
            db.session.commit()
            return row

    def remaining(self):
        with self.app.app_context():
            consent = db.session.get(NoticeConsent, (self.visitor_id, TOPIC))
            db.session.commit()
            return consent.remaining if consent else 0

    @property
    def received(self):
        """What came to the phone unasked, by its way."""
        return [delivery for delivery in self.phone.inbox if delivery.via != "passive"]

    @property
    def ways(self):
        return [delivery.via for delivery in self.received]


@pytest.fixture
def alice(served, wechat):
    """Somebody who uses the mini-program."""
    return Owed(served, wechat, "alice").log_in()


@contextmanager
def transaction(engine):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def states(engine):
    """The state of every message, by key."""
    with transaction(engine) as session:
        return dict(session.execute(select(OutboxMessage.dedupe_key, OutboxMessage.state)).all())
