"""Cases in the chat: 「我的件办到哪了」, or a number with its query code. It remembers nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.calendar.service import CHINA
from miniapp_api.cases import wording
from miniapp_api.cases.acting import Act, acting
from miniapp_api.cases.course import State
from miniapp_api.cases.looking_up import look_up
from miniapp_api.cases.models import NUMBER_LENGTH, Case
from miniapp_api.cases.policy import owned_by
from miniapp_api.cases.receiving import QUERY_DIGITS
from miniapp_api.cases.view import Card, card
from miniapp_api.errors import Problem
from miniapp_api.extensions import reading
from miniapp_api.numbering.service import verify

Message = dict[str, Any]

INTENT = "case_progress"
PAGE = ("办件进度", "/cases")
MOST_SHOWN = 5

HOW = (
    "把收件凭证上的办件编号和查询码一起发给我就行，中间空一格，比如“编号 查询码”。"
    "也可以用手机扫凭证上的二维码，或者点开“办件进度”输入。"
)
NO_CODE = "编号我看到了，还要查询码才能查，在收件凭证上编号的下面，八位数字。请把编号和查询码一起发给我，中间空一格。"
SLIP = "这个编号好像输错了一位，请对照收件凭证再看看，把编号和查询码一起发给我。"

_NUMBER = re.compile(rf"(?<!\d)(?:\d[ \u3000]?){{{NUMBER_LENGTH - 1}}}\d(?!\d)")
_CODE = re.compile(rf"(?<!\d)\d{{4}}[ \u3000]?\d{{{QUERY_DIGITS - 4}}}(?!\d)")
_MINE = re.compile(r"^办件(\d{4,6})号?$")

_CUE = re.compile(
    r"办件(?:进度|查询|编号|状态)|(?:查|看|问)(?:一?下|看|询)?(?:我的?)?(?:办件|件|申请|案子|受理|进度|进展)"
    r"|(?:件|申请|证|执照|许可).{0,6}(?:办到哪|到哪(?:了|一步|个环节)|办好(?:了吗|没)|批(?:下来)?(?:了吗|没)|下来(?:了吗|没)|出来(?:了吗|没))"
    r"|(?:办|审)到(?:哪|什么程度)|受理(?:了吗|没有?)|(?:办理)?进度(?:怎么样|查询)?$|我的(?:办件|件)"
)


def talk(session: Session, visitor: Visitor, text: str, intent: str | None) -> list[Message] | None:
    """Answer a sentence of the chat if it is about a case.

    Args:
        session: in a transaction.
        visitor: who speaks.
        text: what they say; ID and telephone numbers are masked in it.
        intent: what the language model takes it for, None unless it is sure.

    Returns:
        Messages as `chat.schemas.Message` describes them; None if it is about something else.
    """
    numbered = _NUMBER.search(text)
    if numbered:
        number = re.sub(r"\D", "", numbered[0])
        return [_by_number(session, visitor, number, text.replace(numbered[0], " "))]
    act = acting(session)
    mine = session.scalars(owned_by(visitor).order_by(Case.changed_at.desc()).limit(MOST_SHOWN)).all()
    if tapped := _MINE.match(text.strip()):
        return _tapped(act, mine, tapped[1])
    if intent != INTENT and not _CUE.search(text):
        return None
    return _tell(act, mine)


def _by_number(session: Session, visitor: Visitor, number: str, rest: str) -> Message:
    act = acting(session)
    own = session.scalars(owned_by(visitor).where(Case.number == number)).first()
    if own:
        return _shown(card(act, own))
    if not verify(number):
        return _say(SLIP)
    code = _CODE.search(rest)
    if code is None:
        return _say(NO_CODE, link=PAGE)
    return _looked_up(number, re.sub(r"\D", "", code[0]), visitor)


def _looked_up(number: str, code: str, visitor: Visitor) -> Message:
    """Look it up as the page does, by the same counts; a session of its own, as a failure ends it."""
    with reading() as own:
        try:
            found = look_up(own, number, code, "code", f"visitor {visitor.public_id}")
        except Problem as problem:
            return _say(problem.description or "", link=PAGE)
        return _shown(card(acting(own), found.case), followed=False)


def _tapped(act: Act, mine: Sequence[Case], tail: str) -> list[Message] | None:
    found = [case for case in mine if case.number.endswith(tail)]
    return [_shown(card(act, case)) for case in found] or None


def _tell(act: Act, mine: Sequence[Case]) -> list[Message]:
    if not mine:
        return [_say(HOW, link=PAGE)]
    if len(mine) == 1:
        return [_shown(card(act, mine[0]))]
    lines = [f"· {case.item_name}：{wording.STAGES[_state(case)]}（尾号 {case.number[-4:]}）" for case in mine]
    return [_say("\n".join(["您在办的件：", *lines, "点一下看哪件。"]), *(f"办件{case.number[-4:]}" for case in mine))]


def _state(case: Case) -> State:
    return State(case.state)


def _shown(shown: Card, *, followed: bool = True) -> Message:
    lines = [f"“{shown.item}”（编号 {grouped(shown.number)}）", f"现在：{shown.stage}。{shown.turn.next}"]
    if shown.promise.text and shown.promise.kept is None:
        lines.append(f"承诺办结：{shown.promise.text}")
    if shown.promise.first:
        lines.append(f"原来答应{wording.day_text(shown.promise.first)}，因为" + "；".join(shown.promise.why))
    if shown.outside:
        lines.append(_synced(shown))
    lines.append(f"有疑问打 {shown.phone}（{shown.site}）。截至 {shown.as_of.astimezone(CHINA):%m月%d日 %H:%M}。")
    return _say("\n".join(lines), link=("看全部", f"/cases/{shown.public_id}") if followed else PAGE)


def _synced(shown: Card) -> str:
    when = f"{shown.synced_at.astimezone(CHINA):%m月%d日 %H:%M}" if shown.synced_at else "还没有"
    return f"这个件在“{shown.outside}”里办，最近同步：{when}。"


def grouped(number: str) -> str:
    """`4203 0020 2611 2600 0001 7`: a number as people read it out."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _say(text: str, *choices: str, link: tuple[str, str] | None = None) -> Message:
    message: Message = {"text": text, "choices": [{"label": choice, "value": choice} for choice in choices]}
    if link:
        message["link"] = {"label": link[0], "path": link[1]}
    return message
