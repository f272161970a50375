"""Progress from and to other systems."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exchange_deliveries",
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner", "delivery", name=op.f("pk_exchange_deliveries")),
    )
    op.create_table(
        "exchange_pushes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'leased', 'sent', 'failed', 'skipped')", name=op.f("ck_exchange_pushes_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exchange_pushes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_pushes")),
        sa.UniqueConstraint("partner", "case_id", "seq", name=op.f("uq_exchange_pushes_partner_case_id_seq")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exchange_pushes_public_id")),
    )
    op.create_index("ix_exchange_pushes_due", "exchange_pushes", ["partner", "state", "due_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_exchange_pushes_due", table_name="exchange_pushes")
    op.drop_table("exchange_pushes")
    op.drop_table("exchange_deliveries")
