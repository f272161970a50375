"""Duties, second factors and an outer sign-in of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("staff_members", sa.Column("external_id", sa.String(length=255), nullable=True))
    op.create_index(op.f("ix_staff_members_external_id"), "staff_members", ["external_id"], unique=True)
    op.add_column("staff_sessions", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "staff_duties",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "duty IN ('counter', 'review', 'inspect', 'deliver', 'supervise', 'government')",
            name=op.f("ck_staff_duties_duty"),
        ),
        _whose("staff_duties"),
        sa.PrimaryKeyConstraint("member_id", "duty", name=op.f("pk_staff_duties")),
    )
    op.create_table(
        "staff_factors",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=255), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.String(length=255), nullable=True),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        _whose("staff_factors"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_staff_factors")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        _whose("staff_recovery_codes"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_index(op.f("ix_staff_recovery_codes_member_id"), "staff_recovery_codes", ["member_id"])
    op.create_table(
        "staff_half_sign_ins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _whose("staff_half_sign_ins"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_half_sign_ins")),
    )
    op.create_index(op.f("ix_staff_half_sign_ins_member_id"), "staff_half_sign_ins", ["member_id"])
    op.create_table(
        "staff_departures",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("wish", sa.String(length=500), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_departures")),
    )


def downgrade() -> None:
    """Take back."""
    for table in (
        "staff_departures",
        "staff_half_sign_ins",
        "staff_recovery_codes",
        "staff_factors",
        "staff_duties",
    ):
        op.drop_table(table)
    op.drop_column("staff_sessions", "second_factor")
    op.drop_index(op.f("ix_staff_members_external_id"), "staff_members")
    op.drop_column("staff_members", "external_id")


def _whose(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["member_id"],
        ["staff_members.id"],
        name=op.f(f"fk_{table}_member_id_staff_members"),
        ondelete="CASCADE",
    )
