"""The tables, without behaviour. Nothing in them is overwritten except the state of an edition or a delivery."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An instant; kept in UTC, given back with its zone on every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Thousandths(TypeDecorator[Decimal]):
    """A quantity with three decimals, kept as a whole number of thousandths: exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.scaleb(3))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-3)


class Exact(TypeDecorator[Decimal]):
    """A figure's value as decimal text: nothing is lost, nothing is rounded."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Table(DeclarativeBase):
    """What all tables share: how Python's types are kept."""

    type_annotation_map = {datetime: Moment, int: BigInteger().with_variant(Integer, "sqlite"), str: Text, date: Date}


class Arrival(Table):
    """One file as it came in by one way; its id is the number of the receipt."""

    __tablename__ = "arrivals"
    __table_args__ = (UniqueConstraint("channel", "locator", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str]
    locator: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sender: Mapped[str | None]
    arrived_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    own_time: Mapped[datetime | None]


class Setback(Table):
    """An occasion on which a file could not be read, and which says nothing of the file, or not yet."""

    __tablename__ = "setbacks"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    end: Mapped[str]
    is_suspect: Mapped[bool]
    detail: Mapped[str]
    noted_at: Mapped[datetime]


class Mail(Table):
    """One mail that bears a registered address, known by the hash of its bytes; its workbooks are arrivals."""

    __tablename__ = "mails"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    sender: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    message_id: Mapped[str]
    arrived_at: Mapped[datetime]
    fate: Mapped[str]
    reason: Mapped[str]
    workbooks: Mapped[int]
    enclosures: Mapped[list[list[str]]] = mapped_column(JSON)
    links: Mapped[list[str]] = mapped_column(JSON)
    answered_at: Mapped[datetime | None]


class Submission(Table):
    """One workbook as received, and what the gates said of it; judged anew, the same bytes have a row more."""

    __tablename__ = "submissions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_name: Mapped[str]
    received_at: Mapped[datetime]
    unit_code: Mapped[str | None] = mapped_column(index=True)
    period: Mapped[str | None] = mapped_column(index=True)
    revision: Mapped[int | None]
    kind: Mapped[str | None]
    reason: Mapped[str | None]
    preparer_name: Mapped[str | None]
    approver_name: Mapped[str | None]
    is_nil: Mapped[bool]
    is_sample: Mapped[bool]
    verdict: Mapped[str]
    working_days_late: Mapped[int]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    likeness: Mapped[str | None] = mapped_column(String(64), index=True)
    columns: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    arrived_at: Mapped[datetime | None]
    preparer_phone: Mapped[str | None]
    approver_title: Mapped[str | None]
    form: Mapped[str | None]


class FindingRow(Table):
    """One finding about one cell of one submission."""

    __tablename__ = "findings"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule: Mapped[str]
    severity: Mapped[str]
    sheet: Mapped[str]
    cell: Mapped[str]
    row: Mapped[int]
    column: Mapped[int]
    value: Mapped[str]
    title: Mapped[str]
    sentence: Mapped[str]
    remedy: Mapped[str]
    waived_by: Mapped[str]


class Rejudgement(Table):
    """A verdict that was given anew: from that moment on the old row is history."""

    __tablename__ = "rejudgements"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    by_submission: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    rejudged_at: Mapped[datetime]


class Parking(Table):
    """An accepted submission that stopped counting, because another file bears the same revision."""

    __tablename__ = "parkings"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    because_of: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    parked_at: Mapped[datetime]


class PeriodLock(Table):
    """A period that is closed: what arrives for it from that moment on counts only once it is unlocked.

    A later row of the same period takes the place of the earlier one from `noted_at` on.
    """

    __tablename__ = "period_locks"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    period: Mapped[str] = mapped_column(index=True)
    locked_from: Mapped[datetime]
    locked_by: Mapped[str]
    noted_at: Mapped[datetime]


class Unlock(Table):
    """A submission for a locked period that somebody let count, with the reason."""

    __tablename__ = "unlocks"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    reason: Mapped[str]
    unlocked_by: Mapped[str]
    unlocked_at: Mapped[datetime]


class Difference(Table):
    """One row or cell in which a submission differs from the accepted revision before it."""

    __tablename__ = "differences"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table: Mapped[str]
    kind: Mapped[str]
    row_key: Mapped[str]
    field: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]


