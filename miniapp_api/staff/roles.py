"""What somebody who works here may do: a role in the hall, from least to most, and duties in the work on cases."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering


@total_ordering
class Role(Enum):
    """One role each; a higher one may do all that a lower one may."""

    CLERK = "clerk"
    MANAGER = "manager"
    ADMIN = "admin"

    def __lt__(self, other: Role) -> bool:
        ranks = list(Role)
        return ranks.index(self) < ranks.index(other)

    @property
    def label(self) -> str:
        """The role in Chinese."""
        return _LABELS[self]


class Duty(Enum):
    """What somebody does with cases (岗位): none, one or several, and none includes another."""

    COUNTER = "counter"
    REVIEW = "review"
    INSPECT = "inspect"
    DELIVER = "deliver"
    SUPERVISE = "supervise"
    GOVERNMENT = "government"

    @property
    def label(self) -> str:
        """The duty in Chinese."""
        return _DUTY_LABELS[self]

    @property
    def about(self) -> str:
        """What it is, in one Chinese clause."""
        return _ABOUT[self]


APART = (frozenset({Duty.COUNTER, Duty.REVIEW}), frozenset({Duty.REVIEW, Duty.DELIVER}))
"""三分离: who receives does not review, who reviews does not hand out (受理人≠审批人)."""


def clash(duties: Iterable[Duty]) -> frozenset[Duty] | None:
    """Give two duties among these that one person may not have both, None if there are none."""
    held = frozenset(duties)
    return next((pair for pair in APART if pair <= held), None)


_LABELS = {Role.CLERK: "窗口人员", Role.MANAGER: "大厅主管", Role.ADMIN: "系统管理员"}

_DUTY_LABELS = {
    Duty.COUNTER: "窗口收件",
    Duty.REVIEW: "后台审查",
    Duty.INSPECT: "现场勘验",
    Duty.DELIVER: "出件",
    Duty.SUPERVISE: "分管领导",
    Duty.GOVERNMENT: "本级政府负责人",
}

_ABOUT = {
    Duty.COUNTER: "收件、告知补正、受理",
    Duty.REVIEW: "审查、停钟、决定",
    Duty.INSPECT: "到现场勘验",
    Duty.DELIVER: "制证、出件、送达",
    Duty.SUPERVISE: "批延期、看红牌、指定上级",
    Duty.GOVERNMENT: "只批联合办理的延期",
}
