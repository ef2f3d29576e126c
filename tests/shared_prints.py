"""Prints each page once for the whole run of the tests: what is pure is remembered by everything it was given.

A page is what its HTML, fonts, attachments and moment make of it. Hundreds of tests need an edition and few look at how
it is printed; those that ask whether the same comes out again bear the mark `prints_anew`, and nothing is remembered.
"""

import hashlib
import importlib
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

FOLDER = "SHARED_PRINTS"
"""The environment's variable by which the processes of one run find the folder."""
REMEMBERED = {
    "reports.pdf.render": ("render_pdf",),
    "reports.pdf.fullness": ("fills",),
    "reports.pdf.inspect": ("open_pdf",),
    "reports.companions.word_copy": ("word_copy",),
    "reports.companions.tables_workbook": ("tables_workbook",),
}
is_remembering = True


def install() -> None:
    """Put a remembering function in the place of each; before anything else imports them."""
    for module_name, names in REMEMBERED.items():
        module = importlib.import_module(module_name)
        for name in names:
            setattr(module, name, _remembering(module_name, getattr(module, name)))


def _remembering(module_name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        place = _place(module_name, function.__name__, arguments, named) if is_remembering else None
        if place is None:
            return function(*arguments, **named)
        if place.is_file():
            return pickle.loads(place.read_bytes())
        result = function(*arguments, **named)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(pickle.dumps(result))
        os.replace(file.name, place)
        return result

    return call


def _place(module_name: str, name: str, arguments: Any, named: Any) -> Path | None:
    folder = os.environ.get(FOLDER)
    if folder is None:
        return None
    try:
        given = pickle.dumps((arguments, sorted(named.items())))
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return Path(folder) / f"{name}-{hashlib.sha256(module_name.encode() + given).hexdigest()}"
