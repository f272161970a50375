"""The accounts that the simulator plays Tencent for: one official account, one mini-program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Mode = Literal["plaintext", "compatible", "safe"]
AES_KEY = re.compile("[A-Za-z0-9+/]{43}")


@dataclass(frozen=True)
class Account:
    """What is set at mp.weixin.qq.com, and how Tencent behaves. The secrets are nobody's.

    Attributes:
        original_id: ToUserName of every push.
        mode: 消息加解密方式: 明文 plaintext, 兼容 compatible, 安全 safe.
        patience: seconds within which a push must be answered in full.
        attempts: how often an unanswered push is sent in all. Three is what accounts see; Tencent's
            text (总共重试三次) can be read as four.
        retry_spacing: seconds between the beginnings of two attempts; `patience` if None.
        token_ttl: seconds that an access_token lives.
        open_platform: both apps are bound to one Open Platform account, so people have a unionid.
        custom_messages: the official account may send customer-service messages.
        pages: pages of the published mini-program; none means that every page exists.
    """

    app_id: str = "wx51a0c0de51a0c0de"
    app_secret: str = "ASSIM0a1b2c3d4e5f60718293a4b5c6d"  # noqa: S105 - a password of nothing
    token: str = "TokenOfTheSimulator"  # noqa: S105 - likewise
    aes_key: str = "SimulatorAESKey0123456789abcdefghijklmnopqr"
    original_id: str = "gh_51a0c0de51a0"
    mode: Mode = "safe"
    mini_app_id: str = "wx0de51a0c0de51a0c"
    mini_app_secret: str = "ASSIMd6c5b4a39281706f5e4d3c2b1a0"  # noqa: S105 - likewise
    patience: float = 5.0
    attempts: int = 3
    retry_spacing: float | None = None
    token_ttl: float = 7200
    open_platform: bool = False
    custom_messages: bool = True
    pages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ValueError(f"WECHAT_MODE 只能是 {'、'.join(get_args(Mode))}，现在是 {self.mode}")
        if not AES_KEY.fullmatch(self.aes_key):
            raise ValueError("EncodingAESKey 应当是 43 位字母和数字")

    @property
    def spacing(self) -> float:
        """Seconds between the beginnings of two attempts."""
        return self.patience if self.retry_spacing is None else self.retry_spacing

    def secret_of(self, app_id: str) -> str | None:
        """The AppSecret of one of the two apps; None for any other."""
        return {self.app_id: self.app_secret, self.mini_app_id: self.mini_app_secret}.get(app_id)


VARIABLES = {
    "app_id": "WECHAT_APP_ID",
    "app_secret": "WECHAT_APP_SECRET",
    "token": "WECHAT_TOKEN",
    "aes_key": "WECHAT_AES_KEY",
    "original_id": "WECHAT_ACCOUNT",
    "mode": "WECHAT_MODE",
    "mini_app_id": "MINIPROGRAM_APP_ID",
    "mini_app_secret": "MINIPROGRAM_APP_SECRET",
}
"""Which environment variable holds which field: the same names as for the system under test."""


def account_from(environment: Mapping[str, str]) -> Account:
    """Read an account from the environment; what is not set keeps its default."""
    given = {field: environment[name] for field, name in VARIABLES.items() if environment.get(name)}
    return Account(open_platform=environment.get("WECHAT_OPEN_PLATFORM", "").lower() in {"1", "true"}, **given)
