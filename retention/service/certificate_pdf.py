"""The certificate for people, as PDF. What counts is the signed JSON; the page says how to check it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from dms.kernel.clock import AMSTERDAM

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=10)
HEAD = ParagraphStyle("head", parent=BODY, fontName="Helvetica-Bold", fontSize=11, leading=15, spaceBefore=8)
TITLE = ParagraphStyle("title", parent=HEAD, fontSize=17, leading=22)
METHODS = {
    "hidden": "onzichtbaar gemaakt",
    "removed_from_index": "uit het zoekregister gehaald en dat herschreven",
    "key_destroyed": "de sleutel vernietigd, waarmee alle kopieën onleesbaar zijn",
    "ledger": "ingeschreven in het register van vernietiging",
    "objects_deleted": "alle bestanden en afgeleiden verwijderd, ook oudere versies",
    "rows_emptied": "de gegevens in de database gewist",
    "database_secure_delete": "gewiste plaatsen in de database overschreven",
    "database_vacuum": "de database opnieuw geschreven",
    "database_wal_truncated": "het logboek van de database afgekapt",
    "database_vacuum_full": "de tabellen opnieuw geschreven",
    "database_statistics": "de statistieken van de database opnieuw geschreven",
    "database_checkpoint": "de database naar schijf laten schrijven",
}
KINDS = {
    "list": "een goedgekeurde vernietigingslijst",
    "bin": "de prullenbak, nadat de termijn van terugzetten om was",
    "pupils": "eigen gegevens van leerlingen van wie geen stuk meer ligt, na een besluit van twee mensen",
}


def pdf_of(document: Mapping[str, Any]) -> bytes:
    """The PDF of a signed certificate."""
    body = document["certificate"]
    parts: list[Any] = [
        Paragraph("Verklaring van vernietiging", TITLE),
        Paragraph(
            f"Nummer {body['number']} van {_text(body['board']['name'])}, voor {_text(body['school']['name'])}"
            f" ({_text(body['school']['brin'])}). Opgemaakt op {_moment(body['made_at'])}.",
            BODY,
        ),
        Paragraph("Besluit", HEAD),
        *(Paragraph(x, BODY) for x in _decision(body)),
        Paragraph("Vernietigd", HEAD),
        _destroyed(body),
        Spacer(1, 3 * mm),
        *(Paragraph(x, BODY) for x in _rest(body)),
        Paragraph("Hoe", HEAD),
        Paragraph("; ".join(METHODS.get(x, x) for x in body["method"]) + ".", BODY),
        Paragraph("Controle", HEAD),
        *(Paragraph(x, BODY) for x in _checked(body)),
        Paragraph("Echtheid", HEAD),
        Paragraph(
            "Bij deze verklaring hoort een JSON-bestand met dezelfde inhoud, ondertekend met Ed25519. Wie de openbare"
            " sleutel heeft, controleert het zonder de dienst: dms retention verify-certificate.",
            BODY,
        ),
        Paragraph(
            f"Kenmerk {_text(body['id'])}. SHA-256 {_text(document['digest'])}. Vorige {_text(body['previous'])}."
            f" Sleutel {_text(document['public_key'])}. Handtekening {_text(document['signature'])}.",
            SMALL,
        ),
    ]
    out = BytesIO()
    frame = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=f"Verklaring van vernietiging {body['number']}",
        author=body["board"]["name"],
        lang="nl",
        invariant=1,
    )
    frame.build(parts)
    return out.getvalue()


def _decision(body: Mapping[str, Any]) -> Sequence[str]:
    decision = body["decision"]
    told = [f"Grond: {KINDS.get(decision['kind'], decision['kind'])}."]
    if decision["kind"] == "list":
        told.append(
            f"Voorgesteld door {_text(decision['proposed_by']['name'])} op {_moment(decision['proposed_at'])},"
            f" goedgekeurd door {_text(decision['approved_by']['name'])} op {_moment(decision['approved_at'])}."
        )
        if decision["reviewed_by"]:
            told.append(f"Beoordeeld door {_text(', '.join(x['name'] for x in decision['reviewed_by']))}.")
        if decision["received_at"]:
            told.append(
                f"Ontvangst van de overdracht bevestigd op {_moment(decision['received_at'])}"
                f" ({_text(decision['receipt'])})."
            )
        if decision["started_by"]:
            told.append(
                f"Uitvoering begonnen door {_text(decision['started_by']['name'])} op"
                f" {_moment(decision['started_at'])}. Lijst {_text(decision['list'])}, schema versie"
                f" {decision['rule_version']}."
            )
    for one in decision.get("decisions", ()):
        told.append(
            f"Gegevens van {one['pupils']} leerling(en): voorgesteld door {_text(one['proposed_by']['name'])} op"
            f" {_moment(one['proposed_at'])}, goedgekeurd door {_text(one['approved_by']['name'])} op"
            f" {_moment(one['approved_at'])}."
        )
    return told


def _destroyed(body: Mapping[str, Any]) -> Table:
    rows: list[list[Any]] = [
        [Paragraph(x, SMALL) for x in ("Categorie", "Stukken", "Stukken van", "Vervallen op", "Regel en grondslag")]
    ]
    for line in body["destroyed"]:
        count = str(line["documents"])
        if line["places"]:
            count += f" en {line['places']} uit één dossier; elders bewaard"
        rows.append(
            [
                Paragraph(x, SMALL)
                for x in (
                    f"{_text(line['category'])} {_text(line['category_name'])}",
                    count,
                    _period(line["document_dates"]),
                    _period(line["due_from"]),
                    f"versie {line['rule_version']}; {_text(line['legal_basis'])}",
                )
            ]
        )
    table = Table(rows, colWidths=[46 * mm, 26 * mm, 30 * mm, 30 * mm, 38 * mm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _rest(body: Mapping[str, Any]) -> list[str]:
    told = []
    if body["pupils"]["count"]:
        count = body["pupils"]["count"]
        told.append(f"Ook vernietigd: de eigen gegevens van {count} {'leerling' if count == 1 else 'leerlingen'}.")
    if kept := sum(body["kept"].values()):
        told.append(f"Bij de uitvoering opnieuw beoordeeld en gebleven: {kept}.")
    if failed := sum(body["failed"].values()):
        told.append(f"Nog niet gelukt, en niet in deze verklaring: {failed}.")
    return told


def _checked(body: Mapping[str, Any]) -> list[str]:
    places = body["verification"]["places"]
    size = sum(x["bytes"] for x in places)
    backups = body["backups"]
    told = [
        f"Op {_moment(body['verification']['checked_at'])} gezocht naar {body['verification']['sought']} kenmerken van"
        f" wat vernietigd is, op {len(places)} plaatsen en in {size} bytes. Gevonden: 0."
    ]
    if backups["living"]:
        told.append(f"De laatste reservekopie met versleutelde resten is onleesbaar vanaf {backups['unreadable_on']}.")
    else:
        told.append("Er zijn geen reservekopieën die nog te lezen zijn.")
    return told


def _period(days: Mapping[str, str] | None) -> str:
    if days is None:
        return "-"
    return days["first"] if days["first"] == days["last"] else f"{days['first']} tot en met {days['last']}"


def _moment(text: str | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(AMSTERDAM):%d-%m-%Y %H:%M}" if text else "-"


def _text(text: str) -> str:
    return escape(str(text))
