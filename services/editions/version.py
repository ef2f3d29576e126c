"""Which program made an edition: one hash over everything that can change a figure or a page."""

from functools import cache
from hashlib import sha256

from services.settings import CHECKOUT, Settings

_ROOMS = ("delivery", "domain", "expectations", "ingest", "reports", "services", "storage", "templates", "transforms")
_SUFFIXES = (".py", ".j2", ".css")


@cache
def code_version() -> str:
    """The hash of the program's text and of the versions it is pinned to; the tables people edit are not part of it."""
    digest = sha256()
    files = [path for room in _ROOMS for path in (CHECKOUT / room).rglob("*") if path.suffix in _SUFFIXES]
    for path in sorted([*files, CHECKOUT / "requirements.lock"]):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def reference_version(settings: Settings) -> str:
    """The hash of the tables people edit, as the settings find them."""
    tables = {
        str(path.relative_to(folder)): path
        for folder in (settings.reference, settings.home / "reference")
        for path in (*folder.glob("*.*"), *folder.glob("narratives/*.toml"))
    }
    digest = sha256()
    for name, path in sorted(tables.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
