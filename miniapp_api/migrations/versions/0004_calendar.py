"""The calendar of working days: yearly notices and the days they name."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_notices",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_notices")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'in_lieu', 'makeup')", name=op.f("ck_calendar_days_kind")),
        sa.ForeignKeyConstraint(
            ["year"],
            ["calendar_notices.year"],
            name=op.f("fk_calendar_days_year_calendar_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("year", "day", name=op.f("pk_calendar_days")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("calendar_days")
    op.drop_table("calendar_notices")
