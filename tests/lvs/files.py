"""Small EDEXML and UWLR files, and a way to stage, choose and apply in one line."""

import io
from collections.abc import Iterable, Mapping
from uuid import UUID
from xml.sax.saxutils import escape

from openpyxl import Workbook

from dms.model.events import By
from dms.services.pupil_import import ImportReport, PupilImports
from dms.services.pupil_import.shapes import ImportOptions, ImportView
from tests.pupils.conftest import OPERATOR, Office

GROUPS = {"G7": ("groep 7", "7"), "G8": ("groep 8", "8")}


def leerling(key: str, *, groups: Iterable[str] = ("G7",), eckid: str = "", **fields: str) -> str:
    """One pupil; `voorletters_1` and `bsn_ondwnr_4` stand for the names with a hyphen."""
    names = {"voorletters_1": "voorletters-1", "bsn_ondwnr_4": "bsn_ondwnr-4"}
    inner = "".join(f"<{names.get(x, x)}>{escape(y)}</{names.get(x, x)}>" for x, y in fields.items())
    first, *more = [*groups] or [""]
    placed = f'<groep key="{first}"/>' if first else ""
    if more:
        placed += "<samengestelde_groepen>"
        placed += "".join(f'<samengestelde_groep key="{x}"/>' for x in more)
        placed += "</samengestelde_groepen>"
    attribute = f' eckid="{eckid}"' if eckid else ""
    return f'<leerling key="{key}"{attribute}>{inner}{placed}</leerling>'


def edex(
    *pupils: str,
    year: str = "2025-2026",
    brin: str = "99XX",
    made: str = "2026-03-01",
    groups: Mapping[str, tuple[str, str]] | None = None,
    staff: str = "",
    uwlr: bool = False,
    more: str = "",
) -> str:
    """A whole file; with `uwlr` in the namespace of UWLR."""
    root = 'leerlinggegevens xmlns="http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"' if uwlr else "EDEX"
    named = GROUPS if groups is None else groups
    listed = "".join(
        f'<groep key="{x}"><naam>{escape(y)}</naam><jaargroep>{z}</jaargroep></groep>' for x, (y, z) in named.items()
    )
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<{root}>",
            f"<school><schooljaar>{year}</schooljaar><brincode>{brin}</brincode>",
            f"<aanmaakdatum>{made}T09:00:00</aanmaakdatum></school>{more}",
            f"<groepen>{listed}</groepen>",
            "<leerlingen>",
            *pupils,
            "</leerlingen>",
            f"<leerkrachten>{staff}</leerkrachten>" if staff else "",
            f"</{root.partition(' ')[0]}>",
        )
    )


def worksheet(*rows: Iterable[object], title: str = "Leerlingen") -> bytes:
    """Rows as an XLSX file."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def outcomes(report: ImportReport) -> list[tuple[str, str]]:
    """Outcome and code of the reason, row by row."""
    return [(x.outcome.value, x.why[0].code if x.why else "") for x in report.rows]


def warned(report: ImportReport) -> set[str]:
    """The codes of all warnings on rows."""
    return {y.code for x in report.rows for y in x.warnings}


def sem(**more: str) -> str:
    """A pupil of groep 7 with the key K1."""
    fields = {
        "achternaam": "Berg",
        "voorvoegsel": "van der",
        "roepnaam": "Sem",
        "geboortedatum": "2015-01-03",
        "geslacht": "1",
        "instroomdatum": "2019-08-01",
        **more,
    }
    return leerling("K1", **fields)


class Desk:
    """Stages files at one office."""

    def __init__(self, office: Office, by: By = OPERATOR) -> None:
        self.office = office
        self.by = by
        self.imports = PupilImports(office.tools)

    def put(self, content: str | bytes, options: ImportOptions | None = None, name: str = "leerlingen.xml") -> UUID:
        """Receive a file."""
        data = content.encode() if isinstance(content, str) else content
        return self.imports.receive(self.by, self.office.school.brin, name, [data], options)

    def preview(self, content: str | bytes, options: ImportOptions | None = None) -> ImportView:
        """Receive and read a file."""
        return self.imports.read(self.by, self.put(content, options))

    def rows(self, view: ImportView) -> list[tuple[str, str]]:
        """Outcome and code of the reason, row by row."""
        page = self.imports.rows(self.by, view.id, size=500)
        return [(x.outcome.value, x.why[0].code if x.why else "") for x in page.rows]
