"""/wxa/getwxacodeunlimit: a code that opens a page of the mini-program.

Source: 获取不限制的小程序码 (getUnlimitedQRCode). Tencent's picture is a JPEG of its own kind of code, a
PNG if transparent; this one is always a PNG of a QR code.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from wechat_simulator.endpoints.call import Answer, Call, Picture
from wechat_simulator.errors import APIError
from wechat_simulator.pictures import qr_png

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
VERSIONS = ("release", "trial", "develop")
WIDTHS = range(280, 1281)


def unlimited(call: Call) -> Answer:
    """Draw a code for a scene and a page."""
    given = call.json()
    scene, page = given.get("scene"), given.get("page", "")
    if not isinstance(scene, str) or not SCENE.fullmatch(scene):
        raise APIError(40169)
    if given.get("env_version", "release") not in VERSIONS or given.get("width", 430) not in WIDTHS:
        raise APIError(40097)
    _check_page(call.world.account.pages, page, given.get("check_path", True))
    return Picture(qr_png("https://mp.weixin.qq.com/a/~simulator?" + urlencode({"page": page, "scene": scene})))


def _check_page(pages: tuple[str, ...], page: object, published: object) -> None:
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise APIError(41030)
    if published and pages and page and page not in pages:
        raise APIError(41030)
