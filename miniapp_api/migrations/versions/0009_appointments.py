"""Slots, bookings and what follows from them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "restrictions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("appeal", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("state IN ('standing', 'appealed', 'upheld', 'lifted')", name=op.f("ck_restrictions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restrictions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_restrictions_public_id")),
    )
    op.create_index(op.f("ix_restrictions_subject_key"), "restrictions", ["subject_key"])
    op.create_table(
        "booking_talks",
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_booking_talks_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_booking_talks")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("name_mask", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=48), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=8), nullable=False),
        sa.Column("policy_key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("care", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign", sa.String(length=12), nullable=True),
        sa.Column("guide", sa.String(length=32), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name=op.f("ck_bookings_hold")),
        sa.CheckConstraint(
            "channel IN ('mini', 'chat', 'desk', 'phone', 'kiosk', 'waiting')", name=op.f("ck_bookings_channel")
        ),
        sa.CheckConstraint(
            "status IN ('held', 'confirmed', 'checked_in', 'served', 'missed', 'cancelled', 'revoked', 'expired')",
            name=op.f("ck_bookings_status"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_bookings_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_bookings_pool_id_pools"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_bookings_visitor_id_visitors"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("code", name=op.f("uq_bookings_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bookings_public_id")),
        sa.UniqueConstraint("sign", name=op.f("uq_bookings_sign")),
    )
    op.create_index(
        "ix_bookings_holds",
        "bookings",
        ["hold_until"],
        sqlite_where=sa.text("status = 'held'"),
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("ix_bookings_pool_day", "bookings", ["pool_id", "day", "start"])
    op.create_index("ix_bookings_visitor", "bookings", ["visitor_id", "id"])
    op.create_index(
        "uq_bookings_live_policy",
        "bookings",
        ["subject_key", "policy_key"],
        unique=True,
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
    )
    op.create_index(
        "uq_bookings_live_service",
        "bookings",
        ["subject_key", "service"],
        unique=True,
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
    )
    op.create_table(
        "day_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=48), nullable=True),
        sa.Column("cap_total", sa.Integer(), nullable=True),
        sa.Column("cap_online", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action != 'cap' OR cap_total IS NOT NULL", name=op.f("ck_day_overrides_cap")),
        sa.CheckConstraint("action IN ('close', 'open', 'cap')", name=op.f("ck_day_overrides_action")),
        sa.CheckConstraint('(start IS NULL) = ("end" IS NULL)', name=op.f("ck_day_overrides_part")),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["pools.id"], name=op.f("fk_day_overrides_pool_id_pools"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_day_overrides_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_overrides")),
    )
    op.create_index("ix_day_overrides_site_day", "day_overrides", ["site_id", "day"])
    op.create_table(
        "session_runs",
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("bookings", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_session_runs_state")),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["pools.id"], name=op.f("fk_session_runs_pool_id_pools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "day", "session", name=op.f("pk_session_runs")),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("policy", sa.String(length=48), nullable=False),
        sa.Column("cap_total", sa.Integer(), nullable=False),
        sa.Column("cap_online", sa.Integer(), nullable=False),
        sa.Column("used_total", sa.Integer(), nullable=False),
        sa.Column("used_online", sa.Integer(), nullable=False),
        sa.Column("cooling", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("book_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pooled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("session IN ('normal', 'lunch', 'weekend', 'special')", name=op.f("ck_slots_session")),
        sa.CheckConstraint("status IN ('open', 'paused', 'closed')", name=op.f("ck_slots_status")),
        sa.CheckConstraint("cap_online BETWEEN 0 AND cap_total", name=op.f("ck_slots_caps")),
        sa.CheckConstraint('start >= 0 AND start < 1440 AND "end" > start', name=op.f("ck_slots_time")),
        sa.CheckConstraint(
            "used_online >= 0 AND used_online <= used_total AND cooling >= 0", name=op.f("ck_slots_counters")
        ),
        sa.CheckConstraint("used_total + cooling <= cap_total", name=op.f("ck_slots_not_oversold")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_slots_pool_id_pools"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("pool_id", "day", "start", name=op.f("uq_slots_pool_id_day_start")),
    )
    op.create_index(
        "ix_slots_free",
        "slots",
        ["pool_id", "day", "start"],
        sqlite_where=sa.text("status = 'open' AND cap_total > used_total + cooling"),
        postgresql_where=sa.text("status = 'open' AND cap_total > used_total + cooling"),
    )
    op.create_table(
        "attendance_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waived_by", sa.String(length=40), nullable=True),
        sa.Column("waive_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_attendance_marks_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_marks")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_attendance_marks_booking_id")),
    )
    op.create_index(op.f("ix_attendance_marks_subject_key"), "attendance_marks", ["subject_key"])
    op.create_table(
        "booking_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=True),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_events_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_events")),
    )
    op.create_index(op.f("ix_booking_events_booking_id"), "booking_events", ["booking_id"])
    op.create_table(
        "booking_slots",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_slots_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_booking_slots_slot_id_slots")),
        sa.PrimaryKeyConstraint("booking_id", "slot_id", name=op.f("pk_booking_slots")),
    )
    op.create_index(op.f("ix_booking_slots_slot_id"), "booking_slots", ["slot_id"])
    op.create_table(
        "slot_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_slot_returns_slot_id_slots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_returns")),
    )
    op.create_index(op.f("ix_slot_returns_due_at"), "slot_returns", ["due_at"])
    op.create_index(op.f("ix_slot_returns_slot_id"), "slot_returns", ["slot_id"])
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("locality", sa.String(length=48), nullable=False),
        sa.Column("service", sa.String(length=48), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'booked', 'ended')", name=op.f("ck_waiting_state")),
        sa.CheckConstraint("first_day <= last_day AND first < last", name=op.f("ck_waiting_range")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_waiting_booking_id_bookings"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_waiting_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_waiting_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_waiting_public_id")),
    )
    op.create_index("ix_waiting_service", "waiting", ["service", "state", "id"])
    op.create_index(op.f("ix_waiting_subject_key"), "waiting", ["subject_key"])
    op.create_index(op.f("ix_waiting_visitor_id"), "waiting", ["visitor_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("waiting")
    op.drop_table("slot_returns")
    op.drop_table("booking_slots")
    op.drop_table("booking_events")
    op.drop_table("attendance_marks")
    op.drop_table("slots")
    op.drop_table("session_runs")
    op.drop_table("day_overrides")
    op.drop_table("bookings")
    op.drop_table("booking_talks")
    op.drop_table("restrictions")
