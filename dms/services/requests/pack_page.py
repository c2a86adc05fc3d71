"""The index of a pack: one page of HTML in plain Dutch, the same as PDF, and tables as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from dms.kernel.clock import AMSTERDAM
from dms.services.faces import face
from dms.services.requests.pack_facts import PackDocument, PackFacts
from dms.services.requests.pack_words import day, purpose
from dms.services.rights.access_log import neutral

DOCUMENT_HEAD = ("Nr.", "Soort", "Titel", "Datum", "Waarom bewaard", "Tot wanneer", "In dit pakket", "Bestand")
LOG_HEAD = ("Wanneer", "Wat", "Door wie", "Waarom")
ROLE_HEAD = ("Door wie", "Waarom", "Hoe vaak")
RIGHTS = (
    "U mag de school vragen om iets te verbeteren, te wissen of minder te gebruiken. Doe dat bij dezelfde school.",
    "Bent u het niet eens met dit antwoord? Praat er eerst over met de school of met de functionaris"
    " gegevensbescherming. U kunt ook een klacht indienen bij de Autoriteit Persoonsgegevens"
    " (autoriteitpersoonsgegevens.nl).",
    "Naar de rechter gaan kan binnen zes weken na dit antwoord (UAVG artikel 35).",
    "Er is geen computer die zelf besluiten neemt over leerlingen. Documenten worden wel automatisch herkend en"
    " gesorteerd; een medewerker kan dat altijd verbeteren.",
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:.4rem;text-align:left;vertical-align:top}th{background:#eee}"
    "@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}"
    "tr{border:1px solid #999;margin:0 0 .8rem}td{border:0;overflow-wrap:anywhere}td:empty{display:none}"
    "td::before{content:attr(data-label);display:block;color:#555;font-size:.85rem}}"
)


def html_page(facts: PackFacts) -> bytes:
    """The index to read in any browser; without scripts, fonts or anything from elsewhere."""
    rows = [_cells(x) for x in facts.documents]
    linked = [
        [*(escape(y) for y in row[:-1]), f'<a href="{escape(row[-1])}">open</a>' if row[-1] else ""] for row in rows
    ]
    parts = [
        "<!doctype html><html lang=nl><head><meta charset=utf-8>",
        '<meta name=viewport content="width=device-width, initial-scale=1">',
        f"<title>Antwoord op verzoek {facts.number}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Wat {escape(facts.school)} bewaart over {escape(facts.pupil)}</h1>",
        *(f"<p>{escape(x)}</p>" for x in _opening(facts)),
    ]
    for heading, lines in facts.data:
        parts += [f"<h2>{escape(heading)}</h2>", _table(("Wat", "Gegeven"), _escaped(lines))]
    parts += ["<h2>Documenten</h2>", _table(DOCUMENT_HEAD, linked)]
    parts += ["<h2>Met wie gedeeld</h2>", _shared(facts)]
    parts += ["<h2>Wie keek of werkte in het dossier</h2>", f"<p>{escape(_log_words(facts))}</p>"]
    parts += [_table(ROLE_HEAD, _escaped(_roles(facts)))]
    parts += ["<h2>Uw rechten</h2>", *(f"<p>{escape(x)}</p>" for x in RIGHTS), "</body></html>"]
    return "\n".join(parts).encode()


def pdf_page(facts: PackFacts) -> bytes:
    """The same as a PDF, for printing."""
    styles = getSampleStyleSheet()
    text, head, top = (
        x.clone(f"{x.name}-ours", fontName=face()) for x in (styles["BodyText"], styles["Heading2"], styles["Heading1"])
    )
    flow: list[object] = [Paragraph(escape(f"Wat {facts.school} bewaart over {facts.pupil}"), top)]
    flow += [Paragraph(escape(x), text) for x in _opening(facts)]
    small = text.clone("small", fontSize=7.5, leading=9)

    def table(heading: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        body = [[Paragraph(escape(y), small) for y in x] for x in ([*heading], *rows)]
        made = Table(body, colWidths=[x * mm for x in widths], repeatRows=1)
        made.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, "#999999"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
        flow.extend([made, Spacer(1, 4 * mm)])

    for heading, lines in facts.data:
        flow.append(Paragraph(escape(heading), head))
        table(("Wat", "Gegeven"), lines, (60, 120))
    flow.append(Paragraph("Documenten", head))
    table(DOCUMENT_HEAD[:-1], (_cells(x)[:-1] for x in facts.documents), (9, 31, 33, 22, 34, 24, 27))
    flow.append(Paragraph("Met wie gedeeld", head))
    if facts.shared:
        table(("Met wie", "Wanneer", "Waarvoor"), facts.shared, (60, 60, 60))
    else:
        flow.append(Paragraph("Met niemand buiten de school, voor zover in dit systeem bekend.", text))
    flow.append(Paragraph("Wie keek of werkte in het dossier", head))
    flow.append(Paragraph(escape(_log_words(facts)), text))
    table(ROLE_HEAD, _roles(facts), (70, 80, 30))
    flow.append(Paragraph("Uw rechten", head))
    flow += [Paragraph(escape(x), text) for x in RIGHTS]
    out = io.BytesIO()
    title = f"Antwoord op verzoek {facts.number}"
    SimpleDocTemplate(out, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, title=title, invariant=1).build(flow)
    return out.getvalue()


def documents_csv(facts: PackFacts) -> bytes:
    """The documents as a table."""
    return _csv(DOCUMENT_HEAD, [_cells(x) for x in facts.documents])


def log_csv(facts: PackFacts) -> bytes:
    """The log: when, what, by somebody of which role, and why that role works in a dossier."""
    rows = [(f"{at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}", what, who, purpose(who)) for at, what, who in facts.log]
    return _csv(LOG_HEAD, rows)


def data_json(facts: PackFacts) -> bytes:
    """The pupil's data and the list of documents for a program (AVG 20)."""
    data = {
        "school": facts.school,
        "leerling": facts.pupil,
        "gegevens": {heading: [{"wat": x, "gegeven": y} for x, y in lines] for heading, lines in facts.data},
        "documenten": [
            {
                "nummer": x.number,
                "soort": x.what,
                "titel": x.title,
                "datum": x.day.isoformat() if x.day else None,
                "bestand": x.file or None,
            }
            for x in facts.documents
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _opening(facts: PackFacts) -> tuple[str, ...]:
    whom = "u" if facts.asker == facts.pupil else "uw kind"
    going = sum(bool(x.file) for x in facts.documents)
    return (
        f"Dit is het antwoord op verzoek {facts.number}: {facts.kind}. Gevraagd door {facts.asker} op"
        f" {day(facts.received_on)}, beantwoord op {day(facts.answered_on)}.",
        f"Verantwoordelijk is {facts.board}. De gegevens zijn nodig om onderwijs te geven en {whom} te begeleiden. Ze"
        " komen van u, van de school zelf en van wie de school daarbij hielp.",
        f"De school bewaart {len(facts.documents)} documenten. Daarvan zitten er {going} in dit pakket, in de map"
        " documenten. Gaat een document niet mee, dan staat erbij waarom.",
    )


def _log_words(facts: PackFacts) -> str:
    return (
        f"Er staan {len(facts.log)} regels in het logboek. U vindt ze allemaal, met dag en tijd, in logboek.csv."
        " Medewerkers staan erin met hun functie, niet met hun naam."
    )


def _roles(facts: PackFacts) -> list[tuple[str, str, str]]:
    return [(who, purpose(who), str(count)) for who, count in facts.by_role]


def _shared(facts: PackFacts) -> str:
    if not facts.shared:
        return "<p>Met niemand buiten de school, voor zover in dit systeem bekend.</p>"
    return _table(("Met wie", "Wanneer", "Waarvoor"), _escaped(facts.shared))


def _cells(x: PackDocument) -> tuple[str, ...]:
    return (str(x.number), x.what, x.title, day(x.day), x.kept_for, x.until, x.goes, x.file)


def _escaped(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [[escape(y) for y in x] for x in rows]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th scope=col>{escape(x)}</th>" for x in head)
    labels = [escape(x) for x in head]
    body = "".join(
        "<tr>" + "".join(f'<td data-label="{label}">{y}</td>' for label, y in zip(labels, x, strict=True)) + "</tr>"
        for x in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([neutral(y) for y in x] for x in rows)
    return ("\ufeff" + out.getvalue()).encode()
