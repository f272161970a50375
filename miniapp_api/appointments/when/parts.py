"""Parts of the day as an office sees them; a hall's own sessions decide what lies in them."""

from __future__ import annotations

import re

from miniapp_api.appointments.when.frame import OFFICE_CLOSES, OFFICE_OPENS
from miniapp_api.appointments.when.rules import Place, Rule, always, rule
from miniapp_api.appointments.when.tokens import Days, Fixed, Mark, Part, Value
from miniapp_api.appointments.when.wish import Span


def _part(word: str, span: tuple[float, float], window: tuple[float, float]) -> Part:
    first, last = (int(60 * hour) for hour in span)
    return Part(word, Span(first, last), Span(*(int(60 * hour) for hour in window)))


NIGHT = _part("凌晨", (0, 6), (0, 7))
DAWN = _part("一早", (8, 10), (4, 12))
MORNING = _part("早上", (8, 12), (4, 12))
FORENOON = _part("上午", (8.5, 12), (5, 13))
NOON = _part("中午", (12, 14), (11, 16))
AFTERNOON = _part("下午", (14, 18), (12, 20))
DUSK = _part("傍晚", (17, 19), (16, 21))
EVENING = _part("晚上", (18, 22), (17, 24))

PARTS = (NIGHT, DAWN, MORNING, FORENOON, NOON, AFTERNOON, DUSK, EVENING)
DAYLIGHT = (DAWN, MORNING, FORENOON, NOON, AFTERNOON)
"""Two of these side by side are one stretch (上午或下午)."""

_WORDS = {
    NIGHT: "凌晨 后半夜 半夜 夜半",
    DAWN: "大清早 一大清早 一清早 一大早 清早八晨 清早 清晨 一早 赶早 绝早 大早上 一开门 刚开门 刚上班 一上班 早早",
    MORNING: "早上 早晨 早间 早起 早饭后 过早后",
    FORENOON: "上午 午前 头午 头晌 前晌 上半晌 前半晌 上半天 上半日 上昼 前半天",
    NOON: "大中午 中午头 中午 正午 晌午头 大晌午 晌午 午间 午休 中时 中午间 饭点",
    AFTERNOON: "下午 午后 后晌 下晌 后半晌 下半晌 过晌 下半天 下半日 下昼 晏昼 后半天 午饭后 午休后",
    DUSK: "傍晚 擦黑 煞黑 麻黑 黄昏 天黑前 傍黑",
    EVENING: "晚上 晚间 夜里 夜晚 夜间 晚黑 大晚上 下班后 下班以后 下班之后 下了班 夜头",
}
_BY_WORD = {word: part for part, words in _WORDS.items() for word in words.split()}
_ANY = "|".join(sorted(_BY_WORD, key=len, reverse=True))
_SHORT = {"早": MORNING, "晨": MORNING, "晚": EVENING, "夜": EVENING, "黑": EVENING, "中": NOON}
_NOT_TIME = "(?![好安餐饭市班会报茶]|营业|经营|摆摊|卖|加班)"
_HOUR = r"(?=(?:\d{1,2}|[一二两三四五六七八九十]{1,2})(?:点(?!水)|[:：]\d\d))"


def _named(match: re.Match[str], _: Place) -> Value:
    return _BY_WORD[match["word"]]


def _short(match: re.Match[str], place: Place) -> Value | None:
    """明早, 早九点: one character only beside a day or an hour."""
    day = isinstance(place.previous, Days) and place.before.endswith(("今", "明", "后"))
    return _SHORT[match["char"]] if day or match["hour"] is not None else None


RULES: tuple[Rule, ...] = (
    always("(?:早上|上午|中午|下午|晚上|早|晚)好(?![吗不办])|早安|晚安|早饭(?!后)|晚饭|午饭(?!后)", Mark.NOTHING),
    always(
        "下班(?:之前|以前|前)|关门(?:之前|以前|前)|快下班|(?<=[到至])下班", Fixed(Span(OFFICE_OPENS, OFFICE_CLOSES))
    ),
    rule(rf"(?P<word>{_ANY}){_NOT_TIME}", _named),
    rule(rf"(?P<char>[早晨晚夜黑中])(?P<hour>{_HOUR})?{_NOT_TIME}(?!点[点儿些]|[点些]|一点(?!钟|半|\d))", _short),
)
