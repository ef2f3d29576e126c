"""Receipts, differences, parked submissions; findings in parts; deliveries of more than editions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "locator", "sha256"),
    )
    op.create_index("ix_arrivals_sha256", "arrivals", ["sha256"])
    # What was taken in before receipts were numbered has been answered.
    op.execute(
        "INSERT INTO arrivals (channel, locator, file_name, sha256, arrived_at, answered_at) "
        "SELECT 'folder', file_name, file_name, sha256, received_at, received_at FROM submissions ORDER BY id"
    )
    op.create_table(
        "differences",
        sa.Column("submission_id", _number(), nullable=False),
        sa.Column("position", _number(), autoincrement=False, nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"]),
        sa.PrimaryKeyConstraint("submission_id", "position"),
    )
    op.create_table(
        "parkings",
        sa.Column("submission_id", _number(), nullable=False),
        sa.Column("because_of", _number(), nullable=False),
        sa.Column("parked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["because_of"], ["submissions.id"]),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"]),
        sa.PrimaryKeyConstraint("submission_id", "because_of"),
    )
    op.create_table(
        "mails",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "recipient"),
    )
    op.execute(
        "INSERT INTO mails (subject, recipient, message_id, state, reserved_at, sent_at, answer) "
        "SELECT edition_id, recipient, message_id, state, reserved_at, sent_at, answer FROM deliveries"
    )
    op.drop_table("deliveries")
    op.rename_table("mails", "deliveries")
    with op.batch_alter_table("findings") as findings:
        findings.alter_column("message", new_column_name="sentence")
        findings.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=""))
        findings.add_column(sa.Column("remedy", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("content_hash", sa.String(length=64), nullable=True))
        submissions.add_column(sa.Column("likeness", sa.String(length=64), nullable=True))
    op.create_index("ix_submissions_likeness", "submissions", ["likeness"])
