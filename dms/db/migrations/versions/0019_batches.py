"""Batches: sheets, stacks, and parts of a stack among the items.

Revision: 0019, after: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and what an item says of the stack that it came from."""
    op.create_table(
        "sheets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("reusable", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_item", sa.Uuid(), nullable=True),
        sa.Column("used_page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_sheets_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_sheets_school_id_schools")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_sheets_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheets")),
        sa.UniqueConstraint("number", name=op.f("uq_sheets_number")),
    )
    op.create_index("ix_sheets_school", "sheets", ["school_id", "made_at"], unique=False)
    op.create_index("ix_sheets_expires_at", "sheets", ["expires_at"], unique=False)
    op.create_table(
        "stacks",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("arrangement", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("drafts", sa.JSON(), nullable=False),
        sa.Column("draft_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_stacks_item_id_intake_items")),
        sa.ForeignKeyConstraint(["draft_by"], ["users.id"], name=op.f("fk_stacks_draft_by_users")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_stacks")),
    )
    op.add_column("intake_items", sa.Column("stack_id", sa.Uuid(), nullable=True))
    op.add_column("intake_items", sa.Column("stack_part", sa.Integer(), nullable=True))
    op.add_column(
        "intake_items", sa.Column("page_range", sa.String(length=200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("intake_items", sa.Column("own_hints", sa.JSON(), nullable=True))
    op.create_index("ix_intake_items_stack_id", "intake_items", ["stack_id"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_index("ix_intake_items_stack_id", table_name="intake_items")
    with op.batch_alter_table("intake_items") as items:
        for name in ("own_hints", "page_range", "stack_part", "stack_id"):
            items.drop_column(name)
    op.drop_table("stacks")
    op.drop_table("sheets")
