"""The portal for parents and pupils: phases, invitations, sessions of its own; data breaches.

Revision: 0023, after: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PHASE = "fk_family_modules_phase_id_family_phases"
TABLES = ("data_breach_looks", "data_breaches", "portal_sessions", "portal_invitations", "family_phases")


def upgrade() -> None:
    """Add the tables, and the phase of a module."""
    op.create_table(
        "family_phases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_family_phases_school_id_schools")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_family_phases_changed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_phases")),
    )
    op.create_index(op.f("ix_family_phases_school_id"), "family_phases", ["school_id"], unique=False)
    op.create_table(
        "portal_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_portal_invitations_school_id_schools")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_portal_invitations_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_portal_invitations_carer_id_carers")),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_portal_invitations_invited_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_invitations")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_portal_invitations_code_digest")),
    )
    op.create_index(op.f("ix_portal_invitations_school_id"), "portal_invitations", ["school_id"], unique=False)
    op.create_index(op.f("ix_portal_invitations_pupil_id"), "portal_invitations", ["pupil_id"], unique=False)
    op.create_index(op.f("ix_portal_invitations_carer_id"), "portal_invitations", ["carer_id"], unique=False)
    op.create_table(
        "portal_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_portal_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_portal_sessions_token_digest")),
    )
    op.create_index(op.f("ix_portal_sessions_user_id"), "portal_sessions", ["user_id"], unique=False)
    op.create_table(
        "data_breaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.Uuid(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_data_breaches_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_data_breaches_school_id_schools")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_data_breaches_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["about_id"], ["pupils.id"], name=op.f("fk_data_breaches_about_id_pupils")),
        sa.ForeignKeyConstraint(["found_by"], ["users.id"], name=op.f("fk_data_breaches_found_by_users")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_data_breaches_closed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_breaches")),
    )
    op.create_index(op.f("ix_data_breaches_document_id"), "data_breaches", ["document_id"], unique=False)
    op.create_index(op.f("ix_data_breaches_pupil_id"), "data_breaches", ["pupil_id"], unique=False)
    op.create_index(op.f("ix_data_breaches_about_id"), "data_breaches", ["about_id"], unique=False)
    op.create_index("ix_data_breaches_school", "data_breaches", ["school_id", "state"], unique=False)
    op.create_table(
        "data_breach_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("breach_id", sa.Uuid(), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.Column("look", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["breach_id"], ["data_breaches.id"], name=op.f("fk_data_breach_looks_breach_id_data_breaches")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_data_breach_looks_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_breach_looks")),
    )
    op.create_index(op.f("ix_data_breach_looks_breach_id"), "data_breach_looks", ["breach_id"], unique=False)
    with op.batch_alter_table("family_modules") as batch:
        batch.add_column(sa.Column("phase_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f(PHASE), "family_phases", ["phase_id"], ["id"])


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("family_modules") as batch:
        batch.drop_constraint(op.f(PHASE), type_="foreignkey")
        batch.drop_column("phase_id")
    for table in TABLES:
        op.drop_table(table)
