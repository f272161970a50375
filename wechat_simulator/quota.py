"""How many customer-service messages may still be sent to one citizen.

Source: 发送客服消息 (sendCustomMessage), table 下发额度. That windows of several scenes stand side by
side, and that the one ending first is used first, is from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wechat_simulator.errors import APIError

Scene = Literal["message", "menu", "follow", "scan"]

RULES: dict[Scene, tuple[int, float]] = {
    "message": (5, 48 * 3600),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
}
"""Messages and seconds by what the citizen did. Tapping an item of a msgmenu is a `menu`."""


@dataclass
class _Window:
    left: int
    ends_at: float


class Allowance:
    """The open windows of one citizen; its owner holds the lock."""

    def __init__(self) -> None:
        self._windows: dict[Scene, _Window] = {}

    def open(self, scene: Scene, now: float) -> None:
        """Open a window, or open it anew."""
        count, seconds = RULES[scene]
        self._windows[scene] = _Window(count, now + seconds)

    def close_all(self) -> None:
        """Nothing may be sent any more: the citizen left."""
        self._windows.clear()

    def spend(self, now: float) -> None:
        """Take one message from the window that ends first.

        Raises:
            APIError: No window is open (45015), or all are used up (45047).
        """
        opened = sorted((w for w in self._windows.values() if w.ends_at > now), key=lambda w: w.ends_at)
        if not opened:
            raise APIError(45015)
        usable = [window for window in opened if window.left]
        if not usable:
            raise APIError(45047)
        usable[0].left -= 1
