"""Bookings, halls and days as the API shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import joinedload

from miniapp_api.appointments import changing, conduct
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.listing import DayOffer, HallOffer, TimeOffer
from miniapp_api.appointments.models import Booking, Restriction, Waiting
from miniapp_api.appointments.planning import at
from miniapp_api.appointments.schedules import Conduct
from miniapp_api.appointments.waiting import ahead_of
from miniapp_api.appointments.wording import LEVELS, SESSIONS, clock, day_text, when_text
from miniapp_api.people.service import relation_text
from miniapp_api.signed_codes.service import SignedCode, link_of
from miniapp_api.sites.service import Pool, services

STATUS_TEXTS = {
    "held": "给您留着，等您确认",
    "confirmed": "已约好",
    "checked_in": "已签到",
    "served": "已办理",
    "missed": "没有来",
    "cancelled": "已取消",
    "revoked": "大厅取消",
    "expired": "过时放掉了",
}


def pool_ref(pool: Pool) -> str:
    """How a pool is spoken of: its site's code and its own."""
    return f"{pool.site.code}.{pool.code}"


def hall(found: HallOffer) -> dict[str, Any]:
    """A hall (`schemas.HallOut`)."""
    offer, first = found.offer, found.first
    site = offer.site
    return {
        "pool": pool_ref(offer.pool),
        "name": site.name,
        "counter_group": offer.pool.name,
        "tier": site.tier,
        "district": site.district,
        "address": site.address,
        "phone": site.phone,
        "hours": site.hours,
        "km": None if offer.km is None else round(offer.km, 1),
        "minutes": offer.units * offer.pool.grid,
        "demo": site.demo,
        "next": None if first is None else {"day": first[0], "time": clock(first[1]), "text": when_text(*first)},
        "text": f"最近的空号：{when_text(*first)}" if first else "近期约满了，可以候补，或者到现场取号",
    }


def day(offer: DayOffer) -> dict[str, Any]:
    """A day (`schemas.DayOut`)."""
    return {
        "day": offer.day,
        "text": day_text(offer.day),
        "state": offer.state,
        "level": offer.level,
        "say": offer.text,
        "sessions": [SESSIONS[kind] for kind in offer.sessions],
    }


def time(offer: TimeOffer) -> dict[str, Any]:
    """A time (`schemas.TimeOut`)."""
    return {
        "time": clock(offer.start),
        "until": clock(offer.end),
        "session": SESSIONS[offer.session],
        "level": offer.level,
        "say": LEVELS[offer.level],
    }


def booking(act: Act, row: Booking, bring: list[dict[str, Any]]) -> dict[str, Any]:
    """A booking (`schemas.BookingOut`)."""
    pool = act.session.get_one(Pool, row.pool_id, options=[joinedload(Pool.site)])
    policy, start = changing.policy_of(act, row), at(row.day, row.start)
    past = row.status == "confirmed" and changing.is_past(act, row, policy)
    return {
        "id": row.public_id,
        "code": row.code,
        "status": row.status,
        "status_text": STATUS_TEXTS[row.status],
        "version": row.version,
        "service": row.service,
        "service_name": services().get(row.service).name,
        "person": row.name_mask,
        "relation_text": relation_text(row.relation),
        "pool": pool_ref(pool),
        "site_name": pool.site.name,
        "counter_group": pool.name,
        "address": pool.site.address,
        "phone": pool.site.phone,
        "demo": pool.site.demo,
        "day": row.day,
        "time": clock(row.start),
        "until": clock(row.end),
        "text": when_text(row.day, row.start),
        "session_text": SESSIONS[row.session],
        "hold_until": row.hold_until,
        "check_in_from": start - timedelta(minutes=policy.early_minutes) if row.status == "confirmed" else None,
        "check_in_until": start + timedelta(minutes=policy.late_minutes) if row.status == "confirmed" else None,
        "link": link(act, row),
        "bring": bring,
        "can_cancel": row.status in ("held", "confirmed") and not past,
        "can_move": row.status == "confirmed" and row.moves < policy.moves and not past,
        "late_cancel_after": start - timedelta(minutes=policy.cancel_minutes),
        "rules": rules(act.schedules.conduct),
    }


def link(act: Act, row: Booking) -> str | None:
    """The address in a booking's QR code, None before it is confirmed."""
    return link_of(act.session.get_one(SignedCode, row.sign)) if row.sign else None


def rules(figures: Conduct) -> str:
    """What not coming costs, in words: citizens are told before they book."""
    sessions = "和".join(SESSIONS[kind] for kind in figures.restricted_sessions)
    return (
        f"来不了请提前取消。约了没来记 {figures.no_show_points:g} 分，临时取消记 {figures.late_cancel_points:g} 分，"
        f"{figures.counted_days} 天内满 {figures.limit_points:g} 分，"
        f"{figures.restricted_days} 天不能在网上约{sessions}；"
        f"平时的号、电话和现场不受影响，{figures.exempt_age} 岁以上不记分。"
    )


def waiting(act: Act, entry: Waiting, held: Booking | None) -> dict[str, Any]:
    """An entry of the waiting list (`schemas.WaitOut`)."""
    ahead = ahead_of(act.session, entry)
    offered = entry.state == "offered" and held is not None
    return {
        "id": entry.public_id,
        "service": entry.service,
        "service_name": services().get(entry.service).name,
        "site": entry.site,
        "first_day": entry.first_day,
        "last_day": entry.last_day,
        "state": entry.state,
        "ahead": ahead,
        "booking": held.public_id if offered and held else None,
        "text": "轮到您了，请尽快确认" if offered else f"在候补，{ahead_text(ahead)}，有号会告诉您",
    }


def ahead_text(ahead: int) -> str:
    """How many came before, in words."""
    return f"前面还有 {ahead} 位" if ahead else "您排第一位"


def restriction(row: Restriction, name: str) -> dict[str, Any]:
    """A restriction (`schemas.RestrictionOut`)."""
    said = {"standing": "可以申诉", "appealed": "申诉正在处理", "upheld": "申诉没有通过", "lifted": "已解除"}
    return {"id": row.public_id, "person": name, "until": row.until_at, "state": row.state, "text": said[row.state]}


def standing(act: Act, subject_key: str, name: str) -> dict[str, str | float]:
    """The points of a person."""
    return {"person": name, "points": conduct.points_of(act.session, subject_key, act.now)}
