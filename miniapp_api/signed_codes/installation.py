"""The signed codes of one application: its keys, its address, and the domains that issue them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app

from miniapp_api.code_settings import HOW_TO_MAKE_ONE
from miniapp_api.config import Settings, SettingsError
from miniapp_api.signed_codes.code import DIGITS, Kind
from miniapp_api.signed_codes.keys import KeyRing, NoSigningKeyError, demonstration_key
from miniapp_api.signed_codes.showing import Show
from miniapp_api.web.service import version

EXPIRES_SOON = timedelta(days=30)
MAX_VERSION = 6
"""Of a QR code: 41 modules a side, which a telephone reads from a receipt's paper."""

log = structlog.get_logger()


@dataclass
class Codes:
    """What an application knows about its codes.

    Attributes:
        public_url: where they are checked.
        today: the date in China.
        shows: by kind, who says what a code stands for.
    """

    ring: KeyRing
    public_url: str
    today: Callable[[], date]
    shows: dict[Kind, Show] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, today: Callable[[], date]) -> Codes:
        """Make them from settings.

        Raises:
            SettingsError: no key may sign today.
        """
        derived = (demonstration_key(settings.signing_key),) if settings.daoban_demo else ()
        codes = cls(KeyRing(settings.code_keys or derived), settings.public_url, today)
        codes.look_at_keys()
        codes.look_at_size()
        return codes

    @property
    def host(self) -> str:
        """The host that is signed, with its port if it names one."""
        return urlsplit(self.public_url).netloc.lower()

    def address(self, digits: str) -> str:
        """Give the address at which a code is checked."""
        return f"{self.public_url}/r/{digits}"

    def look_at_keys(self) -> None:
        """Refuse to start without a key that signs; warn if there is soon none.

        Raises:
            SettingsError: no key may sign today.
        """
        try:
            self.ring.signing(self.today())
        except NoSigningKeyError:
            raise SettingsError(
                "配置有误，服务没有启动：\n  · 环境变量 CODE_KEYS 里没有今天能用来签发凭证的密钥。"
                f"{HOW_TO_MAKE_ONE}；只是演示的话，可以设 DAOBAN_DEMO=1"
            ) from None
        try:
            self.ring.signing(self.today() + EXPIRES_SOON)
        except NoSigningKeyError:
            log.warning("code_keys_expire_soon", within_days=EXPIRES_SOON.days, what_to_do=HOW_TO_MAKE_ONE)

    def look_at_size(self) -> None:
        """Warn if the host is so long that QR codes get finer than they should."""
        needed = version(self.address("0" * DIGITS))
        if needed > MAX_VERSION:
            log.warning("code_address_is_long", qr_version=needed, wanted=MAX_VERSION)


def init_app(app: Flask, today: Callable[[], date]) -> None:
    """Give the application its codes; then domains may `register`."""
    app.extensions["signed_codes"] = Codes.of(app.extensions["settings"], today)


def codes_of(app: Flask | None = None) -> Codes:
    """Give the codes of an application, by default the current one."""
    return cast(Codes, (app or current_app).extensions["signed_codes"])
