"""Addresses of a hall's day for those who work there, each for the own site only."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.hall import service
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.schemas import (
    CheckInIn,
    DeskTicketOut,
    HallCodeOut,
    KeyIn,
    NextOut,
    TodayIn,
    TodayOut,
    TransferIn,
    WalkInIn,
)
from miniapp_api.sites.service import Counter, Site
from miniapp_api.staff.service import current_staff, requires_staff

bp = APIBlueprint("hall_desk", __name__, url_prefix="/api/v1/desk", tag="窗口")

_SITE = "/sites/<string(maxlength=64):code>"
_COUNTER = f"{_SITE}/counters/<string(maxlength=64):counter>"
_TICKET = "/tickets/<opaque:ticket_id>"


@bp.get(f"{_SITE}/today")
@requires_staff()
@bp.input(TodayIn, location="query")
@bp.output(TodayOut)
@bp.doc(summary="一天的预约、号码和窗口")
def today(code: str, query_data: TodayIn) -> dict[str, Any]:
    """Show a day."""
    return service.today(db.session, _site(code), query_data.day or service.day_of(utc_now()))


@bp.get(f"{_SITE}/hall-code")
@requires_staff()
@bp.output(HallCodeOut)
@bp.doc(summary="大厅屏幕上的码", description="90 秒内有效，请每分钟换一次。只给大厅的屏幕用，不要发到网上。")
def hall_code(code: str) -> dict[str, Any]:
    """Give what the screen shows."""
    now = utc_now()
    return {"token": service.hall_token(_site(code), now), "until": now + service.HALL_TOKEN_LASTS}


@bp.post(f"{_SITE}/check-ins")
@requires_staff()
@bp.input(CheckInIn)
@bp.output(DeskTicketOut, status_code=201)
@bp.doc(summary="扫预约凭证签到")
def check_in(code: str, json_data: CheckInIn) -> dict[str, Any]:
    """Check somebody in by the code on their booking."""
    return _shown(service.check_in_by_code(db.session, json_data.digits, _site(code), _actor(), utc_now()))


@bp.post(f"{_SITE}/tickets")
@requires_staff()
@bp.input(KeyIn, location="headers")
@bp.input(WalkInIn)
@bp.output(DeskTicketOut, status_code=201)
@bp.doc(summary="现场取号", description="同一个 Idempotency-Key 只取一个号。")
def walk_in(code: str, headers_data: KeyIn, json_data: WalkInIn) -> dict[str, Any]:
    """Give a number to whoever stands at the desk."""
    pool = service.pool_for(_site(code), json_data.service)
    key = service.key_of(pool, current_staff().public_id, headers_data.key)
    issued = service.walk_in(db.session, pool, json_data.service, json_data.kind, _actor(), now=utc_now(), key=key)
    return _shown(issued)


@bp.post(f"{_COUNTER}/open")
@requires_staff()
@bp.output({}, status_code=204)
@bp.doc(summary="开窗口")
def open_counter(code: str, counter: str) -> str:
    """Open a counter."""
    service.open_counter(db.session, _counter(code, counter), current_staff(), utc_now())
    return ""


@bp.post(f"{_COUNTER}/close")
@requires_staff()
@bp.output({}, status_code=204)
@bp.doc(summary="关窗口")
def close_counter(code: str, counter: str) -> str:
    """Close a counter."""
    service.close_counter(db.session, _counter(code, counter), current_staff())
    return ""


@bp.post(f"{_COUNTER}/call-next")
@requires_staff()
@bp.output(NextOut)
@bp.doc(summary="叫下一位", description="没有人等就是 null；窗口上还有号没结束，就是 409 counter_busy。")
def call_next(code: str, counter: str) -> dict[str, Any]:
    """Call the next."""
    called = service.call_next(db.session, _counter(code, counter), current_staff(), utc_now())
    return {"ticket": _shown(called) if called else None}


@bp.post(f"{_TICKET}/recall")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="再叫一次", description="隔 30 秒才能再叫；叫过三次没有人来，再叫就算过号。")
def recall(ticket_id: str) -> dict[str, Any]:
    """Call somebody once more."""
    return _shown(service.recall(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/start")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="人来了，开始办")
def start(ticket_id: str) -> dict[str, Any]:
    """Begin to serve."""
    return _shown(service.start_serving(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/finish")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="办结")
def finish(ticket_id: str) -> dict[str, Any]:
    """Note that somebody was served."""
    return _shown(service.finish(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/miss")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="过号", description="第一次过号，30 分钟以内可以重排。")
def miss(ticket_id: str) -> dict[str, Any]:
    """Note that nobody came."""
    return _shown(service.miss(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/requeue")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="过号重排", description="排回原来的位置，只能一次。")
def requeue(ticket_id: str) -> dict[str, Any]:
    """Put somebody back."""
    return _shown(service.requeue(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/park")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="挂起", description="比如去复印，窗口先叫别人。")
def park(ticket_id: str) -> dict[str, Any]:
    """Set somebody aside."""
    return _shown(service.park(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/unpark")
@requires_staff()
@bp.output(DeskTicketOut)
@bp.doc(summary="取消挂起", description="排回原来的位置。")
def unpark(ticket_id: str) -> dict[str, Any]:
    """Put somebody back who was set aside."""
    return _shown(service.unpark(db.session, _ticket(ticket_id), current_staff(), utc_now()))


@bp.post(f"{_TICKET}/transfer")
@requires_staff()
@bp.input(TransferIn)
@bp.output(DeskTicketOut)
@bp.doc(summary="转到别的队列", description="号码不变，等过的时间也算。")
def transfer(ticket_id: str, json_data: TransferIn) -> dict[str, Any]:
    """Send somebody to another queue."""
    ticket = _ticket(ticket_id)
    pool = service.pool_beside(db.session, ticket, json_data.pool)
    return _shown(service.transfer(db.session, ticket, pool, current_staff(), utc_now()))


def _site(code: str) -> Site:
    return service.site_at_work(db.session, current_staff(), code)


def _counter(code: str, counter: str) -> Counter:
    return service.counter_of(db.session, _site(code), counter)


def _ticket(public_id: str) -> Ticket:
    return service.ticket_at_work(db.session, current_staff(), public_id)


def _actor() -> str:
    return service.actor_of(current_staff().public_id)


def _shown(ticket: Ticket) -> dict[str, Any]:
    return service.desk_view(ticket, service.names_beside(db.session, ticket))
