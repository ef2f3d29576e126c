"""The tables people edit as one `Reference`, or everything that keeps them from being one."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from domain.calendar import Calendar
from domain.errors import BadReference
from domain.letterhead import Sender
from domain.reference import Reference
from domain.units import Units
from domain.villages import Villages
from ingest.tables.contradictions import contradictions
from ingest.tables.faults import Fault, listed
from ingest.tables.files import Tables, read_tables
from ingest.tables.public_holidays import public_holidays
from ingest.tables.registers import Registers


def load_reference(folder: Path, local: Path) -> Reference:
    """Read every table of `folder`; a table of the same name in `local` replaces it.

    Raises:
        BadReference: as `read_tables` and `parse_reference`.
    """
    return parse_reference(read_tables(folder, local))


def parse_reference(tables: Tables) -> Reference:
    """The tables as the rest of the house sees them.

    Raises:
        BadReference: lists everything that cannot be right, with file and line.
    """
    read = Registers(tables)
    faults = [*read.faults(), *contradictions(read)]
    if faults or read.sender.value is None:
        raise BadReference(listed(faults, tables))
    return _reference(read, read.sender.value, tables)


def _reference(read: Registers, sender: Sender, tables: Tables) -> Reference:
    return Reference(
        units=Units(read.units.records, read.successions.records, read.unit_aliases.records),
        villages=Villages(
            read.villages.records, read.partners.records, read.assignments.records, read.village_successions.records
        ),
        calendar=_calendar(read),
        thresholds=read.thresholds.records,
        recipients=read.recipients.records,
        published_facts=read.published_facts.records,
        directives=read.directives.records,
        sender=sender,
        column_names=read.column_names.records,
        unit_mailboxes=read.unit_mailboxes.records,
        corrections=read.corrections.records,
        waivers=read.waivers.records,
        double_decisions=read.double_decisions.records,
        poverty_standards=read.poverty_standards.records,
        programmes=read.programmes.records,
        targets=read.targets.records,
        tet_days=dict(read.tet_days.records),
        narratives=read.narratives.value,
        broken_narratives=_broken(read.narratives.faults, tables),
        boundaries=read.boundaries.value,
    )


def _broken(faults: Sequence[Fault], tables: Tables) -> dict[str, str]:
    by_file: dict[str, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(PurePosixPath(fault.file).stem, []).append(fault)
    return {stem: listed(own, tables) for stem, own in by_file.items()}


def _calendar(read: Registers) -> Calendar:
    days = read.holidays.records
    return Calendar(
        rows=sorted(read.calendar.records, key=lambda row: row.valid_from),
        holidays={each.day: each.name for each in days if not each.is_worked},
        make_up_days=frozenset(each.day for each in days if each.is_worked),
        public_holidays=public_holidays,
    )
