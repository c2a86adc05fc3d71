"""The steps of an intake, each `(item, work, tools) → Continue | Park | Refuse | File | Duplicate`.

Each may be done again after a kill: object keys and rows come from the item's own ids.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from dms.db.tables import DocumentVersionRow, PlacementRow, RenditionRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import PlacementState, Rendition, Source
from dms.services.renditions import Unreadable, rendition_row, text_of, words_of
from ingest.readers.errors import ReadFailed
from ingest.readers.results import Kind, PageRead, ReadResult
from ingest.readers.session import ReadSession
from ingest.rules import sniff
from ingest.rules.classify import CategorySuggestion
from ingest.rules.classify import classify as classify_rule
from ingest.rules.clues import extract
from ingest.rules.describe import describe
from ingest.rules.dossier_zip.place import ASKS
from ingest.rules.fields import found_fields
from ingest.rules.learned.combine import FEWEST_WORDS, combined
from ingest.rules.learned.features import features
from ingest.rules.match import MatchThresholds, NoMatch
from ingest.rules.match import match as match_rule
from ingest.rules.route import AskHuman, FileNow, Hints, RouteFacts, SourceTrust
from ingest.rules.route import route as route_rule
from ingest.rules.senders import OwnSchool
from ingest.rules.separators import ASKS as SHEET_ASKS
from ingest.rules.separators import BESIDE_SHEET, BY_SHEET
from ingest.rules.text import PageText, TextSource, doubtful_words
from ingest.service.pages_seen import seen_of
from ingest.service.shipped import shipped
from ingest.service.state import (
    Continue,
    Duplicate,
    File,
    Filing,
    ItemFacts,
    OriginalLost,
    Outcome,
    Park,
    PipelineTools,
    Refuse,
    Work,
)
from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.vault import StoredRef

PLAIN_NAME = "original"
UNVERIFIED = "sender_unverified"
NO_RULE = Reason(
    "sender_without_rule", N_("De school heeft nog geen regel voor deze afzender. Dan kijkt er altijd eerst iemand.")
)
NOBODY = Reason("nobody", N_("Er is geen leerling herkend."))
RECEIVED = Reason("received_package", N_("Ontvangen van een andere school. Wacht op de beoordeling van het pakket."))
"""Why the paper of a package is set apart. It leaves quarantine through `ingest.service.received` only."""
COPY_SIZE = 1024 * 1024

log = structlog.get_logger(__name__)


def identify(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """What kind of file is it really, and may it come in?"""
    facts = _session(item, tools).facts(item.name)
    verdict = sniff.identify(facts, tools.limits)
    if isinstance(verdict, sniff.Refusal):
        return Refuse(verdict.reason)
    work.kind, work.media_type = verdict.kind.value, facts.media_type
    return Continue()


def read(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Text layer or OCR, page images and thumbnails; everything encrypted at once, its rows with the saved step."""
    if not work.kind:
        verdict = identify(item, work, tools)
        if not isinstance(verdict, Continue):
            return verdict
    result = _session(item, tools).read(cast(Kind, work.kind), tools.progress)
    reached(CrashPoint.READ_RESULT)
    archived = _archived(item, work, tools, result)
    reached(CrashPoint.ARCHIVE_MADE)
    _keep(item, work, tools, result, archived)
    work.pages = tuple(
        PageText(
            x.number,
            x.text,
            TextSource.OCR if x.source == "ocr" else TextSource.TEXT,
            x.confidence,
            doubtful_words(x.text, ((word.text, word.confidence) for word in x.words)),
        )
        for x in result.pages
    )
    work.signed = result.signed
    work.looks = tuple(x.look for x in result.pages)
    work.seen = seen_of(result)
    measure(work)
    return Continue()


