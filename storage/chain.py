"""The chain over everything kept: each link holds the hash of what was added and of the chain before it.

Whoever alters, removes or reorders a row breaks the chain; `storage.soundness` says where. What may change by itself
(the state of an edition, of a delivery) gets a link with every change, and the last one must fit.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
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
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table that belong to a link: those whose `key` columns bear the link's key."""

    table: type[Table]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    needed_for: tuple[str, ...] = ()
    """A row needs a link once one of these columns is not empty; without them every row needs one."""


def _whole(table: type[Table], *key: str, apart_from: Sequence[str] = ()) -> Part:
    return Part(table, key, tuple(name for name in table.__table__.c.keys() if name not in apart_from))  # noqa: SIM118


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
_MADE_WITH = ("made_with", "beside_sha256", "seen_links", "begun_at")
_SIGNATURE = ("signed_sha256", "signed_by", "signed_at")
KINDS: Mapping[str, tuple[Part, ...]] = {
    "arrival": (_whole(Arrival, "id", apart_from=("answered_at", *_OWN_TIME)),),
    OWN_TIME: (Part(Arrival, ("id",), ("id", *_OWN_TIME), needed_for=_OWN_TIME),),
    "received-mail": (_whole(Mail, "sha256", apart_from=("answered_at",)),),
    "submission": (
        _whole(Submission, "id", apart_from=(*_ARRIVED, *_CARRIED)),
        _whole(FindingRow, "submission_id", apart_from=_WAIVERS),
        _whole(Difference, "submission_id"),
        *(_whole(table, "submission_id") for table in FACT_TABLES.values()),
    ),
    WAIVERS: (Part(FindingRow, ("submission_id",), ("submission_id", "position", *_WAIVERS), needed_for=_WAIVERS),),
    "submission-arrival": (Part(Submission, ("id",), ("id", *_ARRIVED), needed_for=_ARRIVED),),
    "submission-carried": (Part(Submission, ("id",), ("id", *_CARRIED), needed_for=_CARRIED),),
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
        Part(Edition, ("edition_id",), ("edition_id", "state", "released_by", "released_at", "void_reason")),
    ),
    "edition-approval": (Part(Edition, ("edition_id",), ("edition_id", *_APPROVAL), needed_for=_APPROVAL),),
    "edition-papers": (Part(Edition, ("edition_id",), ("edition_id", *_PAPERS), needed_for=_PAPERS),),
    "edition-manifest": (Part(Edition, ("edition_id",), ("edition_id", *_MANIFEST), needed_for=_MANIFEST),),
    "edition-claims": (_whole(ClaimRow, "edition_id"),),
    "edition-tables": (Part(Edition, ("edition_id",), ("edition_id", *_TABLES), needed_for=_TABLES),),
    "edition-signature": (Part(Edition, ("edition_id",), ("edition_id", *_SIGNATURE), needed_for=_SIGNATURE),),
    "account": (_whole(AccountRow, "id"),),
    "act": (_whole(ActRow, "id"),),
    "identity": (_whole(Identity, "ledger_id"),),
    "run": (_whole(ReportRun, "id", apart_from=_MADE_WITH),),
    "run-made-with": (Part(ReportRun, ("id",), ("id", *_MADE_WITH), needed_for=_MADE_WITH),),
    "explanation": (_whole(Explanation, "id"),),
    "delivery": (),
    "mail": (
        Part(Delivery, ("subject", "recipient"), ("subject", "recipient", "message_id", "eml_sha256", "reserved_at")),
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


_CHANGING = frozenset(
    {"edition-state", "edition-approval", "edition-papers", "edition-tables", "edition-signature", "mail", OLD_LOCK}
)
"""The kinds whose rows may change, each time with a link of its own."""
WRITTEN_ONCE = frozenset(kind for kind, parts in KINDS.items() if parts) - _CHANGING
"""The kinds whose rows never change: a second link of a key means that the row of the first is gone, and it came again."""


def add_link(session: Session | Connection, kind: str, *key: object) -> None:
    """Add a link over the rows just written; part of the same transaction."""
    named = SEPARATOR.join(str(each) for each in key)
    _add(session, kind, named, content_of(session, kind, named))


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
            "link_sha256": link_hash(before, position, kind, named, content),
        },
    )


