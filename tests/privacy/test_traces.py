"""Whoever is shown personal data in full says why, and leaves a trace that nobody can take away."""

from datetime import timedelta

import pytest
from apiflask import APIBlueprint
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from miniapp_api import app as application
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.privacy import service
from miniapp_api.privacy.service import PersonalRead
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.service import Role, current_staff, requires_staff
from tests.staff.people import sign_in_as

REASON = "核对补正材料上的姓名"


@pytest.fixture
def context(app):
    """Work as a request does."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def staff(context):
    """Add somebody who works here."""

    def add(name, role=Role.CLERK, site="center"):
        member = StaffMember(username=name, name="王小青", role=role, site_code=site, password_hash="none")
        context.add(member)
        context.commit()
        return member

    return add


def traces(session):
    return session.scalars(select(PersonalRead).order_by(PersonalRead.id)).all()


def test_a_trace_says_who_saw_what_of_whom_when_and_why(context, staff):
    clerk = staff("clerk")
    service.reveal(context, clerk, "case:abc", ["name", "number"], f"  {REASON}\n")
    context.rollback()
    (trace,) = traces(context)
    assert (trace.staff_public_id, trace.subject, trace.fields) == (clerk.public_id, "case:abc", ["name", "number"])
    assert (trace.reason, trace.route) == (REASON, "")
    assert abs(utc_now() - trace.at) < timedelta(minutes=1)


def test_without_a_reason_nothing_is_shown_and_no_trace_is_left(context, staff):
    clerk = staff("clerk")
    for reason in ("", "   ", "看", "核对材", "。。。。。。", "aaaaaaaa", "……………… 看", "1111", "核对" * 101):
        with pytest.raises(Problem) as refused:
            service.reveal(context, clerk, "case:abc", ["name"], reason)
        assert refused.value.code == 422
        assert [name for name, _ in refused.value.invalid_params] == ["reason"]
    context.rollback()
    assert traces(context) == []


def test_numbers_in_a_reason_are_masked(context, staff):
    service.reveal(context, staff("clerk"), "case:abc", ["phone"], "给 13800000000 回电话，11010519491231002X 本人")
    (trace,) = traces(context)
    assert "13800000000" not in trace.reason
    assert "11010519491231002X" not in trace.reason


def test_the_trace_is_there_before_anything_is_shown(settings, content, guides, monkeypatch):
    bp, seen = APIBlueprint("shows", __name__), []

    @bp.post("/shows/<opaque:case>")
    @requires_staff()
    def shows(case):
        service.reveal(db.session, current_staff(), f"case:{case}", ["name"], REASON)
        with db.engine.connect() as other:
            seen.append(other.scalar(select(func.count()).select_from(PersonalRead)))
        raise RuntimeError("after it was shown")

    monkeypatch.setattr(application, "BLUEPRINTS", [*application.BLUEPRINTS, bp])
    app = application.create_app(settings, content=content, guides=guides)
    client = sign_in_as(app)
    assert client.post(f"/shows/{'0' * 32}").status_code == 500
    assert seen == [1]
    with app.app_context():
        (trace,) = traces(db.session)
        assert (trace.route, trace.staff_public_id) == ("/shows/<opaque:case>", client.staff)
        db.engine.dispose()


def test_a_trace_can_be_neither_changed_nor_deleted(context, staff):
    service.reveal(context, staff("clerk"), "case:abc", ["name"], REASON)
    for statement in (
        update(PersonalRead).values(reason="别的原因"),
        delete(PersonalRead),
        text("UPDATE personal_reads SET at = '2000-01-01 00:00:00'"),
        text("DELETE FROM personal_reads"),
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            context.execute(statement)
        context.rollback()
    assert [trace.reason for trace in traces(context)] == [REASON]


@pytest.mark.parametrize(("days", "goes"), [(183, False), (185, True)])
def test_the_database_lets_old_traces_go_after_six_months_only(context, days, goes):
    at = utc_now() - timedelta(days=days)
    context.add(PersonalRead(at=at, staff_public_id="x", subject="case:a", fields=[], reason=REASON, route=""))
    context.commit()
    if goes:
        context.execute(delete(PersonalRead))
        assert traces(context) == []
    else:
        with pytest.raises(DatabaseError, match="append-only"):
            context.execute(delete(PersonalRead))


def test_traces_expire_after_their_own_period(context):
    for days in (1094, 1096):
        at = utc_now() - timedelta(days=days)
        context.add(PersonalRead(at=at, staff_public_id="x", subject="case:a", fields=[], reason=REASON, route=""))
    context.commit()
    gone = {done.holding.id: done.rows for done in service.retain(context, utc_now())}
    assert (gone["personal_reads"], len(traces(context))) == (1, 1)


def test_superiors_see_their_own_sites_staff_and_clerks_nobody(context, staff):
    here, there = staff("here"), staff("there", site="branch")
    for member, subject in ((here, "case:a"), (there, "case:a"), (here, "case:b")):
        service.reveal(context, member, subject, ["name"], REASON)
    manager, admin = staff("manager", Role.MANAGER), staff("admin", Role.ADMIN, site=None)

    def listed(**which):
        return [trace.id for trace in service.reads(context, **which)]

    first, second, third = (trace.id for trace in traces(context))
    assert listed(superior=manager) == [third, first]
    assert listed(superior=admin) == listed() == [third, second, first]
    assert listed(superior=manager, subject="case:a") == [first]
    assert listed(superior=manager, staff=there.public_id) == []
    assert listed(staff=there.public_id) == [second]
    assert listed(before=third) == [second, first]
    assert listed(limit=1) == [third]
    with pytest.raises(Problem) as refused:
        listed(superior=here)
    assert refused.value.code == 403
