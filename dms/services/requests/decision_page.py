"""The letter with a decision (AVG 12(4)): what was asked, what was decided and why, and what one can do next."""

import io
from dataclasses import dataclass
from datetime import date
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate

from dms.model.requests import Decision, RequestKind
from dms.services.faces import face
from dms.services.requests.pack_page import RIGHTS
from dms.services.requests.pack_words import KINDS, day

DECISIONS = {
    Decision.GRANTED: "De school wijst dit verzoek toe.",
    Decision.PARTLY: "De school wijst dit verzoek voor een deel toe.",
    Decision.REFUSED: "De school wijst dit verzoek af.",
}
NEXT = {
    RequestKind.RECTIFICATION: "De school verbetert de gegevens. Wie ze eerder kreeg, hoort dat ook.",
    RequestKind.ERASURE: "De school vernietigt de documenten. Twee mensen kijken daarnaar; daarna zijn ze overal weg.",
    RequestKind.RESTRICTION: "De school gebruikt de gegevens niet meer tot dit is opgeheven. Ze blijven wel bewaard.",
}
"""What follows where the school does what was asked."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands in the letter."""

    number: int
    kind: RequestKind
    school: str
    board: str
    pupil: str
    asker: str
    asked: str
    received_on: date
    decided_on: date
    decision: Decision
    reason: str


def letter(facts: Decided) -> bytes:
    """The letter as a PDF; the same facts give the same bytes."""
    styles = getSampleStyleSheet()
    text, head, top = (
        x.clone(f"{x.name}-letter", fontName=face())
        for x in (styles["BodyText"], styles["Heading2"], styles["Heading1"])
    )
    flow: list[object] = [Paragraph(escape(f"Besluit op verzoek {facts.number}"), top)]

    def say(*lines: str) -> None:
        flow.extend(Paragraph(escape(x), text) for x in lines if x)

    say(
        f"{facts.school}, {facts.board}. {day(facts.decided_on)[:1].upper()}{day(facts.decided_on)[1:]}.",
        f"Gevraagd door {facts.asker} op {day(facts.received_on)}, over {facts.pupil}: {KINDS[facts.kind]}.",
        f"De vraag: {facts.asked}" if facts.asked else "",
    )
    flow.append(Paragraph("Besluit", head))
    say(DECISIONS[facts.decision], f"Waarom: {facts.reason}")
    if facts.decision is not Decision.REFUSED:
        say(NEXT.get(facts.kind, ""))
    flow.append(Paragraph("Uw rechten", head))
    say(*RIGHTS[1:])
    out = io.BytesIO()
    title = f"Besluit op verzoek {facts.number}"
    SimpleDocTemplate(out, pagesize=A4, leftMargin=25 * mm, rightMargin=25 * mm, title=title, invariant=1).build(flow)
    return out.getvalue()
