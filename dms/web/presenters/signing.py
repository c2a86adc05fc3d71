"""Signing in words, for colleagues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from dms.kernel.text import N_
from dms.model.signing import Answer, Method, SigningState
from dms.services.carers import RELATIONS
from dms.services.signing.shapes import Signer, SigningLine, SigningView
from dms.web.texts import day, moment, say

ANSWERS = {
    Answer.SEEN: (N_("gezien"), "good"),
    Answer.AGREED: (N_("akkoord"), "good"),
    Answer.NOT_AGREED: (N_("niet akkoord"), "attention"),
}
STATES = {
    SigningState.OPEN: (N_("loopt"), ""),
    SigningState.COMPLETE: (N_("compleet"), "good"),
    SigningState.ENDED: (N_("afgelopen"), "quiet"),
    SigningState.WITHDRAWN: (N_("ingetrokken"), "quiet"),
    SigningState.SUPERSEDED: (N_("nieuwe versie"), "quiet"),
}
METHODS = {
    Method.PASSWORD: N_("in het portaal, met wachtwoord"),
    Method.CODE: N_("in het portaal, met een code van de app"),
    Method.PAPER: N_("op papier"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A request in the list."""

    address: str
    title: str
    pupil: str
    pupil_address: str
    group: str
    state: str
    tone: str
    answered: str
    disagreed: bool
    ends: str
    missing: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asked."""

    key: str
    name: str
    about: str
    answer: str
    tone: str
    how: str
    remark: str
    proof: str
    waits: bool


@dataclass(frozen=True, slots=True)
class View:
    """One request."""

    row: Row
    people: tuple[Person, ...]
    facts: tuple[tuple[str, str], ...]
    open: bool
    document: str
    statement: str


@dataclass(frozen=True, slots=True)
class OfDocument:
    """What the page of a document says of signing. `ask` is empty for who cannot put it before people."""

    ask: str
    rows: tuple[Row, ...]


def row(line: SigningLine) -> Row:
    """One line of the list."""
    state, tone = STATES[line.state]
    if line.late:
        state, tone = N_("termijn voorbij"), "attention"
    return Row(
        url_for("signing.one", request_id=line.id),
        line.title,
        line.pupil,
        url_for("pupils.dossier", pupil_id=line.pupil_id),
        line.group,
        say(state),
        tone,
        say(N_("%(answered)d van %(asked)d"), {"answered": line.answered, "asked": line.asked}),
        bool(line.disagreed),
        day(line.ends_on),
        ", ".join(line.missing),
    )


def of_document(document_id: UUID, lines: Iterable[SigningLine], *, offered: bool) -> OfDocument | None:
    """What the page of a document shows; None for nothing."""
    found = tuple(row(x) for x in lines)
    if not offered and not found:
        return None
    return OfDocument(url_for("signing.form", document_id=document_id) if offered else "", found)


def view(found: SigningView) -> View:
    """The page of one request."""
    line = found.line
    facts = (
        (say(N_("Versie")), str(line.version) if line.version == found.newest else
            say(N_("%(num)d; er is een nieuwere"), {"num": line.version})),
        (say(N_("Voorgelegd")), f"{moment(line.asked_at)}, {found.asked_by}"),
        (say(N_("Antwoorden tot en met")), day(line.ends_on)),
        (say(N_("Herinnerd")), moment(found.reminded_at) if found.reminded_at else ""),
        (say(N_("Afgesloten")), moment(found.closed_at) if found.closed_at else ""),
        ("SHA-256", found.sha256),
    )  # fmt: skip
    return View(
        row(line),
        tuple(_person(x) for x in found.signers),
        facts,
        line.state is SigningState.OPEN,
        url_for("document.page", document_id=line.document_id),
        url_for("document.page", document_id=found.statement_id) if found.statement_id else "",
    )


def people(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Names with what they are to the pupil."""
    return tuple((name, _relation(relation)) for name, relation in found)


def papers(found: Sequence[tuple[UUID, str, date | None]]) -> tuple[tuple[str, str], ...]:
    """Documents that can show a signature, for a list to choose from."""
    return tuple((str(x), f"{title} ({day(on)})" if on else title) for x, title, on in found)


def answers() -> tuple[tuple[str, str], ...]:
    """What somebody can have signed."""
    return tuple((x.value, say(label)) for x, (label, _) in ANSWERS.items())


def _person(one: Signer) -> Person:
    answer, tone = ANSWERS[one.answer] if one.answer else (N_("nog geen antwoord"), "quiet")
    if one.lapsed and one.answer is None:
        answer = N_("niet meer gevraagd")
    about = _relation(one.relation) if one.carer_id else say(N_("leerling"))
    if one.answer is not None or one.lapsed:
        pass  # how she could have been reached does not matter any more
    elif not one.account:
        about += f" · {say(N_('geen account'))}"
    elif not one.mailed:
        about += f" · {say(N_('krijgt geen mail hierover'))}"
    return Person(
        str(one.id),
        one.name,
        about,
        say(answer),
        tone,
        _how(one),
        one.remark,
        url_for("document.page", document_id=one.proof_document_id) if one.proof_document_id else "",
        one.answer is None and not one.lapsed,
    )


def _how(one: Signer) -> str:
    if one.method is None or one.answered_at is None:
        return say(N_("geopend op %(day)s"), {"day": moment(one.opened_at)}) if one.opened_at else ""
    if one.method is Method.PAPER:
        words = {"day": day(one.day), "name": one.recorded_by}
        return say(N_("op papier van %(day)s, ingevoerd door %(name)s"), words)
    return f"{moment(one.answered_at)}, {say(METHODS[one.method])}"


def _relation(relation: str) -> str:
    if not relation:
        return say(N_("leerling"))
    return say(relation) if relation in RELATIONS else relation
