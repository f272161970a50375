"""Words that tell what somebody wants of appointments. Patterns over normalised text; no state."""

from __future__ import annotations

import re
from enum import Enum


class Want(Enum):
    """What is wanted."""

    LEAVE = "no longer wait"
    WAIT = "be told when something is free"
    MOVE = "another time for what is booked"
    CANCEL = "cancel"
    MINE = "see what is booked"
    STOP = "not now after all"
    BOOK = "book"
    HOURS = "know when it is open"


def _any(*patterns: str) -> str:
    return "|".join(patterns)


_NUMBER = "[\\d一二两三四五六七八九十百千万半几]"
_MEASURE = "(?:平|米|人|位|万|块|元|张|桌|年|层|间|家|吨|亩|岁|公里|%|月(?!\\d))"
_NOT_MEANT = re.compile(
    _any(
        # 约 and 预约 in other words, and as what a business does
        "[大合契节违制租网签公条邀续爽特婚]约",
        "约(?:莫|定|束|会(?!员)|合|等于|谈)",
        f"约{_NUMBER}+(?:多|来|余)?个?(?:多|来)?{_MEASURE}",
        "约(?:上|了|着)?(?:我|几个|个|一帮|些)?(?:朋友|同学|亲戚|客户|师傅|设计师|房东|中介|老板|经理|.{0,4}的?人(?!工))",
        "(?:只|仅|专门|主要)?(?:接待|实行|采用|做)预约",
        "(?:客人|顾客|客户|会员|食客).{0,6}预约",
        "预约(?:才能|制|上门|客|顾客|到店|挂号|系统|平台|软件|小程序)",
        # 号 of something else
        "(?:[编型账帐工税序证文批字商口符信外绰院座学牌话拳军称]|代码的|[a-z\\d一二三四五六七八九十两])号",
        "号(?:码|楼|铺|店|门|称|召|房|院|包间|机)|挂号(?:系统|费|机|平台)|有号的",
        # hours, opening and closing of a business
        "(?:营业|经营)(?:时间|到|至)|开门[店面脸]|关门(?:歇业|停业|大吉)",
        "(?:店|公司|铺|厂|馆).{0,6}(?:开门|关门|放假|营业|上班|下班|休息)",
    )
)

_NOUN = "(?:预约|约(?:好|了|过|上)?的|(?<!几)号(?!线))"
"""What is booked."""
_CHANGE = "(?:改|换|挪|调|推|延|移|提前)"
_CALL_OFF = "(?:取消|退|撤销|撤掉|作废|不要|删|给别人)"
_NOT_COMING = (
    "(?:不想?去|去不了|不想?来|来不了|不过去|过不去|去不成|来不成|办不成|没法去|没法来)(?:了|啦)?(?![窗大办也都就能行])"
)
_UNKNOWN = "(?:什么|几|哪|啥|谁|没|吗|多少)"
_TELL = "(?:通知|告诉|叫|提醒|喊|说一声|联系)"
_LOOK = "(?:查|看)(?:一?下|看|询)?"
_SOME = "(?:个|一个|一下|下|一)"

FIRM: tuple[tuple[Want, re.Pattern[str]], ...] = tuple(
    (want, re.compile(_any(*cues)))
    for want, cues in (
        (Want.LEAVE, (f"(?:{_CALL_OFF}|不|别).{{0,4}}候补", f"候补.{{0,6}}(?:{_CALL_OFF}|算了)")),
        (
            Want.WAIT,
            (
                f"候补|(?:有|空|退|放).{{0,4}}号.{{0,8}}{_TELL}",
                f"排(?:个|一下)?队等|等(?:退|空|着|个|一个)?号|取消的?(?:话|了)?.{{0,4}}{_TELL}",
                f"没有?号.{{0,6}}排队|(?:约满|空出).{{0,12}}{_TELL}",
            ),
        ),
        (
            Want.MOVE,
            (
                "改约|改期|改签|换号",
                f"{_NOUN}.{{0,10}}{_CHANGE}",
                f"(?!提前){_CHANGE}(?:一?下|个|一个|掉|我)?的?{_NOUN}",
            ),
        ),
        (
            Want.CANCEL,
            (
                f"{_CALL_OFF}.{{0,10}}{_NOUN}|{_NOUN}.{{0,6}}(?:给|都)?{_CALL_OFF}",
                f"{_NOUN}.{{0,8}}{_NOT_COMING}|{_NOT_COMING}.{{0,8}}{_NOUN}",
                "(?:不用|别|不要).{0,4}(?:留|挂|取)号",
                f"约.{{0,14}}(?:取消|退掉|作废)|约.{{0,10}}{_NOT_COMING}",
            ),
        ),
        (
            Want.MINE,
            (
                "我的预约|有我的预约|我(?:有没有|有|还有|没有|有几个)预约",
                "预约(?:码|记录|情况|信息|列表|单)|预约(?:在|去|从)哪里?儿?(?:看|查|找)",
                f"(?:我|都)(?:预约|约)(?:了|的|好|上|过|成功)*的?(?:是|在)?{_UNKNOWN}",
                "约(?:了|的|过)[^，。]{0,4}(?:什么|几|哪|啥)|是不是约",
                "约(?:成功|上|好|到|成)了?(?:吗|没|不(?!动))|约(?:了吗|了没)",
                f"我(?:的|那个|那|约的)号(?:是|在)?{_UNKNOWN}",
                f"{_LOOK}我?的?(?:预约|约的|约了)|{_LOOK}.{{0,6}}的预约",
                "我.{0,6}(?:几点|哪天)的号|的号来着",
                "(?:什么时候|几点|哪天|几号)(?:去|来)办?来着",
            ),
        ),
        (
            Want.STOP,
            (
                "不(?:想|用|要)?再?预?约(?:了|吧|啦)?$",
                "^(?:那|先)?(?:还是)?(?:不预?约|先不)",
            ),
        ),
        (Want.HOURS, ("(?:不|没|没有|不先)预约.{0,6}(?:能|可以|行|直接).{0,8}(?:去|来|办|吗|不)",)),
        (
            Want.BOOK,
            (
                "预约|(?:帮|给|替).{1,4}约|(?:想|要|能|可以|先|再|来)约|哪天能?约",
                "约(?:个|一个|一下|号|时间|好|在|到|上)",
                f"取号(?!机)|挂号|预?[定订].{{0,2}}号|(?:挂|取|排|抢|订|留|搞|弄|约|领){_SOME}(?!队).{{0,10}}号",
                "有(?:没有|没)?空?号|还?有(?:没有)?.{1,8}的号|号(?:还)?有(?:吗|没)",
            ),
        ),
    )
)
"""Cues that name an appointment; the first that is found counts."""

