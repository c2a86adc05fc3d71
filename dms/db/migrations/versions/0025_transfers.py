"""Transfer packages that are sent.

Revision: 0025, after: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "transfer_packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("receiver_brin", sa.String(length=4), nullable=False),
        sa.Column("receiver_site", sa.String(length=2), nullable=False),
        sa.Column("receiver_name", sa.String(length=200), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("advice_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.Column("manifest_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("control", sa.String(length=64), nullable=False),
        sa.Column("sent_how", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("receipt", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("composed_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_transfer_packages_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_transfer_packages_school_id_schools")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_transfer_packages_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["frozen_by"], ["users.id"], name=op.f("fk_transfer_packages_frozen_by_users")),
        sa.ForeignKeyConstraint(["sent_by"], ["users.id"], name=op.f("fk_transfer_packages_sent_by_users")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_transfer_packages_closed_by_users")),
        sa.ForeignKeyConstraint(["composed_by"], ["users.id"], name=op.f("fk_transfer_packages_composed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_packages")),
    )
    op.create_index("ix_transfer_packages_pupil", "transfer_packages", ["pupil_id"], unique=False)
    op.create_index(
        "ix_transfer_packages_school", "transfer_packages", ["school_id", "state", "created_at"], unique=False
    )
    op.create_table(
        "transfer_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["transfer_packages.id"],
            name=op.f("fk_transfer_documents_package_id_transfer_packages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_transfer_documents_pupil_id_pupils")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_transfer_documents_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_documents")),
        sa.UniqueConstraint("package_id", "document_id", name=op.f("uq_transfer_documents_package_id_document_id")),
    )
    op.create_index("ix_transfer_documents_document", "transfer_documents", ["document_id"], unique=False)
    op.create_index("ix_transfer_documents_pupil", "transfer_documents", ["pupil_id"], unique=False)
    op.create_table(
        "transfer_inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(length=40), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("remark_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("proof_document_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["transfer_packages.id"],
            name=op.f("fk_transfer_inspections_package_id_transfer_packages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_transfer_inspections_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_transfer_inspections_recorded_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_inspections")),
    )
    op.create_index("ix_transfer_inspections_package", "transfer_inspections", ["package_id", "number"], unique=False)
    op.create_index("ix_transfer_inspections_pupil", "transfer_inspections", ["pupil_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("transfer_inspections")
    op.drop_table("transfer_documents")
    op.drop_table("transfer_packages")
