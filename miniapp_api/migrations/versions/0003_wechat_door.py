"""Identities and exchanges of the WeChat door, logins, merged visitors."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "logins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_logins_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logins")),
    )
    op.create_index(op.f("ix_logins_visitor_id"), "logins", ["visitor_id"])
    op.create_table(
        "merged_visitors",
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["into_id"], ["visitors.id"], name=op.f("fk_merged_visitors_into_id_visitors"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_merged_visitors_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_merged_visitors")),
    )
    op.create_index(op.f("ix_merged_visitors_into_id"), "merged_visitors", ["into_id"])
    op.create_table(
        "wechat_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("unionid", sa.String(length=64), nullable=True),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("menu", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rest", sa.JSON(), nullable=False),
        sa.Column("sending_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_wechat_identities_visitor_id_visitors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_identities")),
        sa.UniqueConstraint("app_id", "openid", name=op.f("uq_wechat_identities_app_id_openid")),
    )
    op.create_index(op.f("ix_wechat_identities_unionid"), "wechat_identities", ["unionid"])
    op.create_index(op.f("ix_wechat_identities_visitor_id"), "wechat_identities", ["visitor_id"])
    op.create_table(
        "wechat_exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("turn_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("delivery", sa.String(length=8), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.String(length=16), nullable=True),
        sa.CheckConstraint("delivery IN ('passive', 'custom')", name=op.f("ck_wechat_exchanges_delivery")),
        sa.CheckConstraint("state IN ('new', 'running', 'answered')", name=op.f("ck_wechat_exchanges_state")),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["wechat_identities.id"],
            name=op.f("fk_wechat_exchanges_identity_id_wechat_identities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_exchanges")),
        sa.UniqueConstraint("key", name=op.f("uq_wechat_exchanges_key")),
    )
    op.create_index("ix_wechat_exchanges_conversation", "wechat_exchanges", ["identity_id", "id"])
    op.create_index("ix_wechat_exchanges_open", "wechat_exchanges", ["delivered_at", "asked_at"])
    op.create_table(
        "wechat_join_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["wechat_identities.id"],
            name=op.f("fk_wechat_join_codes_identity_id_wechat_identities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_wechat_join_codes")),
    )
    op.create_index(op.f("ix_wechat_join_codes_identity_id"), "wechat_join_codes", ["identity_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("wechat_join_codes")
    op.drop_table("wechat_exchanges")
    op.drop_table("wechat_identities")
    op.drop_table("merged_visitors")
    op.drop_table("logins")
