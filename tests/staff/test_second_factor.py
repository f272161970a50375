"""The second step: a code of the phone or of the paper, each once; one lock over both steps."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import second_factor, service, totp
from miniapp_api.staff.models import (
    StaffDuty,
    StaffFactor,
    StaffHalfSignIn,
    StaffMember,
    StaffRecoveryCode,
    StaffSession,
)
from miniapp_api.staff.service import Duty, Role
from tests.conftest import only_sqlite
from tests.staff.conftest import PASSWORD

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Clock:
    """What time it is for codes."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def step(self, steps=1):
        self.now += timedelta(seconds=totp.STEP * steps)


class Phone:
    """Computes codes."""

    def __init__(self, secret, clock):
        self.secret, self.clock = secret, clock

    def code(self, steps=0):
        return totp.code_at(self.secret, totp.counter_at(self.clock.now) + steps)


@pytest.fixture
def clock(monkeypatch):
    """Let time stand still."""
    clock = Clock()
    monkeypatch.setattr(second_factor, "utc_now", clock)
    return clock


@pytest.fixture
def phone(wang, clock):
    """Bind a phone; `paper` are the recovery codes."""
    service.bind_second_factor(db.session, wang)
    phone = Phone(service.second_factor_of(db.session, wang).pending, clock)
    phone.paper = service.confirm_second_factor(db.session, wang, "", phone.code())
    db.session.commit()
    clock.step(2)
    return phone


def first_step():
    admission = service.sign_in(db.session, "wang", PASSWORD)
    db.session.commit()
    assert admission.half_way
    return admission.token


def second_step(code, token=None):
    """Try; gives the session, or None if it was refused."""
    try:
        session = service.show_second_factor(db.session, token or first_step(), code)
    except Problem as problem:
        db.session.rollback()
        assert (problem.code, problem.kind) == (422, "wrong_code")
        return None
    db.session.commit()
    return session


def wrong_password():
    with pytest.raises(Problem):
        service.sign_in(db.session, "wang", "wrong")
    db.session.rollback()


def kept(model=StaffMember):
    return db.session.scalars(select(model).execution_options(populate_existing=True)).one()


def test_with_a_phone_there_are_two_steps_and_the_session_knows_it(phone):
    token = second_step(phone.code())
    assert token
    assert kept(StaffSession).second_factor
    assert db.session.scalars(select(StaffHalfSignIn)).all() == []


def test_the_first_step_alone_opens_nothing(phone):
    half = first_step()
    assert db.session.scalars(select(StaffSession)).all() == []
    row = kept(StaffHalfSignIn)
    assert half not in vars(row).values()


def test_without_a_phone_one_step_is_enough(wang):
    admission = service.sign_in(db.session, "wang", PASSWORD)
    assert not admission.half_way
    assert not kept(StaffSession).second_factor


def test_a_code_is_good_once(phone):
    code = phone.code()
    assert second_step(code)
    assert second_step(code) is None
    phone.clock.step()
    assert second_step(code) is None
    assert second_step(phone.code())


def test_the_code_that_bound_the_phone_signs_nobody_in(wang, clock):
    service.bind_second_factor(db.session, wang)
    phone = Phone(service.second_factor_of(db.session, wang).pending, clock)
    code = phone.code()
    service.confirm_second_factor(db.session, wang, "", code)
    db.session.commit()
    assert second_step(code) is None


def test_a_phone_may_be_wrong_by_half_a_minute(phone):
    for steps, passes in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        assert bool(second_step(phone.code(steps))) == passes, steps
        phone.clock.step(5)


@only_sqlite
def test_a_code_is_read_as_it_was_meant(phone):
    wide = {ord("0") + digit: ord("０") + digit for digit in range(10)}
    ways = (str, " {} ".format, lambda code: f"{code[:3]} {code[3:]}", lambda code: code.translate(wide))
    for write in ways:
        assert second_step(write(phone.code()))
        phone.clock.step()


@only_sqlite
def test_nonsense_is_no_code(phone):
    for code in ("", "000", "x" * 9999, "١٢٣٤٥٦", "-"):
        assert second_step(code) is None
    assert kept().failures == 5


def test_of_many_who_show_one_code_at_once_one_gets_in(phone, in_app):
    tokens, code = [first_step() for _ in range(4)], phone.code()
    start = threading.Barrier(4)

    def show(token):
        with in_app.app_context():
            start.wait()
            return second_step(code, token)

    with ThreadPoolExecutor(4) as pool:
        assert sum(map(bool, pool.map(show, tokens))) == 1


