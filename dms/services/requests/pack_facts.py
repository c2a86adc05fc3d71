"""Everything that the answer to a request tells, gathered in one look at the database. Texts are plain Dutch."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BoardRow,
    CarerRow,
    DocumentRow,
    DocumentVersionRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    PlacementRow,
    PupilCarerRow,
    PupilConsentRow,
    PupilRow,
    RedactionRow,
    RenditionRow,
    SchoolRow,
    ScopedLinkRow,
    SubjectRequestItemRow,
    SubjectRequestRow,
    TransferPackageRow,
)
from dms.model.documents import Rendition
from dms.model.redaction import RedactionState
from dms.model.requests import ItemAnswer
from dms.services.catalogue import categories
from dms.services.links.recipients import recipient_of
from dms.services.requests import pack_words as told
from dms.services.requests import words
from dms.services.requests.missing import items_of
from dms.services.tools import full_name
from ingest.rules.numbers_masked import without_numbers
from retention.rules.due import Due
from retention.rules.schedule import Rule
from retention.terms.places import Judge, judged
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class PackDocument:
    """One document as the answer tells of it. `file` is its name in the pack, empty for what does not go along."""

    number: int
    what: str
    title: str
    day: date | None
    kept_for: str
    until: str
    goes: str
    file: str
    rendition: RenditionRow | None


@dataclass(frozen=True, slots=True)
class PackFacts:
    """The whole answer. `data`: headings with (what, value); `shared`: (with whom, when, what for)."""

    number: int
    kind: str
    school: str
    board: str
    pupil: str
    asker: str
    received_on: date
    answered_on: date
    data: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    documents: tuple[PackDocument, ...]
    shared: tuple[tuple[str, str, str], ...]
    log: tuple[tuple[datetime, str, str], ...]
    by_role: tuple[tuple[str, int], ...]


def facts_of(
    session: Session, vault: Vault, row: SubjectRequestRow, log: tuple[tuple[datetime, str, str], ...], today: date
) -> PackFacts:
    """What is told. `log`: when, what and by somebody of which role (`AccessLog.for_subject`, in words)."""
    pupil = session.get_one(PupilRow, row.pupil_id)
    school, board = session.get_one(SchoolRow, row.school_id), session.get_one(BoardRow, row.board_id)
    by_role = Counter(x[2] for x in log)
    return PackFacts(
        number=row.number,
        kind=told.KINDS[row.kind],
        school=school.name,
        board=board.name,
        pupil=full_name(pupil),
        asker=words.told_of(vault, row).asker_name,
        received_on=row.received_on,
        answered_on=today,
        data=(
            ("Gegevens van de leerling", _pupil(vault, pupil)),
            ("Inschrijvingen en groepen", _school_life(session, pupil.id)),
            ("Verzorgers", _carers(session, row)),
        ),
        documents=_documents(session, vault, row, today),
        shared=shared_with(session, vault, row),
        log=log,
        by_role=tuple(by_role.most_common()),
    )


def _pupil(vault: Vault, pupil: PupilRow) -> tuple[tuple[str, str], ...]:
    def number(column: str, sealed: bytes | None) -> str:
        return vault.unseal(pupil.id, column, sealed).decode() if sealed else ""

    rows = (
        ("Roepnaam", pupil.given_name),
        ("Voornamen", pupil.first_names),
        ("Voorletters", pupil.initials),
        ("Tussenvoegsel", pupil.prefix),
        ("Achternaam", pupil.surname),
        ("Geboortedatum", told.day(pupil.birth_date) or pupil.birth_date_partial),
        ("Geslacht", told.gender(pupil.gender)),
        ("Leerlingnummer", pupil.number),
        ("BSN", number("bsn", pupil.bsn_sealed)),
        ("Onderwijsnummer", number("education_number", pupil.education_number_sealed)),
        ("E-mailadres", pupil.email),
        ("Adres geheim", "ja" if pupil.address_secret else "nee"),
    )
    return tuple((x, y) for x, y in rows if y)


def _school_life(session: Session, pupil_id: UUID) -> tuple[tuple[str, str], ...]:
    found = [
        ("Eerdere naam", " ".join(y for y in (x.given_name, x.prefix, x.surname) if y) + f", tot {told.day(x.until)}")
        for x in session.scalars(select(FormerNameRow).where(FormerNameRow.pupil_id == pupil_id))
    ]
    found += [
        ("Ingeschreven", told.period(x.since, x.until))
        for x in session.scalars(select(EnrolmentRow).where(EnrolmentRow.pupil_id == pupil_id))
    ]
    groups = session.execute(
        select(GroupRow.name, GroupPlacementRow.since, GroupPlacementRow.until)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupPlacementRow.pupil_id == pupil_id)
        .order_by(GroupPlacementRow.since)
    )
    found += [(name[:1].upper() + name[1:], told.period(since, until)) for name, since, until in groups]
    consents = session.scalars(select(PupilConsentRow).where(PupilConsentRow.pupil_id == pupil_id))
    found += [("Toestemming voor een verzorger", told.period(x.since, x.until)) for x in consents]
    return tuple(found)


def _carers(session: Session, row: SubjectRequestRow) -> tuple[tuple[str, str], ...]:
    """Names and relations; the address of a carer only for that carer (formats: parents do not see each other's)."""
    pairs = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == row.pupil_id)
        .order_by(PupilCarerRow.position)
    )
    found = []
    for carer, link in pairs:
        parts = [carer.name, link.relation, "heeft gezag" if link.authority else "heeft geen gezag"]
        if carer.id == row.carer_id and carer.email:
            parts.append(carer.email)
        found.append(("Verzorger", ", ".join(x for x in parts if x)))
    return tuple(found)


