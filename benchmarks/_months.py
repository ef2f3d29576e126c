"""The made-up month that several benchmarks begin with: its tables and workbooks in a home of its own."""

from pathlib import Path

from domain.period import Period
from ingest.tables.reference import load_reference
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.settings import PROGRAM, Settings
from tests.commands import collect_submissions, reference_of

OF_DISTRICTS = Period.parse("2024-02")


def arrived(home: Path, period: Period = OF_DISTRICTS, units: int | None = None) -> Settings:
    """A home with the sound workbooks of so many units, or of all, in its inbox."""
    settings = Settings(home=home, _env_file=None)
    base = load_reference(PROGRAM / "reference", home / "none")
    write_sample_registers(base, PROGRAM / "reference", home / "reference")
    reference = reference_of(settings)
    codes = [unit.code for unit in reference.expected_units(period)][:units]
    settings.inbox.mkdir(parents=True)
    for sample in sample_month(reference, period, with_faults=False, only=codes):
        (settings.inbox / sample.name).write_bytes(sample.content)
    return settings


def collected(home: Path, units: int | None = None) -> Settings:
    """The same, taken in."""
    settings = arrived(home, units=units)
    assert all(each.verdict.counts for each in collect_submissions(settings))
    return settings
