"""/cgi-bin/user/info and /cgi-bin/qrcode/create of the official account."""

from __future__ import annotations

from urllib.parse import quote

from wechat_simulator import identity
from wechat_simulator.endpoints.call import Answer, Call
from wechat_simulator.errors import APIError

SCENE_LIMIT = 64
SHORTEST, MONTH = 60, 2_592_000
NUMBERS, TEXTS = ("QR_SCENE", "QR_LIMIT_SCENE"), ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE")


def info(call: Call) -> Answer:
    """Say who a citizen is (获取用户基本信息); names and pictures are no longer given since 2021."""
    citizen = call.world.follower(call.args.get("openid"))
    union = {"unionid": citizen.unionid} if citizen.unionid else {}
    if not citizen.subscribed:
        return {"subscribe": 0, "openid": citizen.openid, **union}
    return {
        "subscribe": 1,
        "openid": citizen.openid,
        "language": "zh_CN",
        "subscribe_time": int(citizen.followed_at),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
        **union,
    }


def create_qr(call: Call) -> Answer:
    """Make a QR code with a scene (生成带参数的二维码)."""
    given = call.json()
    scene = _scene(given)
    ticket = identity.ticket()
    call.world.keep_ticket(scene, ticket)
    answer: Answer = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{quote(scene)}"}
    if "LIMIT" not in given["action_name"]:
        answer["expire_seconds"] = _lifetime(given.get("expire_seconds", SHORTEST))
    return answer


def _lifetime(seconds: object) -> int:
    if not isinstance(seconds, int):
        raise APIError(47001)
    return max(SHORTEST, min(seconds, MONTH))


def _scene(given: dict[str, object]) -> str:
    action, about = given.get("action_name"), given.get("action_info")
    scene = about.get("scene") if isinstance(about, dict) else None
    if not isinstance(scene, dict):
        raise APIError(47001)
    number, text = scene.get("scene_id"), scene.get("scene_str")
    if action in NUMBERS and isinstance(number, int) and number > 0:
        return str(number)
    if action in TEXTS and isinstance(text, str) and 1 <= len(text) <= SCENE_LIMIT:
        return text
    raise APIError(40053)
