"""Work at the intake desks: claims, assignments, sticky pupils, acts that can be taken back. Counting by category.

Revision: 0021, after: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "desk_claims",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_desk_claims_item_id_intake_items")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_claims_user_id_users")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_desk_claims")),
    )
    op.create_table(
        "desk_assignments",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by"], ["users.id"], name=op.f("fk_desk_assignments_assigned_by_users")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["intake_items.id"], name=op.f("fk_desk_assignments_item_id_intake_items")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_assignments_user_id_users")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_desk_assignments")),
    )
    op.create_index(op.f("ix_desk_assignments_user_id"), "desk_assignments", ["user_id"], unique=False)
    op.create_table(
        "desk_sticky_pupils",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_desk_sticky_pupils_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_desk_sticky_pupils_school_id_schools")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_sticky_pupils_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_desk_sticky_pupils")),
    )
    op.create_table(
        "desk_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_desk_acts_item_id_intake_items")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_acts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_acts")),
    )
    op.create_index("ix_desk_acts_batch", "desk_acts", ["batch_id"], unique=False)
    op.create_index("ix_desk_acts_item", "desk_acts", ["item_id"], unique=False)
    op.create_index(op.f("ix_desk_acts_expires_at"), "desk_acts", ["expires_at"], unique=False)
    op.create_index(
        "ix_placements_board_category", "placements", ["board_id", "category", "document_id", "state"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("ix_placements_board_category", table_name="placements")
    for table in ("desk_acts", "desk_sticky_pupils", "desk_assignments", "desk_claims"):
        op.drop_table(table)
