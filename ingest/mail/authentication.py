"""What the server that received a mail says of its origin: SPF, DKIM and DMARC (RFC 8601)."""

import re
from collections.abc import Iterator, Mapping
from email.message import Message as Parsed

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([\w-]+)\s*=\s*([\w-]+)(.*)", re.DOTALL)
_SIGNED_BY = re.compile(r"header\.(?:d|i)\s*=\s*\"?[^@\s\";]*?@?([\w.-]+)")
_BETWEEN = ("received-spf", "dkim-filter", "x-spam-status", "x-spam-score", "x-spam-level")
"""What a server's filters add between their results."""


def failed_check(message: Parsed, server: str, sender: str) -> str:
    """The check that the mail failed by the word of `server`, as in `dmarc=fail`; empty where it failed none.

    A sender may write such a header too, but only below those of the server: the topmost that bears the server's name,
    and those that follow it at once, are believed; of each method the first result, for the server's own stand above.
    """
    found: dict[str, tuple[str, str]] = {}
    for results in _results(message, server):
        for method, outcome in results.items():
            found.setdefault(method, outcome)
    verdict = {method: result for method, (result, _) in found.items()}
    if verdict.get("dmarc") == "pass":
        return ""
    if verdict.get("dmarc") == "fail":
        return "dmarc=fail"
    if verdict.get("spf") == "fail" and not _is_signed(found.get("dkim"), sender):
        return "spf=fail"
    return ""


def _results(message: Parsed, server: str) -> Iterator[Mapping[str, tuple[str, str]]]:
    """By method the result and by whom it was signed, of each header that is believed, topmost first."""
    is_begun = False
    for name, value in message.raw_items():
        text = str(value)
        is_own = name.lower() == "authentication-results" and _server_of(text) == server.strip().lower()
        if is_own:
            is_begun = True
            yield _parsed(text)
        elif is_begun and name.lower() not in _BETWEEN:
            return


def _server_of(text: str) -> str:
    said = _without_comments(text).partition(";")[0].split()
    return said[0].lower() if said else ""


def _parsed(text: str) -> dict[str, tuple[str, str]]:
    results: dict[str, tuple[str, str]] = {}
    for part in _without_comments(text).split(";")[1:]:
        found = _RESULT.match(part)
        if found is None:
            continue
        method, result = found[1].lower(), found[2].lower()
        signer = _SIGNED_BY.search(found[3])
        # A mail may bear several signatures, and one that holds is enough.
        if method not in results or (method == "dkim" and result == "pass"):
            results[method] = (result, signer[1].lower() if signer else "")
    return results


def _without_comments(text: str) -> str:
    before = None
    while before != text:
        before, text = text, _COMMENT.sub(" ", text)
    return text


def _is_signed(dkim: tuple[str, str] | None, sender: str) -> bool:
    """Whether a signature holds, and is of the sender's own domain or one above or below it."""
    if dkim is None or dkim[0] != "pass":
        return False
    domain, signer = sender.rpartition("@")[2], dkim[1]
    return not signer or domain == signer or domain.endswith(f".{signer}") or signer.endswith(f".{domain}")
