"""Pushes are sealed so that another implementation opens them, and replies are opened strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from wechat_simulator import Account, SealError, Simulator, XMLError, envelope, pushes, xml

MODES = ["plaintext", "compatible", "safe"]
WORDS = st.text(max_size=60).map(lambda text: xml.ILLEGAL.sub("", text).replace("\r", ""))


def theirs(account):
    return WeChatCrypto(account.token, account.aes_key, account.app_id)


def document(content):
    return pushes.text(content).document("gh_x", "oSIMa", 1_795_600_000, "123")


@pytest.mark.parametrize("mode", MODES)
@given(content=WORDS)
def test_wechatpy_reads_what_we_seal(mode, content):
    account = Account(mode=mode)
    query, body = envelope.seal(account, document(content), "oSIMa")
    assert ("msg_signature" in query) == (mode != "plaintext")
    if mode != "plaintext":
        body = theirs(account).decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    message = parse_message(body)
    assert (message.source, message.target, message.id) == ("oSIMa", "gh_x", 123)
    assert message.content == (content.strip() or None)  # wechatpy strips


@given(content=WORDS)
def test_we_read_what_wechatpy_seals(content):
    account = Account()
    inner = f"<xml>{xml.text_element('Content', content)}</xml>"
    sealed = theirs(account).encrypt_message(inner, "7", "1795600000")
    assert envelope.open_reply(account, sealed.encode()) == {"Content": content}


def test_a_safe_push_shows_nothing():
    query, body = envelope.seal(Account(), document("我的身份证号"), "oSIMa")
    assert set(xml.read(body)) == {"ToUserName", "Encrypt"}
    assert query["encrypt_type"] == "aes"


def test_a_compatible_push_shows_everything_twice():
    _, body = envelope.seal(Account(mode="compatible"), document("a</xml>b"), "oSIMa")
    assert xml.read(body)["Content"] == "a</xml>b"
    assert "Encrypt" in xml.read(body)


def test_every_envelope_is_another():
    first, second = (envelope.seal(Account(), document("好"), "oSIMa") for _ in range(2))
    assert first[0]["nonce"] != second[0]["nonce"]
    assert first[1] != second[1]


def test_seal_of_the_simulator_can_be_bent():
    simulator = Simulator()
    query, body = simulator.seal(document("好"), timestamp=1, nonce="n", token="another", random=b"r" * 16)
    assert (query["timestamp"], query["nonce"], query["openid"]) == ("1", "n", "oSIMa")
    assert body == simulator.seal(document("好"), timestamp=1, nonce="n", random=b"r" * 16)[1]
    with pytest.raises(InvalidSignatureException):
        theirs(Account()).decrypt_message(body, query["msg_signature"], "1", "n")
    assert simulator.seal(document("好"), mode="plaintext")[1] == document("好").encode()
    simulator.close()


def test_a_reply_must_be_sealed_in_safe_mode_only():
    plain = b"<xml><Content>x</Content></xml>"
    assert envelope.open_reply(Account(mode="compatible"), plain) == {"Content": "x"}
    with pytest.raises(SealError):
        envelope.open_reply(Account(), plain)


def test_a_reply_with_a_wrong_signature_is_refused():
    sealed = theirs(Account()).encrypt_message("<xml><A>1</A></xml>", "7", "1795600000")
    with pytest.raises(SealError, match="MsgSignature"):
        envelope.open_reply(Account(), sealed.replace("1795600000", "1795600001").encode())
    with pytest.raises(XMLError, match="Nonce"):
        envelope.open_reply(Account(), sealed.replace("Nonce", "Once").encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"<html/>",
        b"<xml><A>1</A><A>2</A></xml>",
        b'<!DOCTYPE x [<!ENTITY e "x">]><xml>&e;</xml>',
        b"<xml><A>\x0b</A></xml>",
        b'<?xml version="1.0" encoding="gbk"?><xml/>',
        b'<?xml version="1.0" encoding="nothing"?><xml/>',
        b"<xml><A><![CDATA[a]]></A><B>]]></B></xml>",
    ],
)
def test_documents_that_are_none(body):
    with pytest.raises(XMLError):
        xml.read(body)


@given(st.text())
def test_any_text_survives_xml(text):
    expected = xml.ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    assert xml.read(f"<xml>{xml.text_element('Content', text)}</xml>")["Content"] == expected
