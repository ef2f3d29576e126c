"""The tables people edit, as a ledger goes by them: which, set by which home, and in what others differ from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.calendar import VIETNAM


@dataclass(frozen=True, slots=True)
class TablesInForce:
    """The tables that a ledger goes by from a moment on."""

    version: str
    """The hash over all of them."""
    files: Mapping[str, str]
    """The hash of each, by its name."""
    home: str
    """The mark of the data folder that set them; it alone sets others without asking."""
    place: str
    """Where that folder was: machine and path."""
    set_by: str
    """Who set them in so many words; empty where that home was just used."""
    noted_at: datetime

    @property
    def sentence(self) -> str:
        """Who set them and when, in Vietnamese."""
        at = self.noted_at.astimezone(VIETNAM)
        by = f"{self.set_by}, " if self.set_by else ""
        return f"{by}{self.place}, lúc {at:%H:%M} ngày {at:%d/%m/%Y}"

    def differences(self, files: Mapping[str, str]) -> list[str]:
        """In what these tables differ from those in force, one entry per file, in Vietnamese."""
        said = []
        for name in sorted(self.files.keys() | files.keys()):
            if name not in files:
                said.append(f"{name} (ở đây không có)")
            elif name not in self.files:
                said.append(f"{name} (chỉ ở đây có)")
            elif self.files[name] != files[name]:
                said.append(name)
        return said
