"""Whose fault an error is: one arrival's, which costs that arrival alone, or this machine's, which stops the step."""

import errno

_OF_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})
"""No room, no handle, no memory: the next file would fare the same, and minutes later it may be otherwise."""


def is_of_machine(error: BaseException) -> bool:
    """Whether this machine is at fault and not what was read."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _OF_MACHINE)
