"""Packages received; exit.

Revision: 0026, after: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "exit_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_exit_orders_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_exit_orders_school_id_schools")),
        sa.ForeignKeyConstraint(["ordered_by"], ["users.id"], name=op.f("fk_exit_orders_ordered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_orders")),
    )
    op.create_index("ix_exit_orders_school", "exit_orders", ["school_id", "ordered_at"], unique=False)
    op.create_table(
        "received_packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.String(length=100), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sender_brin", sa.String(length=4), nullable=False),
        sa.Column("sender_site", sa.String(length=2), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.String(length=300), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("intake_id", sa.Uuid(), nullable=True),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("new_pupil", sa.Boolean(), nullable=False),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reason", sa.String(length=500), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_received_packages_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_received_packages_school_id_schools")),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name=op.f("fk_received_packages_intake_id_intakes")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_received_packages_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["received_by"], ["users.id"], name=op.f("fk_received_packages_received_by_users")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_received_packages_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_packages")),
        sa.UniqueConstraint("school_id", "package_id", name=op.f("uq_received_packages_school_id_package_id")),
    )
    op.create_index(
        "ix_received_packages_school", "received_packages", ["school_id", "state", "created_at"], unique=False
    )
    op.create_table(
        "received_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("category_sent", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("reason_text", sa.String(length=500), nullable=False),
        sa.Column("reason_params", sa.JSON(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["received_id"], ["received_packages.id"], name=op.f("fk_received_parts_received_id_received_packages")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_received_parts_item_id_intake_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_parts")),
        sa.UniqueConstraint("received_id", "number", name=op.f("uq_received_parts_received_id_number")),
    )
    op.create_index("ix_received_parts_item", "received_parts", ["item_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("received_parts")
    op.drop_table("received_packages")
    op.drop_table("exit_orders")
