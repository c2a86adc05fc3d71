"""The README of an export, in plain Dutch: it must be of use to somebody who never saw Dossierkluis."""

from dms.services.shapes import SchoolView

_TEXT = """UITVOER VAN {school} ({brin})

Dit is alles wat Dossierkluis van deze school bewaarde. Er staan bijzondere persoonsgegevens van kinderen in,
onversleuteld, met burgerservicenummers en geheime adressen. Bewaar het op een versleutelde schijf, geef het aan
niemand die er niet bij hoort, en verwijder het zodra het is overgenomen.

WAT STAAT WAAR
dossiers/        de documenten zoals ze binnenkwamen: een map per leerling, daarin een map per categorie.
                 De naam is: datum, titel, nummer van het document. Zit een stuk in meer dossiers, dan staat het
                 in het eerste; overzichten/documenten.csv noemt ze alle.
overzichten/     lijsten voor mensen en andere programma's (CSV, puntkomma's, UTF-8): leerlingen, inschrijvingen,
                 groepen, verzorgers, documenten, gebruikers (zonder wachtwoorden), categorieen, rechtenmatrix,
                 bewaartermijnen, bevriezingen, afschermingen en het logboek. De eerste twaalf kolommen van
                 documenten.csv zijn die van een archief van dossiers.
overig/          {others}
gegevens/        alle regels van de database, een bestand per tabel, een JSON-object per regel.
                 tabellen.json noemt de kolommen en hun soort; bestanden.jsonl zegt welk bestand bij welke regel hoort.
                 Soorten: uuid (32 cijfers), instant (UTC), date, json (JSON als tekst), bytes (base64), text, int,
                 float, bool. Bytes in kolommen op _sealed, in evidence en in model zijn versleuteld; zie sleutels/.
sleutels/        sleutels.jsonl: de sleutel per document of leerling waarmee die kolommen te lezen zijn.
                 kenmerken.json: de geheimen achter de kenmerken (digests) van bestanden en nummers.
logboek/         zegels.jsonl: de plaats van elke gebeurtenis in de verzegelde keten van de oude dienst.
certificaten/    openbare-sleutel.pem: daarmee zijn de verklaringen van vernietiging na te kijken; hun tekst staat in
                 gegevens/destruction_certificates.jsonl.
manifest.json    van welke school, wanneer, hoeveel; manifest.sha256 is de controlesom ervan (het kenmerk).
bestanden.csv    elk bestand met SHA-256 en grootte.

WAT ER NIET IN ZIT
Wachtwoorden, tweede factoren, sessies en tokens; wachtwoorden van postbussen; reservekopieen; en wat van andere
scholen is. Zie blijft_achter in manifest.json.

TERUGLEZEN
In een lege dienst van Dossierkluis, deze versie of nieuwer: dms exit import MAP_OF_ZIP
Daarna kiest iedereen een nieuw wachtwoord.
"""
_ALL = "wat er van de documenten is gemaakt (tekst, bladzijden, archiefkopieen) en wat nog in de postbak lag."
_ORIGINALS = "wat nog in de postbak lag. Tekst en bladzijden zitten er op verzoek niet bij: teruglezen kan niet."


def readme(school: SchoolView, *, originals_only: bool) -> str:
    """The text."""
    return _TEXT.format(school=school.name, brin=school.brin, others=_ORIGINALS if originals_only else _ALL)
