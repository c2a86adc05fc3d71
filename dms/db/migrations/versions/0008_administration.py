"""Administration of schools, groups, people, categories and sources, with history.

Revision: 0008, after: 0007
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, str, Any, Any], ...] = (
    *((x, "row_version", sa.Integer(), sa.text("1")) for x in ("boards", "schools", "sites", "groups", "users")),
    *((x, "closed_on", sa.Date(), None) for x in ("schools", "sites", "groups")),
    ("groups", "school_year", sa.String(length=9), ""),
    ("sessions", "idle_minutes", sa.Integer(), sa.text("30")),
    ("sessions", "most_minutes", sa.Integer(), sa.text("720")),
    ("api_tokens", "name", sa.String(length=100), ""),
    ("category_versions", "active", sa.Boolean(), sa.true()),
    ("category_versions", "search_words", sa.String(length=500), ""),
    ("category_versions", "reason", sa.String(length=500), ""),
)
"""Table, column, type, and what rows that are there get; None is nothing."""


def upgrade() -> None:
    """Add the columns and tables. Whoever administered the only school of a board administers that board."""
    for table, name, kind, given in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=given is None, server_default=given))
    op.create_index("ix_audit_events_board_kind", "audit_events", ["board_id", "kind", "id"])
    op.create_table(
        "audit_changes",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=500), nullable=False),
        sa.Column("after", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_events.id"], name=op.f("fk_audit_changes_event_id_audit_events")),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_audit_changes")),
    )
    op.create_table(
        "password_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_password_links_author_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_password_links_token_digest")),
    )
    op.create_index(op.f("ix_password_links_user_id"), "password_links", ["user_id"])
    op.create_table(
        "chosen_settings",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_chosen_settings_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_chosen_settings_school_id_schools")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_chosen_settings")),
    )
    op.create_table(
        "chosen_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_chosen_sources_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_sources")),
        sa.UniqueConstraint("school_id", "kind", name=op.f("uq_chosen_sources_school_id_kind")),
    )
    op.execute(
        "UPDATE roles_held SET school_id = NULL WHERE role = 'applicatiebeheerder' AND school_id IS NOT NULL "
        "AND (SELECT count(*) FROM schools s WHERE s.board_id = roles_held.board_id) = 1"
    )


def downgrade() -> None:
    """Take them away; roles stay as wide as they are."""
    for table in ("chosen_sources", "chosen_settings", "password_links", "audit_changes"):
        op.drop_table(table)
    op.drop_index("ix_audit_events_board_kind", "audit_events")
    for table, name, _, _ in reversed(COLUMNS):
        op.drop_column(table, name)
