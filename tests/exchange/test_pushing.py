"""Our events reach the partner at least once, under one id each, and those of a case in their order."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from miniapp_api.cases.events import Accepted, By, TakenUp
from miniapp_api.cases.receiving import Application, receive
from miniapp_api.cases.recording import record
from miniapp_api.cases.service import acting
from miniapp_api.database import utc_now
from miniapp_api.exchange import pushing
from miniapp_api.exchange.models import ExchangePush
from miniapp_api.extensions import db
from tests.cases.conftest import APPLICANT_DATA, ITEM, MATERIALS

CLERK = By("staff", "receiver")


@pytest.fixture
def case(app, city):
    """Three events of one case, owed to the partner, in a context that stays open."""
    with app.app_context():
        act = acting(db.session, CLERK)
        made = receive(act, Application(ITEM, "shiyan", "center", APPLICANT_DATA, MATERIALS))
        record(act, made, Accepted())
        record(act, made, TakenUp())
        db.session.commit()
        yield made
        db.session.rollback()


@pytest.fixture
def partner(settings):
    """Give the partner."""
    return settings.partners[0]


def states():
    return db.session.scalars(select(ExchangePush.state).order_by(ExchangePush.id)).all()


def later(seconds):
    db.session.execute(ExchangePush.__table__.update().values(due_at=utc_now() - timedelta(seconds=seconds)))
    db.session.commit()


def test_events_are_told_in_order_without_a_word_about_the_applicant(case, partner, listener):
    assert pushing.push(db.session, partner) == 3
    assert [told["kind"] for told in listener.heard] == ["received", "accepted", "taken_up"]
    assert [told["seq"] for told in listener.heard] == [1, 2, 3]
    assert APPLICANT_DATA.name not in str(listener.heard)
    assert states() == ["sent"] * 3
    assert pushing.push(db.session, partner) == 0


def test_what_could_not_be_told_comes_again_and_nothing_overtakes_it(case, partner, listener):
    listener.faults = [503]
    assert pushing.push(db.session, partner) == 0
    assert states() == ["waiting"] * 3
    later(1)
    assert pushing.push(db.session, partner) == 3
    assert [told["seq"] for told in listener.heard] == [1, 2, 3]


def test_what_is_refused_for_good_waits_for_a_person(case, partner, listener):
    listener.faults = [422]
    assert pushing.push(db.session, partner) == 0
    assert states() == ["failed", "waiting", "waiting"]
    assert pushing.push(db.session, partner) == 0
    failed = db.session.scalars(select(ExchangePush).filter_by(state="failed")).one()
    assert pushing.release(db.session, failed.public_id, "skipped")
    db.session.commit()
    assert pushing.push(db.session, partner) == 2


def test_a_worker_that_dies_leaves_it_to_the_next_under_the_same_id(case, partner, listener):
    taken = pushing.take(db.session, partner.name)
    db.session.commit()
    assert pushing.take(db.session, partner.name) is None
    db.session.execute(ExchangePush.__table__.update().values(leased_until=utc_now() - timedelta(seconds=1)))
    db.session.commit()
    assert pushing.push(db.session, partner) == 3
    assert listener.heard[0]["id"] == taken.public_id


def test_a_late_word_of_a_lost_lease_changes_nothing(case, partner, listener):
    taken = pushing.take(db.session, partner.name)
    db.session.expunge(taken)
    db.session.execute(ExchangePush.__table__.update().values(lease="another's"))
    pushing.settle(db.session, taken, "500")
    db.session.commit()
    assert states()[0] == "leased"


def test_nobody_is_told_of_what_was_undone(app, city, partner, listener):
    with app.app_context():
        receive(acting(db.session, CLERK), Application(ITEM, "shiyan", "center", APPLICANT_DATA, MATERIALS))
        db.session.rollback()
        assert states() == []
