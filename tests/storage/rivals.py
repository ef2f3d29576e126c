"""One of several processes that do the same to one ledger at the same moment: `python -m tests.storage.rivals …`."""

import json
import random
import sys
import time
from datetime import UTC, datetime
from hashlib import sha256

from domain.editions import NewEdition
from domain.figures import Figure
from domain.mails import Fate, MailRecord
from storage import arrivals, deliveries, editions, mails
from storage.database import Database, open_database

NOON = datetime(2024, 2, 16, 5, 0, tzinfo=UTC)
FILES = MAILS = DRAFTS = 6


def digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def note_file(database: Database, name: str) -> None:
    with database.write() as session:
        arrivals.note_arrival(session, "folder", name, name, digest(name), None, NOON)


def note_mail(database: Database, name: str) -> None:
    with database.write() as session:
        mails.note_mail(
            session, MailRecord(digest(name), "a@b.vn", name, f"<{name}>", NOON, Fate.TAKEN, "", 0, (), (), None)
        )


def draft(database: Database, content: str) -> None:
    hashes = (digest(content), *(letter * 64 for letter in "dhcfr"))
    new = NewEdition("2024-02", *hashes, NOON, NOON, is_sample=True, prepared_by="", manifest="", tables_sha256="")
    with database.write() as session:
        editions.add_draft(session, new, [Figure("a@period", "measure", "A", None, "hộ", "1")])


def send(database: Database, name: str) -> str | None:
    """Queue the mail and try to be the one who sends it; gives its name where this process is."""
    with database.write() as session:
        deliveries.reserve(session, "2024-02-1", f"{name}@x.vn", f"<{name}>", digest(name), NOON)
    with database.write() as session:
        is_ours = deliveries.claim(session, "2024-02-1", f"{name}@x.vn", "rival")
    return name if is_ours else None


def main(url: str, seed: int, begin: float) -> list[str]:
    dice = random.Random(seed)
    todo = (
        [(note_file, f"f{number}") for number in range(FILES)]
        + [(note_mail, f"m{number}") for number in range(MAILS)]
        + [(draft, f"e{number}") for number in range(DRAFTS)]
        + [(send, f"s{number}") for number in range(MAILS)]
    )
    with open_database(url) as database:
        time.sleep(max(0.0, begin - time.time()))
        # All begin alike, so that they meet; then each goes its own way.
        dice.shuffle(rest := todo[3:])
        return [done for act, name in todo[:3] + rest if (done := act(database, name)) is not None]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
