"""Addresses of signed codes for programs: the mini-program, the staff page, offline checkers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from miniapp_api.accounts.service import Visitor, authenticate, public
from miniapp_api.entries import to_text
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter, settings
from miniapp_api.signed_codes import service
from miniapp_api.signed_codes.schemas import CodeOut, KeyOut, KeysOut, RevocationsOut

LIST_CACHE = "public, max-age=60"

bp = APIBlueprint("signed_codes", __name__, tag="凭证")
limit = limiter.shared_limit(lambda: settings().code_limit, scope="signed_codes")


@bp.get("/api/v1/codes/<digits>")
@public
@limit
@bp.output(CodeOut)
@bp.doc(summary="查凭证真假", description="二维码网址里 /r/ 后面的 179 位数字。不是我们发出的和查不到的，都是 404。")
def code(digits: str) -> dict[str, Any]:
    """Say what a code tells whoever scans it."""
    try:
        seen = service.scan(db.session, digits, caller)
    except service.ForgedCodeError:
        raise Problem(404, "forged_code", "这不是我们发出的凭证，请不要相信。可以拨打 12345 核实。") from None
    except service.UnknownCodeError:
        raise Problem(404, "unknown_code", "查不到这份凭证，请带上它到窗口核实，或者拨打 12345。") from None
    return asdict(seen) | {"kind": seen.kind.name.lower()}


@bp.get("/.well-known/receipt-keys.json")
@public
@limit
@bp.doc(hide=True)
def keys() -> Response:
    """Give the public keys."""
    listed = [
        KeyOut(
            kid=key.kid,
            alg=key.algorithm.name,
            public_key=to_text(key.public),
            not_before=key.not_before,
            not_after=key.not_after,
            compromised_at=key.compromised_at,
            revocations=revoked,
        )
        for key, revoked in service.keys(db.session)
    ]
    return _public(KeysOut(host=service.host(), keys=listed))


@bp.get("/.well-known/receipt-revocations/<int(max=31):kid>")
@public
@limit
@bp.doc(hide=True)
def revocations(kid: int) -> Response:
    """Give the ids of the codes of a key that are revoked."""
    return _public(RevocationsOut(kid=kid, ids=service.revocations(db.session, kid)))


def caller() -> Visitor | None:
    """Find the visitor who asks; whoever has no valid token is a stranger like others."""
    with suppress(Problem):
        return authenticate(db.session, request.headers.get("Authorization"))
    return None


def _public(content: KeysOut | RevocationsOut) -> Response:
    """Answer with what is no secret and the same for everybody."""
    response = Response(content.model_dump_json(), mimetype="application/json")
    response.headers["Cache-Control"] = LIST_CACHE
    response.add_etag()
    return response.make_conditional(request)
