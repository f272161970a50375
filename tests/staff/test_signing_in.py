"""Who gets in, and who is locked out, even if they try many times at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from miniapp_api import database
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import passwords, service, signing_in
from miniapp_api.staff.models import StaffMember, StaffSession
from miniapp_api.staff.service import Role
from miniapp_api.staff.signing_in import LocalSignIn
from tests.staff.conftest import PASSWORD

RIVALS = 12


def refusal(username, password):
    with pytest.raises(Problem) as caught:
        service.sign_in(db.session, username, password)
    db.session.rollback()
    return caught.value.code, caught.value.kind, caught.value.description


def kept():
    return db.session.scalars(select(StaffMember).execution_options(populate_existing=True)).one()


def test_the_right_password_opens_a_session_and_only_its_digest_is_kept(wang):
    token = service.sign_in(db.session, "wang", PASSWORD).token
    row = db.session.scalars(select(StaffSession)).one()
    assert row.member_id == wang.id
    assert token not in vars(row).values()
    assert len(token) >= 43
    assert service.sign_in(db.session, "wang", PASSWORD).token != token


@pytest.mark.parametrize("typed", ["WANG", " wang ", "ｗａｎｇ"])
def test_a_username_is_read_as_it_was_meant(wang, typed):
    assert service.sign_in(db.session, typed, PASSWORD)


def test_all_refusals_are_the_same(wang):
    refused = {refusal("wang", "wrong"), refusal("nobody", PASSWORD), refusal("", ""), refusal("x" * 9999, "y" * 9999)}
    for _ in range(5):
        refused.add(refusal("wang", "wrong"))
    refused.add(refusal("wang", PASSWORD))  # locked by now
    service.set_password(db.session, wang, PASSWORD)
    service.set_active(db.session, wang, False)
    db.session.commit()
    refused.add(refusal("wang", PASSWORD))
    assert len(refused) == 1
    assert next(iter(refused))[:2] == (401, "sign_in_failed")


def test_unknown_locked_and_disabled_people_cost_one_computation_too(wang, monkeypatch):
    computed = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: computed.append(1) or verify(*given))
    costs = []
    for username in ["nobody", *["wang"] * 7]:
        computed.clear()
        refusal(username, "wrong")
        costs.append(len(computed))
    assert set(costs) == {1}


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour(wang):
    for _ in range(4):
        refusal("wang", "wrong")
    assert kept().locked_until is None
    service.sign_in(db.session, "wang", PASSWORD)  # and that forgets the failures
    db.session.commit()
    for _ in range(5):
        refusal("wang", "wrong")
    until = kept().locked_until
    assert timedelta(minutes=14) < until - utc_now() <= timedelta(minutes=15)
    refusal("wang", PASSWORD)
    assert kept().locked_until == until  # trying on does not prolong it


def test_after_the_lock_there_are_five_attempts_again(wang):
    for _ in range(6):
        refusal("wang", "wrong")
    db.session.execute(update(StaffMember).values(locked_until=utc_now() - timedelta(seconds=1)))
    db.session.commit()
    for _ in range(4):
        refusal("wang", "wrong")
    assert kept().failures == 4
    assert service.sign_in(db.session, "wang", PASSWORD)
    assert (kept().failures, kept().locked_until) == (0, None)


def test_a_failure_counts_though_its_request_is_rolled_back(wang):
    refusal("wang", "wrong")
    assert kept().failures == 1


def test_a_hash_of_other_parameters_is_renewed_when_it_is_used(wang):
    wang.password_hash = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
    db.session.commit()
    service.sign_in(db.session, "wang", PASSWORD)
    assert not passwords.is_outdated(wang.password_hash)
    db.session.commit()
    assert service.sign_in(db.session, "wang", PASSWORD)


def test_a_password_changed_in_that_moment_is_the_one_that_counts(wang, monkeypatch, database_url):
    matches = passwords.matches

    def change_meanwhile(*given):
        engine = database.create_engine(database_url)
        with Session(engine) as other, other.begin():  # waits for ever if a transaction were open
            service.set_password(other, other.get_one(StaffMember, wang.id), "another password")
        engine.dispose()
        return matches(*given)

    monkeypatch.setattr(passwords, "matches", change_meanwhile)
    refusal("wang", PASSWORD)


def test_the_log_tells_who_and_never_what_was_typed(wang):
    with capture_logs() as lines:
        refusal("wang", "wrong")
        refusal("mistyped-password", "wrong")
        token = service.sign_in(db.session, "wang", PASSWORD).token
        service.sign_out(db.session, token)
        service.sign_out(db.session, token)
    assert [(line["event"], line["staff"]) for line in lines] == [
        ("sign_in_failed", wang.public_id),
        ("sign_in_failed", None),
        ("sign_in", wang.public_id),
        ("sign_out", wang.public_id),
    ]
    assert not any(word in str(lines) for word in ("wang", "mistyped", "wrong", token))


def test_a_city_can_have_its_own_way_to_sign_in(wang, in_app):
    class CityPass:
        def authenticate(self, session, username, password):
            return wang if (username, password) == ("card", "7") else None

    in_app.extensions["sign_in"] = CityPass()
    assert service.sign_in(db.session, "card", "7")
    assert refusal("wang", PASSWORD)[0] == 401


@pytest.fixture
def computations(database_url, cheap_hashes, monkeypatch):
    """Let many try wrong passwords at the same moment; gives how many were really compared."""
    engine = database.create_engine(database_url)
    with Session(engine) as session, session.begin():
        service.add_member(
            session, username="wang", name="王", role=Role.CLERK, password=PASSWORD, site_code="shiyan-center"
        )
    compared = []

    def slowly(known, _password):
        if known:
            compared.append(known)
        moment.wait(0.3)
        return False

    moment = threading.Event()
    monkeypatch.setattr(passwords, "matches", slowly)
    start = threading.Barrier(RIVALS)

    def rival(_number):
        start.wait()
        with Session(engine) as session:
            return LocalSignIn().authenticate(session, "wang", "wrong")

    def rush():
        with ThreadPoolExecutor(RIVALS) as pool:
            assert set(pool.map(rival, range(RIVALS))) == {None}
        return len(compared)

    yield rush
    engine.dispose()


def test_many_attempts_at_once_are_no_more_than_five(computations):
    assert computations() == 5


def test_counted_only_afterwards_they_would_be_more(computations, monkeypatch):
    """A negative control: look first, count after the comparison."""
    count = signing_in.count

    def look(session, username):
        found = session.execute(select(StaffMember.password_hash, StaffMember.failures).filter_by(username=username))
        member = found.one()
        session.rollback()
        return member

    def compare(self, session, username, password):
        member = look(session, username)
        passwords.matches(member.password_hash if member.failures < 5 else None, password)
        count(session, username)
        session.commit()

    monkeypatch.setattr(LocalSignIn, "authenticate", compare)
    assert computations() > 5
