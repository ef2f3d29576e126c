import re

import pytest

from reports.html import TEMPLATES

NAKED = re.compile(r"\d")


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.j2")), ids=lambda path: path.name)
def test_templates_hold_no_naked_digits(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    # Tags, expressions and the names of headings and encodings are not printed.
    printed = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", text, flags=re.DOTALL)
    assert NAKED.findall(printed) == []
