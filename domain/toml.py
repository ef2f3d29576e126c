"""Text as TOML holds it: whatever somebody typed can be written and is read back as it was."""

import re

from domain.text import in_one_line

_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_string(text: str) -> str:
    """The text as a basic string, with its quotation marks."""
    return '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0], f"\\u{ord(found[0]):04X}"), text) + '"'


def toml_remark(text: str) -> str:
    """The text as a remark on a line of its own."""
    return f"# {in_one_line(text)}".rstrip()
