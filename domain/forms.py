"""The versions of the form, side by side: which are read, and which is handed out."""

from collections.abc import Iterator

from domain import codes
from domain.form import KN_01, Field, Sheet
from domain.kn_02 import KN_02

CURRENT = KN_02
"""The form that units are sent."""
FORM_BY_VERSION = {codes.KN_01: KN_01, codes.HISTORY_VERSION: KN_01, codes.KN_02: KN_02}
"""History comes in the columns of the first form."""
FORMS = (KN_01, KN_02)


def all_fields() -> Iterator[tuple[Sheet, Field]]:
    """Every field that some form asks for, once, as the first that asks for it defines it."""
    seen = set()
    for each in FORMS:
        for sheet, field in each.fields():
            if (sheet.table, field.name) not in seen:
                seen.add((sheet.table, field.name))
                yield sheet, field


def columns_of(table: str) -> tuple[Field, ...]:
    """The fields of a table, whichever form asks for them."""
    return tuple(field for sheet, field in all_fields() if sheet.table == table)
