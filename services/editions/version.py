"""With what an edition was made: program, libraries, fonts, settings and tables, so that it can be made again."""

import ctypes
import json
import platform
import subprocess
import sysconfig
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from domain.editions import EditionRecord
from domain.errors import BadReference, NotReleasable
from services.run import Run
from services.settings import PROGRAM
from services.tables import keep_tables, kept_tables

MANIFEST_FORMAT = "ketnghia-manifest-1"
_ROOMS = ("delivery", "domain", "expectations", "ingest", "reports", "services", "storage", "templates", "transforms")
_SUFFIXES = (".py", ".j2", ".css")


@cache
def code_version() -> str:
    """The hash of the program's text and of the libraries it is pinned to; the tables people edit are not part of it."""
    digest = sha256()
    files = [path for room in _ROOMS for path in (PROGRAM / room).rglob("*") if path.suffix in _SUFFIXES]
    for path in sorted(files):
        digest.update(str(path.relative_to(PROGRAM)).encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(libraries_version().encode())
    return digest.hexdigest()


@cache
def libraries_version() -> str:
    """The hash of the lock file; where the program was installed without it, of the installed versions it asks for."""
    lock = PROGRAM / "requirements.lock"
    if lock.is_file():
        return sha256(lock.read_bytes()).hexdigest()
    names = sorted({_name(wanted) for wanted in requires("ketnghia") or ()})
    return sha256("\n".join(f"{name}=={_installed(name)}" for name in names).encode()).hexdigest()


def manifest_of(run: Run) -> str:
    """The manifest of an edition made now, as JSON; the tables it names are kept beside the ledger."""
    keep_tables(run.kept, run.settings.kept_tables, run.tables)
    return json.dumps(_conditions(run) | {"commit": _commit()}, ensure_ascii=False, sort_keys=True)


def made_with(run: Run) -> str:
    """The hash of what a report made now is made with, but for the ledger: where it is the same, the bytes may be.

    Beside what a manifest names: what is installed in truth, and the libraries of the system that break the lines.
    """
    conditions = _conditions(run) | {"installed": _all_installed(), "system": _system_libraries()}
    return sha256(json.dumps(conditions, sort_keys=True).encode()).hexdigest()


def _all_installed() -> list[str]:
    """Every package with its version, by the folders that say so."""
    places = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return sorted(folder.name for place in places for folder in Path(place).glob("*.dist-info"))


@cache
def _system_libraries() -> list[str]:
    """The versions of Pango and HarfBuzz, asked of themselves: to import WeasyPrint for it takes as long as all else."""
    found = []
    for name, asked in (("libpango-1.0.so.0", "pango_version_string"), ("libharfbuzz.so.0", "hb_version_string")):
        try:
            version_of = getattr(ctypes.CDLL(name), asked)
        except (OSError, AttributeError):
            found.append("")
            continue
        version_of.restype = ctypes.c_char_p
        found.append(version_of().decode())
    return found


def _conditions(run: Run) -> dict[str, object]:
    from reports.pdf.faces import fonts_version

    return {
        "format": MANIFEST_FORMAT,
        "version": _installed("ketnghia"),
        "code_sha256": code_version(),
        "libraries_sha256": libraries_version(),
        "python": platform.python_version(),
        "fonts_sha256": fonts_version(run.settings.fonts),
        "settings": run.settings.shaping_editions(),
        "tables_sha256": run.tables.version,
        "tables": {name: sha256(content).hexdigest() for name, content in sorted(run.tables.files.items())},
    }


def as_made(run: Run, edition: EditionRecord) -> Run:
    """The run with the tables and settings that the edition was made with.

    Raises:
        NotReleasable: if the manifest in the ledger is none; only who altered the ledger can have written it.
    """
    if edition.manifest:
        try:
            run = run.with_settings(run.settings.shaped_as(json.loads(edition.manifest)["settings"]))
        except (ValueError, TypeError, LookupError) as error:
            raise NotReleasable(
                f"Bản kê điều kiện lập bản {edition.edition_id} trong sổ đã bị sửa; chạy “ketnghia verify --ledger”."
            ) from error
    return with_its_tables(run, edition)


def with_its_tables(run: Run, edition: EditionRecord) -> Run:
    """The run with the tables of the edition; with today's where they were not kept or this program refuses them.

    Which of both it is, the version of the tables tells.
    """
    if run.tables.version == edition.reference_version:
        return run
    tables = kept_tables(run.kept, run.settings.kept_tables, edition.reference_version)
    try:
        return run if tables is None else run.with_tables(tables)
    except BadReference:
        return run


def unlike_when_made(made: Run, edition: EditionRecord) -> list[str]:
    """What is another now than when the edition was made, in Vietnamese; `made` is the run as it was made."""
    from reports.pdf.faces import fonts_version

    return [
        name
        for name, then, now in (
            ("chương trình", edition.code_version, code_version()),
            ("phông chữ", edition.fonts_version, fonts_version(made.settings.fonts)),
            ("các bảng trong reference/", edition.reference_version, made.tables.version),
        )
        if then != now
    ]


@cache
def _commit() -> str:
    if not (PROGRAM / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            ["git", "-C", str(PROGRAM), "rev-parse", "HEAD"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _name(requirement: str) -> str:
    """`fastapi` of `fastapi<0.151; extra == "serve"`."""
    end = next((place for place, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None)
    return requirement[:end]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
