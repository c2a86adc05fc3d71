"""Scoped links: the links, and what each opens.

Revision: 0022, after: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "scoped_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("permissions", sa.String(length=60), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("legal_basis", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("max_openings", sa.Integer(), nullable=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("verification", sa.String(length=40), nullable=False),
        sa.Column("access_code_hash", sa.String(length=200), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("watermark", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_for", sa.String(length=40), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["users.id"], name=op.f("fk_scoped_links_account_id_users")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_scoped_links_board_id_boards")),
        sa.ForeignKeyConstraint(["creator_id"], ["users.id"], name=op.f("fk_scoped_links_creator_id_users")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_scoped_links_dossier_id_dossiers")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_scoped_links_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_scoped_links_revoked_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_scoped_links_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoped_links")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_scoped_links_token_digest")),
    )
    op.create_index("ix_scoped_links_creator", "scoped_links", ["creator_id", "ends"], unique=False)
    op.create_index("ix_scoped_links_dossier", "scoped_links", ["dossier_id", "ends"], unique=False)
    op.create_index("ix_scoped_links_package", "scoped_links", ["package_id"], unique=False)
    op.create_index("ix_scoped_links_recipient", "scoped_links", ["recipient_digest"], unique=False)
    op.create_table(
        "scoped_link_documents",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_scoped_link_documents_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["scoped_links.id"], name=op.f("fk_scoped_link_documents_link_id_scoped_links")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_scoped_link_documents_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_versions.id"], name=op.f("fk_scoped_link_documents_version_id_document_versions")
        ),
        sa.PrimaryKeyConstraint("link_id", "document_id", name=op.f("pk_scoped_link_documents")),
    )
    op.create_index("ix_scoped_link_documents_document", "scoped_link_documents", ["document_id"], unique=False)
    op.create_index("ix_scoped_link_documents_placement", "scoped_link_documents", ["placement_id"], unique=False)
    op.create_table(
        "scoped_link_categories",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["scoped_links.id"], name=op.f("fk_scoped_link_categories_link_id_scoped_links")
        ),
        sa.PrimaryKeyConstraint("link_id", "category", name=op.f("pk_scoped_link_categories")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("scoped_link_categories", "scoped_link_documents", "scoped_links"):
        op.drop_table(table)
