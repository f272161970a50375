"""A process that is killed between two statements has done its deed wholly or not at all."""

import os
import signal

import pytest
from sqlalchemy import event, select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing
from miniapp_api.appointments.models import Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.extensions import db
from miniapp_api.outbox.models import OutboxMessage
from tests.appointments.world import MONDAY, act_at, book, decide, faults, request


def killed_before(app, number, deed):
    """Do a deed in a process that kills itself before its n-th statement, the commit included; whether it did."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with app.app_context():
                db.engine.dispose(close=False)  # the parent's connections are the parent's
                _die_at(number)
                deed()
                db.session.commit()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _die_at(number):
    seen = 0

    def count(*_arguments):
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", count)


def everything():
    """All rows that a deed may touch."""
    db.session.rollback()
    tables = (Booking, BookingSlot, Slot, SlotReturn, OutboxMessage)
    rows = [sorted(map(tuple, db.session.execute(select(table.__table__)))) for table in tables]
    db.session.rollback()
    return rows


def books(city, _booking):
    making.book(act_at(), request(city.pools[0], MONDAY, "09:00", who=2, what="permit", visitor_id=city.visitors[1]))


def moves(city, booking):
    wish = request(city.pools[1], MONDAY, "14:00", what="tax")
    changing.reschedule(act_at(), db.session.get_one(Booking, booking), wish.place)


def cancels(_city, booking):
    changing.cancel(act_at(), db.session.get_one(Booking, booking))


def closes(city, _booking):
    decide(city.pools[0], "close", MONDAY, part=(540, 585))


@pytest.mark.parametrize("deed", [books, moves, cancels, closes])
def test_whatever_was_being_done_when_it_was_killed_nothing_is_half_done(app, session, city, deed):
    booking = book(city.pools[0], MONDAY, "09:00", who=1, what="tax", visitor_id=city.visitors[0]).id
    before = everything()
    number = 1
    while killed_before(app, number, lambda: deed(city, booking)):
        assert everything() == before
        number += 1
    assert number > 8  # it was killed at so many points, the last of them the commit
    assert everything() != before
    assert faults(session) == []
