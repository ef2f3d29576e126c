"""Loads what people wrote for the reports: one TOML file per period in `reference/narratives`."""

import tomllib
from datetime import date
from pathlib import Path

from domain.errors import BadPeriod, BadReference
from domain.narrative import SECTIONS, Narrative, paragraphs, pieces
from domain.period import Period


def load_narratives(folder: Path, local: Path) -> dict[str, Narrative]:
    """Every narrative, by its period; a file of the same name in `local` replaces the one in `folder`.

    Raises:
        BadReference: names the file that cannot be right, and why.
    """
    files = {path.name: path for place in (folder, local) for path in sorted((place / "narratives").glob("*.toml"))}
    return {path.stem: _narrative(path) for path in files.values()}


def _narrative(path: Path) -> Narrative:
    try:
        Period.parse(path.stem)
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        unknown = sorted(told.keys() - {"author", "written_on", *SECTIONS})
        if unknown:
            raise ValueError(f"không có mục {unknown[0]}; các mục: {', '.join(SECTIONS)}")
        author, written_on = str(told.get("author", "")).strip(), told.get("written_on")
        if not author or not isinstance(written_on, date):
            raise ValueError("phải ghi author (người viết) và written_on (ngày viết, ví dụ 2024-02-19)")
        sections = {name: paragraphs(str(told.get(name, ""))) for name in SECTIONS}
        for name, parts in sections.items():
            for part in parts:
                try:
                    pieces(part)
                except ValueError as reason:
                    raise ValueError(f"mục {name}: {reason}") from reason
        return Narrative(author, written_on, **sections)
    except (tomllib.TOMLDecodeError, BadPeriod, UnicodeDecodeError, ValueError) as error:
        raise BadReference(f"{path}: {error}") from error
