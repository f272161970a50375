"""Materials that a citizen has ticked off on the checklist of a guide."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "guide_materials",
        sa.Column("guide_id", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_materials_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guide_id", "material", name=op.f("pk_guide_materials")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("guide_materials")