def chain_everything(connection: Connection, kinds: Sequence[str]) -> None:
    """Add a link for every row of these kinds: of a ledger that was kept before there was a chain."""
    for kind in kinds:
        for key in keys_needing_links(connection, kind):
            add_link(connection, kind, *key)


def head(session: Session) -> tuple[int, str]:
    """How many links there are, and the last one's hash: whoever noted it down can ask for it again."""
    last = session.execute(select(Link.position, Link.link_sha256).order_by(Link.position.desc()).limit(1)).first()
    return (last[0], last[1]) if last else (0, BEGINNING)


def written_since(session: Session, position: int, apart_from: Collection[str]) -> list[tuple[str, str]]:
    """Kind and key of what was written after that position of the chain, but for these kinds; each once."""
    later = select(Link.kind, Link.key).where(Link.position > position, Link.kind.not_in(apart_from)).distinct()
    return list(session.execute(later.order_by(Link.kind, Link.key)).tuples())


def has_link(session: Session, link_sha256: str) -> bool:
    """Whether this hash stands in the chain."""
    return session.scalar(select(func.count()).where(Link.link_sha256 == link_sha256)) != 0


def link_hash(before: str, position: int, kind: str, key: str, content: str) -> str:
    """The hash of a link: of what it says, and of the link before it."""
    return hashlib.sha256("\n".join((before, str(position), kind, key, content)).encode()).hexdigest()


def content_of(session: Session | Connection, kind: str, key: str) -> str:
    """The hash of all rows that a link covers, in the order of their keys."""
    digest = hashlib.sha256()
    for part in KINDS[kind]:
        for row in session.execute(rows_of(part), key_values(part, key)):
            digest.update(line_of(part, row))
    return digest.hexdigest()


def line_of(part: Part, row: Iterable[object]) -> bytes:
    """A row as links hash it."""
    line = json.dumps([part.table.__tablename__, *row], default=str, ensure_ascii=False, sort_keys=True)
    return line.encode() + b"\n"


@cache
def rows_of(part: Part) -> Select[Any]:
    """The rows of a part that bear a key, whichever it is; built once, for it is asked with every link."""
    table = part.table.__table__
    columns = [table.c[name] for name in part.columns]
    bears = and_(*(table.c[name] == bindparam(f"key_{name}") for name in part.key))
    return select(*columns).where(bears).order_by(*(column for column in columns if column.primary_key))


def key_values(part: Part, key: str) -> dict[str, Any]:
    """The values of the key's columns, by the names that `rows_of` gives them."""
    values = key.split(SEPARATOR, len(part.key) - 1)
    types = [part.table.__table__.c[name].type.python_type for name in part.key]
    return {f"key_{name}": of(value) for name, of, value in zip(part.key, types, values, strict=True)}


def keys_of(session: Session, kind: str) -> set[str]:
    """The keys of all links of a kind."""
    return set(session.scalars(select(Link.key).where(Link.kind == kind)))


def keys_needing_links(session: Session | Connection, kind: str, named: str | None = None) -> list[tuple[object, ...]]:
    """The keys that must have a link of the kind; of all rows, or of those that bear one key."""
    if not KINDS[kind]:
        return []
    part = KINDS[kind][0]
    table = part.table.__table__
    columns = [table.c[name] for name in part.key]
    query = select(*columns).order_by(*columns)
    if named is not None:
        values = key_values(part, named)
        query = query.where(*(table.c[name] == values[f"key_{name}"] for name in part.key))
    query = query.where(*needs_link(part))
    return [tuple(row) for row in session.execute(query.distinct() if part.needed_for else query)]


def needs_link(part: Part) -> list[ColumnElement[bool]]:
    """Of which rows a link must be: of all, or of those in which one of the columns says something."""
    return (
        [or_(*(_says_something(part.table.__table__.c[name]) for name in part.needed_for))] if part.needed_for else []
    )


def named_rows(session: Session, kind: str) -> list[str]:
    """The keys of all rows that must have a link of the kind, as links bear them."""
    return [SEPARATOR.join(str(each) for each in key) for key in keys_needing_links(session, kind)]


def _says_something(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column != "" if isinstance(column.type, String) else column.is_not(None)
