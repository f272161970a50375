"""What is from WeChat is opened, and nothing else; what we answer is sealed as WeChat wants it."""

import json
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto.base import BasePrpCrypto

from miniapp_api.wechat import envelope as envelopes
from miniapp_api.wechat.envelope import MAX_BODY, Envelope, ForgedError
from miniapp_api.wechat.replies import text_reply
from tests.conftest import only_sqlite
from tests.wechat.client_fixtures import ACCOUNT, account_settings
from tests.wechat.conftest import door
from wechat_simulator import envelope as wechats
from wechat_simulator import pushes, xml
from wechat_simulator.crypto import encrypt, signature

VECTORS = json.loads((Path(__file__).parents[1] / "simulator" / "vectors.json").read_text("utf-8"))["crypto"]
NOW = 1_795_600_000
OTHER_KEY = "OtherAESKey0123456789abcdefghijklmnopqrstuv"
OPENID = "oSIMsomebody"
PUSH = pushes.text("我想开个饭店").document(ACCOUNT.original_id, OPENID, NOW, "77")


def opener(now=NOW, **changes):
    return Envelope(account_settings("http://127.0.0.1:9", **changes), lambda: now)


def sealed(inner=PUSH, **changes):
    """A push as WeChat sends it; changes are those of the account, `timestamp`, `nonce`."""
    how = {name: changes.pop(name) for name in ("timestamp", "nonce") if name in changes}
    return wechats.seal(replace(ACCOUNT, **changes), inner, OPENID, **({"timestamp": NOW} | how))


def refused(query, body, by=None):
    """Why a push is refused."""
    with pytest.raises(ForgedError) as caught:
        (by or opener()).open(query, body)
    return str(caught.value)


def tencent(vector, now):
    """The account of a vector."""
    names = {"token": vector["token"], "app_id": vector.get("appid", ACCOUNT.app_id)}
    return opener(now, **names, aes_key=vector.get("encoding_aes_key", ACCOUNT.aes_key))


class TestTencentsVectors:
    def test_the_address_is_verified(self):
        vector = VECTORS["url_verification_get"]
        query = {name: vector[name] for name in ("signature", "timestamp", "nonce", "echostr")}
        ours = tencent(vector, 1714036504)
        assert ours.verify_address(query) == vector["expected_response_body"]
        with pytest.raises(ForgedError, match="signature"):
            ours.verify_address({**query, "nonce": "1514711493"})

    @pytest.mark.parametrize("beside", ["", "<Content>something else</Content>"])
    @pytest.mark.parametrize("mode", ["safe", "compatible"])
    def test_a_push_is_opened(self, mode, beside):
        vector = VECTORS["aes_push_json"]
        query, encrypted = vector["query"], vector["body"]["Encrypt"]
        ours = opener(1714112445, token=vector["token"], app_id=vector["appid"], aes_key="A" * 43, mode=mode)
        assert ours.open(query, f"<xml>{beside}<Encrypt>{encrypted}</Encrypt></xml>".encode()) == vector["plaintext"]

    def test_a_push_of_2024_is_old_today(self):
        vector = VECTORS["aes_push_json"]
        body = f"<xml><Encrypt>{vector['body']['Encrypt']}</Encrypt></xml>".encode()
        assert refused(vector["query"], body, tencent(vector, NOW)) == "timestamp"

    def test_a_reply_is_sealed(self, monkeypatch):
        vector = VECTORS["aes_reply_json"]
        expected = vector["expected"]
        monkeypatch.setattr(BasePrpCrypto, "get_random_string", lambda _: vector["random"])
        monkeypatch.setattr(envelopes.secrets, "token_hex", lambda _: expected["Nonce"])
        reply = xml.read(tencent(vector, expected["TimeStamp"]).seal(vector["plaintext"]))
        assert reply == {name: str(value) for name, value in expected.items()}


