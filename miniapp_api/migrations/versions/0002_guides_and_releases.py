"""guides and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "published_releases",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("theme", sa.String(length=48), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("locality", sa.String(length=48), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_published_releases")),
    )
    op.create_table(
        "guides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=48), nullable=False),
        sa.Column("locality", sa.String(length=48), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("dialogue", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release"], ["published_releases.digest"], name=op.f("fk_guides_release_published_releases")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_guides_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guides_public_id")),
    )
    with op.batch_alter_table("guides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guides_visitor_id_guides_active"), ["visitor_id", "active"], unique=False)

    op.create_table(
        "guide_steps",
        sa.Column("guide_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=48), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=True),
        sa.Column("quote", sa.String(length=500), nullable=True),
        sa.Column("retracts", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_steps_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guide_id", "number", name=op.f("pk_guide_steps")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("guide_steps")
    with op.batch_alter_table("guides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guides_visitor_id_guides_active"))

    op.drop_table("guides")
    op.drop_table("published_releases")
