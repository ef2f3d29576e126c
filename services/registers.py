"""The tables people edit, as the settings name them: those of the data folder before those of the checkout."""

from domain.reference import Reference
from ingest.tables.reference import load_reference
from services.settings import Settings


def load_registers(settings: Settings) -> Reference:
    """Read every table.

    Raises:
        BadReference: names the file and line that cannot be right, or the table that is missing.
    """
    return load_reference(settings.reference, settings.home / "reference")
