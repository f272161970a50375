"""The places of the staff's pages, in the order in which the start page lists them. One entry for each."""

from __future__ import annotations

from dataclasses import dataclass

from miniapp_api.staff.service import Role, StaffMember


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is entered from the start page.

    Attributes:
        endpoint: of its view, which takes no values.
        role: the least that may enter, as its view declares.
        name: two to six characters, on the button.
        about: one sentence: what is done there.
    """

    endpoint: str
    role: Role
    name: str
    about: str


PLACES = (Place("desk.password", Role.CLERK, "修改密码", "给自己换一个登录密码。"),)


def places_for(member: StaffMember) -> list[Place]:
    """List where somebody may go."""
    return [place for place in PLACES if member.role >= place.role]
