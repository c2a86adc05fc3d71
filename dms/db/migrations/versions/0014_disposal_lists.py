"""Disposal lists.

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPROVED = "'approved', 'waiting', 'executing', 'verifying', 'sent', 'received', 'completed', 'partly_failed'"
CLAIMING = "state NOT IN ('excluded', 'certified', 'kept')"
PEOPLE = ("proposed_by", "approved_by", "sent_by", "received_by", "started_by", "aborted_by")


def upgrade() -> None:
    """Make the tables. That two people decide is the database's to hold, and one open claim per placement too."""
    op.create_table(
        "disposal_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=200), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aborted_by", sa.Uuid(), nullable=True),
        sa.Column("aborted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abort_reason", sa.String(length=500), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_disposal_lists_second_person")),
        sa.CheckConstraint(
            f"state NOT IN ({APPROVED}) OR approved_by IS NOT NULL", name=op.f("ck_disposal_lists_approved")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_lists")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_disposal_lists_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_disposal_lists_school_id_schools")),
        *(sa.ForeignKeyConstraint([x], ["users.id"], name=op.f(f"fk_disposal_lists_{x}_users")) for x in PEOPLE),
    )
    op.create_index("ix_disposal_lists_school", "disposal_lists", ["school_id", "created_at"])
    op.create_index("ix_disposal_lists_board", "disposal_lists", ["board_id", "state"])
    op.create_table(
        "disposal_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=False),
        sa.Column("due_by", sa.Date(), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("content_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answer_reason", sa.String(length=500), nullable=False),
        sa.Column("answer_until", sa.Date(), nullable=True),
        sa.Column("answer_category", sa.String(length=20), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_reason", sa.String(length=60), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_items")),
        sa.UniqueConstraint("list_id", "placement_id", name=op.f("uq_disposal_items_list_id_placement_id")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["disposal_lists.id"], name=op.f("fk_disposal_items_list_id_disposal_lists")
        ),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_disposal_items_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_disposal_items_school_id_schools")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_disposal_items_answered_by_users")),
    )
    op.create_index(
        "ix_disposal_items_claim",
        "disposal_items",
        ["placement_id"],
        unique=True,
        sqlite_where=sa.text(CLAIMING),
        postgresql_where=sa.text(CLAIMING),
    )
    op.create_index("ix_disposal_items_step", "disposal_items", ["list_id", "state"])
    op.create_index("ix_disposal_items_placement", "disposal_items", ["placement_id"])
    op.create_index("ix_disposal_items_document", "disposal_items", ["document_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("disposal_items")
    op.drop_table("disposal_lists")
