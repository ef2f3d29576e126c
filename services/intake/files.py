"""Keeps a file that is no submission by itself, a mail or a table of history: in the archive, with its link in the chain."""

from services.run import Run
from storage import archive, chain


def keep_other_file(run: Run, content: bytes) -> str:
    """Keep the bytes; gives their hash. The same bytes are kept, and linked, once."""
    digest, _ = archive.keep(run.kept, run.settings.archive, content)
    with run.ledger.write() as session:
        if digest not in chain.keys_of(session, chain.FILE):
            chain.add_link(session, chain.FILE, digest)
    return digest
