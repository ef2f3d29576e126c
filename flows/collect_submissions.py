"""Take in every file that waits: collect, read, judge, keep, answer. One bad file stops no other."""

from ingest.workbook.packed import PackedWorkbook
from services.intake.answer import REPLIES_IN_A_BATCH, answer_batch, find_unanswered
from services.intake.arrivals import archive_arrivals, find_unjudged, one_at_a_time
from services.intake.batches import judge_and_keep
from services.intake.judge_batch import judge_batch
from services.intake.keep import keep_judged, keep_unreadable, note_not_read
from services.intake.outcome import Collected, publish_status, void_and_notify
from services.intake.read import FILES_IN_A_BATCH, NotRead, Unreadable, read_batch
from services.intake.rejudge import rejudge_sent_again
from services.intake.replies import answer_mails
from services.run import Run
from services.steps import Steps, in_batches


def collect_submissions(run: Run, steps: Steps) -> list[Collected]:
    """What became of every file that was waiting; bytes that are known are acknowledged as the same.

    Every step looks into the ledger for what is left to do: a flow that was stopped anywhere is finished by the next.
    """
    with one_at_a_time(run):
        steps.run("archive-arrivals", archive_arrivals)
        waiting = steps.run("find-unjudged", find_unjudged)
        read = steps.map("read-files", read_batch, in_batches(waiting, FILES_IN_A_BATCH))
        outcomes = [outcome for batch in read for outcome in batch]

        steps.run("keep-unreadable", keep_unreadable, [each for each in outcomes if isinstance(each, Unreadable)])
        steps.run("note-not-read", note_not_read, [each for each in outcomes if isinstance(each, NotRead)])
        arrivals = {entry.arrival.sha256: entry.arrival for entry in waiting}
        books = [each for each in outcomes if isinstance(each, PackedWorkbook)]
        judge_and_keep(
            books,
            run.reference,
            judge=lambda batch: steps.run("judge", judge_batch, batch, arrivals),
            keep=lambda judged: steps.run("keep", keep_judged, judged, arrivals),
            on_progress=steps.on_progress,
        )

        steps.run("rejudge-sent-again", rejudge_sent_again)
        replies = in_batches(steps.run("find-unanswered", find_unanswered), REPLIES_IN_A_BATCH)
        answered = steps.map("answer-units", answer_batch, replies)
        steps.run("answer-mails", answer_mails)
        collected = [Collected.of(answer) for batch in answered for answer in batch]
        steps.run("publish-status", publish_status, collected)
        steps.run("void-outdated", void_and_notify)
    return collected
