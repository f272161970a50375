"""Signed codes: what was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "signed_codes",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kid BETWEEN 0 AND 31", name=op.f("ck_signed_codes_kid")),
        sa.CheckConstraint("kind BETWEEN 0 AND 255", name=op.f("ck_signed_codes_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_codes")),
    )
    op.create_index(op.f("ix_signed_codes_kid_signed_codes_revoked_at"), "signed_codes", ["kid", "revoked_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("signed_codes")
