"""Everything is sealed anew under another key, whatever interrupts it."""

import pytest
from sqlalchemy import select, text, update

from miniapp_api import vault
from miniapp_api.field_settings import INDEX, FieldKey, read_field_keys
from miniapp_api.people.models import Person
from miniapp_api.privacy import resealing
from miniapp_api.staff.models import StaffFactor, StaffMember
from miniapp_api.staff.service import Role
from miniapp_api.vault import Vault
from miniapp_api.wechat.logging_in import SESSION_KEY
from miniapp_api.wechat.models import WeChatIdentity
from tests.conftest import FIELD_KEYS

INDEXING, OLD = read_field_keys(FIELD_KEYS)
FRESH = FieldKey.new(2, "sm4-gcm")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)


@pytest.fixture
def change_key(app, somebody):
    """Leave something under the old key, and have a new one."""

    def change(people=5):
        left = [somebody() for _ in range(people)]
        app.extensions["vault"] = Vault([INDEXING, OLD, FRESH])
        return left

    return change


def reseal(session):
    totals = {progress.column: progress for progress in resealing.reseal(session)}
    return {name: (each.resealed, each.broken) for name, each in totals.items()}


def kids(session):
    sealed = session.scalars(select(Person.sealed)).all() + session.scalars(select(WeChatIdentity.session_key)).all()
    return sorted(value.partition(".")[0] for value in sealed)


def readable(session, left):
    session.expire_all()
    for one in left:
        person, identity = session.get_one(Person, one.person), session.get_one(WeChatIdentity, one.wechat)
        assert vault.unseal("people.sealed", person.public_id, person.sealed) == f"secret of {one.name}"
        assert vault.unseal(SESSION_KEY, str(identity.id), identity.session_key) == f"key of {one.name}"


def test_afterwards_the_old_key_can_go(app, session, change_key):
    left = change_key()
    assert reseal(session)["people.sealed"] == (5, 0)
    assert kids(session) == ["2"] * 10
    app.extensions["vault"] = Vault([INDEXING, FRESH])
    readable(session, left)
    assert reseal(session)["people.sealed"] == (0, 0)


@pytest.mark.parametrize("batches", [1, 3, 6])
def test_interrupted_it_goes_on_where_it_was(app, session, change_key, batches):
    left = change_key()
    going = resealing.reseal(session)
    for _ in range(batches):
        next(going)
    going.close()
    session.rollback()
    assert set(kids(session)) == {"1", "2"}
    readable(session, left)
    again = reseal(session)
    assert sum(done for done, _ in again.values()) < 10
    app.extensions["vault"] = Vault([INDEXING, FRESH])
    readable(session, left)


def test_a_batch_that_fails_is_not_half_done(session, change_key, monkeypatch):
    left, seal, calls = change_key(), vault.seal, []

    def fails_at_the_fourth(*arguments):
        calls.append(arguments)
        if len(calls) == 4:
            raise OSError("on purpose")
        return seal(*arguments)

    monkeypatch.setattr(vault, "seal", fails_at_the_fourth)
    with pytest.raises(OSError, match="on purpose"):
        reseal(session)
    session.rollback()
    assert kids(session).count("2") == 2
    monkeypatch.undo()
    reseal(session)
    readable(session, left)


def test_what_cannot_be_unsealed_is_told_and_left_alone(session, change_key):
    left = change_key()
    session.execute(update(Person).where(Person.id == left[2].person).values(sealed="7.AAAA"))
    session.commit()
    assert reseal(session)["people.sealed"] == (4, 1)
    assert session.scalar(select(Person.sealed).where(Person.id == left[2].person)) == "7.AAAA"


def test_what_changes_meanwhile_is_not_overwritten(session, change_key, monkeypatch):
    left, anew = change_key(1), resealing._anew

    def somebody_is_quicker(purpose, bound_to, sealed):
        if purpose == "people.sealed":
            session.execute(text("UPDATE people SET sealed = :new"), {"new": vault.seal(purpose, bound_to, "newer")})
        return anew(purpose, bound_to, sealed)

    monkeypatch.setattr(resealing, "_anew", somebody_is_quicker)
    assert reseal(session)["people.sealed"] == (0, 0)
    session.expire_all()
    person = session.get_one(Person, left[0].person)
    assert vault.unseal("people.sealed", person.public_id, person.sealed) == "newer"


def test_what_is_bound_to_another_table_is_sealed_anew_too(app, session):
    member = StaffMember(username="x", name="王小青", role=Role.CLERK, site_code="center", password_hash="none")
    session.add(member)
    session.flush()
    purpose = "staff_factors.secret"
    session.add(StaffFactor(member_id=member.id, secret=vault.seal(purpose, member.public_id, "TOTP")))
    session.commit()
    app.extensions["vault"] = Vault([INDEXING, OLD, FRESH])
    assert reseal(session)[purpose] == (1, 0)
    app.extensions["vault"] = Vault([FieldKey.new(0, INDEX), FRESH])
    factor = session.scalars(select(StaffFactor).execution_options(populate_existing=True)).one()
    assert vault.unseal(purpose, member.public_id, factor.secret) == "TOTP"
