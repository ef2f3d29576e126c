"""Feeds the reader with damaged files: `python -m tests.corpus.fuzz FILE… --minutes 10`.

Each file is damaged at random, inside its parts or as a whole, and read as a received file is. Whatever comes out
must be cells, or one sentence that says why not; everything else is printed, kept and counted.
"""

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from hashlib import sha256
from pathlib import Path

from domain.errors import UnreadableFile
from ingest.workbook.limits import Limits
from ingest.workbook.patience import read_alone
from ingest.workbook.raw_batch import gather
from ingest.workbook.readers import Readers
from tests.corpus.nasty import package, parts

PIECES = (
    b"<",
    b">",
    b"&",
    b'"',
    b"\x00",
    b"\xff",
    b"1e999",
    b"-1",
    b"99999999999",
    b"]]>",
    b"\xf0\x9f\x8e\x81",
    b'r="A0"',
)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The bytes with up to eight wounds."""
    wounded = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if not wounded:
            break
        place = chance.randrange(len(wounded))
        match chance.randrange(5):
            case 0:
                wounded[place] ^= 1 << chance.randrange(8)
            case 1:
                del wounded[place : place + chance.randint(1, 200)]
            case 2:
                wounded[place:place] = chance.choice(PIECES) * chance.randint(1, 20)
            case 3:
                other = chance.randrange(len(wounded))
                wounded[place : place + 50] = wounded[other : other + 50]
            case _:
                del wounded[place:]
    return bytes(wounded)


def wounded(content: bytes, chance: random.Random) -> bytes:
    """A damaged file: as a whole, or, so that its seals still hold, inside one of its parts."""
    if not zipfile.is_zipfile(io.BytesIO(content)) or chance.random() < 0.2:
        return damaged(content, chance)
    entries = parts(content)
    name = chance.choice(sorted(entries))
    return package(entries | {name: damaged(entries[name], chance)})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    until = time.monotonic() + 60 * chosen.minutes
    read = refused = failed = 0
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, Readers(Limits()) as readers:
        path = Path(folder) / "file"
        while time.monotonic() < until:
            content = wounded(chance.choice(chosen.files).read_bytes(), chance)
            path.write_bytes(content)
            try:
                gather([read_alone(readers, path, sha256(content).hexdigest())])
                read += 1
            except UnreadableFile as reason:
                refused += 1
                if not str(reason).strip():
                    raise
            except Exception as error:
                failed += 1
                kept = Path(tempfile.gettempdir()) / f"fuzz-{chosen.seed}-{failed}"
                kept.write_bytes(content)
                print(f"{type(error).__name__}: {error} ({kept})")
    print(f"{read} read, {refused} refused, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
