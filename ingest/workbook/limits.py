"""How much of this machine one received file may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that an honest workbook never meets; what is beyond them is refused with a sentence."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    unpack_ratio: int = 200
    sheets: int = 40
    rows: int = 5_000
    columns: int = 200
    merged_ranges: int = 1_000
    cell_characters: int = 10_000
    seconds: int = 30
    memory_bytes: int = 900_000_000
