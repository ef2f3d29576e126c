"""Keeps a file that is no submission by itself, a mail or a table of history: in the archive, with its link in the chain."""

from services.settings import Settings
from storage import archive, chain
from storage.database import open_database

KIND = "file"


def keep_alone(settings: Settings, content: bytes) -> str:
    """Keep the bytes; gives their hash. The same bytes are kept, and linked, once."""
    digest, _ = archive.keep(settings.archive, content)
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        if digest not in chain.keys_of(session, KIND):
            chain.add_link(session, KIND, digest)
    database.close()
    return digest
