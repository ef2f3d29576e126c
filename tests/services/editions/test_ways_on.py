"""Whatever has happened to a month, what the program says leads to a report that is sent.

The ledger, the guards and the commands are real; the press prints one line, so that a walk takes a second.
"""

import re
import shlex
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from delivery.smtp import Deferred, Refused, Uncertain
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState, ReleaseOrder
from domain.errors import KetnghiaError
from domain.figures import Figure
from domain.period import Period
from flows.send_report import send_report
from reports.companions import tables_workbook, word_copy, workings_page
from reports.companions.edition_data import EditionData, dictionary
from reports.pdf import fullness, inspect, render
from reports.pdf.inspect import Inspected
from reports.pdf.render import Page
from services.editions import make, release, repair, sign
from services.editions.compose import Composed
from services.editions.papers import Made, papers_of
from services.figures import summary as figures
from services.mail import outbox, retry
from services.queries.verify_ledger import verify_ledger
from services.run import Run, open_run
from services.settings import Settings
from services.status.page import next_steps
from services.status.period import status
from services.steps import Direct
from storage import editions
from tests.commands import account_of, collect_submissions, summary_of

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")
BY = "Người Duyệt"
NAMED = re.compile(r"“ketnghia ([^”]+)”")
VERBS = {"report", "repair", "release", "withdraw", "send", "outbox", "sign", "check-edition"}
BACK = st.sampled_from([0, 0, 0, 1])
"""Which edition: the newest, or the one before."""
FATES = st.lists(st.sampled_from(["taken", "refused", "deferred", "uncertain"]), max_size=3)
PATIENCE = 12
"""So many rounds of doing what is said."""


def _send(run: Run, edition: str) -> None:
    send_report(run, Direct(run), edition)


class Press:
    """Prints a line that says with which program, number and ledger it was printed."""

    def __init__(self, cut_at: Any) -> None:
        self.cut_at, self.program = cut_at, 0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        summary = SimpleNamespace(period=JANUARY, cut_at=self.cut_at, is_sample=True)
        for module in (figures, repair):
            patch.setattr(module, "summary_of", lambda *_: summary)
        for module in (make, repair):
            patch.setattr(module, "compose", lambda *_: self.composed())
            patch.setattr(module, "all_tables", lambda *_: f"tables {self.program}".encode())
        patch.setattr(workings_page, "workings_page", lambda *_: b"workings")
        patch.setattr(word_copy, "word_copy", lambda *_: b"word")
        patch.setattr(tables_workbook, "issued_workbook", lambda draft, words: draft + words.encode())
        patch.setattr(render, "render_pdf", self.printed)
        patch.setattr(inspect, "open_pdf", lambda _: Inspected(1, "", frozenset()))
        patch.setattr(fullness, "page_count", lambda _: 1)
        patch.setattr(inspect, "refuse_faulty", lambda *_: None)
        patch.setattr(sign, "sign_pdf", lambda pdf, *_: (pdf + b" signed", "Người Ký"))

    def composed(self) -> Composed:
        html = f"<p>{self.program}<!--issue:number-->…<!--/issue:number--><!--issue:date-->…<!--/issue:date--></p>"
        data = EditionData(b"{}", b"", dictionary())
        figures = [Figure("a@period", "measure", "A", None, "", "1")]
        pdf = self.printed(Page(html, Path()))
        return Composed(SimpleNamespace(), SimpleNamespace(), html, pdf, 1, figures, [], figures, data)  # type: ignore[arg-type]

    def printed(self, page: Page, attached: Any = (), at: Any = None, source: str = "") -> bytes:
        return f"{page.html} {source}".encode()


class Post:
    """A mail server that does with the next mails what it is told, and takes all others."""

    def __init__(self) -> None:
        self.fates: list[str] = []
        self.taken: list[str] = []

    def __call__(self, content: bytes, sender: str, recipient: str, hand_over: Callable[[], bool]) -> str:
        fate = self.fates.pop() if self.fates else "taken"
        if fate == "refused":
            raise Refused("550")
        if fate == "deferred":
            raise Deferred("450")
        assert hand_over()
        if fate == "uncertain":
            raise Uncertain("?")
        self.taken.append(recipient)
        return "250"


