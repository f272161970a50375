"""Who may be added, as what and where; who is out."""

import itertools
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import service
from miniapp_api.staff.models import StaffMember, StaffSession
from miniapp_api.staff.service import DEMO_PEOPLE, Duty, Role
from tests.staff.conftest import PASSWORD

GOOD = {"username": "li", "name": "李", "role": Role.CLERK, "password": PASSWORD, "site_code": "shiyan-center"}


def test_roles_are_ordered():
    assert sorted([Role.ADMIN, Role.CLERK, Role.MANAGER]) == [Role.CLERK, Role.MANAGER, Role.ADMIN]
    for one, other in itertools.pairwise(Role):
        assert one < other and other >= one and not other < one
    assert len({role.label for role in Role}) == len(Role)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"username": "l"}, "username"),
        ({"username": "1li"}, "username"),
        ({"username": "李"}, "username"),
        ({"username": "l" * 33}, "username"),
        ({"name": " "}, "name"),
        ({"name": "李" * 41}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "I am Li, let me in"}, "password"),
        ({"site_code": None}, "site_code"),
        ({"site_code": "十堰"}, "site_code"),
        ({"site_code": None, "role": Role.MANAGER}, "site_code"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_added(in_app, change, refused):
    with pytest.raises(Problem) as caught:
        service.add_member(db.session, **GOOD | change)
    assert caught.value.code == 422
    assert [name for name, _ in caught.value.invalid_params] == [refused]
    assert db.session.scalars(select(StaffMember)).all() == []


def test_a_username_is_given_once(in_app):
    service.add_member(db.session, **GOOD)
    with pytest.raises(Problem) as caught:
        service.add_member(db.session, **GOOD | {"username": "LI"})
    assert caught.value.code == 409


def test_the_database_refuses_a_clerk_of_all_sites_and_an_unknown_role(in_app):
    for change in ("site_code = NULL", "role = 'king'"):
        service.add_member(db.session, **GOOD)
        with pytest.raises(IntegrityError):
            db.session.connection().exec_driver_sql(f"UPDATE staff_members SET {change}")  # noqa: S608
        db.session.rollback()


def test_one_acts_at_ones_own_site_and_an_administrator_without_one_anywhere(in_app):
    clerk = service.add_member(db.session, **GOOD)
    admin = service.add_member(db.session, **GOOD | {"username": "zhao", "role": Role.ADMIN, "site_code": None})
    assert service.may_act_at(clerk, "shiyan-center")
    assert not service.may_act_at(clerk, "shiyan-maojian")
    assert service.may_act_at(admin, "shiyan-maojian")


def test_who_is_disabled_or_has_a_new_password_is_signed_out_everywhere(wang):
    for change in (
        lambda: service.set_password(db.session, wang, "another password"),
        lambda: service.set_active(db.session, wang, False),
    ):
        service.set_password(db.session, wang, PASSWORD)
        service.sign_in(db.session, "wang", PASSWORD)
        service.sign_in(db.session, "wang", PASSWORD)
        assert len(db.session.scalars(select(StaffSession)).all()) == 2
        change()
        assert db.session.scalars(select(StaffSession)).all() == []


def test_a_new_password_ends_the_lock(wang):
    for _ in range(6):
        with pytest.raises(Problem):
            service.sign_in(db.session, "wang", "wrong")
    service.set_password(db.session, wang, "another password")
    db.session.commit()
    assert service.sign_in(db.session, "wang", "another password")


def test_ones_own_password_changes_only_with_the_old_one(wang):
    with pytest.raises(Problem, match="原来的密码不对"):
        service.change_password(db.session, wang, "wrong", "another password")
    with pytest.raises(Problem) as caught:
        service.change_password(db.session, wang, PASSWORD, "short")
    assert caught.value.invalid_params
    service.change_password(db.session, wang, PASSWORD, "another password")
    db.session.commit()
    assert service.sign_in(db.session, "wang", "another password")


def test_people_of_a_demonstration_are_made_once(in_app):
    assert service.ensure_demo(db.session, "shiyan-center", PASSWORD)
    people = service.members(db.session)
    assert {member.username for member in people} == {person.username for person in DEMO_PEOPLE}
    assert {member.site_code for member in people if member.role is not Role.ADMIN} == {"shiyan-center"}
    assert all(service.sign_in(db.session, member.username, PASSWORD) for member in people)
    assert service.ensure_demo(db.session, "shiyan-center", PASSWORD)
    assert not service.ensure_demo(db.session, "shiyan-center", "another password")
    assert len(service.members(db.session)) == len(DEMO_PEOPLE)
    assert service.sign_in(db.session, "manager", PASSWORD)


def test_a_demonstration_has_somebody_for_each_duty_and_two_to_inspect(in_app):
    service.ensure_demo(db.session, "shiyan-center", PASSWORD)
    held = Counter(duty for member in service.members(db.session) for duty in service.duties_of(member))
    assert held == {duty: 2 if duty is Duty.INSPECT else 1 for duty in Duty}


def test_a_demonstration_of_before_gets_those_who_came_later(in_app):
    who = {"name": "演示主管", "role": Role.MANAGER, "site_code": "shiyan-center"}
    service.add_member(db.session, username="manager", password=PASSWORD, **who)
    assert not service.ensure_demo(db.session, "shiyan-center", "another password")
    assert len(service.members(db.session)) == 1
    assert service.ensure_demo(db.session, "shiyan-center", PASSWORD)
    assert len(service.members(db.session)) == len(DEMO_PEOPLE)


def test_where_others_work_no_demonstration_is_made(wang):
    assert not service.ensure_demo(db.session, "shiyan-center", PASSWORD)
    assert service.members(db.session) == [wang]
