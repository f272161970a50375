"""Short words that mean one of the choices just offered: yes, no, the second one, another day."""

from __future__ import annotations

import re
from typing import Any

from guidance.reading.normalise import squeeze
from miniapp_api.appointments.talking.state import Talk

_YES = re.compile(
    r"(?:对|好|可以|行|是|嗯|确认|没错|要|就(?:这个|它|这样|约这个)|ok|成|中|没问题|确定|取消吧?)(?:的|了|吧|啊|呀|哦|滴|嘞)*"
)
_NO = re.compile(
    r"(?:不|不是|不对|不行|不要|不好|不用|没有|不合适|不可以|别|都不(?:行|合适|方便|要|好)|没有?合适的|都没空)(?:的|了|吧|啊|呀)*"
)
_PLACE = re.compile(
    r"(?:我?[选要]|就)?(?:第([一二三四五六七八九]|[1-9])[个项条家]?|最(前面|后)(?:那|一)?个?|(最后)一?个)(?:吧)?"
)
_ELSEWHERE = re.compile(r"(?:换|别的|其他|其它|另外?|近).{0,4}(?:大厅|地方|地点|中心|一?家|一点的|些的)")
_ANOTHER_TIME = re.compile(r"(?:换|别的|其他|其它|另外?|还有).{0,4}(?:天|日子|时间|时段|时候|几点)|[晚早]一?[点些]的")
_WAYS_ON = ("stop", "days", "halls", "wait")


def step(talk: Talk, text: str) -> dict[str, Any] | None:
    """What a few words mean of the choices that were offered, as what tapping does; None if nothing."""
    said = squeeze(text)
    choices = list(talk.options.values())
    if place := _PLACE.fullmatch(said):
        at = "一二三四五六七八九".find(place[1]) + 1 or int(place[1]) if place[1] else 0
        at = at or (1 if place[2] == "前面" else len([each for each in choices if each["do"] not in _WAYS_ON]))
        return choices[at - 1] if 0 < at <= len(choices) else None
    answers = [each for each in choices if each["do"] not in _WAYS_ON]
    if _YES.fullmatch(said) and len(answers) == 1:
        return answers[0]
    if _NO.fullmatch(said):
        return next((each for each in choices if each["do"] == "stop"), _another_time(talk))
    if talk.service and _ELSEWHERE.search(said):
        return {"do": "halls"}
    return _another_time(talk) if _ANOTHER_TIME.search(said) else None


def is_plain(text: str) -> bool:
    """Whether a text is a bare yes or no, which answers what was asked last, and nothing else."""
    said = squeeze(text)
    return bool(_YES.fullmatch(said) or _NO.fullmatch(said))


def _another_time(talk: Talk) -> dict[str, Any] | None:
    return {"do": "days"} if talk.service and talk.pool else None