class Month(RuleBasedStateMachine):
    """January as its officer may leave it: every command in any order, files lost, a new program, late reports."""

    template: Settings
    cut_at: Any

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        shutil.copytree(self.template.home, home)
        self.press, self.post, self.number = Press(self.cut_at), Post(), 100
        patch = self.stack.enter_context(pytest.MonkeyPatch.context())
        self.press.install(patch)
        patch.setattr(outbox, "mail_channel", lambda *_: self.post)
        self.run = self.stack.enter_context(open_run(Settings(home=home, _env_file=None)))

    # What a person does, and what befalls him.

    @initialize()
    def first_report(self) -> None:
        make.make_report(self.run, JANUARY)

    @rule()
    def report(self) -> None:
        make.make_report(self.run, JANUARY)

    @rule()
    def another_program(self) -> None:
        self.press.program += 1

    @precondition(lambda self: self.newest.state in (EditionState.DRAFT, EditionState.CHECKED))
    @rule(number=st.sampled_from(["7", "8"]), wait=st.sampled_from([None, None, 10]), replaces=BACK)
    def release(self, number: str, wait: int | None, replaces: int) -> None:
        self.release_newest(number, wait, self.edition(replaces).edition_id)

    def release_newest(self, number: str, wait: int | None, replaces: str) -> None:
        not_before = self.run.today() + timedelta(days=wait) if wait else None
        for replaced in (None, replaces) if replaces else (None,):
            order = ReleaseOrder(number, self.day, not_before, replaced)
            self.attempt(release.release, self.newest.edition_id, account_of(self.run, BY), order)

    @precondition(lambda self: self.newest.state in (EditionState.DRAFT, EditionState.CHECKED))
    @rule(fates=FATES)
    def release_and_send(self, fates: list[str]) -> None:
        self.release_newest("9", None, self.newest.edition_id)
        self.send_one(0, fates)

    @precondition(lambda self: self.newest.state is EditionState.DRAFT)
    @rule()
    def check(self) -> None:
        self.attempt(release.check_edition, self.newest.edition_id, account_of(self.run, "Người Soát"))

    @rule(back=BACK)
    def withdraw(self, back: int) -> None:
        self.withdraw_one(back)

    def withdraw_one(self, back: int) -> None:
        self.attempt(release.withdraw, self.edition(back).edition_id, account_of(self.run, BY), "Nhầm")

    @precondition(lambda self: self.newest.state is EditionState.RELEASED)
    @rule()
    def sign(self) -> None:
        self.attempt(sign.sign_edition, self.newest.edition_id, SimpleNamespace())

    @precondition(lambda self: self.newest.state in (EditionState.RELEASED, EditionState.SENT))
    @rule(back=BACK, fates=FATES)
    def send(self, back: int, fates: list[str]) -> None:
        self.send_one(back, fates)

    def send_one(self, back: int, fates: list[str]) -> None:
        self.post.fates = fates
        self.attempt(_send, self.edition(back).edition_id)
        self.post.fates = []

    @rule()
    def a_report_arrives(self) -> None:
        with self.run.ledger.write() as session:
            editions.void_unsent(session, str(JANUARY), "622: lần nộp 2")

    @rule(back=BACK, which=st.integers(0, 6), is_altered=st.booleans())
    def lose(self, back: int, which: int, is_altered: bool) -> None:
        papers = papers_of(self.run, self.edition(back))[::-1]
        place = papers[which % len(papers)].place
        if is_altered:
            place.write_bytes(b"altered")
        else:
            place.unlink(missing_ok=True)

    @rule()
    def lose_the_mails(self) -> None:
        shutil.rmtree(self.run.settings.home / "mail", ignore_errors=True)

    # What must be true.

    @invariant()
    def nobody_has_an_edition_twice(self) -> None:
        assert max((self.post.taken.count(each) for each in set(self.post.taken)), default=0) <= len(self.records())

    def teardown(self) -> None:
        try:
            self.follow()
            assert [
                each for each in verify_ledger(self.run).faults if "đã mất" not in each and "đã bị sửa" not in each
            ] == []
        finally:
            self.stack.close()

    def follow(self) -> None:
        """Do what the program says until a report stands that was sent."""
        said: list[str] = []
        for _ in range(PATIENCE):
            if any(each.state is EditionState.SENT for each in self.records()):
                return
            steps = "\n".join(next_steps(status(self.run, JANUARY), {}))
            said.append(steps)
            self.obey(steps, said)
        states = {each.edition_id: str(each.state) for each in self.records()}
        raise AssertionError("\n".join([f"no report was sent: {states}", *said]))

    def obey(self, text: str, said: list[str], depth: int = 0) -> None:
        for command in NAMED.findall(text):
            words = shlex.split(command)
            if words[0] not in VERBS or depth > 3:
                continue
            try:
                answer = self.type(words)
            except KetnghiaError as refusal:
                answer = str(refusal)
            said.append(f"{'  ' * depth}> {command}: {answer}")
            self.obey(answer, said, depth + 1)

    def type(self, words: list[str]) -> str:
        """What the command answers, with what only a person knows filled in."""
        verb, named = words[0], next((word for word in words[1:] if not word.startswith("-")), "")
        match verb:
            case "report":
                make.make_report(self.run, Period.parse(named))
            case "repair":
                return "\n".join(fault for each in repair.repair(self.run, named) for fault in each.faults)
            case "release":
                self.number += 1
                replaces = words[words.index("--replaces") + 1] if "--replaces" in words else None
                order = ReleaseOrder(str(self.number), self.day, None, replaces)
                release.release(self.run, named, account_of(self.run, BY), order)
            case "withdraw":
                release.withdraw(self.run, named, account_of(self.run, BY), "Nhầm")
            case "send":
                _send(self.run, named)
            case "outbox":
                retry.resolve_uncertain(self.run, words[words.index("--resolve") + 1], "--arrived" in words, BY)
            case "sign":
                released = [each for each in self.records() if each.state is EditionState.RELEASED]
                sign.sign_edition(self.run, released[-1].edition_id, SimpleNamespace())  # type: ignore[arg-type]
            case _:
                raise AssertionError(verb)
        return ""

    @property
    def newest(self) -> EditionRecord:
        return self.edition(0)

    def edition(self, back: int) -> EditionRecord:
        return self.records()[::-1][back : back + 1][0] if back < len(self.records()) else self.records()[0]

    def attempt(self, command: Callable[..., object], edition: str, *given: object) -> None:
        try:
            command(self.run, edition, *given)
        except KetnghiaError:
            return

    @property
    def day(self) -> date:
        return self.cut_at.astimezone(VIETNAM).date()  # type: ignore[no-any-return]

    def records(self) -> list[EditionRecord]:
        with self.run.ledger.read() as session:
            return editions.editions_of(session, str(JANUARY))


