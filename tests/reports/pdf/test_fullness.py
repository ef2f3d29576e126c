"""How full a page is, told from how it is laid out, is what stands on the printed page."""

import pickle

import pytest

from reports.pdf.fullness import fills
from reports.pdf.render import Page, render_pdf
from services.settings import Settings
from tests.ink import ink_of

pytestmark = [pytest.mark.prints_anew, pytest.mark.slow]
FONTS = Settings(_env_file=None).fonts
HEAD = "".join(f'<link rel="stylesheet" href="asset:///styles/{name}.css">' for name in ("type", "page", "table"))
PARAGRAPH = "<p>Trong tháng, các đơn vị kết nghĩa đã hỗ trợ các thôn, làng.</p>"
TABLE = "<table><thead><tr><th>TT</th></tr></thead><tbody>{}</tbody></table>"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="200"><rect width="100" height="200"/></svg>'


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPH,
        PARAGRAPH * 70,
        TABLE.format("<tr><td>1</td></tr>" * 30),
        PARAGRAPH * 5 + PICTURE,
        PARAGRAPH * 5 + '<div style="height: 300px"></div><p></p>',
        PARAGRAPH * 3 + "<p>Nơi nhận:</p>",
        PARAGRAPH * 50 + '<div style="break-before: page"><p>Phụ lục I</p>' + PARAGRAPH * 60 + "</div>",
        '<div style="break-before: page"><p>Phụ lục II</p></div>' + PARAGRAPH,
    ],
    ids=["line", "pages", "table", "picture", "nothing-below", "closing", "annexed", "second-annex"],
)  # fmt: skip
def test_it_is_what_another_engine_finds_printed(body: str) -> None:
    page = Page(f'<!DOCTYPE html><html lang="vi"><head><title>x</title>{HEAD}</head><body>{body}</body></html>', FONTS)
    laid_out, printed = fills(page), ink_of(render_pdf(page))
    assert [each.is_annexed for each in laid_out] == [each.is_annexed for each in printed]
    assert [each.filled for each in laid_out] == pytest.approx([each.filled for each in printed], abs=0.01)


def test_a_page_that_was_laid_out_travels_without_its_layout() -> None:
    page = Page(
        f"<!DOCTYPE html><html lang='vi'><head><title>x</title>{HEAD}</head><body>{PARAGRAPH}</body></html>", FONTS
    )
    before = pickle.dumps(page)
    assert page.document is page.document
    assert pickle.loads(pickle.dumps(page)) == page
    assert len(pickle.dumps(page)) == len(before)
