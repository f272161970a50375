"""Cases, their events, materials and remarks. Events are never changed: the database itself refuses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REFUSE = "case events are never changed"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=21), nullable=False),
        sa.Column("query_index", sa.String(length=64), nullable=False),
        sa.Column("mobile_index", sa.String(length=64), nullable=True),
        sa.Column("subject_index", sa.String(length=64), nullable=True),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("locality", sa.String(length=48), nullable=False),
        sa.Column("site_code", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("item_name", sa.String(length=120), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("outside", sa.String(length=64), nullable=True),
        sa.Column("outside_number", sa.String(length=64), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("promised_due", sa.Date(), nullable=True),
        sa.Column("statutory_due", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("review_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'correcting', 'accepted', 'under_review', 'decided', 'concluded', "
            "'not_accepted', 'withdrawn', 'terminated', 'revoked')",
            name=op.f("ck_cases_state"),
        ),
        sa.CheckConstraint("(outside IS NULL) = (outside_number IS NULL)", name=op.f("ck_cases_outside")),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name=op.f("fk_cases_parent_id_cases")),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_cases_visitor_id_visitors"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("outside", "outside_number", name=op.f("uq_cases_outside_outside_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cases_public_id")),
    )
    op.create_index("ix_cases_due", "cases", ["state", "next_due"])
    op.create_index(op.f("ix_cases_parent_id"), "cases", ["parent_id"])
    op.create_index(op.f("ix_cases_subject_index"), "cases", ["subject_index"])
    op.create_index("ix_cases_supervision", "cases", ["site_code", "state", "next_due"])
    op.create_index(op.f("ix_cases_visitor_id"), "cases", ["visitor_id"])
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=True),
        sa.Column("fact", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.CheckConstraint("by_kind IN ('applicant', 'staff', 'system', 'outside')", name=op.f("ck_case_events_by")),
        sa.CheckConstraint(
            "kind IN ('received', 'correction_requested', 'corrected', 'accepted', 'deemed_accepted', 'not_required', "
            "'not_ours', 'taken_up', 'completed', 'inspected', 'stopped', 'resumed', "
            "'extended', 'granted', 'denied', 'deemed_renewed', 'checked', 'revoked', "
            "'delivered', 'concluded', 'withdrawn', 'terminated', 'asked', 'answered')",
            name=op.f("ck_case_events_kind"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_events_case_id_seq")),
    )
    op.create_table(
        "case_materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint("state IN ('handed_in', 'lacking', 'owed', 'shared')", name=op.f("ck_case_materials_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_materials_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_materials")),
        sa.UniqueConstraint("case_id", "name", name=op.f("uq_case_materials_case_id_name")),
    )
    op.create_index(op.f("ix_case_materials_case_id"), "case_materials", ["case_id"])
    op.create_table(
        "case_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_remarks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_remarks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_remarks_public_id")),
    )
    op.create_index(op.f("ix_case_remarks_case_id"), "case_remarks", ["case_id"])
    for statement in _REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER case_events_stay ON case_events")
        op.execute("DROP FUNCTION refuse_case_events()")
    op.drop_index(op.f("ix_case_remarks_case_id"), table_name="case_remarks")
    op.drop_table("case_remarks")
    op.drop_index(op.f("ix_case_materials_case_id"), table_name="case_materials")
    op.drop_table("case_materials")
    op.drop_table("case_events")
    op.drop_index(op.f("ix_cases_visitor_id"), table_name="cases")
    op.drop_index("ix_cases_supervision", table_name="cases")
    op.drop_index(op.f("ix_cases_subject_index"), table_name="cases")
    op.drop_index(op.f("ix_cases_parent_id"), table_name="cases")
    op.drop_index("ix_cases_due", table_name="cases")
    op.drop_table("cases")


_REFUSALS = {
    "sqlite": [
        f"CREATE TRIGGER case_events_stay_{deed.lower()} BEFORE {deed} ON case_events "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        for deed in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_case_events() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$",
        "CREATE TRIGGER case_events_stay BEFORE UPDATE OR DELETE ON case_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_case_events()",
    ],
}
