"""Every file that a ledger names, held against a home alone, or against the store that it shares."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from services.editions.papers import papers_in
from services.mail.outbox import eml_path
from services.settings import Settings
from services.shared_store import kept_folders
from services.tables import faults_of_kept_tables
from storage import archive, arrivals, chain, deliveries, editions
from storage.database import Database, Session
from storage.kept import KeptFiles
from storage.tables_in_force import tables_in_force


def bring_all(settings: Settings, ledger: Database, kept: KeptFiles) -> None:
    """Bring here what of the ledger's files lies in the store alone, also what has no hash in the ledger.

    Raises:
        StoreUnreachable: if it does not answer.
    """
    with ledger.read() as session:
        named = _hashes(settings, session)
    for folder in kept_folders(settings):
        for place in kept.places(folder):
            if folder != settings.mails or place in named:
                kept.bring(place, named.get(place))


def faults_of_named(settings: Settings, ledger: Database, kept: KeptFiles) -> list[str]:
    """What is wrong with each file that the ledger names and that is not sound, in Vietnamese.

    Raises:
        StoreUnreachable: if there is a store, and it does not answer.
    """
    with ledger.read() as session:
        named = _hashes(settings, session)
        versions = {each.reference_version for each in editions.all_editions(session) if each.manifest}
        if current := tables_in_force(session):
            versions |= {current.version} if kept.open_store is not None else set()
    return [fault for fault in _faults(settings, kept, named, versions) if fault]


def _faults(settings: Settings, kept: KeptFiles, named: Mapping[Path, str], versions: set[str]) -> Iterator[str]:
    for place, digest in sorted(named.items()):
        fault = kept.fault(place, digest)
        yield fault and f"tệp {place.relative_to(settings.home)} {fault}"
    for version in sorted(versions):
        yield from faults_of_kept_tables(kept, settings.kept_tables, version)


def _hashes(settings: Settings, session: Session) -> dict[Path, str]:
    """The hash of each received file, document and mail to go, by its place in the home."""
    nowhere = KeptFiles(settings.home)
    received = arrivals.arrived_files(session).keys() | chain.keys_of(session, chain.FILE)
    papers = [paper for each in editions.all_editions(session) for paper in papers_in(settings.editions, nowhere, each)]
    mails = {each.eml_sha256 for each in deliveries.unsettled(session) if each.eml_sha256}
    return (
        {archive.place_of(settings.archive, digest): digest for digest in received}
        | {paper.place: paper.sha256 for paper in papers}
        | {eml_path(settings.mails, digest): digest for digest in mails}
    )
