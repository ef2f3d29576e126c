"""Loads what people wrote for the reports: one TOML file per period in `reference/narratives`."""

import tomllib
from datetime import date
from pathlib import PurePosixPath

from domain.errors import BadPeriod, BadReference
from domain.narrative import SECTIONS, Narrative, paragraphs, pieces
from domain.period import Period
from ingest.tables.files import Tables


def parse_narratives(tables: Tables) -> dict[str, Narrative]:
    """Every narrative, by its period.

    Raises:
        BadReference: names the file that cannot be right, and why.
    """
    return {
        PurePosixPath(name).stem: _narrative(name, content)
        for name, content in sorted(tables.files.items())
        if name.startswith("narratives/")
    }


def _narrative(name: str, content: bytes) -> Narrative:
    try:
        Period.parse(PurePosixPath(name).stem)
        told = tomllib.loads(content.decode("utf-8-sig"))
        unknown = sorted(told.keys() - {"author", "written_on", *SECTIONS})
        if unknown:
            raise ValueError(f"không có mục {unknown[0]}; các mục: {', '.join(SECTIONS)}")
        author, written_on = str(told.get("author", "")).strip(), told.get("written_on")
        if not author or not isinstance(written_on, date):
            raise ValueError("phải ghi author (người viết) và written_on (ngày viết, ví dụ 2024-02-19)")
        sections = {section: paragraphs(str(told.get(section, ""))) for section in SECTIONS}
        for section, parts in sections.items():
            for part in parts:
                try:
                    pieces(part)
                except ValueError as reason:
                    raise ValueError(f"mục {section}: {reason}") from reason
        return Narrative(author, written_on, **sections)
    except (tomllib.TOMLDecodeError, BadPeriod, UnicodeDecodeError, ValueError) as error:
        raise BadReference(f"{name}: {error}") from error
