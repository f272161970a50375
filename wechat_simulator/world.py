"""Everything that Tencent knows: the accounts, the citizens, the codes and tokens it gave out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from wechat_simulator.account import Account
from wechat_simulator.citizen import Citizen
from wechat_simulator.codes import CodeBook
from wechat_simulator.errors import APIError
from wechat_simulator.faults import Faults
from wechat_simulator.records import Records
from wechat_simulator.templates import TemplateBook
from wechat_simulator.tokens import TokenBook

if TYPE_CHECKING:
    from wechat_simulator.pusher import Pusher


class World:
    """The state of a simulator."""

    pusher: Pusher

    def __init__(self, account: Account, clock: Callable[[], float]) -> None:
        self.account = account
        self.clock = clock
        self.records = Records()
        self.faults = Faults()
        self.tokens = TokenBook(account.token_ttl, clock)
        self.login_codes = CodeBook(clock, used=40163)
        self.phone_codes = CodeBook(clock, used=40029)
        self.templates = TemplateBook()
        self._lock = threading.Lock()
        self._citizens: dict[str, Citizen] = {}
        self._by_openid: dict[str, Citizen] = {}
        self._tickets: dict[str, str] = {}

    def citizen(self, name: str) -> Citizen:
        """Find a citizen by name; a new name is a new citizen."""
        with self._lock:
            if name not in self._citizens:
                citizen = self._citizens[name] = Citizen(name, self)
                self._by_openid[citizen.openid] = self._by_openid[citizen.mini_openid] = citizen
            return self._citizens[name]

    def knows(self, name: str) -> bool:
        """Whether there is such a citizen."""
        with self._lock:
            return name in self._citizens

    @property
    def citizens(self) -> list[Citizen]:
        """All citizens."""
        with self._lock:
            return list(self._citizens.values())

    def follower(self, openid: object) -> Citizen:
        """Find a citizen by the openid of the official account.

        Raises:
            APIError: There is none (40003).
        """
        citizen = self._find(openid)
        if citizen is None or citizen.openid != openid:
            raise APIError(40003)
        return citizen

    def user(self, openid: object) -> Citizen:
        """Find a citizen by the openid of the mini-program.

        Raises:
            APIError: There is none (40003).
        """
        citizen = self._find(openid)
        if citizen is None or citizen.mini_openid != openid:
            raise APIError(40003)
        return citizen

    def keep_ticket(self, scene: str, ticket: str) -> None:
        """Remember the ticket of a QR code with a scene."""
        with self._lock:
            self._tickets[scene] = ticket

    def ticket_of(self, scene: str | None) -> str | None:
        """The ticket of a scene's QR code, if one was made."""
        with self._lock:
            return self._tickets.get(scene) if scene is not None else None

    def _find(self, openid: object) -> Citizen | None:
        with self._lock:
            return self._by_openid.get(openid) if isinstance(openid, str) else None
