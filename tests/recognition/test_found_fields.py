"""Typed fields are filled in where the paper says them, with the place; else they stay empty."""

from datetime import date

import pytest

from dms.model.catalogue import FieldKind, FieldSpec
from dms.services.catalogue import DEFAULT_FIELDS
from ingest.rules.dates import document_date
from ingest.rules.fields import found_fields
from ingest.rules.text import PageText

TODAY = date(2026, 11, 22)
CASES = (
    ("ADM-12", "Gemeente\nBesluitdatum: 3 maart 2026\n\nWij verlenen vrijstelling.", {"besluitdatum": "2026-03-03"}),
    ("SWV-02", "Datum 9-4-2026\n\nDatum van het besluit\n2 april 2026\n", {"besluitdatum": "2026-04-02"}),
    ("ADM-05", "Maarssen, 12 mei 2026\n\nWij kunnen uw kind niet plaatsen.", {"besluitdatum": "2026-05-12"}),
    ("ADM-08", "FACTUUR\nDatum: 14-01-2026\nBoekjaar 2025\nTotaal € 45,00", {"boekjaar": "2025"}),
    ("ADM-08", "FACTUUR\nDatum: 14-01-2026\nTotaal € 45,00", {"boekjaar": "2026"}),
    ("OND-09", "Groepsplan spelling\nschooljaar 2025/26", {"schooljaar": "2025-2026"}),
    ("OND-09", "Groepsplan spelling, telefoon 2025-1234", {}),
    ("ZRG-01", "Datum 1-9-2026\nDe medicatie is nodig tot en met 1 december 2026.", {"nodig_tot": "2026-12-01"}),
    ("ZRG-01", "Datum 1-9-2026\nMoeder belt als er iets verandert.", {}),
    ("ZRG-03", "OPP\nDe leerling is gehoord op 22 september.", {"leerling_gehoord": "ja"}),
    ("ZRG-03", "OPP\nLeerling gehoord: nee", {"leerling_gehoord": "nee"}),
    ("ZRG-03", "OPP\nDe leerling is niet gehoord, want zij is ziek.", {"leerling_gehoord": "nee"}),
    (
        "SWV-01",
        "20 april 2026\nWij kennen begeleiding toe, te besteden voor 1 maart 2027.",
        {"einde_ondersteuning": "2027-03-01"},
    ),
    ("SWV-01", "20 april 2026\nToekenning extra ondersteuning voor Roos Vink (28-11-2017)\nInzet tot half juli", {}),
    ("ZRG-01", "Datum 1-9-2026\nBegeleiding voor Roos Vink, geboren 28-11-2017", {}),
    ("ADM-09", "Ik trek mijn toestemming voor foto's in per 1 juni 2026.", {"ingetrokken_op": "2026-06-01"}),
    ("VEI-05", "Klacht K26-019\nAfgehandeld op: 5 mei 2026", {"afgehandeld_op": "2026-05-05"}),
    ("AVG-01", "Uw verzoek om inzage. Wij melden ons voor 1 juli 2026.", {}),
    ("OND-08", "De uitslag van 11 juni 2026: geslaagd.", {"uitslagdatum": "2026-06-11"}),
    ("ADM-07", "Kopie paspoort\nRegeling waarvoor de kopie nodig is: ", {}),
)


def specs(code: str) -> list[FieldSpec]:
    return [
        FieldSpec(x["name"], x["label"], FieldKind(x["kind"]), bool(x.get("required"))) for x in DEFAULT_FIELDS[code]
    ]


@pytest.mark.parametrize(("code", "text", "expected"), CASES)
def test_a_field_is_filled_in_where_it_is_said(code: str, text: str, expected: dict[str, str]) -> None:
    pages = (PageText(1, text),)
    found = found_fields(pages, specs(code), document_date(pages, TODAY))
    assert {x.name: x.value for x in found} == expected
    for one in found:
        assert 0 < one.confidence < 1
        assert text[one.evidence.start : one.evidence.end].strip()


def test_fields_of_the_schools_own_are_found_by_their_label() -> None:
    wanted = (
        FieldSpec("uren", "Aantal uren", FieldKind.NUMBER),
        FieldSpec("soort", "Soort gesprek", FieldKind.CHOICE, choices=("Startgesprek", "Tienminutengesprek")),
        FieldSpec("akkoord", "Ouders akkoord", FieldKind.YES_NO),
        FieldSpec("wie", "Aanwezig", FieldKind.TEXT),
        FieldSpec("leeg", "Vervolg", FieldKind.DATE),
    )
    lines = "Soort gesprek: startgesprek", "Aantal uren   12", "Ouders akkoord: ja", "Aanwezig:", "vader en mentor"
    text = "\n".join((*lines, "Vervolg: later"))
    found = {x.name: x.value for x in found_fields((PageText(1, text),), wanted, None)}
    assert found == {"uren": "12", "soort": "Startgesprek", "akkoord": "ja", "wie": "vader en mentor"}
