"""Second factors, passkeys, sign-on elsewhere, lockout.

Revision: 0011, after: 0010
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "accounts_elsewhere",
    "known_devices",
    "sign_in_budgets",
    "sign_in_steps",
    "passkeys",
    "recovery_codes",
    "code_apps",
)


def upgrade() -> None:
    """Make the tables; tries are counted per account and place, no longer on the account."""
    _make(
        "code_apps",
        None,
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _number("last_step"),
        _at("created_at"),
    )
    _make("recovery_codes", "id", _text("digest", 64), _at("used_at", True))
    _make(
        "passkeys",
        "id",
        _text("credential", 1400),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        _number("sign_count"),
        _text("name", 60),
        _at("created_at"),
        _at("used_at", True),
        unique=("credential",),
    )
    _make(
        "sign_in_steps",
        "id",
        _text("token_digest", 64),
        _text("method", 20),
        _number("tries"),
        _at("created_at"),
        _at("used_at", True),
        unique=("token_digest",),
    )
    _make("known_devices", "id", _text("token_digest", 64), _at("created_at"), _at("seen_at"), unique=("token_digest",))
    _make(
        "accounts_elsewhere",
        None,
        _text("issuer", 300, True),
        _text("subject", 255, True),
        _at("allowed_at"),
        _at("linked_at", True),
        unique=("issuer", "subject"),
    )
    op.create_table(
        "sign_in_budgets",
        _text("key", 64),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        _number("failures"),
        _at("until", True),
        _at("changed_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_budgets_user_id_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_budgets")),
    )
    op.create_index(op.f("ix_sign_in_budgets_user_id"), "sign_in_budgets", ["user_id"])
    op.add_column("sessions", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("method", sa.String(length=20), nullable=False, server_default="password"))
    op.add_column("sessions", sa.Column("device", sa.String(length=60), nullable=False, server_default=""))
    op.drop_column("users", "failed_logins")
    op.drop_column("users", "locked_until")


def downgrade() -> None:
    """Take the tables away. Second factors and passkeys are lost with them."""
    op.add_column("users", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("failed_logins", sa.Integer(), nullable=False, server_default="0"))
    for name in ("device", "method", "verified_at"):
        op.drop_column("sessions", name)
    for table in TABLES:
        op.drop_table(table)


def _make(table: str, key: str | None, *columns: sa.Column[Any], unique: tuple[str, ...] = ()) -> None:
    """A table of a person's; without `key` there is one row for each person."""
    own = [sa.Column(key, sa.Uuid(), nullable=False)] if key else []
    extra = [sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}"))] if unique else []
    op.create_table(
        table,
        *own,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users")),
        sa.PrimaryKeyConstraint(key or "user_id", name=op.f(f"pk_{table}")),
        *extra,
    )
    if key:
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _text(name: str, length: int, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=empty)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _at(name: str, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)
