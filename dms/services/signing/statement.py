"""The statement of what was answered about a plan, as PDF: what, which version, who, when, how, and in whose words.

Names that the typeface cannot show would be lost, so the face with the most letters that the machine has is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from dms.kernel.clock import AMSTERDAM
from dms.model.signing import Answer, Method, SigningState
from dms.services.faces import face
from dms.services.signing.shapes import Signer

ANSWERS = {Answer.SEEN: "gezien", Answer.AGREED: "gezien en akkoord", Answer.NOT_AGREED: "gezien, niet akkoord"}
METHODS = {
    Method.PASSWORD: "in het portaal, bevestigd met het wachtwoord",
    Method.CODE: "in het portaal, bevestigd met een code van de app (tweede stap)",
    Method.PAPER: "op papier",
}
STATES = {
    SigningState.COMPLETE: "Iedereen aan wie het plan is voorgelegd, heeft geantwoord.",
    SigningState.ENDED: "De termijn is afgelopen. Wie hieronder geen antwoord heeft, heeft niet geantwoord.",
    SigningState.SUPERSEDED: "Er kwam een nieuwe versie van het plan. Die is opnieuw voorgelegd.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a statement."""

    number: str
    school: str
    brin: str
    pupil: str
    title: str
    category: str
    version: int
    sha256: str
    asked_by: str
    asked_at: datetime
    ends_on: date
    state: SigningState
    closed_at: datetime
    signers: Sequence[Signer]


def pdf_of(facts: Facts) -> bytes:
    """The statement; the same bytes for the same facts."""
    letters = face()
    body = ParagraphStyle("body", fontName=letters, fontSize=9.5, leading=13.5)
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=11)
    head = ParagraphStyle("head", parent=body, fontSize=12, leading=16, spaceBefore=9, spaceAfter=3)
    title = ParagraphStyle("title", parent=body, fontSize=17, leading=22, spaceAfter=5)

    def line(text: str, style: ParagraphStyle = body) -> Paragraph:
        return Paragraph(escape(text).replace("\n", "<br/>"), style)

    about = [
        ("School", f"{facts.school} ({facts.brin})"),
        ("Leerling", facts.pupil),
        ("Document", facts.title),
        ("Soort", facts.category),
        ("Versie", str(facts.version)),
        ("Voorgelegd door", facts.asked_by),
        ("Voorgelegd op", _moment(facts.asked_at)),
        ("Antwoorden kon tot en met", f"{facts.ends_on:%d-%m-%Y}"),
        ("Afgesloten op", _moment(facts.closed_at)),
    ]
    table = Table([[line(x, small), line(y)] for x, y in about], colWidths=[46 * mm, 124 * mm])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 1)]))
    parts: list[Any] = [line("Ondertekening van een plan", title), table, line("Antwoorden", head)]
    parts.append(line(STATES.get(facts.state, "")))
    parts.append(Spacer(1, 2 * mm))
    rows = [[line(x, small) for x in ("Wie", "Antwoord", "Wanneer en hoe", "Opmerking")]]
    rows += [[line(x, small) for x in _answer(y)] for y in facts.signers]
    answers = Table(rows, colWidths=[40 * mm, 30 * mm, 46 * mm, 54 * mm], repeatRows=1)
    answers.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    parts += [
        answers,
        line("Echtheid", head),
        line(
            "De SHA-256 hieronder is berekend over het bestand van deze versie zoals het is voorgelegd. Wie dat bestand"
            " heeft, kan nagaan dat het over precies deze tekst gaat. Gezien betekent niet akkoord."
        ),
        line(f"SHA-256 {facts.sha256}", small),
        line(f"Kenmerk {facts.number}", small),
    ]
    out = BytesIO()
    frame = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title="Ondertekening van een plan",
        author=facts.school,
        lang="nl",
        invariant=1,
    )
    frame.build(parts)
    return out.getvalue()


def _answer(one: Signer) -> tuple[str, str, str, str]:
    who = f"{one.name} ({one.relation})" if one.relation else one.name
    if one.carer_id is None:
        who = f"{one.name} (leerling)"
    if one.answer is None or one.method is None:
        return who, "niet meer gevraagd" if one.lapsed else "geen antwoord", "", ""
    when = METHODS[one.method]
    if one.method is Method.PAPER and one.day is not None:
        when = f"{one.day:%d-%m-%Y}, {when}; ingevoerd door {one.recorded_by}"
    elif one.answered_at is not None:
        when = f"{_moment(one.answered_at)}, {when}"
    return who, ANSWERS[one.answer], when, one.remark


def _moment(value: datetime) -> str:
    return f"{value.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"
