"""Addresses for the operator: is the process alive, can it serve, what does it count."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from miniapp_api import metrics, migrate
from miniapp_api.accounts.service import public, requires_operator
from miniapp_api.chat.service import rasa
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.ports import catalogue

bp = APIBlueprint("ops", __name__, enable_openapi=False)


@bp.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> dict[str, object]:
    """Say whether citizens can be served; the catalogue's newest files and Rasa may be amiss."""
    checks = {
        "database": _database(),
        "catalogue": "the last valid one" if catalogue().fault() else "ok",
        "rasa": "ok" if rasa().alive() else "down",
    }
    if checks["database"] != "ok":
        raise Problem(503, "not_ready", "服务还没有准备好。", extra={"checks": checks})
    return {"status": "ready", "checks": checks}


@bp.get("/metrics")
@requires_operator
def figures() -> Response:
    """Give the figures to Prometheus."""
    return metrics.exposition()


def _database() -> str:
    """Check that the database answers and has the tables of this version."""
    try:
        current = migrate.current_revision(db.session.connection())
    except SQLAlchemyError:
        return "unreachable"
    return "ok" if current == migrate.head_revision() else "needs migration"
