"""Decisions of two people on the own data of pupils without documents.

Revision: 0034, after: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "own_data_decisions"
OPEN = sa.text("state <> 'ended'")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_own_data_decisions_second_person")),
        sa.CheckConstraint(
            "state <> 'approved' OR (approved_by IS NOT NULL AND waits_until IS NOT NULL)",
            name=op.f("ck_own_data_decisions_approved"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{column}_{other}"))
            for column, other in (
                ("board_id", "boards"),
                ("school_id", "schools"),
                ("proposed_by", "users"),
                ("approved_by", "users"),
                ("ended_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_data_decisions")),
    )
    op.create_index(
        "ix_own_data_decisions_open", TABLE, ["pupil_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_own_data_decisions_school", TABLE, ["school_id", "state"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table(TABLE)