class Activity(Table):
    """One accepted row of sheet 02."""

    __tablename__ = "activities"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    source_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stt: Mapped[str | None]
    activity_date: Mapped[date | None]
    scope: Mapped[str | None]
    village_id: Mapped[str | None]
    village_name: Mapped[str | None]
    org_id: Mapped[str | None]
    activity_code: Mapped[str | None]
    description: Mapped[str | None]
    occasion: Mapped[str | None]
    quantity: Mapped[Decimal | None] = mapped_column(Thousandths)
    quantity_unit: Mapped[str | None]
    unit_value: Mapped[int | None]
    hh_total: Mapped[int | None]
    hh_poor: Mapped[int | None]
    hh_nearpoor: Mapped[int | None]
    hh_dtts: Mapped[int | None]
    persons: Mapped[int | None]
    cash_vnd: Mapped[int | None]
    inkind_vnd: Mapped[int | None]
    value_total_vnd: Mapped[int | None]
    labour_days: Mapped[Decimal | None] = mapped_column(Thousandths)
    funding_source: Mapped[str | None]
    status: Mapped[str | None]
    note: Mapped[str | None]


class Household(Table):
    """One accepted row of sheet 03."""

    __tablename__ = "households"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    source_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stt: Mapped[str | None]
    village_id: Mapped[str | None] = mapped_column(index=True)
    village_name: Mapped[str | None]
    households: Mapped[int | None]
    persons: Mapped[int | None]
    hh_dtts: Mapped[int | None]
    poor_open: Mapped[int | None]
    poor_exit: Mapped[int | None]
    poor_relapse: Mapped[int | None]
    poor_new: Mapped[int | None]
    poor_other: Mapped[int | None]
    poor_close: Mapped[int | None]
    poor_dtts_close: Mapped[int | None]
    nearpoor_open: Mapped[int | None]
    nearpoor_exit: Mapped[int | None]
    nearpoor_relapse: Mapped[int | None]
    nearpoor_new: Mapped[int | None]
    nearpoor_other: Mapped[int | None]
    nearpoor_close: Mapped[int | None]
    nearpoor_dtts_close: Mapped[int | None]
    bhyt_pct: Mapped[Decimal | None] = mapped_column(Thousandths)
    ntm: Mapped[str | None]
    ntm_year: Mapped[int | None]


class PoliticsSecurity(Table):
    """One accepted row of sheet 04: counts only."""

    __tablename__ = "politics_security"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    source_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stt: Mapped[str | None]
    village_id: Mapped[str | None]
    village_name: Mapped[str | None]
    party_cells_dtts: Mapped[int | None]
    party_members: Mapped[int | None]
    party_members_new: Mapped[int | None]
    organisations_strengthened: Mapped[int | None]
    joint_meetings: Mapped[int | None]
    cases_received: Mapped[int | None]
    cases_resolved: Mapped[int | None]
    security_models: Mapped[int | None]
    elders_visited: Mapped[int | None]


class ControlTotal(Table):
    """One accepted row of sheet 06."""

    __tablename__ = "control_totals"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    source_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stt: Mapped[str | None]
    activity_code: Mapped[str | None]
    activity_name: Mapped[str | None]
    quantity: Mapped[Decimal | None] = mapped_column(Thousandths)
    hh_total: Mapped[int | None]
    cash_vnd: Mapped[int | None]
    inkind_vnd: Mapped[int | None]
    value_total_vnd: Mapped[int | None]
    cumulative_vnd: Mapped[int | None]


class Edition(Table):
    """One report as printed."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("period", "number"),)
    edition_id: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    data_sha256: Mapped[str] = mapped_column(String(64))
    html_sha256: Mapped[str] = mapped_column(String(64))
    issued_sha256: Mapped[str | None] = mapped_column(String(64))
    tables_sha256: Mapped[str] = mapped_column(String(64))
    issued_tables_sha256: Mapped[str | None] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(64))
    fonts_version: Mapped[str] = mapped_column(String(64))
    reference_version: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[datetime]
    made_at: Mapped[datetime]
    is_sample: Mapped[bool]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    prepared_by: Mapped[str]
    manifest: Mapped[str]
    checked_by: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    doc_number: Mapped[str | None]
    doc_date: Mapped[date | None]
    not_before: Mapped[date | None]
    replaces: Mapped[str | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    signed_sha256: Mapped[str | None] = mapped_column(String(64))
    signed_by: Mapped[str | None]
    signed_at: Mapped[datetime | None]


class AccountRow(Table):
    """One account as it stood from a moment on; the newest row of a name is in force, the earlier ones are history."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(index=True)
    person: Mapped[str]
    email: Mapped[str]
    os_user: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(String(64))
    duties: Mapped[list[list[str | None]]] = mapped_column(JSON)
    disabled_at: Mapped[datetime | None]
    noted_by: Mapped[str]
    noted_at: Mapped[datetime]


