"""Every table of the reference folder as it was read, with its faults."""

from collections.abc import Iterator

from ingest.tables.boundaries import read_boundaries
from ingest.tables.calendar import CALENDAR, HOLIDAYS, TET_DAYS
from ingest.tables.csv_table import read_table
from ingest.tables.decisions import CORRECTIONS, DOUBLE_DECISIONS, WAIVERS
from ingest.tables.faults import Fault
from ingest.tables.files import Tables
from ingest.tables.form import COLUMN_NAMES, THRESHOLDS
from ingest.tables.letterhead import read_sender
from ingest.tables.mailboxes import RECIPIENTS, UNIT_MAILBOXES
from ingest.tables.narratives import read_narratives
from ingest.tables.plans import DIRECTIVES, POVERTY_STANDARDS, PROGRAMMES, PUBLISHED_FACTS, TARGETS
from ingest.tables.units import SUCCESSIONS, UNIT_ALIASES, UNITS
from ingest.tables.villages import ASSIGNMENTS, PARTNERS, VILLAGE_SUCCESSIONS, VILLAGES


class Registers:
    """The tables, each with what could be read of it and what could not."""

    def __init__(self, tables: Tables) -> None:
        self.units = read_table(tables, UNITS)
        self.successions = read_table(tables, SUCCESSIONS)
        self.unit_aliases = read_table(tables, UNIT_ALIASES)
        self.villages = read_table(tables, VILLAGES)
        self.village_successions = read_table(tables, VILLAGE_SUCCESSIONS)
        self.partners = read_table(tables, PARTNERS)
        self.assignments = read_table(tables, ASSIGNMENTS)
        self.calendar = read_table(tables, CALENDAR)
        self.holidays = read_table(tables, HOLIDAYS)
        self.tet_days = read_table(tables, TET_DAYS)
        self.thresholds = read_table(tables, THRESHOLDS)
        self.column_names = read_table(tables, COLUMN_NAMES)
        self.recipients = read_table(tables, RECIPIENTS)
        self.unit_mailboxes = read_table(tables, UNIT_MAILBOXES)
        self.directives = read_table(tables, DIRECTIVES)
        self.programmes = read_table(tables, PROGRAMMES)
        self.poverty_standards = read_table(tables, POVERTY_STANDARDS)
        self.targets = read_table(tables, TARGETS)
        self.published_facts = read_table(tables, PUBLISHED_FACTS)
        self.corrections = read_table(tables, CORRECTIONS)
        self.waivers = read_table(tables, WAIVERS)
        self.double_decisions = read_table(tables, DOUBLE_DECISIONS)
        self.sender = read_sender(tables)
        self.narratives = read_narratives(tables)
        self.boundaries = read_boundaries(tables)

    def faults(self) -> Iterator[Fault]:
        """The faults of every table by itself; what tables say against each other is in `contradictions`.

        Those of narratives are not among them: each stops its own report.
        """
        for read in vars(self).values():
            if read is not self.narratives:
                yield from read.faults
