"""The official account's API (服务号接口), and what every call of WeChat's API goes through.

wechatpy knows the endpoints; how a request is sent, retried and reported is ours, because wechatpy
fetches tokens without bound or time limit and raises exceptions that hold the secret.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from wechatpy import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI

from miniapp_api.wechat.platform.tokens import Token, TokenStore
from miniapp_api.wechat_settings import MiniProgramSettings, WeChatSettings

API = "https://api.weixin.qq.com"
MAX_CODE_SECONDS = 30 * 24 * 3600

Kind = Literal["refused", "token", "quota", "busy", "unreachable", "broken"]
T = TypeVar("T")

_TOKEN_REFUSED = frozenset({40001, 40014, 42001})
# 全局返回码; what is not named here is a refusal
_KINDS: Mapping[int, Kind] = {
    **dict.fromkeys(_TOKEN_REFUSED, "token"),
    **dict.fromkeys((40013, 40125, 40164, 40243, 41001, 41002, 41004), "token"),
    **dict.fromkeys((45009, 45015, 45047, 48001), "quota"),
    **dict.fromkeys((-1, 45011), "busy"),
}


class WeChatError(Exception):
    """A call that came to nothing. It holds nothing but these two, and has no cause.

    Attributes:
        errcode: WeChat's number (全局返回码), or None if it gave none.
        kind: `refused` WeChat will not do this · `token` it does not accept our token, secret or
            address · `quota` not to this citizen now, or not today · `busy` it may work in a minute ·
            `unreachable` no answer, and WeChat may or may not have done it · `broken` not an answer
            WeChat gives.
    """

    def __init__(self, errcode: int | None, kind: Kind) -> None:
        super().__init__(errcode, kind)
        self.errcode = errcode
        self.kind = kind

    def __str__(self) -> str:
        return f"WeChat: {self.kind}" if self.errcode is None else f"WeChat: {self.kind}, errcode {self.errcode}"


class _Discretion(logging.Filter):
    """Cuts the query strings, which hold secrets and tokens, out of what urllib3 logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = re.sub(r"\?[^\s'\"]*", "?…", record.getMessage()), ()
        return True


_DISCRETION = _Discretion()


class Transport(requests.Session):
    """The way to WeChat and to nowhere else: limited in time, without redirects or retries.

    Args:
        api_url: what stands in for https://api.weixin.qq.com, such as a simulator or a proxy.
        timeout: seconds to connect, and again between two parts of the answer.
    """

    def __init__(self, api_url: str, timeout: float) -> None:
        super().__init__()
        self._api_url = api_url
        self._limits = {"timeout": timeout, "allow_redirects": False}
        self.adapters.clear()
        self.mount(f"{api_url}/", HTTPAdapter(pool_maxsize=64, max_retries=0))
        for name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_DISCRETION)

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Send one request; further arguments are those of requests.

        Raises:
            WeChatError: `unreachable`, or the status of the answer is not 200.
        """
        answer = self._answer(method, url.replace(API, self._api_url, 1), {**kwargs, **self._limits})
        if answer is None:  # raised here, outside any handler, so that no context holds the address
            raise WeChatError(None, "unreachable")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise WeChatError(None, "busy")
        if answer.status_code != 200:
            raise WeChatError(None, "broken")
        return answer

    def _answer(self, method: str, url: str, kwargs: Mapping[str, Any]) -> requests.Response | None:
        try:
            return super().request(method, url, **kwargs)
        except (OSError, HTTPError):  # every exception of requests is an OSError
            return None


class Typing(BaseWeChatAPI):
    """客服输入状态, which wechatpy lacks."""

    def send(self, openid: str, command: str) -> dict[str, Any]:
        """Show or end the state.

        Args:
            openid: the follower.
            command: Typing or CancelTyping.
        """
        return self._post("message/custom/typing", data={"touser": openid, "command": command})


class Client(WeChatClient):
    """wechatpy's client with our token store, at most one retry, time limits and silent errors.

    Every module of wechatpy may be used on it; each call raises WeChatError only.
    """

    typing = Typing()

    def __init__(self, settings: WeChatSettings | MiniProgramSettings, redis_url: str | None) -> None:
        super().__init__(settings.app_id, settings.app_secret, timeout=settings.api_timeout, auto_retry=False)
        self._http = Transport(settings.api_url, settings.api_timeout)
        self._tokens = TokenStore(
            settings.app_id, self.fetch_access_token, redis_url, patience=2 * settings.api_timeout
        )

    @property
    def access_token(self) -> str:
        """The current token."""
        return self._tokens.get()

    def fetch_access_token(self, *, force: bool = False) -> Token:
        """Fetch a token (stable_token); the secret travels in the body, not in the address.

        Raises:
            WeChatError: WeChat gives none.
        """
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        result = read_json(self._http.request("post", f"{API}/cgi-bin/stable_token", **_json(body)))
        seconds = result.get("expires_in")
        if not isinstance(seconds, int) or seconds <= 0:
            raise WeChatError(None, "broken")
        return Token(text_of(result, "access_token"), seconds)

    def get_without_token(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        """GET one of the few endpoints that take the secret and no token.

        Raises:
            WeChatError: as always.
        """
        return read_json(self._http.request("get", f"{API}{path}", params=params))

    def _request(
        self,
        method: str,
        url_or_endpoint: str,
        *,
        read: Callable[[requests.Response], Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The one way out of wechatpy, taken by all its modules.

        Args:
            method: get or post.
            url_or_endpoint: relative to cgi-bin, or a path from the root.
            read: turns the answer into the result; a JSON object if absent.
            kwargs: those of wechatpy and requests; `data` that is a dict is sent as JSON.
        """
        url = urljoin(kwargs.pop("api_base_url", self.API_BASE_URL), url_or_endpoint)
        process = kwargs.pop("result_processor", None) or (lambda result: result)
        params = kwargs.pop("params", None) or {}
        if isinstance(kwargs.get("data"), dict):
            kwargs |= _json(kwargs["data"])

        def once(token: str) -> Any:
            answer = self._http.request(method, url, params={**params, "access_token": token}, **kwargs)
            return (read or read_json)(answer)

        return process(self._with_token(once))

    def _with_token(self, once: Callable[[str], T]) -> T:
        """Do something with the token, and once more with another if it is refused."""
        token = self.access_token
        try:
            return once(token)
        except WeChatError as error:
            if error.errcode not in _TOKEN_REFUSED:
                raise
            errcode = error.errcode
        other = self._tokens.renew(token)
        if other is None:
            raise WeChatError(errcode, "token")
        return once(other)