@pytest.fixture(scope="module")
def template(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """One district's January, taken in."""
    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    Month.template, Month.cut_at = settings, summary_of(settings, JANUARY, None).cut_at
    return settings


def released(month: Month) -> None:
    month.release_newest("7", None, "")


def sent(month: Month) -> None:
    month.release_and_send([])


def signed(month: Month) -> None:
    released(month)
    month.sign()


def lost(made: Made) -> Callable[[Month], None]:
    def lose(month: Month) -> None:
        for paper in papers_of(month.run, month.newest):
            if paper.made is made:
                paper.place.unlink()

    return lose


def refused_by_all(month: Month) -> None:
    month.send_one(0, ["refused"] * 9)


MISFORTUNES: dict[str, list[Callable[[Month], None]]] = {
    "a wrong number, not sent": [released, lambda month: month.withdraw_one(0)],
    "a wrong number, sent": [sent, lambda month: month.withdraw_one(0)],
    "the draft withdrawn": [lambda month: month.withdraw_one(0)],
    "the draft lost": [lost(Made.DRAFTED)],
    "the draft lost by another program": [lost(Made.DRAFTED), Month.another_program],
    "checked, its workbook lost by another program": [Month.check, lost(Made.DRAFTED), Month.another_program],
    "issued and lost": [released, lost(Made.ISSUED)],
    "issued and lost by another program": [released, lost(Made.DRAFTED), lost(Made.ISSUED), Month.another_program],
    "signed and lost": [signed, lost(Made.SIGNED)],
    "signed, half sent and lost": [signed, lambda month: month.send_one(0, ["deferred"]), lost(Made.SIGNED)],
    "refused by all": [released, refused_by_all],
    "in doubt": [released, lambda month: month.send_one(0, ["uncertain"] * 9)],
    "mails lost on the way": [released, lambda month: month.send_one(0, ["deferred"] * 9), Month.lose_the_mails],
    "to be sent in a fortnight": [lambda month: month.release_newest("7", 14, "")],
    "overtaken by a report": [released, Month.a_report_arrives],
}


@pytest.mark.parametrize("befalls", MISFORTUNES.values(), ids=MISFORTUNES)
def test_a_misfortune_leads_to_a_sent_report(template: Settings, befalls: list[Callable[[Month], None]]) -> None:
    month = Month()
    try:
        month.first_report()
        for each in befalls:
            each(month)
    finally:
        month.teardown()


def test_from_every_state_what_the_program_says_leads_to_a_sent_report(template: Settings) -> None:
    run_state_machine_as_test(
        Month,
        settings=settings(
            max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
