"""The code that a hall's screen shows: whoever scans it is there.

It names the site and until when it is good, and is signed; a picture of it can be passed on, but is
worthless within a minute or two.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from miniapp_api.errors import Problem

LASTS = timedelta(seconds=90)
"""How long a code is good; a screen shows another well before."""


def token_for(key: str, site_code: str, now: datetime) -> str:
    """Sign that whoever holds this stood before the screen of a site just now."""
    return _serializer(key).dumps([site_code, int((now + LASTS).timestamp())])


def site_of(key: str, token: str, now: datetime) -> str:
    """Find out at which site somebody is.

    Returns:
        The site's code.

    Raises:
        Problem: 422, `hall_code_forged` if we did not sign it, `hall_code_expired` if it is too old.
    """
    try:
        site_code, until = _serializer(key).loads(token)
    except BadData:
        raise Problem(422, "hall_code_forged", "这不是大厅屏幕上的二维码，请扫大厅屏幕上的码。") from None
    if now.timestamp() > until:
        raise Problem(422, "hall_code_expired", "大厅的二维码已经换了，请再扫一次屏幕上的码。")
    return str(site_code)


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        key,
        salt="daoban.hall.presence",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
