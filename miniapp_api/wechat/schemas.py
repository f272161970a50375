"""What goes in and out of the WeChat addresses."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class LoginIn(BaseModel):
    """A login of the mini-program."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=128, pattern="^[0-9A-Za-z_-]+$", description="wx.login 给的 code")


class LoginOut(BaseModel):
    """A session."""

    token: str = Field(description="放进请求头 Authorization: Bearer …；不含任何个人信息")
    expires_at: datetime = Field(description="到什么时候为止")


class JoinIn(BaseModel):
    """The code that the citizen was given in the official account."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(min_length=8, max_length=16, description="在公众号里发“绑定小程序”得到的 8 位码")


class SessionOut(BaseModel):
    """How the session stands."""

    alive: bool = Field(description="微信那边的登录还有效；无效就再调一次 wx.login")
