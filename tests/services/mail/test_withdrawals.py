"""Whoever has a report that is withdrawn is told so, once; whoever has it not hears nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from delivery.message import Letter
from domain.deliveries import DeliveryState
from domain.errors import NotReleasable
from domain.period import Period
from services.editions.ways import to_release
from services.mail.outbox import Outgoing, deliver_once
from services.mail.withdrawals import send_withdrawals
from services.run import open_run
from services.settings import Settings
from services.status.page import next_steps
from tests.commands import (
    by_hand,
    flush_outbox,
    monthly_report,
    release,
    send_report,
    status,
    verify_ledger,
    withdraw,
)
from tests.services.mail.office import EDITION, Office, address, long_after

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]
JANUARY = Period.parse("2024-01")
tell: Callable[[Settings], object] = by_hand(send_withdrawals)


def test_those_who_have_it_are_told_number_day_and_reason_and_the_others_nothing(
    office: tuple[Office, Settings],
) -> None:
    server, settings = office
    names = address(settings, 4)
    server.odd = {names[1]: ["450 later"], names[2]: ["550 never"]}
    server.hang_up_on = names[3]
    send_report(settings, EDITION)
    server.hang_up_on, server.recipients = "", []
    withdraw(settings, EDITION, "Người Duyệt", "Nhầm số liệu của Pleiku")
    for _ in range(2):
        tell(settings)
    # Of the last one nobody knows whether he has it.
    assert server.recipients == [names[0], names[3]]
    mail = server.mails[-1]
    assert str(mail["Subject"]).endswith("[Kết nghĩa] Rút Báo cáo số 07/BC-UBND ngày 05 tháng 02 năm 2024")
    body = mail.get_body(("plain",))
    assert body is not None
    words = " ".join(body.get_content().split())
    assert (
        "Báo cáo số 07/BC-UBND ngày 05 tháng 02 năm 2024 về công tác kết nghĩa tháng 01 năm 2024 đã được rút" in words
    )
    assert "Lý do: Nhầm số liệu của Pleiku" in words
    assert verify_ledger(settings).faults == []


def test_what_follows_a_withdrawn_report_says_that_it_replaces_it_where_somebody_has_that_one(
    office: tuple[Office, Settings],
) -> None:
    server, settings = office
    address(settings, 1)
    send_report(settings, EDITION)
    withdraw(settings, EDITION, "Người Duyệt", "Nhầm số liệu của Pleiku")
    second = monthly_report(settings, JANUARY).edition.edition_id
    command = f"ketnghia release {second} --number SỐ --date NGÀY --replaces {EDITION}"
    with open_run(settings) as run, run.ledger.read() as session:
        assert to_release(session, "2024-01", second) == command
    assert any(command in step for step in next_steps(status(settings, JANUARY), {}))
    for refused in (release, lambda settings, edition, by: send_report(settings, edition)):
        with pytest.raises(NotReleasable, match=f"--replaces {EDITION}"):
            refused(settings, second, "Người Duyệt")
    release(settings, second, "Người Duyệt", "9", date(2024, 2, 6), replaces=EDITION)
    send_report(settings, second)
    assert "[Thay thế Báo cáo số 07/BC-UBND ngày 05 tháng 02 năm 2024]" in str(server.mails[-1]["Subject"])


def test_what_nobody_has_is_replaced_by_nothing(office: tuple[Office, Settings]) -> None:
    server, settings = office
    [name] = address(settings, 1)
    server.odd = {name: ["550 never"]}
    send_report(settings, EDITION)
    withdraw(settings, EDITION, "Người Duyệt", "Nhầm số")
    second = monthly_report(settings, JANUARY).edition.edition_id
    assert release(settings, second, "Người Duyệt", "9", date(2024, 2, 6)).replaces is None


def test_a_notice_that_did_not_go_is_tried_again_and_goes_once(office: tuple[Office, Settings]) -> None:
    server, settings = office
    [name] = address(settings, 1)
    send_report(settings, EDITION)
    withdraw(settings, EDITION, "Người Duyệt", "Sai")
    server.odd, server.recipients = {name: ["450 later"]}, []
    # Whoever withdrew it and was cut off: the outbox makes up for it.
    flush_outbox(settings)
    assert server.recipients == []
    long_after(settings)
    assert [each.state for each in flush_outbox(settings)] == [DeliveryState.SENT]
    assert flush_outbox(settings) == []
    assert server.recipients == [name]


def test_what_an_earlier_program_withdrew_long_ago_is_not_told_any_more(office: tuple[Office, Settings]) -> None:
    _, settings = office
    address(settings, 1)
    send_report(settings, EDITION)
    withdraw(settings, EDITION, "Người Duyệt", "Sai")
    with open_run(settings) as run:
        assert send_withdrawals(run.at(run.now() + timedelta(days=31))) == []


def test_the_sheets_of_a_withdrawn_report_do_not_go_any_more(office: tuple[Office, Settings]) -> None:
    server, settings = office
    with open_run(settings) as run:
        server.odd = {"pleiku@gialai.example": ["450 later"]}
        queued = Outgoing(f"unit-{EDITION}-622", "pleiku@gialai.example", Letter("Phiếu", "Phiếu", "<p>Phiếu</p>"))
        assert deliver_once(run, queued).state is DeliveryState.DEFERRED
    withdraw(settings, EDITION, "Người Duyệt", "Sai")
    long_after(settings)
    assert flush_outbox(settings) == []
    assert server.recipients == []
