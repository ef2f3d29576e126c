import sys
import threading
from collections.abc import Callable
from resource import RUSAGE_THREAD, getrusage

import pytest

from services.frame_stack import with_room

_DEPTHS, _CALLS = 300, 300


def _costliest_depth() -> int:
    """How often memory had to be fetched at the depth of calls where it had to be most often."""
    return max(_fetched_at(depth) for depth in range(_DEPTHS))


def _fetched_at(depth: int) -> int:
    if depth:
        return _fetched_at(depth - 1)
    before = getrusage(RUSAGE_THREAD).ru_minflt
    for _ in range(_CALLS):
        _wide(0)
    return getrusage(RUSAGE_THREAD).ru_minflt - before


def _wide(a: int) -> int:
    b = c = d = e = f = g = h = i = j = k = l = m = n = a  # noqa: E741
    return b + c + d + e + f + g + h + i + j + k + l + m + n


def in_a_thread(work: Callable[[], int]) -> int:
    """A thread of its own, whose frames begin at the beginning of a piece of memory."""
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]


def test_with_room_no_depth_of_calls_takes_memory_anew_with_every_call() -> None:
    assert in_a_thread(with_room(lambda: _costliest_depth())) < _CALLS / 2


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="later interpreters keep the last piece")
def test_without_it_some_depth_does() -> None:
    assert in_a_thread(_costliest_depth) >= _CALLS


def test_the_function_stays_what_it_was() -> None:
    def halve(number: int, *, by: int = 2) -> int:
        if number % by:
            raise ValueError(number)
        return number // by

    roomy = with_room(halve)
    assert (roomy(4), roomy(9, by=3), roomy.__name__) == (2, 3, "halve")
    with pytest.raises(ValueError, match="5"):
        roomy(5)
