"""Versions of the matrix, shields, temporary access and reasons.

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("pupil_consents", "family_modules", "pupil_staff", "temporary_access", "matrix_drafts", "roles")


def upgrade() -> None:
    """Make the tables, and the columns of what was there."""
    op.add_column("matrix_versions", sa.Column("approved_by", sa.Uuid(), nullable=True))
    op.add_column("matrix_versions", sa.Column("restored_from", sa.Integer(), nullable=True))
    op.add_column("matrix_lines", sa.Column("condition", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("shields", sa.Column("lifted_by", sa.Uuid(), nullable=True))
    op.add_column("shields", sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))
    _matrix()
    _people()
    _families()


def _matrix() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_roles_board_id_boards")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_roles_created_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("board_id", "code", name=op.f("uq_roles_board_id_code")),
    )
    op.create_table(
        "matrix_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_matrix_drafts_board_id_boards")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_matrix_drafts_author_id_users")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_matrix_drafts_proposed_by_users")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_matrix_drafts_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_drafts")),
    )
    op.create_index(op.f("ix_matrix_drafts_board"), "matrix_drafts", ["board_id", "state"], unique=False)


def _people() -> None:
    op.create_table(
        "temporary_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.String(length=20), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_temporary_access_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_temporary_access_school_id_schools")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_temporary_access_user_id_users")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_temporary_access_pupil_id_pupils")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_temporary_access_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_temporary_access_reviewed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_temporary_access")),
    )
    op.create_index(op.f("ix_temporary_access_user"), "temporary_access", ["user_id", "until"], unique=False)
    op.create_index(op.f("ix_temporary_access_board"), "temporary_access", ["board_id", "since"], unique=False)
    op.create_table(
        "pupil_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pupil_staff_user_id_users")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_pupil_staff_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_pupil_staff_given_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_staff")),
    )
    op.create_index(op.f("ix_pupil_staff_user"), "pupil_staff", ["user_id"], unique=False)
    op.create_index(op.f("ix_pupil_staff_pupil"), "pupil_staff", ["pupil_id"], unique=False)


def _families() -> None:
    op.create_table(
        "family_modules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("carers_until", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_family_modules_school_id_schools")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_family_modules_changed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_modules")),
        sa.UniqueConstraint("school_id", "code", name=op.f("uq_family_modules_school_id_code")),
    )
    op.create_table(
        "pupil_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_pupil_consents_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_pupil_consents_carer_id_carers")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_pupil_consents_recorded_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_consents")),
    )
    op.create_index(op.f("ix_pupil_consents_carer"), "pupil_consents", ["carer_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("shields", "lifted_at")
    op.drop_column("shields", "lifted_by")
    op.drop_column("matrix_lines", "condition")
    op.drop_column("matrix_versions", "restored_from")
    op.drop_column("matrix_versions", "approved_by")
