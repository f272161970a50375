"""The page of a counter: open it, call the next, and what becomes of whoever was called."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from miniapp_api.desk import at_work, counter, forms
from miniapp_api.desk.frame import bp, go_to, page, wants_part
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.sites.service import Counter
from miniapp_api.staff.service import current_staff, requires_staff

MOVES = {
    "recall": hall.recall,
    "start": hall.start_serving,
    "finish": hall.finish,
    "miss": hall.miss,
    "park": hall.park,
    "unpark": hall.unpark,
    "requeue": hall.requeue,
}
"""What a button does to a ticket, by the last part of its address."""


@bp.get("/calling")
@requires_staff()
def calling() -> str:
    """Show the own counter, or those that can be opened."""
    site, own = at_work.site(), counter.own()
    if own is None:
        return page("calling", site=site, own=None, counters=counter.to_choose(site))
    return page("calling", site=site, **counter.seen(own))


@bp.get("/calling/queue")
@requires_staff()
def queue() -> str:
    """Show the queue again, and the counter beside it if what is there has changed."""
    seen = counter.seen(_own())
    return page("calling/queue", anew=request.args.get("shown") != seen["mark"], **seen)


@bp.post("/calling/counters/<string(maxlength=16):code>/open")
@requires_staff()
def open_counter(code: str) -> Response:
    """Sit down at a counter."""
    wanted = hall.counter_of(db.session, at_work.site(), code)
    hall.open_counter(db.session, wanted, current_staff(), at_work.now())
    return go_to(url_for("desk.calling"))


@bp.post("/calling/close")
@requires_staff()
def close_counter() -> Response:
    """Leave the counter."""
    if own := counter.own():
        hall.close_counter(db.session, own, current_staff())
    return go_to(url_for("desk.calling"))


@bp.post("/calling/next")
@requires_staff()
def call_next() -> str | Response:
    """Call the next; tapped again before the page knew, nobody else is called."""
    called = hall.call_next(db.session, _own(), current_staff(), at_work.now())
    return _answer(None if called else "现在没有人在等。有人来了，右边会显示。")


@bp.post("/calling/<opaque:ticket_id>/<any(recall, start, finish, miss, park, unpark, requeue):what>")
@requires_staff()
def move(ticket_id: str, what: str) -> str | Response:
    """Do something to a ticket."""
    ticket = hall.ticket_at_work(db.session, current_staff(), ticket_id)
    moved = MOVES[what](db.session, ticket, current_staff(), at_work.now())
    return _answer(counter.said(what, moved))


@bp.post("/calling/<opaque:ticket_id>/transfer")
@requires_staff()
def transfer(ticket_id: str) -> str | Response:
    """Send somebody to another queue."""
    ticket = hall.ticket_at_work(db.session, current_staff(), ticket_id)
    pool = hall.pool_beside(db.session, ticket, forms.text("pool", "要转到的窗口"))
    hall.transfer(db.session, ticket, pool, current_staff(), at_work.now())
    return _answer(f"{hall.label(ticket)} 转到“{pool.name}”了，号码不变，在那边排队。")


def _own() -> Counter:
    own = counter.own()
    if own is None:
        raise Problem(409, "counter_closed", "您的窗口已经关闭。请刷新页面，重新打开窗口。")
    return own


def _answer(said: str | None = None) -> str | Response:
    """Show the counter and its queue as they are now."""
    if not wants_part():
        return go_to(url_for("desk.calling"))
    values: dict[str, Any] = counter.seen(_own())
    return page("calling/counter", beside=True, said=said, **values)
