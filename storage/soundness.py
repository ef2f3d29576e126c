"""Whether the ledger is what was written: of one row, of many at once, of a kind, of all."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from storage.chain import (
    BEGINNING,
    KINDS,
    OLD_LOCK,
    SEPARATOR,
    WRITTEN_ONCE,
    content_of,
    content_of_old_lock,
    key_values,
    keys_needing_links,
    line_of,
    link_hash,
    named_rows,
    needs_link,
    rows_of,
)
from storage.tables import Link, PeriodLock


def fits(session: Session, kind: str, *key: object) -> bool:
    """Whether the rows of this key are what was last written of them, and the link that says so stands in the chain.

    What has no link fits where it needs none.
    """
    named = SEPARATOR.join(str(each) for each in key)
    query = select(Link.__table__).where(Link.kind == kind, Link.key == named).order_by(Link.position.desc()).limit(1)
    last = session.execute(query).first()
    if last is None:
        return not keys_needing_links(session, kind, named)
    if last.content_sha256 != content_of(session, kind, named):
        return False
    if kind in WRITTEN_ONCE and _links_of(session, kind, named) > 1:
        return False
    before = session.scalar(select(Link.link_sha256).where(Link.position == last.position - 1)) or BEGINNING
    return bool(last.link_sha256 == _link_after(before, last))


def _link_after(before: str, link: Row[Any]) -> str:
    return link_hash(before, link.position, link.kind, link.key, link.content_sha256)


def unfit(session: Session, kind: str, keys: Sequence[object]) -> list[str]:
    """Those of the keys that do not fit, asked for all at once; of kinds with a key of one column."""
    return [key for part in _parted([str(key) for key in keys]) for key in _unfit(session, kind, part)]


def _unfit(session: Session, kind: str, keys: Sequence[str]) -> list[str]:
    contents = {key: hashlib.sha256() for key in keys}
    needing: set[str] = set()
    for place, part in enumerate(KINDS[kind]):
        table = part.table.__table__
        [key_column] = (table.c[name] for name in part.key)
        columns = [table.c[name] for name in part.columns]
        asked = key_column.in_([key_column.type.python_type(key) for key in keys])
        order = [column for column in columns if column.primary_key]
        for key, *row in session.execute(select(key_column, *columns).where(asked).order_by(key_column, *order)):
            contents[str(key)].update(line_of(part, row))
        if place == 0:
            needing = {str(key) for key in session.scalars(select(key_column).where(asked, *needs_link(part)))}
    links = select(Link.__table__).where(Link.kind == kind, Link.key.in_(keys)).order_by(Link.position)
    last, times = dict[str, Row[Any]](), Counter[str]()
    for link in session.execute(links):
        last[link.key] = link
        times[link.key] += 1
    before = select(Link.position, Link.link_sha256).where(
        Link.position.in_([link.position - 1 for link in last.values()])
    )
    befores = dict(session.execute(before).tuples().all())
    return [
        key
        for key in keys
        if not (
            key not in needing
            if key not in last
            else last[key].content_sha256 == contents[key].hexdigest()
            and (kind not in WRITTEN_ONCE or times[key] == 1)
            and last[key].link_sha256 == _link_after(befores.get(last[key].position - 1, BEGINNING), last[key])
        )
    ]


_PART = 500
"""So many keys are asked for in one statement; a database allows some thousand."""


def _parted(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), _PART):
        yield keys[first : first + _PART]


def lacks_links(session: Session) -> bool:
    """Whether a link was taken out of the chain, of whatever kind."""
    last, links = session.execute(select(func.max(Link.position), func.count())).one()
    return bool((last or 0) != links)


def has_fewer_rows(session: Session, kind: str) -> bool:
    """Whether a kind of which every row has a link has more links than rows: told at once, however many there are."""
    links = session.scalar(select(func.count()).where(Link.kind == kind)) or 0
    return links > (session.scalar(select(func.count()).select_from(KINDS[kind][0].table)) or 0)


def last_gone(session: Session, kind: str) -> int:
    """The position of the last link of a kind that is written once whose row is gone; 0 where every row is there."""
    there, last = set(named_rows(session, kind)), dict[str, int]()
    gone = 0
    for position, key in session.execute(
        select(Link.position, Link.key).where(Link.kind == kind).order_by(Link.position)
    ):
        if key in last:
            gone = max(gone, last[key])
        last[key] = position
    return max([gone, *(position for key, position in last.items() if key not in there)])


def nothing_gone(session: Session, *kinds: str) -> bool:
    """Whether no link was taken out of the chain, and every link of these kinds has its row, and no row two."""
    return not lacks_links(session) and not any(last_gone(session, kind) for kind in kinds)


def is_sound(session: Session, kind: str) -> bool:
    """Whether every row of a kind is linked and as it was written, and none is gone."""
    if last_gone(session, kind):
        return False
    if len(KINDS[kind][0].key) == 1:
        return not unfit(session, kind, named_rows(session, kind))
    return all(fits(session, kind, *key) for key in keys_needing_links(session, kind))


def first_linked(session: Session, kind: str, *key: object) -> int:
    """At which position the key came into the chain; 0 where it never did."""
    named = SEPARATOR.join(str(each) for each in key)
    return session.scalar(select(func.min(Link.position)).where(Link.kind == kind, Link.key == named)) or 0


def was_linked(session: Session, kind: str, *key: object) -> bool:
    """Whether there was ever a row with this key, whatever has become of it."""
    return _links_of(session, kind, SEPARATOR.join(str(each) for each in key)) > 0


def broken_links(session: Session) -> Iterator[tuple[str, str, str]]:
    """Every place where the ledger is not what was written: kind, key, and one of altered, removed, added, reordered."""
    before, last_of = BEGINNING, dict[tuple[str, str], str]()
    for expected, row in enumerate(session.execute(select(Link.__table__).order_by(Link.position)), start=1):
        fits = row.link_sha256 == link_hash(before, row.position, row.kind, row.key, row.content_sha256)
        if row.position != expected or not fits:
            yield row.kind, row.key, "reordered"
        before = row.link_sha256
        if row.kind in WRITTEN_ONCE and (row.kind, row.key) in last_of:
            yield row.kind, row.key, "removed"
        last_of[row.kind, row.key] = row.content_sha256
    linked: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for (kind, key), content in last_of.items():
        linked.setdefault(kind, set()).add(key)
        if KINDS.get(kind) and content != content_of(session, kind, key):
            yield kind, key, "altered" if _is_there(session, kind, key) else "removed"
        if kind == OLD_LOCK and content not in (copied := _copies_of_old_lock(session, key)):
            yield kind, key, "altered" if copied else "removed"
    for kind in KINDS:
        for named in named_rows(session, kind):
            if named not in linked[kind]:
                yield kind, named, "added"


def _copies_of_old_lock(session: Session, period: str) -> set[str]:
    """The hashes of the period's locks, as they were taken of the table `locks`."""
    columns = (PeriodLock.period, PeriodLock.locked_from, PeriodLock.locked_by, PeriodLock.noted_at)
    return {content_of_old_lock(row) for row in session.execute(select(*columns).where(PeriodLock.period == period))}


def _links_of(session: Session, kind: str, named: str) -> int:
    return session.scalar(select(func.count()).where(Link.kind == kind, Link.key == named)) or 0


def _is_there(session: Session, kind: str, key: str) -> bool:
    part = KINDS[kind][0]
    return session.execute(rows_of(part), key_values(part, key)).first() is not None
