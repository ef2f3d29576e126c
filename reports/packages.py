"""Zip packages (.docx) that come out the same byte for byte whatever the clock says."""

import io
import zipfile

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def without_clock(package: bytes) -> bytes:
    """The package with every entry dated as early as the format can say."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