def test_looked_up_first_and_used_afterwards_it_would_be_more(phone, in_app, monkeypatch):
    """A negative control: find the step, wait, and write it down without a condition."""
    tokens, code = [first_step() for _ in range(4)], phone.code()
    start, looked = threading.Barrier(4), threading.Barrier(4)

    def pass_carelessly(session, member, typed):
        counter = totp.matching(phone.secret, typed, phone.clock.now, session.get_one(StaffFactor, member.id).counter)
        session.rollback()
        looked.wait()
        session.execute(update(StaffFactor).values(counter=counter))
        return counter is not None

    monkeypatch.setattr(second_factor, "_passes", pass_carelessly)

    def show(token):
        with in_app.app_context():
            start.wait()
            return second_step(code, token)

    with ThreadPoolExecutor(4) as pool:
        assert sum(map(bool, pool.map(show, tokens))) == 4


def test_a_code_on_paper_is_good_once_and_ten_are_on_it(phone):
    assert len(set(phone.paper)) == 10
    for code in phone.paper[:2]:
        assert second_step(code.upper().replace("-", " "))
        assert second_step(code) is None
    member = kept()
    assert service.second_factor_of(db.session, member).codes_left == 8


def test_other_paper_makes_that_of_before_worthless(phone, wang):
    fresh = service.renew_recovery_codes(db.session, wang, phone.code())
    db.session.commit()
    assert second_step(phone.paper[0]) is None
    assert second_step(fresh[0])
    assert service.second_factor_of(db.session, wang).codes_left == 9


def test_a_copy_of_the_database_gives_away_neither_phone_nor_paper(phone, wang):
    rows = [kept(StaffFactor), *db.session.scalars(select(StaffRecoveryCode))]
    written = str([vars(row) for row in rows])
    assert phone.secret not in written
    for code in phone.paper:
        assert code not in written and code.replace("-", "") not in written


def test_a_secret_moved_to_another_person_is_broken(phone, in_app):
    li = service.add_member(db.session, username="li", name="李", role=Role.ADMIN, password=PASSWORD)
    db.session.add(StaffFactor(member_id=li.id, secret=kept(StaffFactor).secret))
    db.session.commit()
    with pytest.raises(second_factor.vault.BrokenSealError):
        service.renew_recovery_codes(db.session, li, phone.code())
    db.session.rollback()


def test_failures_of_both_steps_are_one_count(phone):
    for _ in range(2):
        wrong_password()
    half = first_step()
    for _ in range(2):
        assert second_step("000000", half) is None
    assert kept().locked_until is None
    assert second_step("000000", half) is None
    assert timedelta(minutes=14) < kept().locked_until - utc_now() <= timedelta(minutes=15)
    assert second_step(phone.code(), half) is None  # right, and too late
    with pytest.raises(Problem):
        service.sign_in(db.session, "wang", PASSWORD)
    db.session.rollback()
    db.session.execute(update(StaffMember).values(locked_until=utc_now()))
    db.session.commit()
    assert second_step(phone.code(), half)
    assert (kept().failures, kept().locked_until) == (0, None)


def test_the_password_in_between_does_not_forgive_wrong_codes(phone):
    """Whoever knows it could else try codes for ever."""
    for _ in range(4):
        assert second_step("000000") is None
    half = first_step()
    assert kept().failures == 4
    assert second_step("000000", half) is None
    assert kept().locked_until is not None
    assert second_step(phone.code(), half) is None


@only_sqlite
def test_both_steps_in_any_order_never_allow_a_sixth_failure(phone):
    """However right passwords are mixed in, five wrong codes lock."""
    for pattern in ("pccpccc", "cccccp", "pppppccccc", "cpcpcpcpcpc"):
        half = first_step()
        for letter in pattern:
            try:
                first_step() if letter == "p" else second_step("000000", half)
            except Problem:
                db.session.rollback()
        assert kept().failures >= 5 and kept().locked_until is not None, pattern
        db.session.execute(update(StaffMember).values(locked_until=None, failures=0))
        db.session.commit()


def test_who_takes_too_long_begins_anew(phone):
    half = first_step()
    db.session.execute(update(StaffHalfSignIn).values(expires_at=utc_now()))
    db.session.commit()
    for token in (half, "x" * 43, ""):
        with pytest.raises(Problem) as caught:
            service.show_second_factor(db.session, token, phone.code())
        assert caught.value.kind == "sign_in_expired"
        db.session.rollback()
    first_step()
    assert len(db.session.scalars(select(StaffHalfSignIn)).all()) == 1


