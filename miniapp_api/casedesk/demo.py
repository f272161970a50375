"""Some cases in different states for a demonstration, as if the last two weeks had been worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from miniapp_api.calendar.service import CHINA, calendar, today
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.casedesk import matters
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import APPLICANT, Applicant, Application, By, Case, HandedIn
from miniapp_api.sites.service import find_site
from miniapp_api.staff.service import DEMO_PEOPLE, StaffMember

THEME = "open-restaurant"

Done = tuple[int, str, str, dict[str, Any]]
"""How many working days ago, by whom (`applicant`, or a username), which event, its facts."""


@dataclass(frozen=True, slots=True)
class Example:
    """One case.

    Attributes:
        item: of the theme.
        received: how many working days ago.
        lacking: how many materials were not handed in.
        happened: what happened then, in order.
    """

    item: str
    name: str
    received: int
    lacking: int = 0
    happened: Sequence[Done] = ()


_ACCEPTED: dict[str, Any] = {}
_REASON = "申请人的店面在改造，要等改造完再看一次现场。"

EXAMPLES = (
    Example("food-licence", "王小明", 0, lacking=1),
    Example("small-catering", "李桂兰", 4),
    Example(
        "sign-approval",
        "张建国",
        6,
        lacking=1,
        happened=[
            (5, "counter", "correction_requested", {"items": ["招牌或广告牌结构安全说明：要安装单位盖章"], "until": 15})
        ],
    ),
    Example(
        "food-licence",
        "赵敏",
        3,
        happened=[
            (3, "counter", "accepted", _ACCEPTED),
            (2, "reviewer", "taken_up", {}),
            (0, "applicant", "asked", {"what": "objection"}),
        ],
    ),
    Example(
        "drainage",
        "陈志强",
        6,
        happened=[
            (6, "counter", "accepted", _ACCEPTED),
            (5, "reviewer", "taken_up", {}),
            (3, "reviewer", "stopped", {"cause": "testing", "workdays": 10}),
        ],
    ),
    Example(
        "small-catering",
        "刘芳",
        9,
        happened=[
            (9, "counter", "accepted", _ACCEPTED),
            (8, "reviewer", "taken_up", {}),
            (1, "reviewer", "propose", {}),
        ],
    ),
    Example("food-licence", "周伟", 8, happened=[(7, "counter", "accepted", _ACCEPTED)]),
    Example(
        "fire-check",
        "吴丽",
        3,
        happened=[
            (3, "counter", "accepted", {"commitment": True}),
            (2, "reviewer", "taken_up", {}),
            (2, "reviewer", "granted", {}),
        ],
    ),
    Example(
        "register-individual",
        "孙浩",
        5,
        happened=[
            (5, "counter", "accepted", _ACCEPTED),
            (5, "counter", "granted", {}),
            (4, "delivery", "delivered", {"way": "counter"}),
        ],
    ),
)


def ensure_demo(session: Session) -> int:
    """Make the cases of a demonstration where its people work and there are none yet.

    Args:
        session: of the caller, who commits.

    Returns:
        How many were made.
    """
    wanted = {person.username for person in DEMO_PEOPLE}
    people = {
        each.username: each for each in session.scalars(select(StaffMember).filter(StaffMember.username.in_(wanted)))
    }
    counter = people.get("counter")
    if counter is None or not counter.site_code or session.scalar(select(Case.id).limit(1)):
        return 0
    for index, example in enumerate(EXAMPLES):
        _make(session, people, example, index)
    return len(EXAMPLES)


def _make(session: Session, people: dict[str, StaffMember], example: Example, index: int) -> None:
    counter = people["counter"]
    site = find_site(session, str(counter.site_code))
    locality = site.locality if site else ""
    ref = f"{THEME}:{example.item}"
    item = cases.find_item(ref, locality, cases.casework())
    if item is None:
        return
    names = [needed for needed in item.materials if needed.always]
    own = [needed.name for needed in names if not needed.shared]
    lacking = set(own[-example.lacking :]) if example.lacking else set()
    materials = [
        HandedIn(needed.name, "shared" if needed.shared else "lacking" if needed.name in lacking else "handed_in")
        for needed in names
    ]
    act = cases.acting(session, By("staff", counter.public_id), _moment(session, example.received, index))
    applicant = Applicant("person", example.name, _number(index), f"139000000{index:02}")
    case = cases.receive(act, Application(ref, locality, str(counter.site_code), applicant, materials))
    for step, done in enumerate(example.happened, 1):
        _happen(session, people, case, done, _moment(session, done[0], index + step * 20))


def _happen(session: Session, people: dict[str, StaffMember], case: Case, done: Done, now: datetime) -> None:
    _, who, kind, facts = done
    if who == "applicant":
        cases.record(cases.acting(session, APPLICANT, now), case, cases.read_fact({"kind": kind, **facts}))
        return
    member = people[who]
    act = cases.acting(session, By("staff", member.public_id), now)
    if kind == "propose":
        asked = {"workdays": 5, "reason": _REASON, "approved_by": "", "level": "head"}
        matters.propose(act, member, case, cases.read_fact({"kind": "extended", **asked}), seen=case.version)
        return
    if "until" in facts:
        facts = facts | {"until": now.astimezone(CHINA).date() + timedelta(days=facts["until"])}
    cases.do(act, member, case, cases.read_fact({"kind": kind, **facts}), seen=case.version)


def _moment(session: Session, workdays_ago: int, minutes: int) -> datetime:
    """A moment of a working day that was; of today, one that is over."""
    now = now_in_china()
    if workdays_ago == 0:
        return now - timedelta(minutes=max(1, 30 - minutes))
    day: date = calendar(session).add_workdays(today(), -workdays_ago, guess=True)
    return datetime.combine(day, time(9, 10), CHINA) + timedelta(minutes=minutes)


def _number(index: int) -> str:
    """A number that nobody has: its region is none."""
    digits = f"42039919900101{index:03d}"
    return digits + ric.calc_check_digit(f"{digits}0")