def _documents(session: Session, vault: Vault, row: SubjectRequestRow, today: date) -> tuple[PackDocument, ...]:
    items = items_of(session, row)
    known = categories(session, row.board_id)
    verdicts = judged(session, [x.placement_id for x in items], today)
    judge = Judge(session)
    found = []
    for item in items:
        document = session.get(DocumentRow, item.document_id)
        place = session.get(PlacementRow, item.placement_id)
        if document is None or place is None:
            continue
        name = known[item.category].name if item.category in known else item.category
        verdict = verdicts[item.placement_id][1] if item.placement_id in verdicts else None
        rule = judge.schedule(row.board_id).rule_for(item.category)
        rendition, ending = _rendition(session, item)
        goes = item.answer is not ItemAnswer.LEAVE_OUT
        title = without_numbers(document.title) if goes else "(niet meegestuurd)"
        if item.answer is ItemAnswer.REDACT:
            title = f"{name} van {told.day(document.document_date)}" if document.document_date else name
        found.append(
            PackDocument(
                number=item.position,
                what=name,
                title=title,
                day=document.document_date,
                kept_for=told.kept_for(item.category, rule.legal_basis if rule is not None else ""),
                until=_until(rule, verdict),
                goes=_goes(item, words.item_told(vault, item).reason),
                file=f"documenten/{item.position:03d}-{told.file_name(title)}{ending}" if goes and rendition else "",
                rendition=rendition if goes else None,
            )
        )
    return tuple(found)


def _rendition(session: Session, item: SubjectRequestItemRow) -> tuple[RenditionRow | None, str]:
    """What goes along of a document, and the ending of its name."""
    if item.answer is ItemAnswer.REDACT:
        made = session.get(RedactionRow, item.redaction_id) if item.redaction_id else None
        done = made is not None and made.state is RedactionState.DONE and made.rendition_id is not None
        return session.get(RenditionRow, made.rendition_id) if made is not None and done else None, ".pdf"
    row = session.scalar(
        select(RenditionRow).where(
            RenditionRow.document_id == item.document_id,
            RenditionRow.version == item.version,
            RenditionRow.kind == Rendition.ORIGINAL,
        )
    )
    name = session.scalar(
        select(DocumentVersionRow.file_name).where(
            DocumentVersionRow.document_id == item.document_id, DocumentVersionRow.number == item.version
        )
    )
    return row, told.ending(name or "")


def _until(rule: Rule | None, verdict: Due | None) -> str:
    if verdict is not None and verdict.due_by is not None:
        return f"uiterlijk {told.day(verdict.due_by)}"
    if verdict is not None and verdict.due_from is not None:
        return f"tot {told.day(verdict.due_from)}"
    return told.rule_words(rule)


def _goes(item: SubjectRequestItemRow, reason: str) -> str:
    if item.answer is ItemAnswer.LEAVE_OUT:
        return f"Nee. {told.GROUNDS.get(item.ground, '')} {reason}".strip()
    if item.answer is ItemAnswer.REDACT:
        return "Ja, met gegevens van anderen zwart gemaakt (AVG artikel 15 lid 4)."
    return "Ja"


def shared_with(session: Session, vault: Vault, row: SubjectRequestRow) -> tuple[tuple[str, str, str], ...]:
    """Links and packages to others, from the first on: with whom, when, what for."""
    found: list[tuple[datetime, str, str, str]] = []
    for link in session.scalars(select(ScopedLinkRow).where(ScopedLinkRow.pupil_id == row.pupil_id)):
        who = recipient_of(vault, link).name or "onbekend"
        found.append((link.starts, who, told.period(link.starts.date(), link.ends.date()), link.purpose))
    sent = select(TransferPackageRow).where(
        TransferPackageRow.pupil_id == row.pupil_id, TransferPackageRow.sent_at.is_not(None)
    )
    for package in session.scalars(sent):
        assert package.sent_at is not None
        who = package.receiver_name or package.receiver_brin
        found.append((package.sent_at, who, told.day(package.sent_at.date()), "Overdracht van het dossier"))
    return tuple((who, when, why) for _, who, when, why in sorted(found, key=lambda x: x[0]))
