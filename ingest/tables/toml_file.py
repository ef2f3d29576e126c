"""One TOML file as its keys and values, or the fault that makes it none."""

import re
import tomllib
from typing import Any

from ingest.tables.faults import Fault, not_utf8

_LINE = re.compile(r"at line (\d+)")


def parse_toml(name: str, content: bytes) -> dict[str, Any] | Fault:
    """The values of the file; a fault, with its line where it is known, if it is no TOML."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return not_utf8(name, content, error)
    except (ValueError, RecursionError) as error:
        # Not TOMLDecodeError alone: a number of five thousand figures is refused by Python itself.
        line = _LINE.search(str(error))
        return Fault(name, int(line[1]) if line else None, f"không phải TOML ({error})", "đối chiếu với tệp mẫu")
