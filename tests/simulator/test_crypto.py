"""Our cryptography against Tencent's vectors, and against everything that can be put into it."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wechat_simulator import Account, SealError, crypto

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["crypto"]
KEY = Account().aes_key
APP = Account().app_id


def test_signature_of_the_url_verification():
    vector = VECTORS["url_verification_get"]
    assert crypto.signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]


def test_push_of_tencents_page():
    vector = VECTORS["aes_push_json"]
    query, encrypted = vector["query"], vector["body"]["Encrypt"]
    stamp, nonce = query["timestamp"], query["nonce"]
    assert crypto.signature(vector["token"], stamp, nonce) == query["signature"]
    assert crypto.signature(vector["token"], stamp, nonce, encrypted) == query["msg_signature"]
    opened = crypto.decrypt(encrypted, vector["encoding_aes_key"], vector["appid"])
    assert opened.decode() == vector["plaintext"]
    again = crypto.encrypt(opened, vector["encoding_aes_key"], vector["appid"], vector["random"].encode())
    assert again == encrypted


def test_reply_of_tencents_page():
    vector = VECTORS["aes_reply_json"]
    expected = vector["expected"]
    message, random = vector["plaintext"].encode(), vector["random"].encode()
    encrypted = crypto.encrypt(message, vector["encoding_aes_key"], vector["appid"], random)
    assert encrypted == expected["Encrypt"]
    stamp = str(expected["TimeStamp"])
    assert crypto.signature(vector["token"], stamp, expected["Nonce"], encrypted) == expected["MsgSignature"]


def test_the_text_of_a_session_key_is_the_key():
    vector = VECTORS["hmac_session_key"]
    signed = hmac.new(vector["session_key"].encode(), vector["body"].encode(), hashlib.sha256).hexdigest()
    assert signed == vector["signature"]


@given(st.binary(max_size=300))
def test_what_is_encrypted_can_be_decrypted(message):
    assert crypto.decrypt(crypto.encrypt(message, KEY, APP), KEY, APP) == message


@given(st.binary(max_size=200), st.text(max_size=100))
def test_rubbish_is_refused(data, text):
    for encrypted in (base64.b64encode(data).decode(), text):
        with pytest.raises(SealError):
            crypto.decrypt(encrypted, KEY, APP)


def test_another_app_or_key_is_refused():
    encrypted = crypto.encrypt(b"<xml/>", KEY, APP)
    with pytest.raises(SealError):
        crypto.decrypt(encrypted, KEY, "wx0000000000000000")
    with pytest.raises(SealError):
        crypto.decrypt(encrypted, "B" * 43, APP)
