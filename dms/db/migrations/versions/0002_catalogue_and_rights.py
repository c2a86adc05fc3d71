"""Categories and the rights matrix, versioned.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("current_version_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_categories_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("board_id", "code", name=op.f("uq_categories_board_id_code")),
    )
    op.create_table(
        "matrix_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_matrix_versions_author_id_users")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_matrix_versions_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_versions")),
        sa.UniqueConstraint("board_id", "number", name=op.f("uq_matrix_versions_board_id_number")),
    )
    op.create_table(
        "category_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category_group", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("transfer_kind", sa.String(length=10), nullable=False),
        sa.Column("retention_trigger", sa.String(length=60), nullable=False),
        sa.Column("minimum", sa.String(length=12), nullable=False),
        sa.Column("maximum", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_category_versions_author_id_users")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_category_versions_category_id_categories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_versions")),
        sa.UniqueConstraint("category_id", "number", name=op.f("uq_category_versions_category_id_number")),
    )
    op.create_table(
        "matrix_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matrix_version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("reach", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("categories", sa.String(length=1000), nullable=False),
        sa.Column("actions", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["matrix_version_id"],
            ["matrix_versions.id"],
            name=op.f("fk_matrix_lines_matrix_version_id_matrix_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_lines")),
        sa.UniqueConstraint("matrix_version_id", "number", name=op.f("uq_matrix_lines_matrix_version_id_number")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("matrix_lines")
    op.drop_table("category_versions")
    op.drop_table("matrix_versions")
    op.drop_table("categories")
