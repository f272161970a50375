"""What is answered beside a guide: hours, places, people, and what this service can do.

Every fact in these answers is the city's own (`catalogue/localities`).
"""

from __future__ import annotations

from collections.abc import Callable

from guidance.library import ByDistrict, Locality, Place
from miniapp_api.content.service import content
from miniapp_api.guides.messages import Message, say

BOOK = "我要预约"

DEMO = "（演示数据，请以实际为准）"


def answer(intent: str, locality: Locality) -> Message:
    """The answer to a topic; KeyError if it is none of them."""
    return _ANSWERS[intent](locality)


def welcome(locality: Locality) -> Message:
    """What a citizen is told who has not said what they want."""
    return say(
        f"您好，这里是{locality.name}的办事导办。您说想办什么事，我问您几个问题，"
        "就能列出要办的手续、材料、时间和地点。不用登录，也不用报姓名和证件号。",
        *(f"我想{theme.title}" for theme in content().themes()),
        BOOK,
    )


def not_offered(locality: Locality) -> Message:
    """What a citizen is told who wants something that has no guide yet."""
    titles = "、".join(f"“{theme.title}”" for theme in content().themes())
    return say(
        "这件事的导办还没有上线，我不能随便给您列清单。"
        f"请打 {locality.hotline} 或到窗口咨询。现在可以导办的有：{titles}。",
        *(f"我想{theme.title}" for theme in content().themes()),
    )


def not_understood(locality: Locality) -> Message:
    """What a citizen is told whom nobody understood."""
    return say(
        f"我没听明白。您可以换个说法，比如“我想开个小饭馆”；要找人，请打 {locality.hotline}。",
        *(f"我想{theme.title}" for theme in content().themes()),
    )


def _hall(locality: Locality) -> Place:
    where = locality.where
    return locality.places[where.otherwise if isinstance(where, ByDistrict) else where]


def _mark(place: Place) -> str:
    return DEMO if place.status == "demo" else ""


def _hours(locality: Locality) -> Message:
    hall = _hall(locality)
    return say(f"{hall.name}的办公时间：{hall.hours}{_mark(hall)}。去之前可以先打 {hall.phone} 问一声。")


def _place(locality: Locality) -> Message:
    hall = _hall(locality)
    return say(f"{hall.name}，地址：{hall.address}，电话：{hall.phone}{_mark(hall)}。清单里每一项也写着去哪里办。")


def _human(locality: Locality) -> Message:
    hall = _hall(locality)
    return say(
        f"找人工：请打 {locality.hotline}，或者到{hall.name}找工作人员"
        f"（{hall.hours}，电话 {hall.phone}）{_mark(hall)}。"
    )


def _from_list(what: str) -> Callable[[Locality], Message]:
    def told(_locality: Locality) -> Message:
        return say(f"{what}要看具体办哪些事项。我只按公开的规定说：清单里每一项都写着，并注明依据。")

    return told


def _elsewhere(what: str) -> Callable[[Locality], Message]:
    def told(locality: Locality) -> Message:
        return say(f"{what}现在还不能在这里办，请打 {locality.hotline} 或到{_hall(locality).name}。")

    return told


def _plain(text: str) -> Callable[[Locality], Message]:
    return lambda _locality: say(text)


_ANSWERS: dict[str, Callable[[Locality], Message]] = {
    "ask_hours": _hours,
    "ask_place": _place,
    "ask_fee": _from_list("收不收费、收多少，"),
    "ask_time_limit": _from_list("多久能办好，"),
    "ask_materials": _from_list("带什么材料，"),
    "human": _human,
    "book_appointment": _plain("要预约大厅的号，说“我要预约”就行，也可以直接说想办什么、哪天去。"),
    "case_progress": _plain("要查办件进度，说“查进度”，或者把收件凭证上的办件编号和查询码一起发给我。"),
    "complain": _elsewhere("投诉和建议"),
    "greet": _plain("您好。"),
    "thanks": _plain("不客气。"),
    "bye": _plain("好的，再见。您的回答都留着，下次说“继续”就能接着来。"),
    "bot_challenge": _plain("我是导办程序，不是真人。清单只按公开的规定列，拿不准的我会直说。"),
    "help": _plain(
        "您说想办什么事，我问几个问题，就能列出要办的手续、材料、时间和地点。"
        "随时可以说“上一步”“不知道”“看看现在的清单”；要约大厅的号，说“我要预约”；要查办件，说“查进度”。"
    ),
    "abuse": _plain("我没能帮上忙，抱歉。您换个说法，或者打 12345 找人工。"),
    "out_of_scope": _plain("这个我帮不上。我只会帮您理清办事要哪些手续和材料、预约大厅的号、查办件进度。"),
}

TOPICS = frozenset(_ANSWERS)
"""The intents that are answered here."""