class ActRow(Table):
    """That an account checked, released or withdrew the exact bytes of an edition."""

    __tablename__ = "acts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    deed: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.edition_id"), index=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class TroubleRow(Table):
    """A note that something keeps the program from working by itself, or that it is over."""

    __tablename__ = "troubles"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(index=True)
    sentence: Mapped[str]
    advice: Mapped[str]
    is_over: Mapped[bool]
    noted_at: Mapped[datetime]


class FigureRow(Table):
    """One number an edition prints, with what it was made of."""

    __tablename__ = "figures"
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.edition_id"), primary_key=True)
    figure_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Exact)
    numerator: Mapped[Decimal | None] = mapped_column(Exact)
    denominator: Mapped[Decimal | None] = mapped_column(Exact)
    unit_of_measure: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    status: Mapped[str]
    operation: Mapped[str]
    formula: Mapped[str]
    parts: Mapped[list[str]] = mapped_column(JSON)
    cells: Mapped[int]


class ClaimRow(Table):
    """One sentence of an edition that compares, ranks or judges, with everything by which it can be counted again."""

    __tablename__ = "claims"
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.edition_id"), primary_key=True)
    claim_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReportRun(Table):
    """One attempt to make the report of a period: the edition it gave, or the reason why it gave none."""

    __tablename__ = "report_runs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    period: Mapped[str] = mapped_column(index=True)
    as_of: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    code_version: Mapped[str] = mapped_column(String(64))
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("editions.edition_id"))
    reason: Mapped[str]
    finished_at: Mapped[datetime]
    made_with: Mapped[str | None] = mapped_column(String(64))
    beside_sha256: Mapped[str | None] = mapped_column(String(64))
    seen_links: Mapped[int | None]
    begun_at: Mapped[datetime | None]


class Link(Table):
    """One link of the chain over everything kept: what was added, its hash, and the hash of the chain up to it."""

    __tablename__ = "chain"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    key: Mapped[str]
    content_sha256: Mapped[str] = mapped_column(String(64))
    link_sha256: Mapped[str] = mapped_column(String(64), unique=True)


class Identity(Table):
    """Which ledger this is: one row, made with it."""

    __tablename__ = "identity"
    ledger_id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Explanation(Table):
    """What a unit answered to a question about one of its figures."""

    __tablename__ = "explanations"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    period: Mapped[str] = mapped_column(index=True)
    unit_code: Mapped[str]
    question: Mapped[str]
    text: Mapped[str]
    explained_by: Mapped[str]
    noted_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))


class Delivery(Table):
    """One mail to one recipient; the row stands before the mail goes, so that none goes twice.

    Its subject is an edition's id, or the number of a receipt.
    """

    __tablename__ = "deliveries"
    subject: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    eml_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str]
    attempts: Mapped[int]
    reserved_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    sender: Mapped[str]


class DeliveryAttempt(Table):
    """One try to hand a mail over."""

    __tablename__ = "delivery_attempts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(index=True)
    recipient: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    answer: Mapped[str]


class TablesRow(Table):
    """The tables people edit that the ledger goes by from that moment on."""

    __tablename__ = "tables_in_force"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    home: Mapped[str]
    place: Mapped[str]
    set_by: Mapped[str]
    noted_at: Mapped[datetime]


class StoreRow(Table):
    """A store, shared by several machines, in which the ledger's files lie from that moment on."""

    __tablename__ = "stores"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    store_id: Mapped[str] = mapped_column(String(32))
    place: Mapped[str]
    set_by: Mapped[str]
    noted_at: Mapped[datetime]


FACT_TABLES = {
    "activities": Activity,
    "households": Household,
    "politics_security": PoliticsSecurity,
    "control_totals": ControlTotal,
}