@pytest.mark.parametrize("change", ["password", "disable", "remove"])
def test_who_was_changed_half_way_begins_anew(phone, wang, change):
    half = first_step()
    {
        "password": lambda: service.set_password(db.session, wang, "another password"),
        "disable": lambda: service.set_active(db.session, wang, False),
        "remove": lambda: service.remove_second_factor(db.session, wang),
    }[change]()
    db.session.commit()
    with pytest.raises(Problem) as caught:
        service.show_second_factor(db.session, half, phone.code())
    assert caught.value.kind == "sign_in_expired"
    db.session.rollback()


def test_a_wrong_first_code_binds_nothing_and_a_secret_waits_a_quarter_of_an_hour(wang, clock):
    with pytest.raises(Problem) as caught:
        service.confirm_second_factor(db.session, wang, "", "000000")
    assert caught.value.kind == "nothing_to_confirm"
    service.bind_second_factor(db.session, wang)
    phone = Phone(service.second_factor_of(db.session, wang).pending, clock)
    with pytest.raises(Problem) as caught:
        service.confirm_second_factor(db.session, wang, "", "000000")
    assert caught.value.kind == "wrong_code"
    assert service.second_factor_of(db.session, wang).since is None
    clock.now += timedelta(minutes=15)
    assert service.second_factor_of(db.session, wang).pending is None
    with pytest.raises(Problem) as caught:
        service.confirm_second_factor(db.session, wang, "", phone.code())
    assert caught.value.kind == "nothing_to_confirm"


def test_another_phone_needs_the_one_of_before_which_counts_until_then(phone, wang):
    with pytest.raises(Problem) as caught:
        service.bind_second_factor(db.session, wang)
    assert caught.value.kind == "wrong_code"
    db.session.rollback()
    service.bind_second_factor(db.session, wang, phone.code())
    db.session.commit()
    phone.clock.step()
    assert second_step(phone.code())
    other = Phone(service.second_factor_of(db.session, wang).pending, phone.clock)
    service.confirm_second_factor(db.session, wang, "", other.code())
    db.session.commit()
    phone.clock.step()
    assert second_step(phone.code()) is None
    assert second_step(other.code())


def test_binding_ends_all_other_sessions_and_makes_this_one_strong(wang, clock):
    tokens = [service.sign_in(db.session, "wang", PASSWORD).token for _ in range(3)]
    service.bind_second_factor(db.session, wang)
    phone = Phone(service.second_factor_of(db.session, wang).pending, clock)
    service.confirm_second_factor(db.session, wang, tokens[1], phone.code())
    db.session.commit()
    assert kept(StaffSession).second_factor
    assert service.sessions.find(db.session, tokens[1])


def test_a_lost_phone_is_taken_away_with_its_paper_and_all_sessions(phone, wang):
    second_step(phone.code())
    assert service.remove_second_factor(db.session, wang)
    assert not service.remove_second_factor(db.session, wang)
    db.session.commit()
    for model in (StaffFactor, StaffRecoveryCode, StaffSession):
        assert db.session.scalars(select(model)).all() == []
    assert not service.sign_in(db.session, "wang", PASSWORD).half_way


@only_sqlite
def test_the_log_tells_who_and_never_a_code(phone, wang):
    code = phone.code()
    with capture_logs() as lines:
        second_step("000000")
        token = second_step(code)
    assert [(line["event"], line["staff"]) for line in lines] == [
        ("second_factor_failed", wang.public_id),
        ("sign_in", wang.public_id),
    ]
    assert not any(word in str(lines) for word in (code, "000000", phone.secret, token, "wang"))


NEEDED = [Duty.REVIEW, Duty.SUPERVISE, Duty.GOVERNMENT]


@only_sqlite
def test_who_needs_one_is_a_matter_of_the_setting(in_app, wang):
    plain = in_app.extensions["settings"]
    for rule, demo, role, duty in itertools.product(("duties", "all", "optional"), (False, True), Role, (None, *Duty)):
        in_app.extensions["settings"] = plain.model_copy(update={"staff_second_factor": rule, "daoban_demo": demo})
        wang.role, wang.duties = role, [StaffDuty(duty=duty)] if duty else []
        by_duties = rule == "duties" and not demo and (role is Role.ADMIN or duty in NEEDED)
        assert service.second_factor_is_required(wang) == (rule == "all" or by_duties), (rule, demo, role, duty)
    db.session.rollback()
