"""Bytes may be judged anew; when they arrived stays on record; a file that could not be read now has no verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
_NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
"""By what the first migration's nameless constraint can be spoken of, where the database gave it no name either."""


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    given = [each["name"] for each in sa.inspect(op.get_bind()).get_unique_constraints("submissions")]
    with op.batch_alter_table("submissions", naming_convention=_NAMES) as submissions:
        submissions.drop_constraint(given[0] or "uq_submissions_sha256", type_="unique")
        submissions.create_index("ix_submissions_sha256", ["sha256"])
        submissions.add_column(sa.Column("arrived_at", sa.DateTime(), nullable=True))
    op.create_table(
        "rejudgements",
        sa.Column("submission_id", _number(), sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("by_submission", _number(), sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("rejudged_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id"),
    )
    op.create_table(
        "setbacks",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("is_suspect", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_setbacks_sha256", "setbacks", ["sha256"])
