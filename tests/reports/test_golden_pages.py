"""The pages of every report in both layouts are those that were agreed on; `make golden` agrees anew.

Of drawings only the words are kept, and of the mark of the data nothing: it changes with every number.
"""

import os
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
NAMES = [f"{skin} {kind}" for kind in ("report", "sheet") for skin in ("nd30", "party")]


def agreed_words(html: str) -> str:
    """The page as it is agreed on: a line for each element, drawings by their words."""
    drawn = re.sub(r"<svg[^>]*>\s*(<title>.*?</title>).*?</svg>", r"\1", html, flags=re.DOTALL)
    plain = re.sub(r'<section class="fingerprint">.*?</section>', "", drawn, flags=re.DOTALL)
    return "\n".join(line.strip() for line in plain.splitlines() if line.strip()) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_the_one_that_was_agreed_on(documents: dict[str, bytes], name: str) -> None:
    place = GOLDEN / f"{name.replace(' ', '-')}.html"
    found = agreed_words(documents[f"{name} html"].decode())
    if os.environ.get("AGREE_ON_PAGES"):
        place.parent.mkdir(exist_ok=True)
        place.write_text(found, encoding="utf-8")
    assert found == place.read_text(encoding="utf-8")
