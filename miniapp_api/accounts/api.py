"""Addresses of accounts."""

from __future__ import annotations

from apiflask import APIBlueprint

from miniapp_api.accounts.schemas import TokenOut, VisitorIn
from miniapp_api.accounts.service import create_visitor, public, token_for
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter, settings
from miniapp_api.ports import catalogue

bp = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="访客")


@bp.post("/visitors")
@public
@limiter.limit(lambda: settings().visitor_limit)
@bp.input(VisitorIn)
@bp.output(TokenOut, status_code=201)
@bp.doc(summary="领取访客身份", description="不需要登录，也不收集个人信息。")
def enter(json_data: VisitorIn) -> dict[str, str]:
    """Let a visitor in."""
    locality = json_data.locality or settings().default_locality
    if locality not in catalogue().locality_ids():
        raise Problem(422, invalid_params=[("locality", "没有这个城市，请从城市列表里选")])
    return {"token": token_for(create_visitor(db.session, locality))}
