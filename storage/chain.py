"""The chain over everything kept: each link holds the hash of what was added and of the chain before it.

Whoever alters, removes or reorders a row breaks the chain, and `broken_links` says where. What may change by itself
(the state of an edition, of a delivery) gets a link with every change, and the last one must fit.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, and_, bindparam, func, insert, or_, select
from sqlalchemy.orm import Session

from storage.tables import (
    FACT_TABLES,
    AccountRow,
    ActRow,
    Arrival,
    ClaimRow,
    Delivery,
    DeliveryAttempt,
    Difference,
    Edition,
    Explanation,
    FigureRow,
    FindingRow,
    Identity,
    Link,
    Mail,
    Parking,
    PeriodLock,
    Rejudgement,
    ReportRun,
    StoreRow,
    Submission,
    Table,
    TablesRow,
    Unlock,
)

BEGINNING = "0" * 64
"""What stands before the first link."""
FILE = "file"
"""The kind of a mail or a table of history that is kept as a file alone."""
WAIVERS = "submission-waivers"
"""The kind of the waivers that the findings of a submission name."""
OWN_TIME = "arrival-own-time"
"""The kind of the time that an arrived file bore."""
OLD_LOCK = "lock"
"""The kind of locks while a period had one row for them, in a table `locks` that is no more."""
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of one table that belong to a link: those whose `key` columns bear the link's key."""

    table: type[Table]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    needed_for: tuple[str, ...] = ()
    """A row needs a link once one of these columns is not empty; without them every row needs one."""


def _whole(table: type[Table], *key: str, apart_from: Sequence[str] = ()) -> _Part:
    return _Part(table, key, tuple(name for name in table.__table__.c.keys() if name not in apart_from))  # noqa: SIM118


_OWN_TIME = ("own_time",)
_APPROVAL = (
    "prepared_by", "checked_by", "checked_at", "doc_number", "doc_date", "not_before", "replaces", "withdrawn_by",
    "withdrawn_at",
)  # fmt: skip
_PAPERS = ("html_sha256", "issued_sha256")
_MANIFEST = ("manifest",)
_TABLES = ("tables_sha256", "issued_tables_sha256")
_WAIVERS = ("waived_by",)
_ARRIVED = ("arrived_at",)
_CARRIED = ("preparer_phone", "approver_title", "form")
_MADE_WITH = ("made_with",)
_SIGNATURE = ("signed_sha256", "signed_by", "signed_at")
KINDS: Mapping[str, tuple[_Part, ...]] = {
    "arrival": (_whole(Arrival, "id", apart_from=("answered_at", *_OWN_TIME)),),
    OWN_TIME: (_Part(Arrival, ("id",), ("id", *_OWN_TIME), needed_for=_OWN_TIME),),
    "received-mail": (_whole(Mail, "sha256", apart_from=("answered_at",)),),
    "submission": (
        _whole(Submission, "id", apart_from=(*_ARRIVED, *_CARRIED)),
        _whole(FindingRow, "submission_id", apart_from=_WAIVERS),
        _whole(Difference, "submission_id"),
        *(_whole(table, "submission_id") for table in FACT_TABLES.values()),
    ),
    WAIVERS: (_Part(FindingRow, ("submission_id",), ("submission_id", "position", *_WAIVERS), needed_for=_WAIVERS),),
    "submission-arrival": (_Part(Submission, ("id",), ("id", *_ARRIVED), needed_for=_ARRIVED),),
    "submission-carried": (_Part(Submission, ("id",), ("id", *_CARRIED), needed_for=_CARRIED),),
    "rejudgement": (_whole(Rejudgement, "submission_id"),),
    "parking": (_whole(Parking, "submission_id", "because_of"),),
    OLD_LOCK: (),
    "period-lock": (_whole(PeriodLock, "id"),),
    "unlock": (_whole(Unlock, "submission_id"),),
    "edition": (
        _whole(
            Edition,
            "edition_id",
            apart_from=(
                "state",
                "released_by",
                "released_at",
                "void_reason",
                *_APPROVAL,
                *_PAPERS,
                *_MANIFEST,
                *_TABLES,
                *_SIGNATURE,
            ),
        ),
        _whole(FigureRow, "edition_id"),
    ),
    "edition-state": (
        _Part(Edition, ("edition_id",), ("edition_id", "state", "released_by", "released_at", "void_reason")),
    ),
    "edition-approval": (_Part(Edition, ("edition_id",), ("edition_id", *_APPROVAL), needed_for=_APPROVAL),),
    "edition-papers": (_Part(Edition, ("edition_id",), ("edition_id", *_PAPERS), needed_for=_PAPERS),),
    "edition-manifest": (_Part(Edition, ("edition_id",), ("edition_id", *_MANIFEST), needed_for=_MANIFEST),),
    "edition-claims": (_whole(ClaimRow, "edition_id"),),
    "edition-tables": (_Part(Edition, ("edition_id",), ("edition_id", *_TABLES), needed_for=_TABLES),),
    "edition-signature": (_Part(Edition, ("edition_id",), ("edition_id", *_SIGNATURE), needed_for=_SIGNATURE),),
    "account": (_whole(AccountRow, "id"),),
    "act": (_whole(ActRow, "id"),),
    "identity": (_whole(Identity, "ledger_id"),),
    "run": (_whole(ReportRun, "id", apart_from=_MADE_WITH),),
    "run-made-with": (_Part(ReportRun, ("id",), ("id", *_MADE_WITH), needed_for=_MADE_WITH),),
    "explanation": (_whole(Explanation, "id"),),
    "delivery": (),
    "mail": (
        _Part(Delivery, ("subject", "recipient"), ("subject", "recipient", "message_id", "eml_sha256", "reserved_at")),
    ),
    "attempt": (_whole(DeliveryAttempt, "id"),),
    "tables": (_whole(TablesRow, "id"),),
    "store": (_whole(StoreRow, "id"),),
    FILE: (),
}
"""What a link of each kind covers; the first part's rows are the ones that must each have a link.

`delivery` was the kind of mails before there was an outbox. The rows that links of `lock` cover were copied to those of
`period-lock`, and are looked for there. A mail or a table of history is kept as a file alone: its link's key is the
file's hash. A column that is added to a table later stays out of the kind that is here (`apart_from`) and gets a kind of
its own (`needed_for`), or every link of before would break.
"""