def read_json(answer: requests.Response) -> dict[str, Any]:
    """Read an answer that is a JSON object.

    Raises:
        WeChatError: It says that WeChat refuses, or is something else.
    """
    result = _parsed(answer.content)
    if not isinstance(result, dict):
        raise WeChatError(None, "broken")
    errcode = _errcode(result)
    if errcode is None:
        raise WeChatError(None, "broken")
    if errcode != 0:
        raise WeChatError(errcode, _KINDS.get(errcode, "refused"))
    return result


def text_of(result: Mapping[str, Any], key: str) -> str:
    """A text that must be in an answer.

    Raises:
        WeChatError: It is not.
    """
    text = result.get(key)
    if not isinstance(text, str) or not text:
        raise WeChatError(None, "broken")
    return text


def _errcode(result: Mapping[str, Any]) -> int | None:
    """The errcode, 0 where there is none, or None where it is no number."""
    try:
        return int(result.get("errcode") or 0)
    except (TypeError, ValueError):
        return None


def _parsed(content: bytes) -> Any:
    """The JSON value, or None. As in wechatpy, bytes and control characters of a nickname are forgiven."""
    try:
        return json.loads(content.decode("utf-8", "ignore"), strict=False)
    except ValueError:
        return None


def _json(body: Mapping[str, Any]) -> dict[str, Any]:
    r"""A JSON body as arguments of requests, free of \u escapes (40033) and of halves of characters."""
    return {
        "data": json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        "headers": {"Content-Type": "application/json; charset=utf-8"},
    }


class OfficialAccount:
    """What the official account does of its own accord. Any thread may use it.

    Every method raises WeChatError; 45015, 45047 and 48001 come as its kind `quota`.

    Args:
        settings: the account.
        redis_url: where processes share the token, or None.
    """

    def __init__(self, settings: WeChatSettings, redis_url: str | None) -> None:
        self._client = Client(settings, redis_url)

    def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service text (客服消息), of at most 2048 bytes."""
        self._client.message.send_text(openid, text)

    def send_card(self, openid: str, *, title: str, app_id: str, path: str, image: str) -> None:
        """Send a mini-program card (miniprogrampage).

        Args:
            openid: the follower.
            title: of the card.
            app_id: of a mini-program that is linked to the account.
            path: page and query.
            image: media id of its picture.
        """
        card = {"title": title, "appid": app_id, "pagepath": path, "thumb_media_id": image}
        self._client.message.send_mini_program_page(openid, card)

    def typing(self, openid: str, on: bool = True) -> None:
        """Show 对方正在输入 for at most 15 s, or end it."""
        self._client.typing.send(openid, "Typing" if on else "CancelTyping")

    def follower_unionid(self, openid: str) -> str | None:
        """The follower's id over all applications of the Open Platform account, if there is one."""
        return self._client.user.get(openid).get("unionid") or None

    def create_code(self, scene: str, seconds: int | None) -> str:
        """Make a QR code that leads to the account (生成带参数的二维码).

        Args:
            scene: what the push of a scan brings, 1 to 64 characters.
            seconds: how long it works, up to 30 days; None for ever, of which there are 100,000.

        Returns:
            The text to draw as a QR code.

        Raises:
            ValueError: Scene or seconds are out of bounds.
        """
        if not 1 <= len(scene) <= 64:
            raise ValueError("scene must have 1 to 64 characters")
        if seconds is not None and not 1 <= seconds <= MAX_CODE_SECONDS:
            raise ValueError(f"seconds must be 1 to {MAX_CODE_SECONDS}")
        action = {"action_info": {"scene": {"scene_str": scene}}}
        if seconds is None:
            code = {"action_name": "QR_LIMIT_STR_SCENE", **action}
        else:
            code = {"action_name": "QR_STR_SCENE", "expire_seconds": seconds, **action}
        return text_of(self._client.qrcode.create(code), "url")
