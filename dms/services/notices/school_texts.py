"""A school's own texts of letters: changed by who keeps the settings, checked, seen before they hold, with history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import LetterRow, LetterTextRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.model.letters import FACTS, LANGUAGES, LetterKind, LetterState
from dms.services.administration.remit import remit
from dms.services.notices.texts import Text
from dms.services.notices.writing import Envelope, Filled, checked, compose, default, sample
from dms.services.rights.officers import names_of
from dms.services.tools import Tools, school_by_brin

SAMPLE_SECRET = {"code": "12345678", "link": "/l/voorbeeld", "": ""}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A kind in a language: the text that counts, and whether it is the school's own."""

    kind: LetterKind
    language: str
    text: Text
    own: bool


@dataclass(frozen=True, slots=True)
class TextVersion:
    """An earlier or the present text; an empty one means the default came back."""

    number: int
    text: Text
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many letters of a school are in each state, of the last month."""

    state: LetterState
    count: int


class SchoolTexts:
    """Texts of the letters of one school."""

    def __init__(self, tools: Tools, sender: str, home: str) -> None:
        self._tools = tools
        self._sender = sender
        self._home = home

    def list(self, by: By, brin: str) -> tuple[TextLine, ...]:
        """Every kind in every language. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            school = self._school(session, by, brin)
            newest = _newest(session, school.id)
            return tuple(_line(newest, kind, language) for kind in FACTS for language in LANGUAGES)

    def one(self, by: By, brin: str, kind: LetterKind, language: str) -> tuple[TextLine, tuple[TextVersion, ...]]:
        """One text with what it was before, newest first. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            school = self._school(session, by, brin)
            _known(language)
            rows = session.scalars(
                select(LetterTextRow)
                .where(
                    LetterTextRow.school_id == school.id,
                    LetterTextRow.kind == kind,
                    LetterTextRow.language == language,
                )
                .order_by(LetterTextRow.number.desc())
            ).all()
            names = names_of(session, (x.changed_by for x in rows))
            history = tuple(
                TextVersion(x.number, Text(x.subject, x.body), names.get(x.changed_by or school.id, ""), x.changed_at)
                for x in rows
            )
            return _line(_newest(session, school.id), kind, language), history

    def preview(self, by: By, brin: str, kind: LetterKind, language: str, text: Text) -> tuple[str, str]:
        """Subject and whole text of a mail as it would be, filled with examples. Raises BadInput, Refused, NotFound."""
        good = checked(kind, text.subject, text.body)
        with self._tools.database.read() as session:
            school = self._school(session, by, brin)
            _known(language)
            facts = FACTS[kind]
            envelope = Envelope(
                school.id, school.name, self._sender, self._sender, language, self._home, not facts.always
            )
            secret = SAMPLE_SECRET[facts.private]
            filled = Filled(
                kind,
                good,
                sample(kind, self._tools.clock.today()),
                self._home + secret if facts.private == "link" else secret,
            )
            message = compose(envelope, [filled])
            return str(message["Subject"]), message.get_content()

    def save(self, by: By, brin: str, kind: LetterKind, language: str, text: Text | None) -> None:
        """Let the school's own text count from now on; None: the default again. Raises BadInput, Refused, NotFound."""
        good = Text("", "") if text is None else checked(kind, text.subject, text.body)
        with self._tools.database.begin() as uow:
            school = self._school(uow.session, by, brin)
            _known(language)
            before = _line(_newest(uow.session, school.id), kind, language).text
            after = good if good.body else default(kind, language)
            if before == after:
                return
            row = LetterTextRow(
                id=new_id(),
                school_id=school.id,
                kind=kind,
                language=language,
                number=_next(uow, school.id, kind, language),
                subject=good.subject,
                body=good.body,
                changed_by=by.user_id,
                changed_at=uow.now,
            )
            uow.session.add(row)
            uow.record(
                Event(
                    EventKind.LETTER_TEXT_CHANGED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="letter_text",
                    object_id=row.id,
                    details={"kind": kind.value, "language": language, "number": row.number},
                    changes=(
                        Change(N_("Onderwerp"), before.subject, after.subject),
                        Change(N_("Tekst"), before.body, after.body),
                    ),
                )
            )

    def traffic(self, by: By, brin: str) -> tuple[Traffic, ...]:
        """How the letters of the school went. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            school = self._school(session, by, brin)
            counted = session.execute(
                select(LetterRow.state, func.count()).where(LetterRow.school_id == school.id).group_by(LetterRow.state)
            )
            found: dict[LetterState, int] = {}
            for state, count in counted:
                found[state] = count
            return tuple(Traffic(x, found.get(x, 0)) for x in LetterState)

    def _school(self, session: Session, by: By, brin: str) -> SchoolRow:
        view = school_by_brin(session, brin)
        remit(session, by, Duty.SETTINGS, self._tools.clock.today()).need_school(view.board_id, view.id)
        return session.get_one(SchoolRow, view.id)


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise NotFound


def _newest(session: Session, school_id: UUID) -> dict[tuple[LetterKind, str], LetterTextRow]:
    rows = session.scalars(
        select(LetterTextRow).where(LetterTextRow.school_id == school_id).order_by(LetterTextRow.number)
    )
    return {(x.kind, x.language): x for x in rows}


def _line(newest: dict[tuple[LetterKind, str], LetterTextRow], kind: LetterKind, language: str) -> TextLine:
    row = newest.get((kind, language))
    own = row is not None and bool(row.body)
    return TextLine(
        kind, language, Text(row.subject, row.body) if row is not None and own else default(kind, language), own
    )


def _next(uow: UnitOfWork, school_id: UUID, kind: LetterKind, language: str) -> int:
    last = uow.session.scalar(
        select(func.max(LetterTextRow.number)).where(
            LetterTextRow.school_id == school_id, LetterTextRow.kind == kind, LetterTextRow.language == language
        )
    )
    return (last or 0) + 1
