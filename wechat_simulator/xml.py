"""The XML of pushes and replies: writing it as Tencent does, and reading it strictly."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (production [2], Char) does not allow."""


class XMLError(ValueError):
    """A document that Tencent would not take."""


def text_element(name: str, value: str) -> str:
    """An element whose content is CDATA, as Tencent writes all strings."""
    safe = ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"


def number_element(name: str, value: float) -> str:
    """An element with a bare number."""
    return f"<{name}>{value}</{name}>"


def read(document: bytes | str) -> dict[str, Any]:
    """Read `<xml>…</xml>` into a dict; an element with children becomes a dict of its own.

    Raises:
        XMLError: It is not well-formed, has a DOCTYPE, another root, or one element twice (which is
            how a reply looks that lets a citizen's text break out of its CDATA).
    """
    data = document.encode() if isinstance(document, str) else document
    if b"<!DOCTYPE" in data:
        raise XMLError("XML 里有 DOCTYPE")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - without a DOCTYPE there are no entities
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # the last two: an odd encoding
        raise XMLError(f"XML 不合法：{error}") from error
    if root.tag != "xml":
        raise XMLError("XML 的根元素不是 xml")
    return _children(root)


def _children(parent: ElementTree.Element) -> dict[str, Any]:
    names = [child.tag for child in parent]
    if doubled := {name for name in names if name != "item" and names.count(name) > 1}:
        raise XMLError(f"XML 里重复了 {'、'.join(sorted(doubled))}")
    if set(names) == {"item"}:
        return {"item": [_children(child) for child in parent]}
    return {child.tag: _children(child) if len(child) else (child.text or "") for child in parent}
