"""/cgi-bin/token and /cgi-bin/stable_token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wechat_simulator.endpoints.call import Answer, Call
from wechat_simulator.errors import APIError
from wechat_simulator.world import World


def token(call: Call) -> Answer:
    """Issue a token that replaces the one before."""
    app_id = checked_app(call.world, call.args, call.args.get("grant_type"))
    return _answer(call.world.tokens.fetch(app_id))


def stable_token(call: Call) -> Answer:
    """Give the token that is valid now."""
    given = call.json()
    app_id = checked_app(call.world, given, given.get("grant_type"))
    return _answer(call.world.tokens.fetch_stable(app_id, given.get("force_refresh") is True))


def checked_app(world: World, given: Mapping[str, Any], grant_type: object) -> str:
    """Check the app's id and secret.

    Raises:
        APIError: As Tencent words it.
    """
    if grant_type != "client_credential":
        raise APIError(40002)
    return known_app(world, given)


def known_app(world: World, given: Mapping[str, Any]) -> str:
    """Check the app's id and secret, whatever for.

    Raises:
        APIError: Missing (41002, 41004) or wrong (40013, 40125).
    """
    app_id, secret = given.get("appid"), given.get("secret")
    if not app_id:
        raise APIError(41002)
    if not secret:
        raise APIError(41004)
    expected = world.account.secret_of(app_id) if isinstance(app_id, str) else None
    if expected is None:
        raise APIError(40013)
    if secret != expected:
        raise APIError(40125)
    return app_id


def _answer(issued: tuple[str, int]) -> Answer:
    return {"access_token": issued[0], "expires_in": issued[1]}
