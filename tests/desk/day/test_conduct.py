"""Waiving points, and answering appeals."""

from datetime import timedelta

import pytest

from miniapp_api.appointments.models import AttendanceMark, Booking, Restriction
from miniapp_api.extensions import db
from tests.appointments import world
from tests.conftest import only_sqlite
from tests.desk.day.conftest import HTMX

pytestmark = only_sqlite


@pytest.fixture
def missed(app, booked):
    """A booking that counts as missed."""
    made = booked()
    with app.app_context():
        row = db.session.get_one(Booking, made.id)
        row.status = "missed"
        mark = AttendanceMark(
            booking_id=row.id,
            subject_key=row.subject_key,
            kind="no_show",
            halves=2,
            at=world.NOW,
            expires_at=world.NOW + timedelta(days=90),
        )
        db.session.add(mark)
        db.session.commit()
    return made


@pytest.fixture
def appeal(app, missed):
    """An appeal of whoever missed it."""
    with app.app_context():
        row = Restriction(
            subject_key=missed.subject_key,
            from_at=world.NOW,
            until_at=world.NOW + timedelta(days=30),
            state="appealed",
            appeal="当天住院了",
        )
        db.session.add(row)
        db.session.commit()
        return row.public_id


def state_of(app):
    with app.app_context():
        return db.session.query(Restriction).one().state


def test_points_are_waived_once_with_a_reason(app, manager, missed):
    data = {"code": missed.code, "reason": "住院，看过病历"}
    assert manager.post("/desk/conduct/waive", data=data | {"reason": ""}, headers=HTMX).status_code == 422
    assert "免除了" in manager.post("/desk/conduct/waive", data=data, headers=HTMX).text
    assert manager.post("/desk/conduct/waive", data=data, headers=HTMX).status_code == 404
    with app.app_context():
        mark = db.session.query(AttendanceMark).one()
        assert (mark.waived_by, mark.waive_reason) == (f"staff:{manager.staff}", "住院，看过病历")


@pytest.mark.parametrize(("verdict", "state"), [("lift", "lifted"), ("uphold", "upheld")])
def test_an_appeal_is_read_and_answered(app, manager, appeal, verdict, state):
    page = manager.get("/desk/conduct").text
    assert "当天住院了" in page and "9月7日 周一 09:00" in page
    manager.post(f"/desk/conduct/appeals/{appeal}", data={"verdict": verdict}, headers=HTMX)
    assert state_of(app) == state
    assert "没有等着答复的申诉" in manager.get("/desk/conduct").text
    assert manager.post(f"/desk/conduct/appeals/{appeal}", data={"verdict": "lift"}, headers=HTMX).status_code == 404


def test_neither_yes_nor_no_is_no_answer(app, manager, appeal):
    assert manager.post(f"/desk/conduct/appeals/{appeal}", data={}, headers=HTMX).status_code == 422
    assert state_of(app) == "appealed"


def test_only_the_hall_where_somebody_was_missed_answers(app, clerk, stranger, missed, appeal):
    assert "当天住院了" not in stranger.get("/desk/conduct").text
    assert stranger.post(f"/desk/conduct/appeals/{appeal}", data={"verdict": "lift"}, headers=HTMX).status_code == 404
    waive = {"code": missed.code, "reason": "认识他"}
    assert stranger.post("/desk/conduct/waive", data=waive, headers=HTMX).status_code == 404
    assert clerk.get("/desk/conduct").status_code == 403
    assert state_of(app) == "appealed"
