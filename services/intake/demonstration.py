"""Lets made-up months arrive, each file at its own moment; a ledger with real submissions is left alone."""

from hashlib import sha256

from domain.accounts import Account, Duty, RoleName
from domain.calendar import VIETNAM
from domain.editions import ReleaseOrder
from domain.errors import BadPeriod, KetnghiaError
from domain.period import Period
from domain.reminders import milestones
from ingest.channels.arrival import Arrival
from ingest.channels.folder import TAKEN
from samples.months import SampleFile, sample_month
from samples.registers import write_sample_registers
from services.accounts import add_account
from services.intake.arrivals import one_at_a_time, take_in
from services.progress import Progress, no_progress
from services.run import Run
from storage import accounts, editions, submissions
from storage.arrivals import first_arrival
from storage.durable import write_durably

EARLIER_MONTHS = 5
_UNITS_OF_DISTRICTS = 50
_DEMONSTRATOR = "trinh-dien"
_FIRST_NUMBER = 14
"""The number that the report of January bears; every later month has its own, for a year gives each number once."""


def refuse_real_data(run: Run) -> None:
    """Stop where made-up submissions would mix with real ones.

    Raises:
        KetnghiaError: if the ledger holds real submissions.
    """
    with run.ledger.read() as session:
        is_real = submissions.has_real_submissions(session)
    if is_real:
        raise KetnghiaError(
            f"{run.settings.home} đã có bài nộp thật; trình diễn ở thư mục khác: KETNGHIA_HOME=/thư/mục/khác make demo."
        )


def write_registers(run: Run) -> None:
    """Put the made-up registers of villages into the data folder, unless some are there."""
    local = run.settings.home / "reference"
    if not (local / "villages.csv").is_file():
        write_sample_registers(run.reference, run.settings.reference, local)


def let_months_arrive(run: Run, period: Period, on_progress: Progress = no_progress) -> None:
    """The demonstrated month with its faults, the months before it, and the same month last year.

    Raises:
        BadPeriod: if no unit owes a report of the month.
    """
    earlier = [month for month in period.months_back(EARLIER_MONTHS + 1) if month != period]
    units = len(run.reference.expected_units(period))
    if not units:
        raise BadPeriod(f"Danh bạ không có đơn vị nào phải báo cáo kỳ {period}.")
    # A hundred and more communes: one month before is enough to compare with.
    if units > _UNITS_OF_DISTRICTS:
        earlier = earlier[-1:]
    months = [period.same_last_year(), *earlier, period]
    with one_at_a_time(run):
        for number, month in enumerate(months, start=1):
            files = sample_month(run.reference, month, with_faults=month == period)
            for sample in sorted(files, key=lambda each: (each.arrives_at, each.name)):
                _arrive(run.at(sample.arrives_at), sample, month)
            on_progress("samples", number, len(months))


def _arrive(run: Run, sample: SampleFile, month: Period) -> None:
    """As if it had been put into the inbox at the moment that the run shows, and taken at once."""
    with run.ledger.read() as session:
        if first_arrival(session, sha256(sample.content).hexdigest()) is not None:
            return
    place = f"{month}/{sample.name}"
    take_in(run, Arrival("folder", f"{place}@{run.now().isoformat()}", sample.name, sample.content))
    write_durably(run.settings.inbox / TAKEN / str(run.today()) / place, sample.content)


def made_up_releaser(run: Run, person: str) -> Account:
    """The account in whose name the demonstration releases: made once, with a token that nobody keeps."""
    with run.ledger.read() as session:
        known = accounts.find_account(session, _DEMONSTRATOR)
    if known is not None:
        return known
    add_account(run, Account(_DEMONSTRATOR, person, duties=[Duty(RoleName.RELEASER, run.today())]))
    return made_up_releaser(run, person)


def made_up_order(run: Run, edition_id: str) -> ReleaseOrder:
    """A release as a registry would have it: the month's number, the day on which reports are approved.

    Where a file came later than that, it is the day of the data.
    """
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
    month = Period.parse(edition.period)
    approved = milestones(run.reference.calendar, month).approve_by
    day = max(edition.as_of.astimezone(VIETNAM).date(), min(approved, run.today()))
    return ReleaseOrder(str(_FIRST_NUMBER - 1 + month.number), day)
