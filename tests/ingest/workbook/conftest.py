"""Reads Pleiku's workbook after somebody changed it: by another program, or inside its package."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.workbook.raw_workbook import RawWorkbook
from ingest.workbook.read import read_workbook

Parts = dict[str, bytes]


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], RawWorkbook]:
    """What a file's bytes say, read without a process of its own."""

    def take(content: bytes) -> RawWorkbook:
        path = tmp_path / "received"
        path.write_bytes(content)
        return read_workbook(path, "f")

    return take


@pytest.fixture
def changed(read: Callable[[bytes], RawWorkbook], pleiku: Any) -> Callable[..., RawWorkbook]:
    """The workbook changed and saved by another program."""

    def take(change: Callable[[Any], object]) -> RawWorkbook:
        book = openpyxl.load_workbook(io.BytesIO(pleiku()))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        return read(buffer.getvalue())

    return take


@pytest.fixture
def repacked(read: Callable[[bytes], RawWorkbook], pleiku: Any) -> Callable[..., RawWorkbook]:
    """The workbook with its parts changed."""

    def take(change: Callable[[Parts], Parts]) -> RawWorkbook:
        return read(packed(change(parts_of(pleiku()))))

    return take
