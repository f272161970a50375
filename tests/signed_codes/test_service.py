"""Issuing, reading, revoking, on both databases; what is forged never reaches one."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from miniapp_api.calendar.service import today
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import CodeKey, read_keys
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.signed_codes import service
from miniapp_api.signed_codes.code import Claims, decode, encode, sign
from miniapp_api.signed_codes.installation import codes_of
from miniapp_api.signed_codes.keys import KeyRing
from miniapp_api.signed_codes.models import SignedCode
from miniapp_api.signed_codes.service import Kind
from tests.conftest import CODE_KEYS
from tests.signed_codes.conftest import HOST

(KEY,) = read_keys(CODE_KEYS)
NEWER = CodeKey.from_seed(1, bytes(range(32)), today(), today() + timedelta(days=400))
SM2 = CodeKey.from_seed(2, bytes(range(9, 41)), today(), today() + timedelta(days=500), algorithm=ALGORITHMS["sm2"])


@pytest.fixture
def use(app):
    """Let the installation have other keys."""

    def use(*keys):
        codes_of(app).ring = KeyRing(keys)

    return use


def made(code_id="00" * 6, kind=Kind.APPOINTMENT, day=None, key=KEY):
    """Sign a code that need not have been issued."""
    return sign(Claims(key.kid, kind, day or today(), code_id), HOST, key)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_code_that_is_issued_can_be_read(app, issued, kind):
    code_id, digits = issued(kind)
    with app.app_context():
        code = service.read(db.session, digits)
        assert (code.id, Kind(code.kind), code.issued_on, code.revoked_at) == (code_id, kind, today(), None)
        assert service.link_of(code) == f"https://{HOST}/r/{digits}"


def test_ids_are_twelve_hex_digits_and_follow_no_order(issued):
    ids = [issued()[0] for _ in range(40)]
    assert all(len(bytes.fromhex(id_)) == 6 for id_ in ids)
    assert len(set(ids)) == 40
    assert 5 < sum(a < b for a, b in pairwise(ids)) < 35


def test_an_id_that_is_taken_is_not_given_again(app, issued, monkeypatch):
    taken, _ = issued()
    drawn = iter([taken, taken, "0a" * 6])
    monkeypatch.setattr("miniapp_api.signed_codes.service.secrets.token_hex", lambda _length: next(drawn))
    assert issued()[0] == "0a" * 6


def test_forged_codes_reach_no_query(app, client, issued, statements):
    _, digits = issued()
    flipped = [encode((int(digits) ^ 1 << bit).to_bytes(74)) for bit in range(0, 592, 7)]
    elsewhere = sign(Claims(0, Kind.APPOINTMENT, today(), "00" * 6), "other.gov.cn", KEY)
    later = made(day=today() + timedelta(days=2))
    forged = [*flipped, elsewhere, later, "9" * 179, "٣" * 179, "1", digits[1:], digits + "0", "a" * 3000]
    statements.clear()
    for other in forged:
        for path in (f"/r/{other}", f"/api/v1/codes/{other}"):
            headers = {"Authorization": "Bearer v.whoever"}
            assert client.get(path, headers=headers).status_code == 404, path
    assert statements == []
    assert client.get(f"/r/{digits}").status_code == 200
    assert statements  # the negative control


def test_a_code_of_ours_that_is_not_in_the_database_is_unknown(app):
    with app.app_context(), pytest.raises(service.UnknownCodeError):
        service.read(db.session, made())


@pytest.mark.parametrize("compromised_at", [None, today()])
def test_an_id_in_other_claims_is_forged_even_if_signed_with_our_key(app, issued, use, compromised_at):
    """Whoever stole a key cannot turn a code that they saw into another kind or another day."""
    code_id, digits = issued(Kind.APPOINTMENT)
    use(replace(KEY, compromised_at=compromised_at), NEWER)
    with app.app_context():
        assert service.read(db.session, digits).id == code_id
        for other in (made(code_id, Kind.CONCLUSION), made(code_id, day=today() - timedelta(days=1))):
            with pytest.raises(service.ForgedCodeError):
                service.read(db.session, other)
        with pytest.raises(service.UnknownCodeError):
            service.read(db.session, made("11" * 6))


def test_after_a_rotation_old_codes_are_read_and_keep_their_address(app, issued, use):
    old_id, old = issued()
    use(KEY, NEWER)
    new_id, new = issued()
    with app.app_context():
        assert service.read(db.session, old).id == old_id
        assert service.read(db.session, new).id == new_id
        assert service.link_of(db.session.get_one(SignedCode, old_id)).endswith(old)
        assert [db.session.get_one(SignedCode, id_).kid for id_ in (old_id, new_id)] == [0, 1]
        assert decode(new)[0] & 31 == 1


def test_a_key_without_its_seed_still_reads_but_writes_no_address(app, issued, use):
    _, digits = issued()
    use(KEY.without_seed(), NEWER)
    with app.app_context():
        code = service.read(db.session, digits)
        with pytest.raises(ValueError, match="only verify"):
            service.link_of(code)
        use(NEWER)
        with pytest.raises(LookupError, match="CODE_KEYS"):
            service.link_of(code)
        with pytest.raises(service.ForgedCodeError):
            service.read(db.session, digits)


def test_when_the_last_key_has_run_out_nothing_is_issued(app, use):
    use(replace(KEY, not_after=today() - timedelta(days=1)))
    with app.app_context():
        with pytest.raises(Problem) as caught:
            service.issue(db.session, Kind.APPOINTMENT)
        assert (caught.value.code, caught.value.kind) == (503, "no_code_key")
        assert db.session.scalars(select(SignedCode)).all() == []


def test_a_revoked_code_is_read_and_stays_revoked_as_it_was(app, issued, revoke):
    code_id, digits = issued()
    revoke(code_id, "先前的理由")
    with app.app_context():
        first = service.read(db.session, digits).revoked_at
    revoke(code_id, "后来的理由")
    with app.app_context():
        code = service.read(db.session, digits)
        assert (code.revoked_at, code.revoke_reason) == (first, "先前的理由")


def test_what_does_not_exist_cannot_be_revoked(app):
    with app.app_context(), pytest.raises(NoResultFound):
        service.revoke(db.session, "00" * 6, "没有")


def test_the_public_list_of_keys_checks_codes_and_holds_no_secret(client, issued, use, revoke):
    use(replace(KEY, compromised_at=today()), NEWER)
    revoke(issued()[0])
    answer = client.get("/.well-known/receipt-keys.json")
    assert answer.json["host"] == HOST
    first, second = answer.json["keys"]
    assert (first["kid"], first["compromised_at"], first["revocations"]) == (0, today().isoformat(), 0)
    assert (second["kid"], second["alg"], second["revocations"]) == (1, "Ed25519", 1)
    assert second["not_after"] == NEWER.not_after.isoformat()
    (offline,) = read_keys(f"kid=1 public={second['public_key']} not_before=2026-01-01 not_after=2099-12-31")
    assert offline.verifies(b"x", NEWER.sign(b"x"))
    for seed in (KEY.seed, NEWER.seed):
        assert CODE_KEYS.split("seed=")[1][:43] not in answer.text
        assert seed.hex() not in answer.text


def test_the_list_of_revocations_is_sorted_and_of_one_key(client, issued, use, revoke):
    first = [issued()[0] for _ in range(6)]
    use(KEY, NEWER)
    second = [issued()[0] for _ in range(3)]
    for id_ in [*first[:5], second[0]]:
        revoke(id_)
    assert client.get("/.well-known/receipt-revocations/0").json == {"kid": 0, "ids": sorted(first[:5])}
    assert client.get("/.well-known/receipt-revocations/1").json == {"kid": 1, "ids": [second[0]]}
    assert [key["revocations"] for key in client.get("/.well-known/receipt-keys.json").json["keys"]] == [5, 1]
    assert client.get("/.well-known/receipt-revocations/2").status_code == 404
    assert client.get("/.well-known/receipt-revocations/32").status_code == 404


def test_a_key_of_sm2_is_used_and_told_like_any_other(app, client, issued, use, revoke):
    use(KEY.without_seed(), SM2)
    code_id, digits = issued(Kind.GRANT)
    assert decode(digits)[0] & 31 == 2
    with app.app_context():
        assert service.read(db.session, digits).id == code_id
        assert service.link_of(db.session.get_one(SignedCode, code_id)).endswith(digits)
        assert service.link_of(db.session.get_one(SignedCode, code_id)).endswith(digits)
    answer = client.get(f"/api/v1/codes/{digits}").json
    assert (answer["kind"], answer["kind_name"]) == ("grant", "准予决定书")
    told = client.get("/.well-known/receipt-keys.json").json["keys"][1]
    (offline,) = read_keys(f"kid=2 alg=sm2 public={told['public_key']} not_before=2026-01-01 not_after=2099-12-31")
    assert told["alg"] == "SM2"
    assert offline.verifies(b"x", SM2.sign(b"x"))
    revoke(code_id)
    assert client.get("/.well-known/receipt-revocations/2").json["ids"] == [code_id]
    assert "已经作废" in client.get(f"/r/{digits}").text
    assert client.get(f"/r/{encode((int.from_bytes(decode(digits)) ^ 1).to_bytes(74))}").status_code == 404


def test_lists_are_sent_again_only_if_they_changed(client, issued, revoke):
    for path in ("/.well-known/receipt-keys.json", "/.well-known/receipt-revocations/0"):
        before = client.get(path)
        assert before.headers["Cache-Control"] == "public, max-age=60"
        tag = {"If-None-Match": before.headers["ETag"]}
        assert client.get(path, headers=tag).status_code == 304
        revoke(issued()[0])
        assert client.get(path, headers=tag).status_code == 200
