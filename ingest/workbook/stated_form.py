"""Which version of the form a workbook is, before anything else of it is read."""

from collections.abc import Iterable, Mapping

from domain import form
from domain.form import Form
from domain.forms import FORM_BY_VERSION, FORMS
from domain.text import fold, heading
from ingest.workbook.table_layout import RawSheet

_VERSIONS = {fold(version): each for version, each in FORM_BY_VERSION.items()}
_CAPTION = heading(form.STATEMENT.field("form_version").caption)
_CAPTIONS = [(each, {heading(field.caption) for field in each.sheets[0].fields}) for each in FORMS]
_SHARED = set.intersection(*(captions for _, captions in _CAPTIONS))


def stated_form(sheets: Iterable[RawSheet], properties: Mapping[str, str]) -> Form:
    """The form by the captions that only one has, or else by what sheet 00 says, or else by the mark it was handed out with.

    Args:
        sheets: those that bear the name of sheet 00.
        properties: the workbook's own.
    """
    captions, said = set[str](), ""
    for sheet in sheets:
        for line in sheet.rows:
            for place, cell in enumerate(line):
                if isinstance(cell, str):
                    captions.add(heading(cell))
                    if heading(cell) == _CAPTION and place + 1 < len(line):
                        said = said or fold(str(line[place + 1] or ""))
    own = [each for each, asked in _CAPTIONS if captions & (asked - _SHARED)]
    if len(own) == 1:
        return own[0]
    marked = FORM_BY_VERSION.get(properties.get(form.PROPERTY_FORM, ""))
    return _VERSIONS.get(said) or marked or FORMS[0]
