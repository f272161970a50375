"""Links by which a checklist can be read without being its owner.

The token is a capability: whoever holds it may read this one checklist. It names the guide and
nothing personal; the signature is compared in constant time by itsdangerous.
"""

from __future__ import annotations

import hashlib

from itsdangerous import BadData, URLSafeSerializer


def token_for(key: str, public_id: str) -> str:
    """Sign the id of a guide for reading."""
    return _serializer(key).dumps(public_id)


def read(key: str, token: str) -> str | None:
    """Find out which guide a token opens, None if it is forged or broken."""
    try:
        return str(_serializer(key).loads(token))
    except BadData:
        return None


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        key,
        salt="daoban.share.checklist",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
