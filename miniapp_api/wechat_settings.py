"""The settings of the WeChat door: which account, how its pushes are sealed, how patient we are.

The rules for Token and EncodingAESKey are Tencent's (消息推送配置: Token 3 to 32 letters and digits,
EncodingAESKey 43), and so are the kinds of fields of a template (订阅消息参数值内容限制说明).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Mode = Literal["plaintext", "compatible", "safe"]


def _key_of_aes(text: str) -> str:
    """Check that a text is an EncodingAESKey: 43 characters that decode to 32 bytes."""
    try:
        decoded = base64.b64decode(text + "=", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(text) != 43 or len(decoded) != 32:
        raise ValueError("应当是 43 位的 EncodingAESKey，请从公众平台原样复制")
    return text


AESKey = Annotated[str, AfterValidator(_key_of_aes)]

TOPIC = r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)*"
"""What citizens are told about, such as `appointment.reminder`."""

_FIELD = (
    r"(?:thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase)[0-9]{1,2}"
)
_TEMPLATE = re.compile(rf"({TOPIC})=([0-9A-Za-z_-]{{20,64}}):({_FIELD}=[a-z_]+(?:,{_FIELD}=[a-z_]+){{0,11}})")


@dataclass(frozen=True, slots=True)
class SubscribeTemplate:
    """A template of subscribe messages (订阅消息).

    Attributes:
        id: 模板 ID.
        fields: field of the template, such as thing1 -> keyword of what it shows, such as title.
    """

    id: str
    fields: Mapping[str, str]


def _templates(text: object) -> object:
    """Read `topic=TEMPLATE_ID:thing1=title,time2=when; …` as templates by topic."""
    if not isinstance(text, str):
        return text
    templates: dict[str, SubscribeTemplate] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        read = _TEMPLATE.fullmatch(part)
        if read is None or read[1] in templates:
            raise ValueError(
                f"第 {len(templates) + 1} 个模板写法不对，或和前面的重复。"
                "应当写成 appointment.reminder=模板ID:thing1=title,time2=when ，几个模板用分号隔开"
            )
        templates[read[1]] = SubscribeTemplate(read[2], dict(pair.split("=") for pair in read[3].split(",")))
    return templates


class WeChatSettings(BaseModel):
    """One official account (服务号). Every field is the environment variable WECHAT_… of its name.

    Attributes:
        mode: how pushes are sealed; what a request claims about itself never changes it.
        aes_key_previous: the key before a change, accepted until WeChat has switched.
        deadline: seconds from the arrival of a push within which it is answered at all cost.
        attempts: how often WeChat sends a push that is not answered, the first included.
        window: seconds by which the timestamp of a push may differ from our clock.
        places: pushes of one process that may wait for their answer; more are acknowledged at once.
        turns: turns that one process runs at a time.
        open_platform: the account is bound to an Open Platform account, so followers have a unionid.
        card_page: page of the mini-program that shows a checklist, e.g. `pages/checklist/checklist`.
        card_image: media id of the picture on its card; without it there is a link only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: str = Field(pattern="^wx[0-9a-f]{16}$")
    app_secret: str = Field(min_length=1, repr=False)
    token: str = Field(pattern="^[0-9A-Za-z]{3,32}$", repr=False)
    account: str = Field(pattern="^gh_[0-9A-Za-z_-]{1,61}$", description="the account's original id")
    mode: Mode = "safe"
    aes_key: AESKey | None = Field(default=None, repr=False)
    aes_key_previous: AESKey | None = Field(default=None, repr=False)
    deadline: float = Field(default=4.2, gt=0, le=4.8)
    attempts: int = Field(default=3, ge=1, le=4)
    window: int = Field(default=300, ge=30, le=3600)
    places: int = Field(default=24, ge=1, le=120)
    turns: int = Field(default=16, ge=1, le=64)
    api_url: str = Field(default="https://api.weixin.qq.com", pattern="^https?://[^/]+$")
    api_timeout: float = Field(default=5.0, gt=0, le=30, description="seconds")
    open_platform: bool = False
    card_page: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", max_length=128)
    card_image: str | None = Field(default=None, max_length=128)

    @model_validator(mode="after")
    def _sealed_needs_a_key(self) -> Self:
        if self.mode != "plaintext" and self.aes_key is None:
            raise ValueError("WECHAT_MODE 是 safe 或 compatible 时，必须设 WECHAT_AES_KEY")
        return self


class MiniProgramSettings(BaseModel):
    """The mini-program that belongs to this installation: environment variables MINIPROGRAM_… of its fields.

    Attributes:
        templates: for subscribe messages, by the topic of the notice.
        notice_page: page of the mini-program that a notice opens; it gets the notice's `link`, e.g. `pages/open/open`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: str = Field(pattern="^wx[0-9a-f]{16}$")
    app_secret: str = Field(min_length=1, repr=False)
    api_url: str = Field(default="https://api.weixin.qq.com", pattern="^https?://[^/]+$")
    api_timeout: float = Field(default=5.0, gt=0, le=30, description="seconds")
    session_days: int = Field(default=30, ge=1, le=365, description="how long a login lasts")
    templates: Annotated[dict[str, SubscribeTemplate], BeforeValidator(_templates)] = {}
    notice_page: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", max_length=128)
