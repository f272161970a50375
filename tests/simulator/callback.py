"""A callback whose answers a test writes, with an envelope of its own: what a system under test does."""

import threading
import time
from dataclasses import dataclass, field

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from wechat_simulator import Account, crypto, xml


@dataclass
class Heard:
    """One request that came in."""

    query: dict
    body: bytes
    inner: dict
    at: float = field(default_factory=time.monotonic)


class Quiet(WSGIRequestHandler):
    def log_request(self, *args):
        pass


class Callback:
    """Answers each push by `answer(heard)`: bytes, a text to reply with, or a Response."""

    def __init__(self, account: Account):
        self.account = account
        self.answer = lambda heard: b"success"
        self.heard = []
        app = Flask("callback")
        app.add_url_rule("/wechat", "push", self._push, methods=["POST"])
        app.add_url_rule("/wechat", "verify", self._verify, methods=["GET"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/wechat"

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _verify(self):
        query = request.args
        expected = crypto.signature(self.account.token, query["timestamp"], query["nonce"])
        return query["echostr"] if query["signature"] == expected else ("", 403)

    def _push(self):
        heard = Heard(request.args.to_dict(), request.get_data(), self._open())
        self.heard.append(heard)
        answer = self.answer(heard)
        if isinstance(answer, str):
            return self.reply(heard, answer)
        return answer if isinstance(answer, Response) else Response(answer, content_type="text/plain")

    def _open(self):
        outer = xml.read(request.get_data())
        if self.account.mode == "plaintext":
            return outer
        query = request.args
        signed = crypto.signature(self.account.token, query["timestamp"], query["nonce"], outer["Encrypt"])
        assert signed == query["msg_signature"]
        return xml.read(crypto.decrypt(outer["Encrypt"], self.account.aes_key, self.account.app_id))

    def reply(self, heard, content, **changes):
        """Seal a text reply."""
        fields = {
            "ToUserName": heard.inner["FromUserName"],
            "FromUserName": heard.inner["ToUserName"],
            "CreateTime": "1795600000",
            "MsgType": "text",
            "Content": content,
        } | changes
        return self.seal("".join(xml.text_element(name, value) for name, value in fields.items()))

    def seal(self, elements):
        """Seal the elements of a reply as the mode of the account asks."""
        inner = f"<xml>{elements}</xml>"
        if self.account.mode == "plaintext":
            return Response(inner, content_type="text/xml")
        encrypted = crypto.encrypt(inner.encode(), self.account.aes_key, self.account.app_id)
        signed = crypto.signature(self.account.token, "1795600000", "7", encrypted)
        rest = "<TimeStamp>1795600000</TimeStamp>" + xml.text_element("Nonce", "7")
        sealed = xml.text_element("Encrypt", encrypted) + xml.text_element("MsgSignature", signed) + rest
        return Response(f"<xml>{sealed}</xml>", content_type="text/xml")
