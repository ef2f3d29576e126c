"""Reasons of revisions, locked periods, the status of figures, what a backfill has done."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("reason", sa.Text(), nullable=True))
    with op.batch_alter_table("figures") as figures:
        figures.add_column(sa.Column("status", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "locks",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("locked_from", sa.DateTime(), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("period"),
    )
    op.create_table(
        "unlocks",
        sa.Column("submission_id", _number(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unlocked_by", sa.Text(), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"]),
        sa.PrimaryKeyConstraint("submission_id"),
    )
    op.create_table(
        "report_runs",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("known_at", sa.DateTime(), nullable=True),
        sa.Column("code_version", sa.String(length=64), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.edition_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_runs_period", "report_runs", ["period"])
