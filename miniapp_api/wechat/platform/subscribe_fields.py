"""Fields of a subscribe message within their limits: WeChat refuses the message for one that is not.

The limits are those of 订阅消息参数值内容限制说明. What a cut would merely shorten is cut; what it would
falsify, such as a number or a state, is an error of whoever wrote the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_DAY = r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
_TIME = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"

# kind -> (what the whole text is, and how to say so)
_FORMS = {
    "number": (r"(?=.{1,32}$)[+-]?[0-9]+(?:\.[0-9]+)?", "a number of up to 32 digits"),
    "letter": (r"[A-Za-z]{1,32}", "up to 32 letters"),
    "symbol": (r"[^\w\s]{1,5}", "up to 5 symbols"),
    "character_string": (r"[!-~]{1,32}", "up to 32 letters, digits and symbols, none of them Chinese"),
    "time": (rf"{_TIME}(?:~{_TIME})?", "15:01 or 2019年10月1日 15:01, or two with ~ between"),
    "date": (rf"{_DATE}(?:~{_DATE})?", "2019年10月1日 or 2019年10月1日 15:01, or two with ~ between"),
    "amount": (r"[¥￥$€£]?[0-9]{1,10}(?:\.[0-9]+)?元?", "a currency sign, up to 10 digits, 元"),
    "phone_number": (r"[0-9+\-() ]{1,17}", "a phone number of up to 17 characters"),
    "car_number": (r"[\u4e00-\u9fffA-Za-z0-9]{1,8}", "a number plate of up to 8 characters"),
    "phrase": (r"[\u4e00-\u9fff]{1,5}", "up to 5 Chinese characters"),
}

_THING_LIMIT = 20
_NAME_LIMIT = 10
_LATIN_NAME_LIMIT = 20
_JOINER = "\u200d"


def fit(data: Mapping[str, str]) -> dict[str, str]:
    """Bring every field within its limits.

    Args:
        data: field name as in the template, a kind and a number such as thing1 -> text.

    Returns:
        The same names; texts on one line, things and names cut where they were too long.

    Raises:
        ValueError: A field is empty, or is not of its kind and a cut would falsify it. The text
            names the field, and does not repeat what is in it.
    """
    return {name: _fit(name, text) for name, text in data.items()}


def _fit(name: str, text: str) -> str:
    line = _one_line(text)
    kind = name.rstrip("0123456789")
    if kind == "thing":
        line = _shortened(line, _THING_LIMIT)
    if kind == "name":
        line = _cut(line, _LATIN_NAME_LIMIT if line.isascii() else _NAME_LIMIT)
    if not line:
        raise ValueError(f"{name} is empty")
    form, meaning = _FORMS.get(kind, (".*", ""))
    if not re.fullmatch(form, line):
        raise ValueError(f"{name} must be {meaning}")
    return line


def _one_line(text: str) -> str:
    """The text with breaks and runs of blanks as one blank, and without control characters or halves."""
    kept = (char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cs"})
    return " ".join("".join(kept).split())


def _shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if _size(text) <= limit else _cut(text, limit - 1) + "…"


def _cut(text: str, limit: int) -> str:
    """The longest beginning within a limit that ends between two characters as people see them."""
    kept = ""
    for cluster in _clusters(text):
        if _size(kept + cluster) > limit:
            break
        kept += cluster
    return kept.rstrip()


def _size(text: str) -> int:
    """The length as JavaScript counts, in UTF-16 units: the stricter of the ways WeChat may count."""
    return len(text.encode("utf-16-le")) // 2


def _clusters(text: str) -> list[str]:
    """Split into characters as people see them: each with its accents, selectors and what is joined on."""
    clusters: list[str] = []
    for char in text:
        if clusters and (_attaches(char) or clusters[-1].endswith(_JOINER) or _ends_flag(clusters[-1], char)):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _attaches(char: str) -> bool:
    """Whether it belongs to the character before: a mark, a joiner, a skin tone or a tag."""
    return (
        unicodedata.category(char) in {"Mn", "Mc", "Me"}
        or char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _ends_flag(before: str, char: str) -> bool:
    """Whether it is the second of the two regional letters of a flag."""
    return len(before) == 1 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, char))
