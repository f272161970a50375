"""The settings of one installation: read once from the environment, typed, frozen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from miniapp_api.code_settings import CodeKey, read_keys
from miniapp_api.field_settings import FieldKey, read_field_keys
from miniapp_api.partner_settings import Partner, read_partners
from miniapp_api.staff_settings import LocalSignInRule, SecondFactorRule, StaffOIDCSettings
from miniapp_api.wechat_settings import MiniProgramSettings, WeChatSettings
from miniapp_api.wording import reason

DEMO_KEY = "daoban-demo-only-everyone-knows-this"
_SECRET_LENGTH = 32
_SECRET_VARIETY = 10
_WECHAT_TOKEN_LENGTH = 16
_WEAK_WORDS = ("secret", "changeme", "change-me", "password", "daoban", "default", "example")

_GROUPS: dict[str, type[BaseModel]] = {
    "wechat": WeChatSettings,
    "miniprogram": MiniProgramSettings,
    "staff_oidc": StaffOIDCSettings,
}
"""Settings that come as a group: `WECHAT_TOKEN` is `wechat.token`; a group not set at all is off."""

Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """The environment does not describe an installation that may start; the text says why."""


def _networks(text: object) -> object:
    """Read `127.0.0.0/8,::1/128` as networks."""
    if not isinstance(text, str):
        return text
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("应当是用逗号隔开的网段，例如 10.0.0.0/8,::1/128") from error


def _code_keys(text: object) -> object:
    """Read the keys that sign codes."""
    return read_keys(text) if isinstance(text, str) else text


def _field_keys(text: object) -> object:
    """Read the keys that seal personal fields."""
    return read_field_keys(text) if isinstance(text, str) else text


def _partners(text: object) -> object:
    """Read the systems that progress is exchanged with."""
    return read_partners(text) if isinstance(text, str) else text


class Settings(BaseModel):
    """One installation. Every field is the environment variable of the same name in capitals.

    Attributes:
        public_url: where citizens reach this installation, for links in messages.
        wechat: the official account; None leaves the WeChat door shut.
        miniprogram: the mini-program; None leaves its login shut.
        staff_oidc: where staff sign in; None leaves them the passwords of ours.

    Raises:
        SettingsError: From `from_environment` only, with every fault in one Chinese text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = Field(default="http://127.0.0.1:8000", pattern="^https?://[^/?#]+$")
    web_workers: int = Field(default=2, ge=1, le=64, description="processes of the web server")
    web_threads: int = Field(default=48, ge=4, le=256, description="threads in each process")
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front")
    daoban_demo: bool = False
    secret_key: str = Field(default="", repr=False)
    database_url: str = Field(default="sqlite:///var/daoban.sqlite3", repr=False)
    redis_url: str | None = Field(default=None, repr=False)
    catalogue_dir: Path = Path("catalogue")
    default_locality: str = "shiyan"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = Field(default="", repr=False)
    rasa_connect_timeout: float = Field(default=1.0, gt=0, le=60, description="seconds")
    rasa_timeout: float = Field(default=8.0, gt=0, le=60, description="seconds for one answer")
    visitor_limit: str = "60 per minute"
    chat_limit: str = "240 per minute"
    booking_limit: str = "30 per minute"
    bureau_name: str = Field(default="", max_length=40, description="who issues codes; by default the city's bureau")
    code_keys: Annotated[tuple[CodeKey, ...], BeforeValidator(_code_keys)] = Field(
        default=(), repr=False, description="what signs codes; a demonstration derives one from its secret"
    )
    code_limit: str = "120 per minute"
    case_lookup_limit: str = Field(default="60 per minute", description="look-ups of cases, by address")
    case_number_limit: str = Field(default="10 per hour", description="tries of the query code, by number")
    case_address_limit: str = Field(default="30 per hour", description="of these that fail, by address")
    case_tail_number_limit: str = Field(default="3 per day", description="tries of a phone's end, by number")
    case_tail_address_limit: str = Field(default="10 per day", description="of these that fail, by address")
    field_keys: Annotated[tuple[FieldKey, ...], BeforeValidator(_field_keys)] = Field(
        default=(), repr=False, description="what seals personal fields; a demonstration derives them from its secret"
    )
    partners: Annotated[tuple[Partner, ...], BeforeValidator(_partners)] = Field(
        default=(), repr=False, description="systems that progress of cases is exchanged with"
    )
    metrics_networks: Annotated[tuple[Network, ...], BeforeValidator(_networks)] = Field(
        default=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="who may read /metrics",
    )
    papers_seal_file: Path | None = Field(default=None, description="PKCS#12; without it papers say 样章")
    papers_seal_password: str = Field(default="", repr=False)
    papers_rare_font: Path | None = Field(default=None, description="a font with characters that ours lacks")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    wechat: WeChatSettings | None = None
    miniprogram: MiniProgramSettings | None = None
    staff_second_factor: SecondFactorRule = "duties"
    staff_local_sign_in: LocalSignInRule = "all"
    staff_oidc: StaffOIDCSettings | None = None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, text: str) -> str:
        """Allow a SQLite file or PostgreSQL, and always by the psycopg 3 driver."""
        try:
            url = make_url(text)
        except ArgumentError as error:
            raise ValueError("不是数据库地址，例如 sqlite:///var/daoban.sqlite3") from error
        backend = url.get_backend_name()
        if backend == "sqlite" and url.database not in {None, "", ":memory:"}:
            return text
        if backend in {"postgresql", "postgres"}:
            return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        raise ValueError("只支持 SQLite 文件(sqlite:///…)和 PostgreSQL(postgresql+psycopg://…)")

    @model_validator(mode="after")
    def _secrets_are_strong(self) -> Self:
        """Refuse a secret that can be guessed and a door without a seal, save in a demonstration."""
        if self.daoban_demo:
            return self
        if fault := weakness(self.secret_key):
            raise ValueError(
                f"SECRET_KEY {fault}。请生成一个新的："
                "python -c 'import secrets; print(secrets.token_urlsafe(48))' ,"
                "再设为环境变量 SECRET_KEY；只是演示的话，可以设 DAOBAN_DEMO=1"
            )
        if self.wechat and (fault := weakness(self.wechat.token, _WECHAT_TOKEN_LENGTH)):
            raise ValueError(f"WECHAT_TOKEN {fault}。请换成随机的字母和数字，公众平台上也要一起改")
        if self.wechat and self.wechat.mode == "plaintext":
            raise ValueError("WECHAT_MODE 不能是 plaintext：明文模式的签名管不到内容，谁都能伪造。请用 safe")
        return self

    @model_validator(mode="after")
    def _staff_can_sign_in(self) -> Self:
        """Refuse to send staff to a sign-in that is not there."""
        if self.staff_local_sign_in == "admins" and self.staff_oidc is None:
            raise ValueError(
                "STAFF_LOCAL_SIGN_IN 是 admins 时，别人只能用统一身份认证登录：请设 STAFF_OIDC_ISSUER、"
                "STAFF_OIDC_CLIENT_ID 和 STAFF_OIDC_CLIENT_SECRET"
            )
        return self

    @model_validator(mode="after")
    def _threads_suffice(self) -> Self:
        """Leave threads for everybody else while as many pushes wait as may."""
        if self.rasa_places < 1:
            raise ValueError("WEB_THREADS 太小：要比 WECHAT_PLACES 至少多 3，请调大")
        return self

    @property
    def signing_key(self) -> str:
        """The key that signs identities: the secret, or in a demonstration a public one."""
        return self.secret_key or DEMO_KEY

    @property
    def rasa_places(self) -> int:
        """Chat turns one process may have waiting on Rasa.

        Two threads stay free, because the action server calls this API back in mid-turn, and so do
        those in which pushes from WeChat wait.
        """
        return self.web_threads - 2 - (self.wechat.places if self.wechat else 0)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; an empty variable counts as absent.

        Raises:
            SettingsError: With one line for each variable that is wrong.
        """
        plain = _given(environ, cls.model_fields.keys() - _GROUPS.keys())
        groups = {name: _given(environ, model.model_fields, f"{name}_") for name, model in _GROUPS.items()}
        try:
            return cls.model_validate(plain | {name: group for name, group in groups.items() if group})
        except ValidationError as error:
            faults = "\n".join(f"  · {_fault(entry)}" for entry in error.errors())
            raise SettingsError(f"配置有误，服务没有启动：\n{faults}") from None  # pydantic tells the values


def _given(environ: Mapping[str, str], names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The variables that are set, by the names of their fields."""
    texts = {name: environ.get(f"{prefix}{name}".upper(), "").strip() for name in names}
    return {name: text for name, text in texts.items() if text}


def weakness(secret: str, length: int = _SECRET_LENGTH) -> str | None:
    """Say in Chinese what is weak about a secret of at least `length` characters, or None."""
    if not secret:
        return "没有设置"
    if len(secret) < length:
        return f"太短（至少 {length} 个字符）"
    if len(set(secret)) < _SECRET_VARIETY or any(word in secret.lower() for word in _WEAK_WORDS):
        return "太容易猜到"
    return None


def _fault(entry: Mapping[str, Any]) -> str:
    """Render one pydantic error as a line about an environment variable."""
    if not entry["loc"] or entry["loc"][-1] in _GROUPS:
        return reason(entry)
    return f"环境变量 {'_'.join(map(str, entry['loc'])).upper()}：{reason(entry)}"
