"""Serving the endpoints: counting, faults, method, token, and only then what was asked."""

from __future__ import annotations

import json
import socket
import time
from functools import partial

from flask import Flask, Response, request

from wechat_simulator.endpoints import ENDPOINTS
from wechat_simulator.endpoints.call import Answer, Call, Endpoint, Picture
from wechat_simulator.errors import APIError, answer_to
from wechat_simulator.world import World


def add_api(app: Flask, world: World) -> None:
    """Add a route for each endpoint; a wrong method is answered by an errcode, not by a 405."""
    for endpoint in ENDPOINTS:
        app.add_url_rule(endpoint.path, endpoint.path, partial(_serve, world, endpoint), methods=["GET", "POST"])


def _serve(world: World, endpoint: Endpoint) -> Response:
    world.records.requested(endpoint.path)
    if world.faults.dropping(endpoint.path, after=False):
        return _hung_up()
    time.sleep(world.faults.delay(endpoint.path))
    try:
        answer = _answer(world, endpoint)
    except APIError as error:
        answer = answer_to(error)
    if world.faults.dropping(endpoint.path, after=True):
        return _hung_up()
    return _response(endpoint, answer)


def _answer(world: World, endpoint: Endpoint) -> Answer:
    if request.method != endpoint.method:
        raise APIError(43001 if endpoint.method == "GET" else 43002)
    if (errcode := world.faults.errcode(endpoint.path)) is not None:
        raise APIError(errcode)
    if endpoint.app is not None:
        _check_token(world, endpoint.app)
    return endpoint.handle(Call(world, request.args, request.get_data()))


def _check_token(world: World, app: str) -> None:
    """Check that the access_token is valid and of the right app (48001 otherwise [from memory])."""
    wanted = world.account.app_id if app == "official" else world.account.mini_app_id
    if world.tokens.check(request.args.get("access_token")) != wanted:
        raise APIError(48001)


def _response(endpoint: Endpoint, answer: Answer) -> Response:
    if isinstance(answer, Picture):
        return Response(answer.data, content_type="image/png")
    return Response(json.dumps(answer, ensure_ascii=False), content_type=endpoint.content_type)


def _hung_up() -> Response:
    """Shut the connection down; werkzeug then finds nobody to answer, and says nothing about it."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response()
