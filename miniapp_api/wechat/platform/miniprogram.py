"""The mini-program's API (小程序服务端接口): login, phone number, codes, subscribe messages."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import requests

from miniapp_api.wechat.platform.client import Client, WeChatError, read_json, text_of
from miniapp_api.wechat.platform.subscribe_fields import fit
from miniapp_api.wechat_settings import MiniProgramSettings

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
_PAGE = re.compile(r"[^/?#][^?#]*")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG")
_SESSION_INVALID = 87009


@dataclass(frozen=True, slots=True)
class Login:
    """Who has logged in, on the server only: none of it may go to a client or a log.

    Attributes:
        openid: the citizen in this mini-program.
        session_key: base64 of 16 bytes.
        unionid: the citizen over all applications of the Open Platform account, if there is one.
    """

    openid: str = field(repr=False)
    session_key: str = field(repr=False)
    unionid: str | None = field(repr=False)


class MiniProgram:
    """What the server asks of WeChat for the mini-program. Any thread may use it; all raise WeChatError.

    Args:
        settings: the mini-program.
        redis_url: where processes share the token, or None.
    """

    def __init__(self, settings: MiniProgramSettings, redis_url: str | None) -> None:
        self._client = Client(settings, redis_url)

    def login(self, code: str) -> Login:
        """Redeem the code of wx.login, once and within five minutes (jscode2session).

        No access token is involved: wechatpy would fetch one, and fail where that fails.

        Raises:
            WeChatError: `refused` 40029 not a code, 40163 used before, 40226 a citizen WeChat blocks.
        """
        result = self._client.get_without_token(
            "/sns/jscode2session",
            {
                "appid": self._client.appid,
                "secret": self._client.secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        return Login(text_of(result, "openid"), text_of(result, "session_key"), result.get("unionid") or None)

    def phone_number(self, code: str, openid: str) -> str:
        """Redeem the code of a getPhoneNumber button (getuserphonenumber).

        Args:
            code: from the button; not a login code.
            openid: whose code it must be.

        Returns:
            Digits; a number from elsewhere than China with + and country code.
        """
        body = {"code": code, "openid": openid}
        info = self._client.post("/wxa/business/getuserphonenumber", data=body).get("phone_info")
        if not isinstance(info, dict):
            raise WeChatError(None, "broken")
        number = text_of(info, "purePhoneNumber")
        country = str(info.get("countryCode") or 86).lstrip("+")  # documented as a text, sent as a number
        if not (number + country).isdecimal():
            raise WeChatError(None, "broken")
        return number if country == "86" else f"+{country}{number}"

    def session_is_valid(self, openid: str, session_key: str) -> bool:
        """Ask whether a session key still holds (checksession)."""
        query = {
            "openid": openid,
            "signature": hmac.new(session_key.encode(), b"", hashlib.sha256).hexdigest(),
            "sig_method": "hmac_sha256",
        }
        try:
            self._client.get("/wxa/checksession", params=query)
        except WeChatError as error:
            if error.errcode == _SESSION_INVALID:
                return False
            raise
        return True

    def code_image(
        self,
        scene: str,
        page: str,
        *,
        env: Literal["release", "trial", "develop"] = "release",
        check_path: bool = True,
        width: int = 430,
    ) -> bytes:
        """Draw a mini-program code (getwxacodeunlimit).

        Args:
            scene: what the page gets, 1 to 32 of the characters that WeChat allows.
            page: path of the page, without leading / and without query.
            env: which version it opens.
            check_path: refuse a page that is not in the published version.
            width: pixels, 280 to 1280.

        Returns:
            A JPEG or PNG file.

        Raises:
            ValueError: Scene, page or width is out of bounds.
        """
        if not _SCENE.fullmatch(scene):
            raise ValueError("scene must be 1 to 32 of 0-9 A-Z a-z !#$&'()*+,/:;=?@-._~")
        if not _PAGE.fullmatch(page):
            raise ValueError("page must be a path without leading / and without query")
        if not 280 <= width <= 1280:
            raise ValueError("width must be 280 to 1280")
        body = {"scene": scene, "page": page, "env_version": env, "check_path": check_path, "width": width}
        return self._client.post("/wxa/getwxacodeunlimit", data=body, read=_read_image)

    def send_subscribe_message(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        *,
        page: str | None = None,
        state: Literal["formal", "trial", "developer"] = "formal",
    ) -> None:
        """Send a subscribe message (订阅消息); each uses up one consent, unless it is a long-term one.

        Args:
            openid: the citizen.
            template_id: the template, from the platform.
            data: field name such as thing1 -> text; too long a thing or name is cut.
            page: path and query that a tap opens.
            state: which version a tap opens.

        Raises:
            ValueError: A field is not of its kind and cannot be made to fit; nothing is sent.
            WeChatError: `refused` 43101 the citizen has not consented, 47003 a field is not accepted.
        """
        body = {
            "touser": openid,
            "template_id": template_id,
            "miniprogram_state": state,
            "lang": "zh_CN",
            "data": {name: {"value": text} for name, text in fit(data).items()},
        }
        if page is not None:
            body["page"] = page
        self._client.post("/cgi-bin/message/subscribe/send", data=body)


def _read_image(answer: requests.Response) -> bytes:
    """Read an answer that is a picture; an error comes as JSON, with status 200 too."""
    if answer.content.startswith(_IMAGES):
        return answer.content
    read_json(answer)
    raise WeChatError(None, "broken")
