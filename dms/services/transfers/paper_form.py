"""The form with which people look a frozen package through on paper: for each what goes along, and room to sign.

It is printed with the documents. Signed and scanned into the dossier it is the proof that inspection was offered. Of
the other parent it says no more than the name, as in the portal.
"""

import io
from datetime import date
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from dms.kernel.clock import AMSTERDAM
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.events import By, EventKind
from dms.model.transfers import TransferState, Viewer
from dms.services.faces import face
from dms.services.shapes import Content
from dms.services.tools import Tools
from dms.services.transfers.access import held, need_all, need_state, now_of, record, sealed_of
from dms.services.transfers.inspecting import shown_package
from dms.services.transfers.shapes import ShownPackage
from dms.wire.transfer_dossier import read_dossier

BOX = "[   ]"
RULE = "." * 68


class PaperForms:
    """Forms for inspection on paper."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def form(self, by: By, package_id: UUID) -> Content:
        """A PDF with a form for each entitled person, as the package is frozen now; recorded. Raises NotFound, Refused
        (also for who may not share all of it), Conflict when it is not frozen or changed since.
        """
        with self._tools.database.begin() as uow:
            row, gate = held(uow.session, by, package_id, uow.today)
            need_state(row, TransferState.FROZEN)
            now = now_of(uow.session, self._tools.vault, row, uow.now, uow.today)
            need_all(gate, by, row, now.going)
            sealed = sealed_of(self._tools.vault, row)
            if sealed is None or row.basis != now.basis or not now.entitled:
                raise Conflict(
                    N_("Er is iets veranderd sinds het pakket is vastgelegd."),
                    N_("Leg het pakket opnieuw vast. Daarna kan iedereen het opnieuw inzien."),
                    code="changed",
                )
            content = read_dossier([sealed.dossier])
            shown = [
                (x.name, shown_package(uow.session, self._tools.vault, row, x, content, sealed, None))
                for x in now.entitled
            ]
            record(uow, EventKind.TRANSFER_SEEN, by, row, {"number": row.number, "way": "paper"})
        raw = pdf_of(shown)
        return Content(iter([raw]), "application/pdf", len(raw), "inzage op papier.pdf")


def pdf_of(people: list[tuple[str, ShownPackage]]) -> bytes:
    """The forms, each person's from a new page; the same bytes for the same facts."""
    body = ParagraphStyle("body", fontName=face(), fontSize=10, leading=14.5)
    soft = ParagraphStyle("soft", parent=body, fontSize=8.5, leading=12)
    head = ParagraphStyle("head", parent=body, fontSize=12, leading=16, spaceBefore=8, spaceAfter=3)
    title = ParagraphStyle("title", parent=body, fontSize=16, leading=21, spaceAfter=4)
    parts: list[Any] = []

    def say(text: str, style: ParagraphStyle = body) -> None:
        parts.append(Paragraph(escape(text), style))

    for nth, (name, one) in enumerate(people):
        if nth:
            parts.append(PageBreak())
        signer = one.pupil if one.viewer is Viewer.PUPIL else name
        frozen = f"{one.frozen_at.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"
        say(f"Inzage in het dossier van {one.pupil}", title)
        say(f"{one.school} wil dit dossier geven aan {one.receiver}. {signer} mag het eerst inzien.")
        say(f"Vastgelegd op {frozen}. Verandert er daarna iets, dan mag u het opnieuw inzien.", soft)
        say("Wat gaat er mee?", head)
        for file in one.files:
            about = ", ".join(x for x in (file.category_name, _text(file.document_date)) if x)
            say(f"{file.number}. {file.title} ({about})" + (", zonder BSN" if file.redacted else ""))
        say("Welke gegevens gaan mee?", head)
        rows = [[Paragraph(escape(x), soft), Paragraph(escape(_text(y)), body)] for x, y in one.data]
        rows += [[Paragraph("Ouder of verzorger", soft), Paragraph(escape(x), body)] for x in one.carers]
        rows += [[Paragraph("Schoolloopbaan", soft), Paragraph(escape(x), body)] for x in one.stays]
        table = Table(rows, colWidths=[48 * mm, 122 * mm])
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 0)]))
        parts.append(table)
        say("Uw antwoord", head)
        say(f"{BOX} Ik heb het gezien en ben het eens met de inhoud.")
        say(f"{BOX} Ik heb het gezien en ben het niet eens met de inhoud. Mijn opmerking gaat mee.")
        if one.asks_consent:
            say(f"{BOX} Ik geef toestemming voor de overdracht.")
            say(f"{BOX} Ik geef geen toestemming. Het dossier gaat dan niet naar de andere school.")
        say("Opmerking:")
        parts.append(Spacer(1, 3 * mm))
        for _ in range(3):
            say(RULE * 2, soft)
        parts.append(Spacer(1, 4 * mm))
        say(f"Naam: {signer}")
        parts.append(Spacer(1, 3 * mm))
        say(f"Datum: {RULE[:30]}   Handtekening: {RULE[:44]}")
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
        title="Inzage op papier", lang="nl", invariant=1,
    ).build(parts)  # fmt: skip
    return out.getvalue()


def _text(value: str | date | None) -> str:
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else value or ""
