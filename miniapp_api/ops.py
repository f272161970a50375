"""Addresses for the operator: is the process alive, can it serve, what does it count."""

from __future__ import annotations

from functools import cache

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from miniapp_api import metrics, migrate
from miniapp_api.accounts.service import public, requires_operator
from miniapp_api.calendar import service as calendar
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
    """Say whether citizens can be served; the catalogue's newest files, Rasa and the calendar may be amiss."""
    checks = {
        "database": _database(),
        "catalogue": "the last valid one" if catalogue().fault() else "ok",
        "rasa": "ok" if rasa().alive() else "down",
    }
    if checks["database"] != "ok":
        raise Problem(503, "not_ready", "服务还没有准备好。", extra={"checks": checks})
    checks["calendar"] = _calendar()
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


def _calendar() -> str:
    """Say whether the published days nearly run out, and note for the figures how many are left."""
    day = calendar.today()
    _calendar_days_left().set(calendar.days_left(db.session, day))
    return calendar.fault(db.session, day) or "ok"


@cache
def _calendar_days_left() -> Gauge:
    """The gauge, made when first set: until then there is no figure, rather than a zero."""
    return Gauge(
        "daoban_calendar_days_left",
        "Days to the last one whose being worked is published, when /readyz was last asked",
        multiprocess_mode="mostrecent",
    )
