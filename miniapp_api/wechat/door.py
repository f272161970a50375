"""What one process keeps for the WeChat door."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self, cast

from flask import Flask, current_app

from miniapp_api.config import Settings
from miniapp_api.wechat.envelope import Envelope
from miniapp_api.wechat.platform.client import OfficialAccount
from miniapp_api.wechat.platform.miniprogram import MiniProgram
from miniapp_api.wechat.receipts import Receipts
from miniapp_api.wechat.signals import Signals
from miniapp_api.wechat.turning import Turner
from miniapp_api.wechat_settings import WeChatSettings


class Door:
    """The official account and the mini-program of one process, if they are configured.

    Args:
        app: whose turns the threads take.
        settings: of the installation.
        clock: tells seconds since 1970; tests with recorded pushes turn it back.
    """

    def __init__(self, app: Flask, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.account: WeChatSettings | None = settings.wechat
        if settings.wechat:
            self.envelope = Envelope(settings.wechat, clock)
            self.signals = Signals(settings.wechat.places)
            self.turner = Turner(app, settings.wechat.turns, self.signals)
            self.receipts = Receipts(settings.redis_url)
            self.api = OfficialAccount(settings.wechat, settings.redis_url)
        self.miniprogram = MiniProgram(settings.miniprogram, settings.redis_url) if settings.miniprogram else None

    @classmethod
    def of_app(cls) -> Self:
        """Give that of the current application."""
        return cast(Self, current_app.extensions["wechat"])
