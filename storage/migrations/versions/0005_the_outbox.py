"""The outbox: the composed mail's hash, attempts with the server's answers, when a mail is tried again."""

import sqlalchemy as sa
from alembic import op

from storage.chain import add_link

revision = "0005"
down_revision = "0004"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("eml_sha256", sa.String(length=64), nullable=False, server_default=""))
        deliveries.add_column(sa.Column("attempts", _number(), nullable=False, server_default="0"))
        deliveries.add_column(sa.Column("next_attempt_at", sa.DateTime(), nullable=True))
        deliveries.add_column(sa.Column("sender", sa.Text(), nullable=False, server_default=""))
    # What was being sent when a program of before stopped, nobody knows; what had failed may be composed anew.
    op.execute("UPDATE deliveries SET state = 'uncertain' WHERE state = 'sending'")
    op.execute("DELETE FROM deliveries WHERE state = 'failed'")
    op.create_table(
        "delivery_attempts",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delivery_attempts_subject", "delivery_attempts", ["subject"])
    rows = op.get_bind().execute(sa.text("SELECT subject, recipient FROM deliveries ORDER BY subject, recipient"))
    for subject, recipient in rows.all():
        add_link(op.get_bind(), "mail", subject, recipient)
