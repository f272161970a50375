"""Login to the mini-program: jscode2session, checksession, getuserphonenumber.

Source: 小程序登录, 检验登录态, 手机号快速验证组件 (developers.weixin.qq.com/miniprogram/dev/server/API/).
"""

from __future__ import annotations

import hashlib
import hmac

from wechat_simulator import identity
from wechat_simulator.endpoints.call import OK, Answer, Call
from wechat_simulator.endpoints.credentials import known_app
from wechat_simulator.errors import APIError


def code_to_session(call: Call) -> Answer:
    """Exchange a login code; every login makes the session_key before it invalid."""
    account = call.world.account
    if known_app(call.world, call.args) != account.mini_app_id:
        raise APIError(40013)
    if call.args.get("grant_type") != "authorization_code":
        raise APIError(40002)
    if not call.args.get("js_code"):
        raise APIError(41008)
    name, _ = call.world.login_codes.exchange(call.args["js_code"])
    citizen = call.world.citizen(name)
    citizen.session_key = identity.session_key()
    union = {"unionid": citizen.unionid} if citizen.unionid else {}
    return {"session_key": citizen.session_key, "openid": citizen.mini_openid, **union}


def check_session(call: Call) -> Answer:
    """Say whether a session_key is the last one; the text of the key is the key, not what it encodes."""
    citizen = call.world.user(call.args.get("openid"))
    if call.args.get("sig_method") != "hmac_sha256" or not citizen.session_key:
        raise APIError(87009)
    expected = hmac.new(citizen.session_key.encode(), b"", hashlib.sha256).hexdigest()
    if call.args.get("signature") != expected:
        raise APIError(87009)
    return OK


def phone_number(call: Call) -> Answer:
    """Exchange a code for a phone number; with `openid`, only if it is that citizen's."""
    given = call.json()
    if "openid" in given:
        owner = call.world.user(given["openid"]).name
        call.world.phone_codes.check_owner(given.get("code"), owner)
    _, number = call.world.phone_codes.exchange(given.get("code"))
    stamp = {"timestamp": int(call.world.clock()), "appid": call.world.account.mini_app_id}
    # countryCode is documented as a string; the sample beside it shows a number.
    info = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86", "watermark": stamp}
    return {**OK, "phone_info": info}