class TestModes:
    """How a push must be sealed is the configuration's, whatever a request claims of itself."""

    @pytest.mark.parametrize("mode", ["plaintext", "compatible", "safe"])
    def test_each_opens_what_wechat_sends_in_it(self, mode):
        opened = opener(mode=mode).open(*sealed(mode=mode))
        assert xml.read(opened)["Content"] == "我想开个饭店"

    @pytest.mark.parametrize("mode", ["compatible", "safe"])
    @pytest.mark.parametrize("claimed", [{}, {"encrypt_type": "aes"}, {"encrypt_type": "raw"}])
    def test_a_plain_push_rightly_signed_is_refused(self, mode, claimed):
        query, body = sealed(mode="plaintext")
        assert refused({**query, **claimed}, body, opener(mode=mode)) == "not_xml"
        assert refused({**query, "msg_signature": query["signature"], **claimed}, body, opener(mode=mode)) == "not_xml"

    def test_in_compatible_mode_only_what_is_sealed_counts(self):
        query, body = sealed(mode="compatible")
        bent = body.replace("我想开个饭店".encode(), "转账".encode(), 1)
        assert bent != body
        assert opener(mode="compatible").open(query, bent) == PUSH

    def test_what_a_request_claims_changes_nothing(self):
        query, body = sealed()
        for claimed in ("raw", "", "AES"):
            assert opener().open({**query, "encrypt_type": claimed}, body) == PUSH
        del query["encrypt_type"]
        assert opener().open(query, body) == PUSH

    def test_a_sealed_push_in_plaintext_mode_is_no_way_in_without_the_token(self):
        query, body = sealed(token="AnotherToken16chars")
        assert refused(query, body, opener(mode="plaintext")) == "signature"

    def test_a_reply_is_plain_only_in_plaintext_mode(self):
        reply = text_reply(OPENID, ACCOUNT.original_id, "好")
        assert opener(mode="plaintext").seal(reply) == reply
        for mode in ("compatible", "safe"):
            assert "好" not in opener(mode=mode).seal(reply)


ODD = [None, "", " ", "x" * 200, "１７９５６０００００", "1e9", "-1", "٣", "\x00", "a\n"]


class TestSignature:
    def test_the_one_that_does_not_cover_the_body_is_not_enough(self):
        query, body = sealed()
        signed = query.pop("msg_signature")
        assert refused(query, body) == "no_signature"
        assert refused({**query, "msg_signature": query["signature"]}, body) == "signature"
        del query["signature"]
        assert opener().open({**query, "msg_signature": signed}, body) == PUSH

    @pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
    @pytest.mark.parametrize("value", ODD)
    def test_a_part_that_lacks_or_is_odd_is_refused(self, name, value):
        query, body = sealed()
        query.pop(name) if value is None else query.update({name: value})
        assert refused(query, body) in {"no_signature", "signature"}

    def test_it_is_in_small_letters(self):
        query, body = sealed()
        query["msg_signature"] = query["msg_signature"].upper()
        assert refused(query, body) == "no_signature"

    def test_digits_do_not_move_between_timestamp_and_nonce(self):
        stamp, nonce = str(NOW), "3"
        query, body = sealed(timestamp=stamp, nonce=nonce)
        assert opener().open(query, body) == PUSH
        for length in (1, 2, 9, 11):
            both = stamp + nonce
            moved = {"timestamp": both[:length], "nonce": both[length:]}
            assert refused({**query, **moved}, body, opener(int(both[:length]))) in {"no_signature", "signature"}

    def test_twelve_and_three_is_not_one_and_twenty_three(self):
        query = {"signature": signature(ACCOUNT.token, "12", "3"), "timestamp": "1", "nonce": "23"}
        with pytest.raises(ForgedError, match="no_signature"):
            opener(1).verify_address(query)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"token": "AnotherToken16chars"}, "signature"),
            ({"aes_key": OTHER_KEY}, "seal"),
            ({"app_id": "wx0000000000000000"}, "seal"),
            ({"app_id": ACCOUNT.app_id + "0"}, "seal"),
        ],
    )
    def test_another_account_is_refused(self, change, why):
        assert refused(*sealed(**change)) == why

    @pytest.mark.parametrize(
        "encrypted",
        ["AAAA", "====", "not base64", "QUJD" * 16, "é", encrypt(b"", OTHER_KEY, "")],
        ids=["short", "padding", "words", "blocks", "accent", "other key"],
    )
    def test_what_is_signed_but_cannot_be_decrypted_is_refused(self, encrypted):
        query = {"timestamp": str(NOW), "nonce": "1"}
        query["msg_signature"] = signature(ACCOUNT.token, str(NOW), "1", encrypted)
        assert refused(query, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()) == "seal"

    def test_every_character_of_what_is_sealed_counts(self):
        query, body = sealed()
        start = body.index(b"<Encrypt><![CDATA[") + len("<Encrypt><![CDATA[")
        for place in range(start, body.index(b"]]", start)):
            other = b"A" if body[place : place + 1] != b"A" else b"B"
            assert refused(query, body[:place] + other + body[place + 1 :]) == "signature", place
        for name in ("timestamp", "nonce", "msg_signature"):
            for place, old in enumerate(query[name]):
                other = "1" if old != "1" else "2"
                bent = {**query, name: query[name][:place] + other + query[name][place + 1 :]}
                assert refused(bent, body) in {"signature", "no_signature"}, (name, place)


QUERY, BODY = sealed()


