"""Which version of the form a workbook is, before anything else of it is read."""

from collections.abc import Iterable, Mapping

from domain import form
from domain.form import Form
from domain.forms import FORM_BY_VERSION, FORMS
from domain.text import fold, heading
from ingest.workbook.table_layout import RawSheet

_VERSIONS = {fold(version): each for version, each in FORM_BY_VERSION.items()}
_CAPTION = heading(form.STATEMENT.field("form_version").caption)
_CAPTIONS = {each.version: {heading(field.caption) for field in each.sheets[0].fields} for each in FORMS}


def stated_form(sheets: Iterable[RawSheet], properties: Mapping[str, str]) -> Form:
    """The form by what sheet 00 says, or else by the mark it was handed out with, or else by its captions.

    Args:
        sheets: those that bear the name of sheet 00.
        properties: the workbook's own.
    """
    captions = set()
    for sheet in sheets:
        for line in sheet.rows:
            for place, cell in enumerate(line):
                if isinstance(cell, str):
                    captions.add(heading(cell))
                    said = line[place + 1] if place + 1 < len(line) else None
                    if heading(cell) == _CAPTION and isinstance(said, str) and fold(said) in _VERSIONS:
                        return _VERSIONS[fold(said)]
    marked = FORM_BY_VERSION.get(properties.get(form.PROPERTY_FORM, ""))
    return marked or max(FORMS, key=lambda each: len(_CAPTIONS[each.version] & captions))
