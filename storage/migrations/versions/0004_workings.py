"""Sheet 04, the workings of figures, with what an edition was made, explanations, and the chain over everything kept."""

import sqlalchemy as sa
from alembic import op

from storage.chain import add_old_lock_link, chain_everything
from storage.tables import Moment

revision = "0004"
down_revision = "0003"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


_KINDS = ("arrival", "submission", "parking", "unlock", "edition", "edition-state", "run")
_COUNTS = (
    "party_cells_dtts", "party_members", "party_members_new", "organisations_strengthened", "joint_meetings",
    "cases_received", "cases_resolved", "security_models", "elders_visited",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "politics_security",
        sa.Column("submission_id", _number(), nullable=False),
        sa.Column("source_row", _number(), autoincrement=False, nullable=False),
        sa.Column("stt", sa.Text(), nullable=True),
        sa.Column("village_id", sa.Text(), nullable=True),
        sa.Column("village_name", sa.Text(), nullable=True),
        *(sa.Column(name, _number(), nullable=True) for name in _COUNTS),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"]),
        sa.PrimaryKeyConstraint("submission_id", "source_row"),
    )
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("preparer_name", sa.Text(), nullable=True))
        submissions.add_column(sa.Column("approver_name", sa.Text(), nullable=True))
    with op.batch_alter_table("editions") as editions:
        for name in ("data_sha256", "code_version", "fonts_version", "reference_version"):
            editions.add_column(sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("figures") as figures:
        for name in ("operation", "formula"):
            figures.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        figures.add_column(sa.Column("parts", sa.JSON(), nullable=False, server_default="[]"))
        figures.add_column(sa.Column("cells", _number(), nullable=False, server_default="0"))
    op.create_table(
        "explanations",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_explanations_period", "explanations", ["period"])
    op.create_table(
        "chain",
        sa.Column("position", _number(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("link_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("link_sha256"),
    )
    chain_everything(op.get_bind(), _KINDS)
    _chain_locks(op.get_bind())


def _chain_locks(connection: sa.Connection) -> None:
    """The table of that time is no longer one of those that the chain knows."""
    kept = sa.table(
        "locks",
        sa.column("period", sa.Text()),
        sa.column("locked_from", Moment()),
        sa.column("locked_by", sa.Text()),
        sa.column("noted_at", Moment()),
    )
    for row in connection.execute(sa.select(kept).order_by(kept.c.period)).all():
        add_old_lock_link(connection, row)