@given(st.integers(0, len(BODY) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_stood_where_nothing_counts(place, byte):
    bent = BODY[:place] + bytes([byte]) + BODY[place + 1 :]
    try:
        assert opener().open(QUERY, bent) == PUSH
    except ForgedError:
        assert bent != BODY


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_refused(body):
    for mode in ("plaintext", "compatible", "safe"):
        query = {"signature": "0" * 40, "msg_signature": "0" * 40, "timestamp": str(NOW), "nonce": "1"}
        assert refused(query, body, opener(mode=mode))


class TestAge:
    @pytest.mark.parametrize("seconds", [-300, 0, 300])
    def test_what_is_within_the_window_is_opened(self, seconds):
        assert opener().open(*sealed(timestamp=NOW + seconds)) == PUSH

    @pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
    def test_what_is_older_or_from_the_future_is_refused(self, seconds):
        assert refused(*sealed(timestamp=NOW + seconds)) == "timestamp"

    def test_the_window_is_the_configurations(self):
        narrow = opener(window=30)
        assert narrow.open(*sealed(timestamp=NOW - 30)) == PUSH
        assert refused(*sealed(timestamp=NOW - 31), narrow) == "timestamp"

    def test_half_a_second_counts(self):
        assert refused(*sealed(timestamp=NOW - 300), opener(NOW + 0.5)) == "timestamp"


DOCTYPES = ["<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "b">]>', '<?xml version="1.0"?><!DOCTYPE x>', "\ufeff<!DOCTYPE x>"]


class TestShape:
    @pytest.mark.parametrize("prolog", [*DOCTYPES, "<!-- -->\n<!DOCTYPE x>", "\r\n\t <!doctype x>"])
    def test_a_doctype_is_refused_outside_and_inside(self, prolog):
        query, body = sealed()
        assert refused(query, prolog.encode() + body) == "prolog"
        assert refused(*sealed(prolog + PUSH)) == "prolog"
        plain = opener(mode="plaintext")
        assert refused(*sealed(prolog + PUSH, mode="plaintext"), plain) == "prolog"

    def test_a_doctype_after_the_beginning_is_no_xml(self):
        query, body = sealed()
        assert refused(query, body.replace(b"<xml>", b"<xml><!DOCTYPE x>")) == "not_xml"

    def test_a_citizen_may_type_one(self):
        inner = pushes.text("<!DOCTYPE html>").document(ACCOUNT.original_id, OPENID, NOW, "78")
        assert opener().open(*sealed(inner)) == inner

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<xml/>",
            b"<xml>1</xml>",
            b"<xml><Encrypt/></xml>",
            b"<xml><Encrypt><a>1</a></Encrypt></xml>",
            b"<xml><Encrypt>1</Encrypt><Encrypt>2</Encrypt></xml>",
            b"<other><Encrypt>1</Encrypt></other>",
            b"<xml><Encrypt>1</Encrypt>",
            b'{"Encrypt": "1"}',
            b"<xml>" + b"<a>" * 20_000,
            b"<a>" * 7_000 + b"</a>" * 7_000,
        ],
    )
    def test_what_holds_nothing_sealed_is_refused(self, body):
        assert refused(QUERY, body) == "not_xml"

    def test_what_is_not_utf8_is_refused(self):
        assert refused(QUERY, "<xml>您好</xml>".encode("gb18030")) == "not_utf8"

    def test_64_kib_are_opened_and_a_byte_more_is_not(self):
        query, body = sealed()
        full = body + b" " * (MAX_BODY - len(body))
        assert opener().open(query, full) == PUSH
        assert refused(query, full + b" ") == "too_large"


class TestKeyChange:
    def test_the_key_before_is_accepted_and_the_new_one_seals(self):
        changing = opener(aes_key=OTHER_KEY, aes_key_previous=ACCOUNT.aes_key)
        assert changing.open(*sealed()) == changing.open(*sealed(aes_key=OTHER_KEY)) == PUSH
        reply = changing.seal(text_reply(OPENID, ACCOUNT.original_id, "好"))
        assert wechats.open_reply(replace(ACCOUNT, aes_key=OTHER_KEY), reply.encode())["Content"] == "好"
        with pytest.raises(ValueError, match="密文"):
            wechats.open_reply(ACCOUNT, reply.encode())

    def test_without_it_the_old_key_opens_nothing(self):
        assert refused(*sealed(), opener(aes_key=OTHER_KEY)) == "seal"


@given(st.text())
def test_wechat_opens_whatever_we_seal(text):
    document = f"<xml>{xml.text_element('Content', text)}</xml>"
    assert wechats.open_reply(ACCOUNT, opener().seal(document).encode()) == xml.read(document)


@given(st.text(max_size=600))
def test_wechat_reads_whatever_we_reply(text):
    reply = opener().seal(text_reply(OPENID, ACCOUNT.original_id, text)).encode()
    read = wechats.open_reply(ACCOUNT, reply)
    assert set(read) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert (read["ToUserName"], read["FromUserName"], read["MsgType"]) == (OPENID, ACCOUNT.original_id, "text")


def say(wechat, text="好", **changes):
    """A push of now, as query and body."""
    openid = wechat.citizen("alice").openid
    inner = pushes.text(text).document(wechat.account.original_id, openid, int(time.time()), "79")
    return wechat.seal(inner, **changes)


@only_sqlite
class TestOverHTTP:
    @pytest.fixture
    def post(self, client):
        """Push something."""
        return lambda query, body, **more: client.post("/wechat", query_string=query, data=body, **more)

    def test_wechat_verifies_the_address(self, served, wechat):
        assert wechat.verify_callback()

    def test_the_echo_is_plain_text_and_nothing_without_signature(self, client):
        stamp, token = str(int(time.time())), ACCOUNT.token
        query = {"signature": signature(token, stamp, "1"), "timestamp": stamp, "nonce": "1", "echostr": "<b>1</b>"}
        answer = client.get("/wechat", query_string=query)
        assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", "<b>1</b>")
        assert client.get("/wechat", query_string={**query, "nonce": "2"}).status_code == 403
        assert client.get("/wechat", query_string={**query, "echostr": ""}).status_code == 403

    def test_a_push_is_answered_by_a_sealed_reply(self, post, wechat):
        answer = post(*say(wechat))
        assert (answer.status_code, answer.mimetype) == (200, "application/xml")
        assert "您说了「好」" in wechat.open_reply(answer.data)["Content"]

    def test_a_refusal_does_not_say_why(self, post, wechat, rows):
        query, body = say(wechat)
        wrong = [
            ({**query, "msg_signature": "0" * 40}, body),
            (query, b"<xml/>"),
            say(wechat, timestamp=1),
            say(wechat, aes_key=OTHER_KEY),
            say(wechat, app_id="wx0000000000000000"),
            wechat.seal("<xml><MsgType>nonsense</MsgType></xml>"),
            wechat.seal(pushes.text("好").document("gh_somebodyelse", OPENID, int(query["timestamp"]), "80")),
        ]
        answers = [post(*each) for each in wrong]
        assert {(answer.status_code, answer.mimetype) for answer in answers} == {(403, "application/problem+json")}
        assert len({json.dumps({**answer.json, "instance": ""}) for answer in answers}) == 1
        assert rows() == []

    def test_what_we_would_not_remember_is_refused_however_it_is_signed(self, post, wechat, rows):
        week_ago = int(time.time()) - 7 * 86400 - 10
        inner = pushes.text("好").document(wechat.account.original_id, OPENID, week_ago, "81")
        assert post(*wechat.seal(inner)).status_code == 403
        assert rows() == []

    def test_more_than_64_kib_are_refused(self, post, wechat):
        query, body = say(wechat)
        answer = post(query, body + b" " * MAX_BODY)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large")

    def test_more_than_64_kib_in_chunks_are_refused(self, served, wechat):
        query, body = say(wechat)
        chunks = iter([body, *[b" " * 8192] * 9])
        answer = httpx.post(wechat.callback_url, params=query, content=chunks, trust_env=False)
        assert answer.status_code == 413
        assert httpx.post(wechat.callback_url, params=query, content=iter([body]), trust_env=False).status_code == 200

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_not_allowed(self, client, method):
        answer = getattr(client, method)("/wechat")
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")

    def test_of_a_repeated_name_the_first_counts(self, client, wechat):
        query, body = say(wechat)
        both = [*query.items(), ("msg_signature", "0" * 40), ("timestamp", "1")]
        assert client.post("/wechat", query_string=both[::-1], data=body).status_code == 403
        assert client.post("/wechat", query_string=both, data=body).status_code == 200


@only_sqlite
class TestModesOverHTTP:
    @pytest.fixture(params=["plaintext", "compatible"])
    def account(self, account, request):
        return replace(account, mode=request.param)

    @pytest.fixture
    def settings(self, settings, account, wechat):
        return settings.model_copy(update={"wechat": door(account, wechat.url)})

    def test_wechat_is_answered(self, alice):
        assert "您说了「好」" in alice.text("好").text


@only_sqlite
class TestWithoutAnAccount:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"wechat": None})

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_there_is_no_door(self, client, method):
        answer = getattr(client, method)("/wechat", query_string=QUERY)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
