"""How an answer of the chat looks in WeChat: texts, links, choices, in as few messages as hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miniapp_api.wechat.text.cutting import GO_ON, cut, join
from miniapp_api.wechat.text.markup import MAX_BYTES, Link, size, web_link, words
from miniapp_api.wechat.text.menus import Menu
from miniapp_api.wechat.text.offers import offer

__all__ = ["GO_ON", "Link", "Rendering", "render"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """An answer as it is sent.

    Attributes:
        first: the text to send now.
        rest: the texts that wait for 「继续」.
        menu: what can be chosen; it stands at the end of the last text.
    """

    first: str
    rest: tuple[str, ...]
    menu: Menu


def render(messages: Sequence[Mapping[str, Any]], *, menu_id: int, links: Iterable[Link] = ()) -> Rendering:
    """Render messages as one text, in as many pieces as it takes.

    Only the choices of the last message that has any can be chosen. They stand at the end, together
    with their message if one piece holds both. One piece is better than two, but not than a tap.

    Args:
        messages: of one or more answers, oldest first.
        menu_id: the ids of the choices begin with it.
        links: places to go, shown after the texts.
    """
    live = max((at for at, message in enumerate(messages) if message.get("choices")), default=len(messages))
    before = _texts(messages[:live])
    after = [*_texts(messages[live:]), "\n".join(web_link(link) for link in links)]
    ways = [offer(message, menu_id, linked=linked) for message in messages[live : live + 1] for linked in (True, False)]
    whole = [*before, *after]
    for loose, kept, offers in (([], whole, ways[:1]), (before, after, ways), (whole, [], ways)):
        for menu, choices in offers or [(Menu(), "")]:
            if size(last := join(*kept, choices)) <= MAX_BYTES:
                return _rendering(cut(join(*loose), last), menu)
    menu, choices = ways[-1]
    return _rendering(cut(join(*whole, choices), ""), menu)


def _texts(messages: Iterable[Mapping[str, Any]]) -> list[str]:
    return [words(message["text"]) for message in messages]


def _rendering(pieces: tuple[str, ...], menu: Menu) -> Rendering:
    return Rendering(pieces[0], pieces[1:], menu)
