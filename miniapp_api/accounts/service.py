"""Use cases of accounts, and the only module of it that others may import."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, cast

from flask import Flask, current_app, g, request
from sqlalchemy import Column, delete, select, tuple_, update
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.accounts import erasing, tokens
from miniapp_api.accounts.access import (
    Access,
    access_of,
    declare,
    public,
    requires_operator,
    requires_visitor,
    signed,
    undeclared,
)
from miniapp_api.accounts.models import Login, MergedVisitor, Visitor
from miniapp_api.database import Base, utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, settings

__all__ = [
    "Access",
    "Visitor",
    "access_of",
    "authenticate",
    "close_login",
    "create_visitor",
    "current_visitor",
    "declare",
    "delegate",
    "init_app",
    "merge",
    "open_login",
    "public",
    "requires_operator",
    "requires_visitor",
    "revoke",
    "signed",
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


def open_login(session: Session, visitor: Visitor, lasting: timedelta) -> tuple[str, datetime]:
    """Log a visitor in.

    Returns:
        The token of the session, which says nothing, and when it ends.
    """
    token, digest = tokens.for_login()
    login = Login(digest=digest, visitor_id=visitor.id, expires_at=utc_now() + lasting)
    session.add(login)
    return token, login.expires_at


def close_login(session: Session, authorization: str | None) -> None:
    """End the session whose token a header holds; other tokens have no session, and nothing happens."""
    digest = tokens.digest_of_login(_bearer(authorization))
    if digest:
        session.execute(delete(Login).filter_by(digest=digest))


def authenticate(session: Session, authorization: str | None) -> Visitor:
    """Find the visitor behind an Authorization header.

    Raises:
        Problem: 401, the same for a missing, a forged, an expired and a revoked token.
    """
    visitor = _visitor_behind(session, _bearer(authorization))
    if visitor and (merged := session.get(MergedVisitor, visitor.id)):
        visitor = session.get_one(Visitor, merged.into_id)
    if visitor is None or visitor.revoked_at:
        raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
    return visitor


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _visitor_behind(session: Session, token: str) -> Visitor | None:
    if digest := tokens.digest_of_login(token):
        login = session.get(Login, digest)
        return session.get(Visitor, login.visitor_id) if login and utc_now() < login.expires_at else None
    public_id = tokens.read(settings().signing_key, token)
    return session.scalar(select(Visitor).filter_by(public_id=public_id)) if public_id else None


def merge(session: Session, *, into: Visitor, gone: Visitor) -> None:
    """Make two visitors one: everything that refers to `gone` refers to `into` from now on.

    What belongs to a visitor has a foreign key to them, whatever domain it is of; of what each may
    have once, that of `into` stays. Tokens of `gone` go on to work, as tokens of `into`.

    Raises:
        Problem: 409 if one of them was merged at this very moment.
    """
    session.flush()
    both = (into.id, gone.id)
    session.execute(select(Visitor.id).where(Visitor.id.in_(both)).order_by(Visitor.id).with_for_update(key_share=True))
    if session.scalar(select(MergedVisitor.visitor_id).where(MergedVisitor.visitor_id.in_(both)).limit(1)):
        raise Problem(409)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.references(Visitor.__table__) for key in column.foreign_keys):
                _drop_twins(session, column, into=into, gone=gone)
                session.execute(update(table).where(column == gone.id).values({column: into.id}))
    session.add(MergedVisitor(visitor_id=gone.id, into_id=into.id))
    session.flush()


def _drop_twins(session: Session, column: Column[Any], *, into: Visitor, gone: Visitor) -> None:
    """Drop the rows of `gone` that would have the same primary key as rows of `into`."""
    table = column.table
    rest = [part for part in table.primary_key if part is not column]
    if column.primary_key and rest:
        taken = select(*rest).where(column == into.id)
        session.execute(delete(table).where(column == gone.id, tuple_(*rest).in_(taken)))


def revoke(visitor: Visitor) -> None:
    """End every token of a visitor, lasting and delegated."""
    visitor.revoked_at = utc_now()


def current_visitor() -> Visitor:
    """Give the visitor whom this request acts for; only on routes that require one."""
    return cast(Visitor, g.visitor)


def init_app(app: Flask) -> None:
    """Enforce what the routes declare, before anything else of a request is looked at."""
    holdings.register(app, erasing.HOLDING)
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
