"""A ledger has an identity: it is told apart from an empty one, and from another's, that lies in its place."""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.chain import add_link

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table("identity", sa.Column("ledger_id", sa.String(32), primary_key=True))
    ledger_id = secrets.token_hex(16)
    op.execute(sa.text("INSERT INTO identity VALUES (:id)").bindparams(id=ledger_id))
    add_link(op.get_bind(), "identity", ledger_id)