def classify(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """What is it?"""
    _recall(item, work, tools)
    work.categories = _kinds(item, work, tools)
    return Continue()


def match(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Whose is it, when was it, what is it called? Date and title are read with the pupil's facts at hand."""
    _recall(item, work, tools)
    if not work.categories:
        work.categories = _kinds(item, work, tools)
    clues = extract(work.pages)
    numbers = tuple(x.value for x in clues.personal_numbers)
    owners = tools.bsn_pupils(item.school_id, item.brin, numbers) if numbers else frozenset()
    candidates = tools.roster(item.school_id).candidates(clues, owners)
    work.match = match_rule(clues, candidates, MatchThresholds())
    best = work.categories[0].code if work.categories else None
    name = tools.catalogue[best].name if best in tools.catalogue else ""
    described = describe(work.pages, work.match, candidates, name, tools.clock.today())
    work.date, work.title = described.date, described.title
    return Continue()


def route(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """File it, ask a person, or send it back?"""
    if work.match is None or not work.categories:
        for step in (classify, match):
            step(item, work, tools)
    if item.source is Source.TRANSFER:
        return Refuse(RECEIVED, quarantine=True)  # read and recognised; what becomes of it is said in the review
    verdict = route_rule(
        RouteFacts(
            trust=SourceTrust.TRUSTED if item.trusted else SourceTrust.UNVERIFIED,
            categories=work.categories,
            match=work.match if work.match is not None else NoMatch(NOBODY),
            date=work.date,
            text_quality=work.text_confidence,
            levels={x.code: int(x.level) for x in tools.catalogue.values()},
            hints=Hints(
                item.hint_pupil,
                item.hint_category,
                item.hint_date,
                item.hint_authorised,
                ASKS.get(item.hint_ask) or SHEET_ASKS.get(work.ask or item.hint_ask),
                item.hint_level,
            ),
        ),
        shipped().thresholds,
    )
    if isinstance(verdict, AskHuman):
        return Park(_in_its_words(verdict.reason, item), verdict.desk.value)
    if not isinstance(verdict, FileNow):
        return Refuse(verdict.reason)
    # what an archive says of a paper, or a cover sheet of all that lies behind it, nobody has looked at
    chosen = item.source is not Source.ARCHIVE and item.stack_id is None
    by_person = chosen and item.hint_authorised and item.hint_pupil is not None and item.hint_category is not None
    work.filing = Filing(
        pupil_id=verdict.pupil_id,
        category=tools.catalogue[verdict.category],
        document_date=verdict.document_date,
        title=item.hint_title or work.title or tools.catalogue[verdict.category].name,
        confidence=verdict.confidence,
        reason=BY_SHEET if item.hints.get("sheet") else verdict.reason,
        confirmed_by=item.submitted_by if by_person else None,
        fields={x.name: x.value for x in found_fields(work.pages, tools.catalogue[verdict.category].fields, work.date)},
    )
    return Continue()


def _in_its_words(reason: Reason, item: ItemFacts) -> Reason:
    """Why a person must look, where the rules do not know what brought the paper: a cover sheet, a checked sender."""
    if reason.code == BESIDE_SHEET.code and "sheet" in item.hints:
        return BESIDE_SHEET
    if reason.code == UNVERIFIED and (item.hints.get("origin") or {}).get("verified"):
        return NO_RULE
    return reason


def store(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Into the dossier, unless it lies there already. The transaction that saves this outcome files it."""
    if work.filing is None:
        outcome = route(item, work, tools)
        if not isinstance(outcome, Continue):
            return outcome
    assert work.filing is not None
    duplicate = _same_bytes(item, tools, work.filing.pupil_id, work.digest or item.digest)
    return Duplicate(duplicate) if duplicate is not None else File(work.filing)


def write_renditions(uow: UnitOfWork, item: ItemFacts, work: Work) -> None:
    """Write the rows of what was read, in the place of those of an earlier reading."""
    if not work.renditions:
        return
    uow.session.execute(
        delete(RenditionRow).where(RenditionRow.document_id == item.document_id, RenditionRow.version == item.version)
    )
    uow.session.add_all(work.renditions)
    work.renditions = ()
    uow.flush()
    reached(CrashPoint.RENDITIONS_WRITTEN)


def _kinds(item: ItemFacts, work: Work, tools: PipelineTools) -> tuple[CategorySuggestion, ...]:
    """What it may be by the rules and by what was learned, with the chance of each."""
    codes = tools.catalogue.keys()
    suggested = classify_rule(work.pages, codes, _own_school(item, tools))
    words = sum(len(x.text.split()) for x in work.pages)
    speaks = bool(suggested) or words >= FEWEST_WORDS
    likely = tools.learned(item.school_id).likelihoods(features(work.pages), tuple(codes)) if speaks else {}
    return combined(suggested, likely, codes, shipped().weighing)


def _own_school(item: ItemFacts, tools: PipelineTools) -> OwnSchool | None:
    """The school that the paper came to, by the name that letterheads carry."""
    with tools.database.read() as session:
        name = session.scalar(select(SchoolRow.name).where(SchoolRow.id == item.school_id))
    return OwnSchool(name, item.brin) if name else None


def _same_bytes(item: ItemFacts, tools: PipelineTools, pupil_id: UUID, digest: str) -> UUID | None:
    """A document of this dossier with the same bytes. Equal bytes in another dossier are no duplicate."""
    with tools.database.read() as session:
        return session.scalar(
            select(DocumentVersionRow.document_id)
            .join(PlacementRow, PlacementRow.document_id == DocumentVersionRow.document_id)
            .where(
                DocumentVersionRow.digest == digest,
                PlacementRow.pupil_id == pupil_id,
                PlacementRow.state == PlacementState.ACTIVE,
                DocumentVersionRow.document_id != item.document_id,
            )
            .limit(1)
        )


def _session(item: ItemFacts, tools: PipelineTools) -> ReadSession:
    """What reads the item's file, which is there in plain from now on."""
    plain(item, tools)
    return tools.session


def plain(item: ItemFacts, tools: PipelineTools) -> Path:
    """The plain bytes in the job's private folder; written once a run."""
    path = tools.folder / PLAIN_NAME
    if not path.exists():
        half = tools.folder / f"{PLAIN_NAME}.half"
        try:
            with half.open("wb") as file, tools.vault.open(item.document_id, item.object_key, item.version) as pieces:
                for piece in pieces:
                    file.write(piece)
                    reached(CrashPoint.PLAIN_HALF)
        except (Damaged, ObjectMissing, KeyMissing) as fault:
            raise OriginalLost(fault.code) from fault
        half.rename(path)
        reached(CrashPoint.PLAIN_WRITTEN)
    return path


def _archived(item: ItemFacts, work: Work, tools: PipelineTools, result: ReadResult) -> Path | None:
    """The archive rendition of a scan; None for what is more than a scan, and when making one failed."""
    try:
        return _session(item, tools).archive(cast(Kind, work.kind), result)
    except ReadFailed as fault:
        if fault.retryable:
            raise
        log.warning("archive_failed", item_id=str(item.item_id), code=fault.code)
        return None


def _keep(item: ItemFacts, work: Work, tools: PipelineTools, result: ReadResult, archived: Path | None) -> None:
    """Put everything that was made in the vault; its rows are written when the step is saved."""
    rows: list[RenditionRow] = []
    now = tools.clock.now()

    def add(kind: Rendition, page: int, ref: StoredRef, media_type: str, shown: PageRead | None = None) -> None:
        rows.append(
            RenditionRow(
                id=new_id(),
                document_id=item.document_id,
                version=item.version,
                kind=kind,
                page=page,
                object_key=ref.object_key,
                media_type=media_type,
                size=ref.size_plain,
                width=shown.width if shown and kind is Rendition.PAGE else None,
                height=shown.height if shown and kind is Rendition.PAGE else None,
                confidence=shown.confidence if shown and shown.source == "ocr" else None,
                created_at=now,
            )
        )

    def put(name: str, chunks: Iterable[bytes], point: CrashPoint) -> StoredRef:
        tools.alive()
        ref = tools.vault.put(item.document_id, name, item.version, chunks)
        reached(point)
        return ref

    add(Rendition.ORIGINAL, 0, StoredRef(item.object_key, item.size), work.media_type)
    add(Rendition.TEXT, 0, put("text", [result.text.encode()], CrashPoint.TEXT_PUT), "text/plain; charset=utf-8")
    if archived is not None:
        add(Rendition.ARCHIVE, 0, put("archive", _bytes_of(archived), CrashPoint.ARCHIVE_PUT), "application/pdf")
    for page in result.pages:
        number = f"{page.number:05d}"
        ref = put(f"page-{number}", _bytes_of(page.image), CrashPoint.PAGE_PUT)
        add(Rendition.PAGE, page.number, ref, "image/jpeg", page)
        ref = put(f"thumb-{number}", _bytes_of(page.thumbnail), CrashPoint.THUMBNAIL_PUT)
        add(Rendition.THUMBNAIL, page.number, ref, "image/jpeg", page)
        words = json.dumps([astuple(w) for w in page.words], ensure_ascii=False)
        ref = put(f"words-{number}", [words.encode()], CrashPoint.WORDS_PUT)
        add(Rendition.WORDS, page.number, ref, "application/json")
    work.renditions = tuple(rows)


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(COPY_SIZE):
            yield chunk


def _recall(item: ItemFacts, work: Work, tools: PipelineTools) -> None:
    """After a restart: the pages that an earlier run read."""
    if work.pages:
        return
    with tools.database.read() as session:
        text = rendition_row(session, item.document_id, item.version, Rendition.TEXT)
        pages = session.scalars(
            select(RenditionRow)
            .where(
                RenditionRow.document_id == item.document_id,
                RenditionRow.version == item.version,
                RenditionRow.kind == Rendition.PAGE,
            )
            .order_by(RenditionRow.page)
        ).all()
        words = {
            page.page: rendition_row(session, item.document_id, item.version, Rendition.WORDS, page.page)
            for page in pages
            if page.confidence is not None
        }
    try:
        texts = text_of(tools.vault, text).split("\f") if text is not None else []
        boxes = {page: words_of(tools.vault, row) for page, row in words.items() if row is not None}
    except Unreadable:  # the original may be whole: make it anew
        read(item, work, tools)
        return
    work.pages = tuple(
        PageText(
            row.page,
            content,
            TextSource.TEXT if row.confidence is None else TextSource.OCR,
            100.0 if row.confidence is None else row.confidence,
            doubtful_words(content, ((x.text, x.confidence) for x in boxes.get(row.page, ()))),
        )
        for row, content in zip(pages, texts, strict=False)
    )
    measure(work)


def measure(work: Work) -> None:
    """How well the text can be trusted: the mean over the pages that have any."""
    written = [x for x in work.pages if x.text.strip()]
    work.text_confidence = sum(x.confidence for x in written) / len(written) if written else 0.0
    sources = {x.source for x in work.pages}
    work.text_source = "ocr" if TextSource.OCR in sources else "text"
