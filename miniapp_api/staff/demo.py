"""The people of a demonstration: for each role and each duty somebody to sign in as."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.staff import passwords
from miniapp_api.staff.duties import add_duty
from miniapp_api.staff.members import add_member, by_username
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.roles import Duty, Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of a demonstration.

    Attributes:
        username: what to sign in with.
        name: shown in the pages.
        role: in the hall.
        duty: in the work on cases, None if they have none.
    """

    username: str
    name: str
    role: Role = Role.CLERK
    duty: Duty | None = None

    @property
    def what(self) -> str:
        """What they are, in Chinese."""
        return self.duty.label if self.duty else self.role.label


DEMO_PEOPLE = (
    DemoPerson("manager", "演示主管", Role.MANAGER),
    DemoPerson("clerk1", "演示窗口一"),
    DemoPerson("clerk2", "演示窗口二"),
    DemoPerson("clerk3", "演示窗口三"),
    DemoPerson("admin", "演示管理员", Role.ADMIN),
    DemoPerson("counter", "演示收件", duty=Duty.COUNTER),
    DemoPerson("reviewer", "演示审查", duty=Duty.REVIEW),
    DemoPerson("inspector1", "演示勘验一", duty=Duty.INSPECT),
    DemoPerson("inspector2", "演示勘验二", duty=Duty.INSPECT),
    DemoPerson("delivery", "演示出件", duty=Duty.DELIVER),
    DemoPerson("chief", "演示分管领导", duty=Duty.SUPERVISE),
    DemoPerson("government", "演示政府负责人", duty=Duty.GOVERNMENT),
)


def ensure_demo(session: Session, site_code: str, password: str) -> bool:
    """Add the people of a demonstration where nobody works yet, and those who came later where the others do.

    Args:
        session: of the caller, who commits.
        site_code: where all but the administrator work.
        password: of them all.

    Returns:
        Whether the people of the demonstration are there, and this is their password.
    """
    first = by_username(session, DEMO_PEOPLE[0].username)
    ours = first is not None and passwords.matches(first.password_hash, password)
    if not ours and session.scalar(select(StaffMember.id).limit(1)):
        return False
    for person in DEMO_PEOPLE:
        if by_username(session, person.username) is None:
            _add(session, person, site_code, password)
    return True


def _add(session: Session, person: DemoPerson, site_code: str, password: str) -> None:
    member = add_member(
        session,
        username=person.username,
        name=person.name,
        role=person.role,
        password=password,
        site_code=None if person.role is Role.ADMIN else site_code,
    )
    if person.duty:
        add_duty(session, member, person.duty)
