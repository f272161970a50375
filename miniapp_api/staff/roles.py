"""What somebody who works here may do, from least to most."""

from __future__ import annotations

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


_LABELS = {Role.CLERK: "窗口人员", Role.MANAGER: "大厅主管", Role.ADMIN: "系统管理员"}
