"""Settings of an account whose Tencent is simulated, and a server whose answers a test writes itself."""

import socket
import threading
import traceback
from contextlib import contextmanager

from miniapp_api.wechat.platform.client import WeChatError
from miniapp_api.wechat_settings import MiniProgramSettings, WeChatSettings
from wechat_simulator import Account

ACCOUNT = Account(open_platform=True)


def account_settings(url, **changes):
    given = {
        "app_id": ACCOUNT.app_id,
        "app_secret": ACCOUNT.app_secret,
        "token": ACCOUNT.token,
        "aes_key": ACCOUNT.aes_key,
        "account": ACCOUNT.original_id,
        "api_url": url,
        "api_timeout": 2,
    }
    return WeChatSettings(**given | changes)


def miniprogram_settings(url, **changes):
    given = {
        "app_id": ACCOUNT.mini_app_id,
        "app_secret": ACCOUNT.mini_app_secret,
        "api_url": url,
        "api_timeout": 2,
    }
    return MiniProgramSettings(**given | changes)


@contextmanager
def odd_server(*answers):
    """A server that gives raw answers in turn, the last one for ever; an empty one hangs up.

    Yields its address and the list of raw requests.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                requests.append(_read(connection))
                connection.sendall(answers[min(len(requests), len(answers)) - 1])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    while len(body) < int(length.split(b":")[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http(body, status="200 OK", headers=()):
    """A raw answer."""
    body = body if isinstance(body, bytes) else body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


TOKEN = "TOKEN" + "k" * 600
TOKEN_ANSWER = http(f'{{"access_token": "{TOKEN}", "expires_in": 7200}}')


def failure(call):
    """The WeChatError that a call raises, after checking that nothing hangs on it."""
    try:
        call()
    except WeChatError as error:
        assert error.__cause__ is None
        assert error.__context__ is None
        assert error.args == (error.errcode, error.kind)
        assert vars(error) == {"errcode": error.errcode, "kind": error.kind}
        return error
    raise AssertionError("it did not fail")


def shown(error):
    """Everything that a log may show of an exception."""
    return "\n".join([str(error), repr(error), repr(error.args), *traceback.format_exception(error)])
