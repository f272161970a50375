"""One text out of all that a citizen is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from miniapp_api.database import utc_now
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from miniapp_api.wechat.text.rendering import Link, render

STILL_MORE = "前面还有没看完的，回复“继续”接着看。"


def compose(identity: WeChatIdentity, exchanges: Sequence[WeChatExchange]) -> str:
    """Fold exchanges into the last of them and render its text; what the citizen sees changes with it.

    Args:
        identity: the citizen, held; `menu` and `rest` become those of the text.
        exchanges: answered and not delivered, oldest first, at least one. All but the last count as
            delivered from now on: their answers are the last one's.

    Returns:
        The text, also kept as `reply`, and given again as it was: up to 2,048 bytes of UTF-8.
    """
    *earlier, last = exchanges
    if last.reply is not None and not earlier:
        return last.reply
    if last.answer == {} and not earlier and identity.rest:
        last.reply, *identity.rest = identity.rest
        return last.reply
    messages, links = _all(exchanges)
    for exchange in earlier:
        exchange.delivery, exchange.delivered_at, exchange.reply = "passive", utc_now(), None
    rendering = render(messages, menu_id=last.id, links=links)
    last.answer = {"messages": messages, "links": [asdict(link) for link in links]}
    last.reply = rendering.first
    identity.menu, identity.rest = rendering.menu.to_json(), list(rendering.rest)
    return rendering.first


def _all(exchanges: Sequence[WeChatExchange]) -> tuple[list[dict[str, Any]], list[Link]]:
    """The messages of all, and the links of the newest that has some."""
    messages: list[dict[str, Any]] = []
    links: list[Link] = []
    for exchange in exchanges:
        answer = exchange.answer or {}
        messages += answer.get("messages") or [{"text": exchange.reply or STILL_MORE, "choices": []}]
        links = [Link(**link) for link in answer.get("links", [])] or links
    return messages, links
