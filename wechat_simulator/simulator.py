"""The simulator as tests hold it."""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from wechat_simulator import crypto, envelope
from wechat_simulator.account import Account, Mode
from wechat_simulator.citizen import Citizen
from wechat_simulator.faults import Faults
from wechat_simulator.push_faults import PushFaults
from wechat_simulator.pusher import Pusher
from wechat_simulator.records import Delivery, Outcome
from wechat_simulator.server import Server
from wechat_simulator.world import World

SENDER = re.compile(r"<FromUserName>(?:<!\[CDATA\[)?([^\]<]*)")


class Simulator:
    """Tencent, for one official account and one mini-program.

    Args:
        account: what is set at mp.weixin.qq.com.
        callback_url: where pushes go; can be changed at any time.
        port: to listen on; any free one, if 0.
        push_faults: what goes wrong with pushes; can be changed at any time.
        seed: of the chance in push_faults.
        clock: seconds since 1970; of timestamps, expiry and quotas, not of patience.
    """

    def __init__(
        self,
        account: Account | None = None,
        callback_url: str = "http://127.0.0.1:8000/wechat",
        port: int = 0,
        *,
        push_faults: PushFaults | None = None,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account or Account()
        self._world = World(self.account, clock)
        self._pusher = Pusher(self._world, callback_url, push_faults or PushFaults(), seed)
        self._world.pusher = self._pusher
        self._server = Server(self._world, port)

    def start(self) -> Self:
        """Listen, and be able to push."""
        self._pusher.start()
        self._server.start()
        return self

    def close(self) -> None:
        """Give up what is on its way, and stop."""
        for citizen in self._world.citizens:
            citizen.feed.close()
        self._pusher.close()
        self._server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where the API is; stands for https://api.weixin.qq.com."""
        return self._server.url

    @property
    def callback_url(self) -> str:
        """Where pushes go."""
        return self._pusher.callback_url

    @callback_url.setter
    def callback_url(self, url: str) -> None:
        self._pusher.callback_url = url

    @property
    def push_faults(self) -> PushFaults:
        """What goes wrong with pushes."""
        return self._pusher.faults

    @push_faults.setter
    def push_faults(self, faults: PushFaults) -> None:
        self._pusher.faults = faults

    @property
    def faults(self) -> Faults:
        """What goes wrong in the API."""
        return self._world.faults

    @property
    def deliveries(self) -> list[Delivery]:
        """What reached any citizen, and what they did not see because it was a duplicate."""
        return self._world.records.deliveries

    @property
    def outcomes(self) -> list[Outcome]:
        """How every push ended."""
        return self._world.records.outcomes

    @property
    def requests(self) -> Counter[str]:
        """Requests to the API by path."""
        return self._world.records.requests

    @property
    def token_fetches(self) -> int:
        """Requests for an access_token, by either way."""
        return self.requests["/cgi-bin/token"] + self.requests["/cgi-bin/stable_token"]

    def citizen(self, name: str) -> Citizen:
        """Find or make a citizen; the openid follows from the name."""
        return self._world.citizen(name)

    def login_code(self, name: str) -> str:
        """What wx.login gives on a citizen's phone."""
        return self._world.login_codes.issue(self.citizen(name).name, 32)

    def phone_code(self, name: str, number: str = "13800138000") -> str:
        """What the phone number button gives on a citizen's phone."""
        return self._world.phone_codes.issue(self.citizen(name).name, 64, number)

    def add_template(self, template_id: str, *fields: str) -> None:
        """Give the mini-program a template; with fields, a message must hold exactly these."""
        self._world.templates.add(template_id, *fields)

    def accept(self, name: str, template_id: str, times: float = 1) -> None:
        """Let a citizen accept messages of a template; `math.inf` times is long-term."""
        self._world.templates.accept(self.citizen(name).mini_openid, template_id, times)

    def expire_tokens(self) -> None:
        """Let every access_token run out at once."""
        self._world.tokens.expire_all()

    def seal(
        self,
        inner_xml: str,
        timestamp: int | str | None = None,
        nonce: str | None = None,
        *,
        openid: str | None = None,
        mode: Mode | None = None,
        token: str | None = None,
        aes_key: str | None = None,
        app_id: str | None = None,
        random: bytes | None = None,
    ) -> tuple[dict[str, str], bytes]:
        """Make the query and the body of a push, to be sent or bent by a test itself.

        Args:
            inner_xml: the document inside.
            timestamp: seconds; now, if None.
            nonce: drawn, if None.
            openid: in the query; FromUserName, if None.
            mode: the account's, if None.
            token: likewise.
            aes_key: likewise.
            app_id: likewise.
            random: the 16 bytes before the message; drawn, if None.
        """
        given = {"mode": mode, "token": token, "aes_key": aes_key, "app_id": app_id}
        account = replace(self.account, **{name: value for name, value in given.items() if value is not None})
        sender = SENDER.search(inner_xml)
        openid = openid if openid is not None else sender.group(1) if sender else ""
        stamp = int(self._world.clock()) if timestamp is None else timestamp
        return envelope.seal(account, inner_xml, openid, timestamp=stamp, nonce=nonce, random=random)

    def open_reply(self, body: bytes) -> dict[str, Any]:
        """Read the document inside a reply.

        Raises:
            SealError: It is not sealed as it must be.
            XMLError: It is not a document.
        """
        return envelope.open_reply(self.account, body)

    def verify_callback(self) -> bool:
        """Do what 「提交」 at mp.weixin.qq.com does: ask the callback to say back an echostr."""
        stamp, nonce = str(int(self._world.clock())), str(secrets.randbelow(10**10))
        echo = str(secrets.randbelow(10**19))
        signature = crypto.signature(self.account.token, stamp, nonce)
        answer = self._pusher.get({"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo})
        return answer.status_code == 200 and answer.text == echo
