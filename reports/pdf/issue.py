"""What a release adds to the page that was read: number and day in its blanks, no mark of a draft, and nothing else."""

import re
from datetime import date

from markupsafe import Markup

from domain import wording
from domain.editions import Issue
from domain.errors import NotReleasable
from domain.figures import Figure
from domain.letterhead import Sender
from reports.pdf.skins import SKINS

_BLANK = re.compile(r"<!--issue:(?P<name>\w+)-->(?P<draft>.*?)<!--/issue:(?P=name)-->", re.DOTALL)
_ISSUED_NUMBERS = (
    re.compile(r"[Ss]ố:? ?(\d+)[/-][A-ZĐ]"),
    re.compile(r"ngày (\d+) tháng (\d+) năm (\d+)"),
    re.compile(r"\(Thay thế (.+?)\)", re.DOTALL),
)


_LEDGER = "urn:ketnghia:ledger:"


def source_of(ledger_id: str) -> str:
    """What an issued document says that it comes from: its ledger."""
    return f"{_LEDGER}{ledger_id}" if ledger_id else ""


def ledger_named_in(pdf: bytes) -> str:
    """The ledger that a document was issued from; empty for a draft, and for one of before ledgers had ids."""
    found = re.search(rb"<dc:source>" + _LEDGER.encode() + rb"([0-9a-f]{32})</dc:source>", pdf)
    return found[1].decode() if found else ""


def document_number(given: str | None, sender: Sender) -> str | None:
    """A number as the letterhead prints it, from what the registry gave: 5 becomes 05/BC-UBND.

    Raises:
        NotReleasable: if it is no number of this sender's series.
    """
    if given is None or not given.strip():
        return None
    skin = SKINS[sender.skin]
    found = re.fullmatch(r"([0-9]{1,6})(.*)", given.strip())
    if found is None or not int(found[1]) or found[2] not in ("", f"{skin.before_symbol}{sender.symbol}"):
        raise NotReleasable(
            f"Số văn bản “{given}” không đúng dạng; ghi --number 15 hoặc 15{skin.before_symbol}{sender.symbol}."
        )
    return f"{wording.count(int(found[1]))}{skin.before_symbol}{sender.symbol}"


def fill_in(html: str, issue: Issue, sender: Sender) -> tuple[str, list[Figure]]:
    """The page as issued, and the numbers that were added to it."""
    skin = SKINS[sender.skin]
    day = wording.long_day(issue.doc_date) if issue.doc_date else None
    filled: dict[str, str | None] = {
        "draft": "",
        "number": issue.doc_number,
        "date": day,
        "with": _cited(issue, day, skin.citing),
        "replaces": str(Markup('<p class="replaces">(Thay thế {})</p>').format(issue.replaced))
        if issue.replaced
        else None,
    }

    def fill(found: re.Match[str]) -> str:
        text = filled[found["name"]]
        return found["draft"] if text is None else text

    added = {"issue.number": issue.doc_number, "issue.date": day, "issue.replaces": issue.replaced}
    return _BLANK.sub(fill, html), [
        Figure(name, "issue", "số, ngày văn bản", None, "", text) for name, text in added.items() if text
    ]


def cited(doc_number: str | None, doc_date: date | None, edition_id: str, sender: Sender) -> str:
    """A document in words: by its number and day; one that was issued without a number, by its edition."""
    citation = _cited(
        Issue(doc_number, doc_date), wording.long_day(doc_date) if doc_date else None, SKINS[sender.skin].citing
    )
    return f"Báo cáo {citation}" if citation else f"bản {edition_id}"


def accompanying(issue: Issue, sender: Sender) -> str:
    """What an annex says of its document: `Kèm theo Báo cáo số 15/BC-UBND ngày 22 tháng 02 năm 2024 của …`."""
    document = cited(issue.doc_number, issue.doc_date, "", sender)
    return f"Kèm theo {document} của {sender.agency_in_text} {sender.place}"


def issued_numbers(text: str) -> set[str]:
    """The digits of a page that a release has added: they are no figures of the report."""
    return {group for pattern in _ISSUED_NUMBERS for found in pattern.finditer(text) for group in _digits(found)}


def _digits(found: re.Match[str]) -> list[str]:
    return [digits for group in found.groups() for digits in re.findall(r"\d+(?:[.,]\d+)*", group)]


def _cited(issue: Issue, day: str | None, between: str) -> str | None:
    if issue.doc_number is None:
        return None
    return f"số {issue.doc_number}{f'{between}{day}' if day else ''}"
