"""What WeChat reads in a text message besides its words: XML around it, and one tag, `<a>`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

MAX_BYTES = 2048
"""Bytes of UTF-8 in a text message, passive or customer service."""

MAX_ANCHOR = 900
"""Bytes of one link, less than half a piece; what would take more is given in words."""

ANCHOR = re.compile("<a .*?</a>", re.DOTALL)
"""A link in a text that was made here: nothing else in it looks like one."""

_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<[\s/]*a[^<>]*>?", re.IGNORECASE)
_UNQUOTED = re.compile(r'["<>\s]')
_FULL_WIDTH = str.maketrans("<>", "＜＞")


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go from a message.

    Attributes:
        url: the web page; with a mini-program, for clients that cannot open those.
        appid: of the mini-program, if it goes to one.
        path: of the page in the mini-program, with its query.
    """

    label: str
    url: str
    appid: str | None = None
    path: str | None = None


def size(text: str) -> int:
    """The bytes a text takes in a message."""
    return len(text.encode())


def xml_safe(text: str) -> str:
    """Make a text fit for a CDATA section: it comes out of the XML as it went in."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub("", lines).replace("]]>", "]]＞")


def words(text: str) -> str:
    """Make a text mean nothing but its words: no link of its own, no end of the CDATA section."""
    return _TAG.sub(lambda tag: tag[0].translate(_FULL_WIDTH), xml_safe(text)).strip()


def words_of_label(text: str) -> str:
    """Make a label mean nothing but its words, on one line."""
    return " ".join(words(text).split())


def menu_link(label: str, id_: int) -> str:
    """A link that says its label for the citizen who taps it; just the label if it is very long."""
    href = f"weixin://bizmsgmenu?msgmenucontent={quote(label, safe='')}&msgmenuid={id_}"
    return _short(f'<a href="{href}">{label}</a>', otherwise=lambda: label)


def web_link(link: Link) -> str:
    """A link to a page or into a mini-program; label and address if they are very long."""
    label, url = words_of_label(link.label), _attribute(link.url)
    program = ""
    if link.appid is not None:
        path = _attribute(link.path or "")
        program = f' data-miniprogram-appid="{_attribute(link.appid)}" data-miniprogram-path="{path}"'
    return _short(f'<a href="{url}"{program}>{label}</a>', otherwise=lambda: f"{label}：{words(link.url)}")


def _attribute(value: str) -> str:
    # by percent, not by entity: whether WeChat reads entities is told nowhere
    return _UNQUOTED.sub(lambda sign: quote(sign[0]), xml_safe(value))


def _short(anchor: str, otherwise: Callable[[], str]) -> str:
    return anchor if size(anchor) <= MAX_ANCHOR else otherwise()
