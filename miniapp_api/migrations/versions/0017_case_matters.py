"""What waits for somebody's word about a case."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_matters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("proposal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('extension', 'demands', 'objection', 'call', 'check')", name=op.f("ck_case_matters_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_matters_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_matters")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_matters_public_id")),
    )
    op.create_index(op.f("ix_case_matters_case_id"), "case_matters", ["case_id"])
    op.create_index("ix_case_matters_open", "case_matters", ["settled_at", "kind", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_case_matters_open", table_name="case_matters")
    op.drop_index(op.f("ix_case_matters_case_id"), table_name="case_matters")
    op.drop_table("case_matters")
