"""One citizen: what they do in WeChat, and what reaches them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from wechat_simulator import identity, pushes
from wechat_simulator.errors import APIError
from wechat_simulator.feed import Feed
from wechat_simulator.pushes import Push
from wechat_simulator.quota import Allowance
from wechat_simulator.records import APOLOGY, Delivery, Outcome

if TYPE_CHECKING:
    from wechat_simulator.world import World

TYPING_LASTS = 15
"""Seconds that 「对方正在输入」 is shown (客服输入状态)."""

TYPING_COMMANDS = ("Typing", "CancelTyping")
TYPING_WITHIN = 30
"""Seconds after something the citizen did within which it may be shown."""


class Citizen:
    """A person with one phone. A new citizen follows the account.

    What they do blocks until Tencent is done with the push, and gives its Outcome. All take the
    fields of PushFaults as keywords, for example `alice.text("你好", copies=3)`.

    Attributes:
        openid: in the official account.
        mini_openid: in the mini-program; never the same.
        unionid: in both, if both belong to one Open Platform account; else None.
        subscribed: follows the official account.
        session_key: of the last login to the mini-program.
        pushed: how many things they did.
        ended: of how many of these the outcome is known.
        typings: commands of the typing API that reached this citizen.
    """

    def __init__(self, name: str, world: World) -> None:
        account = world.account
        self._world = world
        self._changed = threading.Condition()
        self._inbox: list[Delivery] = []
        self._allowance = Allowance()
        self._acted_at = float("-inf")
        self._typing_until = float("-inf")
        self.name = name
        self.openid = identity.openid(name, account.app_id)
        self.mini_openid = identity.openid(name, account.mini_app_id)
        self.unionid = identity.unionid(name) if account.open_platform else None
        self.subscribed = True
        self.followed_at = world.clock()
        self.session_key: str | None = None
        self.pushed = 0
        self.ended = 0
        self.typings: list[str] = []
        self.feed = Feed()

    def text(self, content: str, **faults: Any) -> Outcome:
        """Type a text."""
        return self.begin(pushes.text(content), **faults).result()

    def tap(self, menu_content: str, menu_id: str | None = "0", **faults: Any) -> Outcome:
        """Tap an item of a menu or a `weixin://bizmsgmenu` link; real phones often send the id "0"."""
        return self.begin(pushes.tap(menu_content, menu_id), **faults).result()

    def voice(self, recognition: str | None = None, **faults: Any) -> Outcome:
        """Say something."""
        return self.begin(pushes.voice(recognition), **faults).result()

    def image(self, **faults: Any) -> Outcome:
        """Send a picture."""
        return self.begin(pushes.image(), **faults).result()

    def video(self, **faults: Any) -> Outcome:
        """Send a video."""
        return self.begin(pushes.video(), **faults).result()

    def location(self, latitude: float, longitude: float, label: str, **faults: Any) -> Outcome:
        """Send a place."""
        return self.begin(pushes.location(latitude, longitude, label), **faults).result()

    def link(
        self,
        title: str = "办事指南",
        description: str = "开餐饮店要办什么",
        url: str = "https://example.com/",
        **faults: Any,
    ) -> Outcome:
        """Share a page."""
        return self.begin(pushes.link(title, description, url), **faults).result()

    def subscribe(self, scene: str | None = None, **faults: Any) -> Outcome:
        """Follow the account, by its QR code if a scene is given."""
        return self.begin(self.following(scene), **faults).result()

    def unsubscribe(self, **faults: Any) -> Outcome:
        """Leave the account."""
        return self.begin(pushes.unsubscribe(), **faults).result()

    def scan(self, scene: str, **faults: Any) -> Outcome:
        """Scan a QR code of the account; one who does not follow it yet follows it by that."""
        return self.begin(self.scanning(scene), **faults).result()

    def click(self, key: str, **faults: Any) -> Outcome:
        """Tap a button of the account's menu."""
        return self.begin(pushes.click(key), **faults).result()

    def view(self, url: str, **faults: Any) -> Outcome:
        """Tap a link of the account's menu."""
        return self.begin(pushes.view(url), **faults).result()

    def report_location(self, latitude: float, longitude: float, **faults: Any) -> Outcome:
        """Let the phone report where it is (event LOCATION)."""
        return self.begin(pushes.report_location(latitude, longitude), **faults).result()

    def raw(self, inner_xml: str, **faults: Any) -> Outcome:
        """Send anything: a whole inner document, or the elements that follow CreateTime."""
        return self.begin(pushes.raw(inner_xml), **faults).result()

    def following(self, scene: str | None) -> Push:
        """The push of one who follows the account, by its QR code if a scene is given."""
        return pushes.subscribe(scene, self._world.ticket_of(scene))

    def scanning(self, scene: str) -> Push:
        """The push of one who scans a QR code of the account."""
        return pushes.scan(scene, self._world.ticket_of(scene)) if self.subscribed else self.following(scene)

    def begin(self, push: Push, **faults: Any) -> Future[Outcome]:
        """Do something without waiting for what comes of it."""
        self._note(push)
        return self._world.pusher.push(self, push, **faults)

    @property
    def inbox(self) -> list[Delivery]:
        """What this citizen sees in the chat, in order of arrival."""
        with self._changed:
            return list(self._inbox)

    def wait_for(self, count: int, seconds: float) -> list[Delivery]:
        """Wait until so many deliveries are in the inbox, or the time is up; give the inbox."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._inbox) >= count, seconds)
            return list(self._inbox)

    def receive(self, delivery: Delivery) -> None:
        """Take a delivery; a duplicate is recorded, but not seen."""
        self._world.records.delivered(delivery)
        if delivery.duplicate:
            return
        with self._changed:
            self._inbox.append(delivery)
            self._typing_until = float("-inf")
            self._changed.notify_all()
        self.feed.add("delivery", via=delivery.via, msgtype=delivery.msgtype, text=delivery.text, raw=delivery.raw)

    def end(self, outcome: Outcome) -> None:
        """Learn how a push ended."""
        self._world.records.ended(outcome)
        with self._changed:
            self.ended += 1
        if outcome.kind == "broken":
            self.feed.add("broken", text=APOLOGY)
        elif outcome.kind == "acknowledged":
            self.feed.add("acknowledged")

    def receive_custom(self, msgtype: str, text: str, raw: dict[str, Any]) -> None:
        """Take a customer-service message.

        Raises:
            APIError: They left or no window is open (45015), or it is used up (45047).
        """
        with self._changed:
            if not self.subscribed:
                raise APIError(45015)
            self._allowance.spend(self._world.clock())
        self.receive(Delivery(text, "custom", msgtype, time.monotonic(), raw=raw, openid=self.openid))

    def show_typing(self, command: str) -> None:
        """Show or hide 「对方正在输入」.

        Raises:
            APIError: An unknown command (45072), nothing done by the citizen in the last 30 seconds
                (45080), or shown already (45081).
        """
        now = self._world.clock()
        with self._changed:
            if command not in TYPING_COMMANDS:
                raise APIError(45072)
            if not self.subscribed or now - self._acted_at > TYPING_WITHIN:
                raise APIError(45080)
            if command == "Typing" and now < self._typing_until:
                raise APIError(45081)
            self._typing_until = now + TYPING_LASTS if command == "Typing" else float("-inf")
            self.typings.append(command)
        if command == "Typing":
            self.feed.add("typing")

    def _note(self, push: Push) -> None:
        now = self._world.clock()
        with self._changed:
            self.pushed += 1
            if push.follows is not None:
                self.subscribed = push.follows
                self.followed_at = now
            if push.scene is not None:
                self._acted_at = now
                self._allowance.open(push.scene, now)
            if push.follows is False:
                self._allowance.close_all()