_STOP = r"算了|不用了|以后再说|改天再说|下次再说|不要了|不办了|取消|退出|不弄了"
_TIME_OF_IT = _any(
    f"{_CHANGE}(?:一?下|个|一?个)?(?:时间|日子|日期|时段|天(?!花)|钟点)",
    f"时间.{{0,4}}{_CHANGE}|往[前后]{_CHANGE}",
)
_TO = (
    rf"{_CHANGE}约?(?:到|成|为|至|在)"
    r"|(?:改|换|挪)(?=周|星期|礼拜|[下上]午|下(?:个|周)|[明后今]天|\d|[一二三四五六七八九十]{1,3}[点号月])"
)

_HALL = r"(?:你们|大厅|中心|窗口|政务|办事|你那|那边)"
_ASKS = r"(?:吗|不|没|么|吧|呢|几)"
_HOURS = re.compile(
    _any(
        "(?:几点|啥时候|什么时候|多会儿?|几时|何时).{0,4}(?:上班|下班|开门|关门|办公|开始办)",
        "(?:上班|下班|办公|开放|作息|服务)时间|上不上班|开不开门|关不关门|放不放假|休不休息|开不开",
        f"(?:上班|下班|办公|开放|休息|开门|关门|放假)了?{_ASKS}|放几天假|是不是不?(?:上班|休息|放假)",
        "(?:几点|什么时候|啥时候).{0,3}(?:可以|能)(?:去|来)(?!办)|最[晚迟早]几点|[延错]时(?:服务|办公)",
        f"{_HALL}.{{0,8}}(?:开到|开着|有人|开门|关门|营业|休息|放假|开吗)",
    )
)
_OPEN_THEN = re.compile(rf"(?:有人|开着|开门|上班|办公).{{0,3}}{_ASKS}")

_GOING = re.compile(
    _any(
        "(?:能|可以|想|要|打算|准备|安排|帮|给|方便).{0,14}(?:去|来|过去|过来|办|领|交|取|弄)",
        "(?:去|来|过去|过来|办).{0,12}(?:行吗|行不|可以吗|可以不|可不可以|能不能|成吗|好吗|方便吗|得行)",
    )
)
_TELLS_OTHERWISE = re.compile(
    _any(
        "(?:要|需|带|准备|交|补)[^，。]{0,4}(?:什么|哪些|啥)|多少钱|收费|多久|多长时间|几天|怎么[办弄填改补]",
        "要办[^，。]{0,10}吗|让我|说要|之前?办过|开始|开业|开张|装修",
    )
)


def cue(text: str, *, when: bool, service: bool) -> tuple[Want, bool] | None:
    """What a sentence wants, and whether it names an appointment; else it only may be about one.

    Args:
        text: normalised.
        when: a day or a time is in it that can be booked.
        service: a service is in it.
    """
    said = _NOT_MEANT.sub("＿", text)
    for want, pattern in FIRM:
        if pattern.search(said):
            return want, True
    if when and re.search(r"约(?!＿)", said):
        return Want.BOOK, True
    if names_time(said) or (when and re.search(_TO, said)):
        return Want.MOVE, False
    if _not_coming(said, when=when):
        return Want.CANCEL, False
    if re.fullmatch(rf".{{0,3}}(?:{_STOP}).{{0,3}}", said):
        return Want.STOP, False
    if when and service and _GOING.search(said) and not _TELLS_OTHERWISE.search(said):
        return Want.BOOK, True
    if _HOURS.search(said) or (when and _OPEN_THEN.search(said)):
        return Want.HOURS, True
    return None


def names_time(text: str) -> bool:
    """Whether it is the time that a text wants to be another (「换个时间」)."""
    return re.search(_TIME_OF_IT, text) is not None


def _not_coming(said: str, *, when: bool) -> bool:
    found = re.search(_NOT_COMING, said)
    return bool(found) and (when or bool(re.search(r"^我|那个|那天|取消", said)))
