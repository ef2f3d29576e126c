"""How fast a released report reaches its recipients: `python -m benchmarks.deliver [RECIPIENTS …]`, by default 33, 330 and 3300.

Printed: mails per second of the program (each mail durable in the ledger before, during and after) and of plain `smtplib`
sending the very same messages over one connection a mail, to the same server on loopback; in the end how the program's
seconds grow. The ratio is what counts.
"""

import smtplib
import socket
import sys
import tempfile
import time
import warnings
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks._growth import growth
from cli.terminal import progress
from domain.period import Period
from flows.send_report import send_report
from ingest.tables.reference import load_reference
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.steps import Direct
from tests.commands import collect_submissions, monthly_report, preview, reference_of, release

PERIOD = Period.parse("2024-01")


class _Office:
    """Takes everything."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken += 1
        return "250 OK"


def main(counts: list[int]) -> None:
    """Each number of recipients in a home of its own."""
    warnings.simplefilter("ignore")
    seconds = [_measure(count) for count in counts]
    if len(counts) > 1:
        print(f"  program {growth(counts, seconds)}")


def _measure(count: int) -> float:
    """Send the same report to so many recipients, both ways; gives the program's seconds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample_registers(load_reference(PROGRAM / "reference", home), PROGRAM / "reference", home / "reference")
        names = [f"r{number:05d}@gialai.example" for number in range(count)]
        rows = "".join(f"{name},{name},TO,2020-01-01,,\n" for name in names)
        (home / "reference" / "recipients.csv").write_text(f"email,name,role,valid_from,valid_to,note\n{rows}", "utf-8")
        office = _Office()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(office, hostname="127.0.0.1", port=port)
        controller.start()
        settings = Settings(home=home, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", _env_file=None)
        reference = reference_of(settings)
        for sample in sample_month(reference, PERIOD, with_faults=False, only={"622"}):
            settings.inbox.mkdir(exist_ok=True)
            (settings.inbox / sample.name).write_bytes(sample.content)
        collect_submissions(settings)
        edition = monthly_report(settings, PERIOD).edition.edition_id
        release(settings, edition, "Người Duyệt")
        [message] = preview(settings, edition).mails.values()
        began = time.perf_counter()
        with open_run(settings) as run, progress() as on_progress:
            outcome = send_report(run, Direct(run, on_progress=on_progress), edition)
        ours = time.perf_counter() - began
        assert office.taken == count == len({each.recipient for each in outcome})
        began = time.perf_counter()
        for name in names:
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.sendmail(settings.mail_from, [name], message)
        plain = time.perf_counter() - began
        controller.stop()
        print(f"{count} mails of {len(message) / 1000:.0f} kB")
        print(
            f"  program: {count / ours:.1f} mails/s; smtplib alone: {count / plain:.1f} mails/s; {ours / plain:.2f} x"
        )
    return ours


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [33, 330, 3300])
