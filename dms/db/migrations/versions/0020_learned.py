"""What recognition learned from the papers that a school confirmed.

Revision: 0020, after: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "learned_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("model", sa.LargeBinary(), nullable=True),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_learned_versions_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_learned_versions_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_versions")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_learned_versions_school_id_number")),
    )
    op.create_table(
        "learned_examples",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["learned_versions.id"], name=op.f("fk_learned_examples_version_id_learned_versions")
        ),
        sa.PrimaryKeyConstraint("version_id", "document_id", name=op.f("pk_learned_examples")),
    )
    op.create_index("ix_learned_examples_document", "learned_examples", ["document_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_learned_examples_document", "learned_examples")
    op.drop_table("learned_examples")
    op.drop_table("learned_versions")
