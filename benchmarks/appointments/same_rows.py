"""The rows that a claim has to write, written by the database's driver alone: no look, no check but the guard."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, bindparam, func, insert, select, update
from sqlalchemy.dialects import sqlite

from miniapp_api.appointments.availability import open_for_citizens
from miniapp_api.appointments.models import Booking, BookingEvent, BookingSlot, Slot
from miniapp_api.calendar.service import now
from miniapp_api.database import create_engine
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.signed_codes.service import Kind, SignedCode

Row = dict[str, Any]

TABLES = (Booking, BookingSlot, BookingEvent, SignedCode, OutboxMessage)

_TAKEN = {"used_total": Slot.used_total + 1, "used_online": Slot.used_online + 1}
_RAISE = update(Slot).where(Slot.id == bindparam("slot"), open_for_citizens(Slot, bindparam("moment"))).values(_TAKEN)
_TEXT = "您已约好11月28日（周六）09:30 在政务服务大厅 claims办“食品经营许可”。"


@contextmanager
def writer(url: str) -> Iterator[Callable[[Row, int], None]]:
    """Open a connection as the product's are, as durable.

    Yields:
        What writes a claim's rows in one transaction: of the booking, which has a row and a slot, the slot's
        counters, the event, the signed code, and the three messages.
    """
    engine = create_engine(url)
    lite = engine.dialect.name == "sqlite"
    texts, connection = _texts(engine), engine.raw_connection()
    cursor = connection.cursor()

    def write(booking: Row, slot: int) -> None:
        moment = now()
        stored = _as_text if lite else _as_is
        code = {"id": secrets.token_hex(6), "kind": int(Kind.APPOINTMENT), "kid": 0, "issued_on": moment.date()}
        if lite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(texts[SignedCode], stored(code))
        cursor.execute(texts[Booking], stored(booking | {"sign": code["id"]}))
        id_ = cursor.fetchone()[0]
        cursor.execute(texts[Slot], stored({"slot": slot, "moment": moment, "used_total_1": 1, "used_online_1": 1}))
        if cursor.rowcount != 1:
            raise RuntimeError("a place that should be there is not")
        cursor.execute(texts[BookingSlot], {"booking_id": id_, "slot_id": slot})
        event = {"booking_id": id_, "before": None, "after": "confirmed", "actor": "visitor", "reason": None}
        cursor.execute(texts[BookingEvent], stored(event | {"at": moment}))
        cursor.executemany(texts[OutboxMessage], [stored(message) for message in _messages(booking, moment)])
        connection.commit()

    try:
        yield write
    finally:
        connection.close()
        engine.dispose()


def counted(url: str) -> list[int]:
    """How many rows each of the tables has."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]
    engine.dispose()
    return found


def _texts(engine: Engine) -> dict[type, str]:
    """The statements as the product's driver gets them."""
    dialect = sqlite.dialect(paramstyle="named") if engine.dialect.name == "sqlite" else engine.dialect
    statements = {table: insert(table.__table__) for table in TABLES}
    statements[Booking] = statements[Booking].returning(Booking.__table__.columns["id"])
    left_out = {
        Booking: {"id", "hold_until", "guide"},
        BookingEvent: {"id"},
        SignedCode: {"revoked_at", "revoke_reason"},
        OutboxMessage: {"id", "lease", "leased_until", "way", "sent_at", "read_at"},
    }
    texts: dict[type, str] = {}
    for table, statement in statements.items():
        given = [column.name for column in table.__table__.columns if column.name not in left_out.get(table, ())]
        texts[table] = str(statement.compile(dialect=dialect, column_keys=given))
    return texts | {Slot: str(_RAISE.compile(dialect=dialect))}


def _messages(booking: Row, moment: datetime) -> Iterator[Row]:
    """A confirmation and two reminders."""
    later = moment + timedelta(days=2)
    for name, due in (("confirmed", moment), ("day_before", later), ("hours_before", later)):
        yield {
            "public_id": secrets.token_hex(16),
            "visitor_id": booking["visitor_id"],
            "dedupe_key": f"booking:{booking['public_id']}:1.{name}",
            "topic": "appointment.reminder",
            "title": "预约提醒",
            "text": _TEXT,
            "link": f"/appointments/{booking['public_id']}",
            "fields": json.dumps({"thing": "食品经营许可", "time": "2026年11月28日 09:30", "tip": "预约提醒"}),
            "not_before": due,
            "not_after": later + timedelta(hours=2),
            "due_at": due,
            "state": "waiting",
            "tries": 0,
            "created_at": moment,
        }


def _as_is(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return row


def _as_text(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """As the product stores days and moments in SQLite."""
    return {name: _text(value) if isinstance(value, date) else value for name, value in row.items()}


def _text(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat()
