"""The settings of one installation: read once from the environment, typed, frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
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

from miniapp_api.wording import reason

DEMO_KEY = "daoban-demo-only-everyone-knows-this"
_SECRET_LENGTH = 32
_SECRET_VARIETY = 10
_WEAK_WORDS = ("secret", "changeme", "change-me", "password", "daoban", "default", "example")

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


class Settings(BaseModel):
    """One installation. Every field is the environment variable of the same name in capitals.

    Raises:
        SettingsError: From `from_environment` only, with every fault in one Chinese text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    web_workers: int = Field(default=2, ge=1, le=64, description="processes of the web server")
    web_threads: int = Field(default=8, ge=4, le=128, description="threads in each process")
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
    metrics_networks: Annotated[tuple[Network, ...], BeforeValidator(_networks)] = Field(
        default=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="who may read /metrics",
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

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
    def _secret_is_strong(self) -> Self:
        """Refuse a secret that can be guessed, save in a demonstration."""
        if self.daoban_demo:
            return self
        fault = weakness(self.secret_key)
        if fault:
            raise ValueError(
                f"SECRET_KEY {fault}。请生成一个新的："
                "python -c 'import secrets; print(secrets.token_urlsafe(48))' ,"
                "再设为环境变量 SECRET_KEY；只是演示的话，可以设 DAOBAN_DEMO=1"
            )
        return self

    @property
    def signing_key(self) -> str:
        """The key that signs identities: the secret, or in a demonstration a public one."""
        return self.secret_key or DEMO_KEY

    @property
    def rasa_places(self) -> int:
        """Chat turns one process may have waiting on Rasa.

        Two threads stay free, because the action server calls this API back in mid-turn.
        """
        return self.web_threads - 2

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; an empty variable counts as absent.

        Raises:
            SettingsError: With one line for each variable that is wrong.
        """
        given = {name: environ.get(name.upper(), "").strip() for name in cls.model_fields}
        try:
            return cls.model_validate({name: text for name, text in given.items() if text})
        except ValidationError as error:
            faults = "\n".join(f"  · {_fault(entry)}" for entry in error.errors())
            raise SettingsError(f"配置有误，服务没有启动：\n{faults}") from error


def weakness(secret: str) -> str | None:
    """Say in Chinese what is weak about a secret, or None."""
    if not secret:
        return "没有设置"
    if len(secret) < _SECRET_LENGTH:
        return f"太短（至少 {_SECRET_LENGTH} 个字符）"
    if len(set(secret)) < _SECRET_VARIETY or any(word in secret.lower() for word in _WEAK_WORDS):
        return "太容易猜到"
    return None


def _fault(entry: Mapping[str, Any]) -> str:
    """Render one pydantic error as a line about an environment variable."""
    if not entry["loc"]:
        return reason(entry)
    return f"环境变量 {str(entry['loc'][0]).upper()}：{reason(entry)}"
