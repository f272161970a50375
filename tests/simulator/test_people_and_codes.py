"""Who a citizen is, and QR codes with a scene."""

import zlib

import pytest
import zxingcpp

from tests.simulator.conftest import API, HTTP

QR = "/cgi-bin/qrcode/create"
CODE = "/wxa/getwxacodeunlimit"


def test_who_a_follower_is(api, alice, clock):
    answer = api.get("/cgi-bin/user/info", "official", openid=alice.openid)
    assert answer.headers["content-type"] == "application/json; encoding=utf-8"
    assert answer.json().items() >= {"subscribe": 1, "openid": alice.openid, "subscribe_time": int(clock())}.items()
    assert "unionid" not in answer.json()
    alice.unsubscribe()
    assert api.get("/cgi-bin/user/info", "official", openid=alice.openid).json() == {
        "subscribe": 0,
        "openid": alice.openid,
    }
    assert api.get("/cgi-bin/user/info", "official", openid="oSIMnobody").json()["errcode"] == 40003


def test_the_unionid_of_a_follower(start):
    sim, _ = start(open_platform=True)
    alice = sim.citizen("alice")
    assert API(sim).get("/cgi-bin/user/info", "official", openid=alice.openid).json()["unionid"] == alice.unionid


def test_a_code_for_a_scene_is_scanned_with_its_ticket(api, alice, callback):
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 10**9, "action_info": {"scene": {"scene_str": "hall7"}}}
    made = api.post(QR, body).json()
    assert made["expire_seconds"] == 2_592_000
    assert made["url"].startswith("http://weixin.qq.com/q/")
    alice.scan("hall7")
    assert callback.heard[-1].inner["Ticket"] == made["ticket"]
    body = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 7}}}
    assert set(api.post(QR, body).json()) == {"ticket", "url"}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 47001),
        ({"action_info": {"scene": []}}, 47001),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}}, 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_str": "x"}}}, 40053),
        ({"action_name": ["QR_SCENE"], "action_info": {"scene": {"scene_id": 1}}}, 40053),
        ({"action_name": "QR_SCENE", "expire_seconds": "1", "action_info": {"scene": {"scene_id": 1}}}, 47001),
    ],
)
def test_scenes_that_are_none(api, body, errcode):
    assert api.post(QR, body).json()["errcode"] == errcode


def test_a_mini_program_code_is_a_picture(api):
    answer = api.post(CODE, {"scene": "r=7Kd2-m9", "page": "pages/case/index"}, "mini")
    assert answer.headers["content-type"] == "image/png"
    [read] = zxingcpp.read_barcodes(_pixels(answer.content))
    assert read.text == "https://mp.weixin.qq.com/a/~simulator?page=pages%2Fcase%2Findex&scene=r%3D7Kd2-m9"


def _pixels(png):
    """Read a PNG of one bit per pixel without filters."""
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    length = int.from_bytes(png[33:37], "big")
    rows = zlib.decompress(png[41 : 41 + length])
    step = width // 8 + 1
    bits = bytearray()
    for row in range(height):
        for byte in rows[row * step + 1 : (row + 1) * step]:
            bits += bytes(255 * (byte >> shift & 1) for shift in range(7, -1, -1))
    return memoryview(bytes(bits)).cast("B", (height, width))


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"scene": ""}, 40169),
        ({"scene": "x" * 33}, 40169),
        ({"scene": "场景"}, 40169),
        ({"scene": "a%20b"}, 40169),
        ({"scene": None}, 40169),
        ({"page": "/pages/case"}, 41030),
        ({"page": "pages/case?a=1"}, 41030),
        ({"page": ["pages"]}, 41030),
        ({"env_version": "beta"}, 40097),
        ({"env_version": ["release"]}, 40097),
        ({"width": 100}, 40097),
    ],
)
def test_mini_program_codes_that_are_refused(api, changes, errcode):
    answer = api.post(CODE, {"scene": "a=1", "page": "pages/case"} | changes, "mini")
    assert answer.status_code == 200
    assert answer.json()["errcode"] == errcode


def test_pages_that_are_not_published(start):
    api = API(start(pages=("pages/index",))[0])
    body = {"scene": "a", "page": "pages/new"}
    assert api.post(CODE, body, "mini").json()["errcode"] == 41030
    assert api.post(CODE, body | {"check_path": False}, "mini").headers["content-type"] == "image/png"
    assert api.post(CODE, {"scene": "a", "page": "pages/index"}, "mini").headers["content-type"] == "image/png"


def test_what_is_not_served(sim):
    assert HTTP.get(f"{sim.url}/cgi-bin/menu/create").status_code == 404
