"""The kinds of push: what a citizen can do, as the fields that Tencent makes of it.

Source: 接收普通消息 and 接收事件推送 (developers.weixin.qq.com/doc/offiaccount/Message_Management/).
"""

from __future__ import annotations

from dataclasses import dataclass

from wechat_simulator import identity
from wechat_simulator.quota import Scene
from wechat_simulator.xml import number_element, text_element

PICTURE = "http://mmbiz.qpic.cn/mmbiz_jpg/simulator/0"


@dataclass(frozen=True)
class Push:
    """One thing that a citizen did.

    Attributes:
        body: the elements after CreateTime; or a whole document, if it begins with `<xml`.
        scene: which window for customer-service messages it opens.
        numbered: it gets a MsgId. Events have none.
        follows: whether the citizen follows the account from now on; None: as before.
    """

    body: str
    scene: Scene | None = None
    numbered: bool = False
    follows: bool | None = None

    def document(self, to: str, sender: str, created: int, msg_id: str | None) -> str:
        """Write the inner document."""
        if self.body.startswith("<xml"):
            return self.body
        head = text_element("ToUserName", to) + text_element("FromUserName", sender)
        number = f"<MsgId>{msg_id}</MsgId>" if msg_id else ""
        return f"<xml>{head}{number_element('CreateTime', created)}{self.body}{number}</xml>"


def text(content: str) -> Push:
    """A text that the citizen typed."""
    return _message("text", text_element("Content", content))


def tap(content: str, menu_id: str | None) -> Push:
    """A tap on an item of a menu; phones are known to lose the id (then None) or to send "0"."""
    tapped = text_element("bizmsgmenuid", menu_id) if menu_id is not None else ""
    return _message("text", text_element("Content", content) + tapped, "menu")


def image() -> Push:
    """A picture."""
    return _message("image", text_element("PicUrl", PICTURE) + _media("MediaId"))


def voice(recognition: str | None = None) -> Push:
    """A voice message; Recognition is only there if the account has speech recognition."""
    heard = text_element("Recognition", recognition) if recognition is not None else ""
    return _message("voice", _media("MediaId") + text_element("Format", "amr") + heard)


def video() -> Push:
    """A video."""
    return _message("video", _media("MediaId") + _media("ThumbMediaId"))


def location(latitude: float, longitude: float, label: str) -> Push:
    """A place that the citizen picked on the map."""
    place = number_element("Location_X", latitude) + number_element("Location_Y", longitude)
    return _message("location", place + number_element("Scale", 16) + text_element("Label", label))


def link(title: str, description: str, url: str) -> Push:
    """A shared page."""
    fields = {"Title": title, "Description": description, "Url": url}
    return _message("link", "".join(text_element(name, value) for name, value in fields.items()))


def subscribe(scene: str | None = None, ticket: str | None = None) -> Push:
    """The citizen follows the account; with a scene, by scanning its QR code."""
    if scene is None:
        return _event("subscribe", text_element("EventKey", ""), "follow", follows=True)
    fields = text_element("EventKey", f"qrscene_{scene}") + text_element("Ticket", ticket or identity.ticket())
    return _event("subscribe", fields, "follow", follows=True)


def unsubscribe() -> Push:
    """The citizen leaves."""
    return _event("unsubscribe", text_element("EventKey", ""), follows=False)


def scan(scene: str, ticket: str | None = None) -> Push:
    """A follower scans a QR code with a scene."""
    fields = text_element("EventKey", scene) + text_element("Ticket", ticket or identity.ticket())
    return _event("SCAN", fields, "scan")


def click(key: str) -> Push:
    """A tap on a button of the account's menu."""
    return _event("CLICK", text_element("EventKey", key), "menu")


def view(url: str) -> Push:
    """A tap on a link of the account's menu; opens no window for messages."""
    return _event("VIEW", text_element("EventKey", url) + text_element("MenuId", "51000001"))


def report_location(latitude: float, longitude: float) -> Push:
    """Where the phone is, sent by itself when the citizen opens the account."""
    place = number_element("Latitude", latitude) + number_element("Longitude", longitude)
    return _event("LOCATION", place + number_element("Precision", 65.0))


def raw(body: str) -> Push:
    """Anything else: a whole document, or the elements after CreateTime; MsgId is added to a message."""
    event = "<Event>" in body
    numbered = not (event or body.startswith("<xml") or "<MsgId>" in body)
    return Push(body, None if event else "message", numbered)


def _message(kind: str, fields: str, scene: Scene = "message") -> Push:
    return Push(text_element("MsgType", kind) + fields, scene, numbered=True)


def _event(event: str, fields: str, scene: Scene | None = None, follows: bool | None = None) -> Push:
    body = text_element("MsgType", "event") + text_element("Event", event) + fields
    return Push(body, scene, follows=follows)


def _media(name: str) -> str:
    return text_element(name, identity.code(64))
