"""The places of the staff's pages, in the order in which the start page lists them. One entry for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from miniapp_api.staff.service import Duty, Role, StaffMember, duties_of


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is entered from the start page.

    Attributes:
        endpoint: of its view, which takes no values.
        role: the least that may enter, as its view declares.
        name: two to six characters, on the button.
        about: one sentence: what is done there.
        duties: any of these is needed, too; none if it is empty.
        group: the heading under which it is listed.
    """

    endpoint: str
    role: Role
    name: str
    about: str
    duties: frozenset[Duty] = frozenset()
    group: str = "大厅"


PLACES = (
    Place("desk.calling", Role.CLERK, "叫号", "打开窗口，叫下一位，办完，过号。"),
    Place("desk.check_in", Role.CLERK, "签到", "扫预约的二维码，或者输预约码，给他号。"),
    Place("desk.walk_in", Role.CLERK, "现场取号", "没有预约的，给他取一个号。"),
    Place("desk.today", Role.CLERK, "今天", "今天的预约和号码；按预约码查、改、取消。"),
    Place("desk.book", Role.CLERK, "代约", "替打电话来的、到窗口来的人预约。"),
    Place("desk.screen", Role.CLERK, "叫号屏", "把大厅的大屏幕打开。"),
    Place("code_pages.checker.show", Role.CLERK, "核验", "扫凭证看真假；打开过一次，断网也能用。"),
    Place("desk.decisions", Role.MANAGER, "安排", "停办、加开、改号数；看双休日和午间值班。"),
    Place("desk.conduct", Role.MANAGER, "爽约", "免除爽约的记分，处理申诉。"),
    Place("desk.choose_hall", Role.ADMIN, "选大厅", "管理全部大厅的，先选一个。"),
    Place("desk.password", Role.CLERK, "修改密码", "给自己换一个登录密码。"),
)


def add_places(app: Flask, places: Iterable[Place]) -> None:
    """List the pages of another domain before ours."""
    app.extensions.setdefault("desk_places", []).extend(places)


def places_for(member: StaffMember, group: str | None = None) -> list[Place]:
    """List where somebody may go; in one group only, if it is named."""
    held = duties_of(member)
    added = cast(list[Place], current_app.extensions.get("desk_places", []))
    return [
        place
        for place in (*added, *PLACES)
        if member.role >= place.role and (not place.duties or place.duties & held) and group in {None, place.group}
    ]
