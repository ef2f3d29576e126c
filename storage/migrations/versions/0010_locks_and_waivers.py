"""Every lock of a period is kept, not only the last; a finding names the waiver that made a warning of it."""

import sqlalchemy as sa
from alembic import op

from storage.chain import OLD_LOCK, WAIVERS, add_link, content_of_old_lock
from storage.tables import Moment

revision = "0010"
down_revision = "0009"
_LOCK_COLUMNS = ("period", "locked_from", "locked_by", "noted_at")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "period_locks",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("locked_from", sa.DateTime(), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_period_locks_period", "period_locks", ["period"])
    _copy_locks(op.get_bind())
    op.drop_table("locks")
    with op.batch_alter_table("findings") as findings:
        findings.add_column(sa.Column("waived_by", sa.Text(), nullable=False, server_default=""))
    _name_waivers(op.get_bind())


def _copy_locks(connection: sa.Connection) -> None:
    """Copy the locks; one that is not what was linked gets no new link, so that it is still found to be altered."""
    links = sa.text("SELECT key, content_sha256 FROM chain WHERE kind = :kind ORDER BY position")
    linked = dict(connection.execute(links, {"kind": OLD_LOCK}).tuples().all())
    moments = {"locked_from": Moment(), "noted_at": Moment()}
    old, new = (
        sa.table(name, *(sa.column(each, moments.get(each, sa.Text())) for each in ("id", *_LOCK_COLUMNS)))
        for name in ("locks", "period_locks")
    )
    for row in connection.execute(
        sa.select(*(old.c[name] for name in _LOCK_COLUMNS)).order_by(old.c.noted_at, old.c.period)
    ).all():
        number = connection.scalar(sa.insert(new).values(**row._mapping).returning(new.c.id))
        # Those of a ledger that is older than the chain got their links with it, in 0004.
        if linked.get(row.period) == content_of_old_lock(row):
            add_link(connection, "period-lock", number)


def _name_waivers(connection: sa.Connection) -> None:
    """Before waivers had keys, a finding told of its waiver at the end of its sentence: those words name it."""
    rows = connection.execute(
        sa.text(
            "SELECT submission_id, position, sentence FROM findings "
            "WHERE severity = 'warning' AND sentence LIKE '%Được miễn: %).' ORDER BY submission_id, position"
        )
    ).all()
    for submission_id, position, sentence in rows:
        connection.execute(
            sa.text("UPDATE findings SET waived_by = :words WHERE submission_id = :id AND position = :position"),
            {"words": sentence[sentence.rindex("Được miễn: ") :], "id": submission_id, "position": position},
        )
    for submission_id in dict.fromkeys(row[0] for row in rows):
        add_link(connection, WAIVERS, submission_id)
