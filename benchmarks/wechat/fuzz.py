"""Malformed, forged, replayed and oversized requests at the WeChat door: none gets in, none breaks it."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.figures import Figure
from miniapp_api import migrate
from miniapp_api.app import create_app
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as guides
from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.wechat.envelope import MAX_BODY
from miniapp_api.wechat.models import WeChatExchange
from miniapp_api.wechat_settings import WeChatSettings
from wechat_simulator import Account, crypto, envelope, pushes

REQUESTS = 10_000
SEED = 20261125
CONTROL_EVERY = 200
"""One in so many requests is a valid push."""

CATALOGUE = Path(__file__).parents[2] / "catalogue"
ACCOUNT = Account(token="q7Yw2LxN9bTz4VfK")  # noqa: S106 - nobody's
OTHER_KEY = "OtherAESKey0123456789abcdefghijklmnopqrstuv"
AGED = timedelta(minutes=10)
FORGOTTEN = 8 * 86_400
"""Seconds after which no row tells of a push any more."""

BOMB = (
    '<!DOCTYPE xml [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)

TURN = json.dumps(
    [{"recipient_id": "", "custom": {"messages": [{"text": "好", "choices": []}], "guide": None}}]
).encode()

Query = dict[str, str]


@dataclass(frozen=True)
class Shot:
    """One request.

    Attributes:
        query: as it stands in the address.
        body: as it is sent.
        method: of the request.
        headers: further ones.
        chunked: sent without a length.
    """

    query: str
    body: bytes = b""
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False


@dataclass
class Count:
    """What became of the requests.

    Attributes:
        statuses: of the answers to what is not WeChat's.
        errors: by kind of request, answers of 500 and above.
        accepted: by kind of request, answers below 300.
        rows: exchanges that the database holds beyond those of the control.
        reached: turns that reached Rasa beyond those of the control.
        control: valid pushes that were answered and reached Rasa.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    reached: int = 0
    control: int = 0


