"""Addresses of the exchange, for other systems only."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIBlueprint
from flask import g, request

from miniapp_api.accounts.service import signed
from miniapp_api.errors import Problem
from miniapp_api.exchange import receiving, signing
from miniapp_api.exchange.schemas import ProgressIn, ReportOut
from miniapp_api.extensions import db, settings
from miniapp_api.partner_settings import Partner

bp = APIBlueprint("exchange", __name__, url_prefix="/api/v1/exchange", tag="和其他系统对接")

_DELIVERY = re.compile(r"[!-~]{8,64}")
_NOBODY = Partner("nobody", b"\0" * 32)


@bp.before_request
def enforce() -> None:
    """Find who signed the request, before anything else of it is looked at."""
    name = str((request.view_args or {}).get("partner"))
    g.senders = {name: _sender(name)}


@bp.post("/<partner>/progress")
@signed
@bp.input(ProgressIn)
@bp.output(ReportOut)
@bp.doc(
    summary="其他系统推送办件进度",
    description="用约定的密钥签名，见运维手册“对接”。同一个投递编号只做一次，再发还是同样的回答。",
)
def progress(partner: str, json_data: ProgressIn) -> dict[str, Any]:
    """Take over progress of cases of another system."""
    delivery = request.headers[signing.DELIVERY]
    return receiving.receive(db.session, g.senders[partner], delivery, request.get_data(), json_data.model_dump())


def _sender(name: str) -> Partner:
    """Find who signed the request; unknown systems and wrong signatures get the same answer.

    Raises:
        Problem: 401.
    """
    names = (signing.TIMESTAMP, signing.DELIVERY, signing.SIGNATURE)
    given = {header: request.headers.get(header, "") for header in names}
    sender = next((partner for partner in settings().partners if partner.name == name), _NOBODY)
    good = signing.is_signed(sender.secret, given, request.get_data())
    if sender is _NOBODY or not good or not _DELIVERY.fullmatch(given[signing.DELIVERY]):
        raise Problem(401, "not_signed", "签名不对，或者两边的时钟相差太多，没有接收。请核对密钥和时间。")
    return sender
