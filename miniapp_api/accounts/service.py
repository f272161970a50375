"""Use cases of accounts, and the only module of it that others may import."""

from __future__ import annotations

from ipaddress import ip_address
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts import tokens
from miniapp_api.accounts.access import (
    Access,
    access_of,
    public,
    requires_operator,
    requires_visitor,
    undeclared,
)
from miniapp_api.accounts.models import Visitor
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, settings

__all__ = [
    "Access",
    "Visitor",
    "access_of",
    "authenticate",
    "create_visitor",
    "current_visitor",
    "delegate",
    "init_app",
    "public",
    "requires_operator",
    "requires_visitor",
    "revoke",
    "token_for",
    "undeclared",
]


def create_visitor(session: Session, locality: str) -> Visitor:
    """Let somebody in who says no more than which city they ask about."""
    visitor = Visitor(locality=locality)
    session.add(visitor)
    session.flush()
    return visitor


def token_for(visitor: Visitor) -> str:
    """Give the lasting token of a visitor."""
    return tokens.for_visitor(settings().signing_key, visitor.public_id)


def delegate(visitor: Visitor, seconds: int = 60) -> str:
    """Give a token that acts as the visitor for a short while.

    It travels where the lasting one must not: through Rasa to the action server and back.
    """
    return tokens.for_delegate(settings().signing_key, visitor.public_id, seconds)


def authenticate(session: Session, authorization: str | None) -> Visitor:
    """Find the visitor behind an Authorization header.

    Raises:
        Problem: 401, the same for a missing, a forged, an expired and a revoked token.
    """
    scheme, _, token = (authorization or "").partition(" ")
    public_id = tokens.read(settings().signing_key, token) if scheme.lower() == "bearer" else None
    visitor = session.scalar(select(Visitor).filter_by(public_id=public_id)) if public_id else None
    if visitor is None or visitor.revoked_at:
        raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
    return visitor


def revoke(visitor: Visitor) -> None:
    """End every token of a visitor, lasting and delegated."""
    visitor.revoked_at = utc_now()


def current_visitor() -> Visitor:
    """Give the visitor whom this request acts for; only on routes that require one."""
    return cast(Visitor, g.visitor)


def init_app(app: Flask) -> None:
    """Enforce what the routes declare, before anything else of a request is looked at."""
    app.before_request(_enforce)


def _enforce() -> None:
    access = access_of(current_app.view_functions.get(request.endpoint or ""))
    if access is Access.VISITOR:
        g.visitor = authenticate(db.session, request.headers.get("Authorization"))
    if access is Access.OPERATOR and not _from_operator():
        raise Problem(404)


def _from_operator() -> bool:
    """Tell whether the caller is in the operator's networks.

    A forwarding header that no trusted proxy is known to set makes the address worthless: behind
    a proxy on this machine, everybody would seem to call from here.
    """
    forwarded = "X-Forwarded-For" in request.headers and not settings().trusted_proxies
    if forwarded or not request.remote_addr:
        return False
    caller = ip_address(request.remote_addr)
    return any(caller in network for network in settings().metrics_networks)