NUMBERED = frozenset(
    kind for kind, parts in KINDS.items() if parts and parts[0].key == ("id",) and not parts[0].needed_for
)
"""The kinds whose rows bear a number and never change: a second link for a number means that the row of the first is gone."""


def add_link(session: Session | Connection, kind: str, *key: object) -> None:
    """Add a link over the rows just written; part of the same transaction."""
    named = _SEPARATOR.join(str(each) for each in key)
    _add(session, kind, named, _content(session, kind, named))


def add_old_lock_link(connection: Connection, row: Row[Any]) -> None:
    """Add the link that a row of `locks` had: for a ledger that is older than the chain."""
    _add(connection, OLD_LOCK, row.period, content_of_old_lock(row))


def content_of_old_lock(row: Row[Any]) -> str:
    """The hash that the chain has of a row of `locks`: its period, from when, by whom, and when it was noted."""
    line = json.dumps(["locks", *row], default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(line.encode() + b"\n").hexdigest()


def _add(session: Session | Connection, kind: str, named: str, content: str) -> None:
    # Nobody else adds one meanwhile: whoever writes is the only writer (`Database.write`).
    last = session.execute(select(Link.position, Link.link_sha256).order_by(Link.position.desc()).limit(1)).first()
    position, before = (last[0] + 1, last[1]) if last else (1, BEGINNING)
    session.execute(
        insert(Link),
        {
            "position": position,
            "kind": kind,
            "key": named,
            "content_sha256": content,
            "link_sha256": _link(before, position, kind, named, content),
        },
    )


def chain_everything(connection: Connection, kinds: Sequence[str]) -> None:
    """Add a link for every row of these kinds: of a ledger that was kept before there was a chain."""
    for kind in kinds:
        for key in _keys(connection, kind):
            add_link(connection, kind, *key)


def head(session: Session) -> tuple[int, str]:
    """How many links there are, and the last one's hash: whoever noted it down can ask for it again."""
    last = session.execute(select(Link.position, Link.link_sha256).order_by(Link.position.desc()).limit(1)).first()
    return (last[0], last[1]) if last else (0, BEGINNING)


def written_since(session: Session, kind: str, *key: object, apart_from: Collection[str]) -> list[tuple[str, str]]:
    """Kind and key of what was written after the last link of this key, but for these kinds; each once."""
    named = _SEPARATOR.join(str(each) for each in key)
    last = select(func.max(Link.position)).where(Link.kind == kind, Link.key == named).scalar_subquery()
    later = select(Link.kind, Link.key).where(Link.position > last, Link.kind.not_in(apart_from)).distinct()
    return list(session.execute(later.order_by(Link.kind, Link.key)).tuples())


def has_link(session: Session, link_sha256: str) -> bool:
    """Whether this hash stands in the chain."""
    return session.scalar(select(func.count()).where(Link.link_sha256 == link_sha256)) != 0


def fits(session: Session, kind: str, *key: object) -> bool:
    """Whether the rows of this key are what was last written of them, and the link that says so stands in the chain.

    What has no link fits where it needs none.
    """
    named = _SEPARATOR.join(str(each) for each in key)
    query = select(Link.__table__).where(Link.kind == kind, Link.key == named).order_by(Link.position.desc()).limit(1)
    last = session.execute(query).first()
    if last is None:
        return not _keys(session, kind, named)
    if last.content_sha256 != _content(session, kind, named):
        return False
    if kind in NUMBERED and _links_of(session, kind, named) > 1:
        return False
    before = session.scalar(select(Link.link_sha256).where(Link.position == last.position - 1)) or BEGINNING
    return bool(last.link_sha256 == _link(before, last.position, kind, named, last.content_sha256))


def nothing_removed(session: Session, *kinds: str) -> bool:
    """Whether no link was taken out of the chain, and of these numbered kinds every link has its row, and none two."""
    last, links = session.execute(select(func.max(Link.position), func.count())).one()
    if (last or 0) != links:
        return False
    linked = {kind: list(session.scalars(select(Link.key).where(Link.kind == kind))) for kind in kinds}
    return all(
        len(set(named)) == len(named) and set(named) <= set(_named_rows(session, kind))
        for kind, named in linked.items()
    )


def was_linked(session: Session, kind: str, *key: object) -> bool:
    """Whether there was ever a row with this key, whatever has become of it."""
    return _links_of(session, kind, _SEPARATOR.join(str(each) for each in key)) > 0


def broken_links(session: Session) -> Iterator[tuple[str, str, str]]:
    """Every place where the ledger is not what was written: kind, key, and one of altered, removed, added, reordered."""
    before, last_of = BEGINNING, dict[tuple[str, str], str]()
    for expected, row in enumerate(session.execute(select(Link.__table__).order_by(Link.position)), start=1):
        fits = row.link_sha256 == _link(before, row.position, row.kind, row.key, row.content_sha256)
        if row.position != expected or not fits:
            yield row.kind, row.key, "reordered"
        before = row.link_sha256
        if row.kind in NUMBERED and (row.kind, row.key) in last_of:
            yield row.kind, row.key, "removed"
        last_of[row.kind, row.key] = row.content_sha256
    linked: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for (kind, key), content in last_of.items():
        linked.setdefault(kind, set()).add(key)
        if KINDS.get(kind) and content != _content(session, kind, key):
            yield kind, key, "altered" if _is_there(session, kind, key) else "removed"
        if kind == OLD_LOCK and content not in (copied := _copies_of_old_lock(session, key)):
            yield kind, key, "altered" if copied else "removed"
    for kind in KINDS:
        for named in _named_rows(session, kind):
            if named not in linked[kind]:
                yield kind, named, "added"


def _link(before: str, position: int, kind: str, key: str, content: str) -> str:
    return hashlib.sha256("\n".join((before, str(position), kind, key, content)).encode()).hexdigest()


def _content(session: Session | Connection, kind: str, key: str) -> str:
    """The hash of all rows that a link covers, in the order of their keys."""
    digest = hashlib.sha256()
    for part in KINDS[kind]:
        for row in session.execute(_rows_of(part), _values(part, key)):
            line = json.dumps([part.table.__tablename__, *row], default=str, ensure_ascii=False, sort_keys=True)
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


@cache
def _rows_of(part: _Part) -> Select[Any]:
    """The rows of a part that bear a key, whichever it is; built once, for it is asked with every link."""
    table = part.table.__table__
    columns = [table.c[name] for name in part.columns]
    bears = and_(*(table.c[name] == bindparam(f"key_{name}") for name in part.key))
    return select(*columns).where(bears).order_by(*(column for column in columns if column.primary_key))


def _values(part: _Part, key: str) -> dict[str, Any]:
    """The values of the key's columns, by the names that `_rows_of` gives them."""
    values = key.split(_SEPARATOR, len(part.key) - 1)
    types = [part.table.__table__.c[name].type.python_type for name in part.key]
    return {f"key_{name}": of(value) for name, of, value in zip(part.key, types, values, strict=True)}


def _copies_of_old_lock(session: Session, period: str) -> set[str]:
    """The hashes of the period's locks, as they were taken of the table `locks`."""
    columns = (PeriodLock.period, PeriodLock.locked_from, PeriodLock.locked_by, PeriodLock.noted_at)
    return {content_of_old_lock(row) for row in session.execute(select(*columns).where(PeriodLock.period == period))}


def keys_of(session: Session, kind: str) -> set[str]:
    """The keys of all links of a kind."""
    return set(session.scalars(select(Link.key).where(Link.kind == kind)))


def _links_of(session: Session, kind: str, named: str) -> int:
    return session.scalar(select(func.count()).where(Link.kind == kind, Link.key == named)) or 0


def _is_there(session: Session, kind: str, key: str) -> bool:
    part = KINDS[kind][0]
    return session.execute(_rows_of(part), _values(part, key)).first() is not None


def _keys(session: Session | Connection, kind: str, named: str | None = None) -> list[tuple[object, ...]]:
    """The keys that must have a link of the kind; of all rows, or of those that bear one key."""
    if not KINDS[kind]:
        return []
    part = KINDS[kind][0]
    table = part.table.__table__
    columns = [table.c[name] for name in part.key]
    query = select(*columns).order_by(*columns)
    if named is not None:
        values = _values(part, named)
        query = query.where(*(table.c[name] == values[f"key_{name}"] for name in part.key))
    if part.needed_for:
        query = query.where(or_(*(_says_something(table.c[name]) for name in part.needed_for))).distinct()
    return [tuple(row) for row in session.execute(query)]


def _named_rows(session: Session, kind: str) -> list[str]:
    """The keys of all rows that must have a link of the kind, as links bear them."""
    return [_SEPARATOR.join(str(each) for each in key) for key in _keys(session, kind)]


def _says_something(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column != "" if isinstance(column.type, String) else column.is_not(None)
