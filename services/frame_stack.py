"""One piece of memory for the frames of Python, however deep the calls go.

CPython keeps them in pieces of 16 KiB and gives each back at once; a loop whose calls cross the end of a piece takes and gives
back memory with every call (https://github.com/python/cpython/issues/142183, mended in 3.14). Great Expectations and WeasyPrint
call deeply enough: it cost a quarter of checking one workbook, and an eighth of a report.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_SLOTS = 70_000
"""Of eight bytes: the piece is the power of two above it, 1 MiB, of which what is not used is never touched."""

P = ParamSpec("P")
T = TypeVar("T")


def with_room(entry: Callable[P, T]) -> Callable[P, T]:
    """The function, called with room for the frames of all that it calls: some thousands, more than recursion may be deep.

    It is changed in its place, and is no generator: each of those would have a frame of half a megabyte for as long as it lives.
    """
    code = entry.__code__
    entry.__code__ = code.replace(co_stacksize=max(code.co_stacksize, _SLOTS))
    return entry
