"""Persons have accounts with roles, and what they do with an edition is an act of their account."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_accounts_name", "accounts", ["name"])
    op.create_table(
        "acts",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("account_id", _number(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Text(), sa.ForeignKey("editions.edition_id"), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_acts_edition_id", "acts", ["edition_id"])