class Forger:
    """Makes requests that must be refused; each method whose name does not begin with _ is one kind.

    Args:
        random: where chance comes from.
        answered: pushes that were answered minutes ago, as documents and as requests.
    """

    def __init__(self, random: Random, answered: list[tuple[str, Shot]]) -> None:
        self._random = random
        self._answered = answered

    # ------------------------------------------------------------------ not WeChat's at all

    def noise(self) -> Shot:
        """Random bytes under a query of the right form."""
        query = {
            "timestamp": str(_now()),
            "nonce": self._digits(),
            "msg_signature": f"{self._random.getrandbits(160):040x}",
        }
        return Shot(urlencode(query), self._random.randbytes(self._random.choice((0, 1, 32, 400, 4000))))

    def unsigned(self) -> Shot:
        """A good document without a signature, or with half of one."""
        query, _ = _sealed(self._inner())
        kept = {name: query[name] for name in self._random.sample(sorted(query), self._random.randrange(3))}
        return Shot(urlencode(kept | {"msg_signature": ""}), self._inner().encode())

    def downgrade(self) -> Shot:
        """A plain push with the signature that does not cover it, rightly made."""
        query, body = _sealed(self._inner(), mode="plaintext")
        claims = ({}, {"encrypt_type": "raw"}, {"encrypt_type": "aes"}, {"msg_signature": query["signature"]})
        return Shot(urlencode(query | self._random.choice(claims)), body)

    def beside(self) -> Shot:
        """A plain push beside something sealed that is not WeChat's."""
        query, body = _sealed(self._inner(), mode="compatible", aes_key=OTHER_KEY)
        return Shot(urlencode(query), body)

    def another_token(self) -> Shot:
        """All right but the token."""
        return _shot(
            *_sealed(self._inner(), token=self._random.choice(("", "AnotherToken1234", ACCOUNT.token.lower())))
        )

    def another_key(self) -> Shot:
        """All right but the key."""
        return _shot(*_sealed(self._inner(), aes_key=OTHER_KEY))

    def another_app(self) -> Shot:
        """All right but the app inside."""
        app_id = self._random.choice(("", ACCOUNT.mini_app_id, ACCOUNT.app_id[:-1], ACCOUNT.app_id + "0"))
        return _shot(*_sealed(self._inner(), app_id=app_id))

    def another_account(self) -> Shot:
        """All right but whom it is for."""
        return _shot(
            *_sealed(self._inner(account=self._random.choice(("gh_1", ACCOUNT.original_id.upper(), "x" * 600))))
        )

    def nonsense(self) -> Shot:
        """Rightly sealed, and no push."""
        noise = "".join(chr(self._random.randrange(1, 0xD000)) for _ in range(self._random.randrange(200)))
        inner = self._inner()
        cut = inner[: self._random.randrange(len(inner))]
        lacking = inner.replace(self._random.choice(("ToUserName", "FromUserName", "CreateTime", "MsgType")), "Other")
        nested = inner.replace("<![CDATA[", "<a>").replace("]]>", "</a>")
        broken = self._random.choice(("", noise, f"<xml>{noise}", cut, lacking, nested, '{"MsgType": "text"}'))
        return _shot(*_sealed(broken))

    # ------------------------------------------------------------------ WeChat's, but changed

    def truncated(self) -> Shot:
        """A push whose end was lost."""
        query, body = _sealed(self._inner())
        return Shot(urlencode(query), body[: self._random.randrange(len(body))])

    def flipped(self) -> Shot:
        """A push with one bit changed where it counts."""
        query, body = _sealed(self._inner())
        name = self._random.choice(("body", "body", "timestamp", "nonce", "msg_signature"))
        if name == "body":
            start = body.index(b"<Encrypt><![CDATA[") + 18
            return Shot(urlencode(query), self._flip(body, start, body.index(b"]]>", start)))
        value = query[name].encode()
        return Shot(urlencode(query | {name: self._flip(value, 0, len(value)).decode("latin-1")}), body)

    def shuffled(self) -> Shot:
        """The parts of a signature moved about: what is signed is the same text."""
        stamp, nonce = str(_now()), self._digits()
        query, body = _sealed(self._inner(), timestamp=stamp, nonce=nonce)
        both = "".join(sorted((stamp, nonce)))
        at = self._random.choice([place for place in range(1, len(both)) if both[:place] not in {stamp, nonce}])
        splits = ((both[:at], both[at:]), (both[at:], both[:at]), (nonce, stamp))
        moved = [{"timestamp": one, "nonce": other} for one, other in splits]
        upper = {"msg_signature": query["msg_signature"].upper() + " "}
        return Shot(urlencode(query | self._random.choice((*moved, upper))), body)

    # ------------------------------------------------------------------ WeChat's, but not now

    def old(self) -> Shot:
        """A push captured before the window, or dated after it."""
        away = self._random.randrange(310, 10 ** self._random.randrange(3, 9))
        return _shot(*_sealed(self._inner(), timestamp=_now() + self._random.choice((-away, -away, away))))

    def replayed(self) -> Shot:
        """A push that was answered minutes ago, byte for byte or sealed anew."""
        inner, shot = self._random.choice(self._answered)
        return shot if self._random.random() < 0.5 else _shot(*_sealed(inner))

    def forgotten(self) -> Shot:
        """A push of last week that has been given a good signature of today."""
        return _shot(*_sealed(self._inner(created=_now() - FORGOTTEN)))

    # ------------------------------------------------------------------ too much

    def bomb(self) -> Shot:
        """Entities that grow, outside or inside."""
        prolog = self._random.choice(("", "\ufeff", "\n", '<?xml version="1.0"?>')) + BOMB
        inner = self._inner().replace("<MsgType>", "<Label>&i;</Label><MsgType>")
        if self._random.random() < 0.5:
            return _shot(*_sealed(prolog + inner))
        query, body = _sealed(inner)
        return Shot(urlencode(query), prolog.encode() + body)

    def deep(self) -> Shot:
        """Elements in elements, outside or inside."""
        tag = self._random.choice(("a", "xml", "Encrypt"))
        depth = self._random.randrange(1000, 12_000 // len(tag))
        nest = f"<{tag}>" * depth + f"</{tag}>" * self._random.choice((0, depth))
        query, body = _sealed(nest[: MAX_BODY // 2])
        return Shot(urlencode(query), body if self._random.random() < 0.5 else nest.encode()[:MAX_BODY])

    def oversized(self) -> Shot:
        """A good push, with spaces beyond what is read."""
        query, body = _sealed(self._inner())
        size = self._random.choice((MAX_BODY + 1, MAX_BODY + 2, 2 * MAX_BODY, 1_000_000))
        return Shot(urlencode(query), body.ljust(size), chunked=self._random.random() < 0.5)

    # ------------------------------------------------------------------ odd requests

    def method(self) -> Shot:
        """A good push by a wrong method."""
        shot = _shot(*_sealed(self._inner()))
        return replace(shot, method=self._random.choice(("PUT", "PATCH", "DELETE", "TRACE", "GET", "HEAD", "BREW")))

    def content_type(self) -> Shot:
        """Noise under any content type and length."""
        types = ("", "application/json", "multipart/form-data", "multipart/form-data; boundary=x", "a/b; charset=\xff")
        types = (*types, "application/x-www-form-urlencoded", "text/xml; charset=utf-16", "text/xml" * 100)
        headers = {
            "Content-Type": self._random.choice(types),
            "Content-Encoding": self._random.choice(("", "gzip", "br")),
        }
        return replace(self.noise(), headers=headers, chunked=self._random.random() < 0.3)

    def query(self) -> Shot:
        """An address that nobody writes, over a good body."""
        query, body = _sealed(self._inner())
        good = urlencode(query)
        wrong = urlencode({**query, "msg_signature": "0" * 40})
        odd = (
            f"{wrong}&{good}",
            good.replace("=", "[]="),
            good.replace("&", ";"),
            good.replace("msg_signature=", "msg_signature=%00"),
            good.replace("nonce=", "nonce=%ff%fe"),
            good.replace("nonce=", "nonce=%zz%"),
            good.replace("timestamp=", "timestamp=%EF%BC%91"),
            good.replace("timestamp=", "timestamp=-"),
            good.replace("timestamp=", "timestamp=" + "9" * 5000),
            good.replace("nonce=", "nonce=" + "1" * 60_000),
            good.upper(),
            "\x00" + good.replace("msg_signature", "msg\x00signature"),
            "时间戳=现在".encode().decode("latin-1"),
            "&".join(["timestamp=1"] * 5000),
            "=&=&&&==",
            "",
        )
        return Shot(self._random.choice(odd), body)

    def verification(self) -> Shot:
        """The address verified by somebody else."""
        stamp, nonce = str(_now() - self._random.choice((0, 1000))), self._digits()
        token = ACCOUNT.token if int(stamp) < _now() - 500 else self._random.choice(("", "AnotherToken1234"))
        query = {"signature": crypto.signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": "1"}
        lost = self._random.choice(("", "timestamp", "nonce", "signature"))
        kept = {name: text for name, text in query.items() if name != lost}
        return Shot(urlencode(kept), method=self._random.choice(("GET", "GET", "HEAD")))

    # ------------------------------------------------------------------

    def _inner(self, account: str = ACCOUNT.original_id, created: int | None = None) -> str:
        number = str(self._random.getrandbits(60))
        push = self._random.choice(
            (pushes.text(f"我想开店{number}"), pushes.tap("有", "101"), pushes.click(f"清单{number}"))
        )
        openid = f"oSIM{self._random.getrandbits(96):024x}"
        when = _now() if created is None else created
        return push.document(account, openid, when, number if push.numbered else None)

    def _digits(self) -> str:
        return str(self._random.randrange(10**10))

    def _flip(self, data: bytes, start: int, end: int) -> bytes:
        at = self._random.randrange(start, end)
        return data[:at] + bytes([data[at] ^ 1 << self._random.randrange(7)]) + data[at + 1 :]


KINDS = tuple(name for name in vars(Forger) if not name.startswith("_"))


def figures() -> list[Figure]:
    """Measure."""
    count = fuzz(REQUESTS, SEED)
    sent = sum(count.statuses.values())
    answers = ", ".join(f"{status}: {times}" for status, times in sorted(count.statuses.items()))
    what = f"real application, SQLite; {len(KINDS)} kinds, seed {SEED}; answers {answers}"
    accepted = sum(count.accepted.values()) + count.rows
    return [
        Figure("wechat.fuzz_requests", sent, "", f"≥ {REQUESTS}", what),
        Figure("wechat.fuzz_server_errors", sum(count.errors.values()), "", "= 0", _kinds(count.errors)),
        Figure("wechat.fuzz_accepted", accepted, "", "= 0", f"2xx or a new exchange{_kinds(count.accepted)}"),
        Figure("wechat.fuzz_reached_rasa", count.reached, "", "= 0", "turns that a server in Rasa's place heard of"),
        Figure("wechat.fuzz_control", count.control, "", "≥ 1", "valid pushes among them, answered and heard of there"),
    ]


def fuzz(requests: int, seed: int) -> Count:
    """Send requests of all kinds in turn, with valid pushes among them, to a new installation.

    Args:
        requests: how many, without the valid ones.
        seed: of everything that is drawn.
    """
    random, count = Random(seed), Count()
    answered: list[tuple[str, Shot]] = []
    forger = Forger(random, answered)
    with _rasa() as heard, _application(heard.url) as app:
        for number in range(requests):
            if number % CONTROL_EVERY == 0:
                answered.append(_control(app, random))
                count.control += 1
                if heard.turns < count.control:
                    raise RuntimeError("a valid push did not reach Rasa")
            kind = KINDS[number % len(KINDS)]
            status, _ = _send(app, getattr(forger, kind)())
            count.statuses[status] += 1
            count.errors[kind] += status >= 500
            count.accepted[kind] += status < 300
        time.sleep(0.5)  # whatever got through to a thread shows now
        count.reached = heard.turns - count.control
        with app.app_context():
            count.rows = (db.session.scalar(select(func.count()).select_from(WeChatExchange)) or 0) - len(answered)
    return count


def _control(app: Flask, random: Random) -> tuple[str, Shot]:
    """Send a valid push, see it answered, and let that be long ago.

    Raises:
        RuntimeError: It is not answered; then nothing that is measured means anything.
    """
    openid, number = f"oSIM{random.getrandbits(96):024x}", str(random.getrandbits(60))
    inner = pushes.text("我想开个饭店").document(ACCOUNT.original_id, openid, _now(), number)
    shot = _shot(*_sealed(inner))
    status, body = _send(app, shot)
    if status != 200 or envelope.open_reply(ACCOUNT, body)["ToUserName"] != openid:
        raise RuntimeError(f"a valid push was not answered: {status}")
    with app.app_context():
        long_ago = utc_now() - AGED
        db.session.execute(update(WeChatExchange).values(received_at=long_ago, asked_at=long_ago))
        db.session.commit()
    return inner, shot


def _send(app: Flask, shot: Shot) -> tuple[int, bytes]:
    """Send a request as a server hands it to the application."""
    builder = EnvironBuilder("/wechat", method=shot.method, input_stream=BytesIO(shot.body))
    environ = builder.get_environ()
    environ["QUERY_STRING"] = shot.query
    environ["CONTENT_TYPE"] = shot.headers.get("Content-Type", "text/xml")
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in shot.headers.items()}
    if shot.chunked:
        environ |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        environ.pop("CONTENT_LENGTH", None)
    else:
        environ["CONTENT_LENGTH"] = str(len(shot.body))
    answer, status, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    return int(status.split()[0]), b"".join(answer)


def _sealed(
    inner: str, timestamp: int | str | None = None, nonce: str | None = None, **changes: str
) -> tuple[Query, bytes]:
    """Seal a document as WeChat does for our account, or for one that differs."""
    account = replace(ACCOUNT, **changes)
    return envelope.seal(account, inner, "oSIM", timestamp=_now() if timestamp is None else timestamp, nonce=nonce)


def _shot(query: Query, body: bytes) -> Shot:
    return Shot(urlencode(query), body)


def _now() -> int:
    return int(time.time())


def _kinds(found: Counter[str]) -> str:
    return "".join(f"; {kind}: {times}" for kind, times in found.items() if times)


class _Heard(ThreadingHTTPServer):
    """Stands where Rasa is, counts turns and answers each: after three failures nobody would ask it any more."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.turns = 0
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Heard

    def do_POST(self) -> None:
        json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.turns += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(TURN)))
        self.end_headers()
        self.wfile.write(TURN)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def _rasa() -> Iterator[_Heard]:
    server = _Heard()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _application(rasa_url: str) -> Iterator[Flask]:
    """The application with the real catalogue and the real guides, on a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/daoban.sqlite3"
        migrate.upgrade(url)
        settings = Settings(
            daoban_demo=True,
            database_url=url,
            rasa_url=rasa_url,
            log_level="ERROR",
            wechat=WeChatSettings(
                app_id=ACCOUNT.app_id,
                app_secret=ACCOUNT.app_secret,
                token=ACCOUNT.token,
                account=ACCOUNT.original_id,
                aes_key=ACCOUNT.aes_key,
            ),
        )
        app = create_app(settings, content=Content(CATALOGUE), guides=guides)
        try:
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()
