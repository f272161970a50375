"""Who read what is personal."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUSED = "personal_reads is append-only"

_SQLITE = (
    f"""
    CREATE TRIGGER personal_reads_unchanged BEFORE UPDATE ON personal_reads
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER personal_reads_kept BEFORE DELETE ON personal_reads
    WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-184 days')
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
)

_POSTGRESQL = (
    f"""
    CREATE FUNCTION personal_reads_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '184 days' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '{_REFUSED}';
    END $$
    """,
    """
    CREATE TRIGGER personal_reads_append_only BEFORE UPDATE OR DELETE ON personal_reads
    FOR EACH ROW EXECUTE FUNCTION personal_reads_append_only()
    """,
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "personal_reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_public_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_reads")),
    )
    op.create_index("ix_personal_reads_at", "personal_reads", ["at"])
    op.create_index("ix_personal_reads_staff", "personal_reads", ["staff_public_id", "id"])
    op.create_index("ix_personal_reads_subject", "personal_reads", ["subject", "id"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    op.drop_table("personal_reads")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION personal_reads_append_only()")
