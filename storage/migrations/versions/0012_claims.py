"""What the sentences of an edition say, so that each can be counted again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("edition_id", sa.Text(), sa.ForeignKey("editions.edition_id"), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "claim_id"),
    )
