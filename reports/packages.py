"""Zip packages (.docx, .xlsx) without the time of writing, so that the same content gives the same bytes."""

import io
import zipfile
from collections.abc import Callable

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def without_clock(package: bytes) -> bytes:
    """The package with every entry dated 1980-01-01, the first day of the format."""
    return rewritten(package, lambda name, content: content)


def rewritten(package: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The package with each entry as `change` makes it of its name and content, without the time of writing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, change(name, old.read(name)))
    return packed.getvalue()
